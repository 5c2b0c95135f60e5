"""A connected system, and what is read from it."""

from enum import StrEnum
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, PrivateAttr

from adapters.spec.answer import AnswerSpec
from adapters.spec.auth import AuthSpec
from adapters.spec.cipher import CipherSpec
from adapters.spec.detail import DetailSpec
from adapters.spec.drop import AfterSpec, CompleteSpec, MarkerSpec, SplitSpec, VersionsSpec
from adapters.spec.limits import LimitsSpec
from adapters.spec.peer import PeerSpec
from adapters.spec.reached import ReachedSpec
from adapters.spec.reading import CursorSpec, PagingSpec
from adapters.spec.request import RequestSpec
from adapters.spec.schedule import AgainSpec, QuietHours, ScheduleSpec
from adapters.spec.send import SendSpec
from adapters.spec.sftp import SftpSpec
from adapters.spec.soap import SoapSpec
from adapters.spec.strict import Strict
from adapters.texts import Division, Name, Text


class DriverName(StrEnum):
    REST = "rest"
    SOAP = "soap"
    XML_DROP = "xml_drop"
    FILE = "file"
    LIANDAN = "liandan"


class DatasetSpec(Strict):
    title: Text
    title_en: Text
    request: RequestSpec | None = None
    answer: AnswerSpec | None = None
    paging: PagingSpec | None = None
    cursor: CursorSpec | None = None
    detail: DetailSpec | None = None
    files: Text | None = None
    marker: MarkerSpec | None = None
    complete: CompleteSpec | None = None
    versions: VersionsSpec | None = None
    duplicates: Literal["last", "any", "read"] = "last"
    after: AfterSpec | None = None
    split: SplitSpec | None = None
    send: SendSpec | None = None
    decode: tuple[Text, ...] = ()
    spread: bool = False
    source_schema: Text | None = None

    @property
    def reads(self) -> bool:
        """Whether anything is read; else it is only sent there."""
        return self.send is None or not (self.request is None and self.files is None)

    @property
    def requests(self) -> tuple[RequestSpec, ...]:
        """All that it asks or sends."""
        sent = (self.send.request, self.send.held and self.send.held.request) if self.send else ()
        told = (self.request, self.detail and self.detail.request, *sent)
        return tuple(one for one in told if one is not None)


class AdapterSpec(ReachedSpec):
    """One connected system. In its `quiet` hours it isn't asked. `file` is the path it was read from, where files beside it are looked for."""

    id: Name
    division: Division | None = None
    title: Text
    title_en: Text
    driver: DriverName
    folder: Text | None = None
    sftp: SftpSpec | None = None
    soap: SoapSpec | None = None
    gateway: PeerSpec = PeerSpec()
    auth: AuthSpec = AuthSpec()
    cipher: CipherSpec | None = None
    answer: AnswerSpec = AnswerSpec()
    datasets: dict[Name, DatasetSpec] = Field(min_length=1)
    limits: LimitsSpec = LimitsSpec()
    schedule: ScheduleSpec = ScheduleSpec()
    retry: AgainSpec = AgainSpec()
    quiet: tuple[QuietHours, ...] = ()
    _file: Path = PrivateAttr(default=Path())

    @property
    def file(self) -> Path:
        return self._file

    def read_from(self, file: Path) -> Self:
        copy = self.model_copy()
        copy._file = file  # noqa: SLF001 - a copy of itself
        return copy

    @property
    def reading(self) -> tuple[str, ...]:
        """The datasets that are read."""
        return tuple(name for name, one in self.datasets.items() if one.reads)

    def answer_of(self, dataset: DatasetSpec) -> AnswerSpec:
        """What a dataset says about its answers stands instead of what the adapter says."""
        return dataset.answer or self.answer
