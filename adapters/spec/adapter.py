"""A connected system, and what is read from it."""

from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import Field, PrivateAttr

from adapters.spec.answer import AnswerSpec
from adapters.spec.auth import AuthSpec
from adapters.spec.drop import MarkerSpec
from adapters.spec.limits import LimitsSpec
from adapters.spec.peer import PeerSpec
from adapters.spec.reading import CursorSpec, PagingSpec
from adapters.spec.request import RequestSpec
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
    files: Text | None = None
    marker: MarkerSpec | None = None
    decode: tuple[Text, ...] = ()
    spread: bool = False
    source_schema: Text | None = None


class AdapterSpec(Strict):
    """One connected system. `file` is the path it was read from, where files beside it are looked for."""

    id: Name
    division: Division | None = None
    title: Text
    title_en: Text
    driver: DriverName
    base_url: Text | None = None
    hosts: tuple[Text, ...] = ()
    folder: Text | None = None
    soap: SoapSpec | None = None
    gateway: PeerSpec = PeerSpec()
    auth: AuthSpec = AuthSpec()
    answer: AnswerSpec = AnswerSpec()
    datasets: dict[Name, DatasetSpec] = Field(min_length=1)
    limits: LimitsSpec = LimitsSpec()
    _file: Path = PrivateAttr(default=Path())

    @property
    def file(self) -> Path:
        return self._file

    def read_from(self, file: Path) -> Self:
        copy = self.model_copy()
        copy._file = file  # noqa: SLF001 - a copy of itself
        return copy

    def answer_of(self, dataset: DatasetSpec) -> AnswerSpec:
        """What a dataset says about its answers stands instead of what the adapter says."""
        return dataset.answer or self.answer
