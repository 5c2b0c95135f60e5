"""The shape of an adapter file. Field names here are the keys that a provincial IT team writes.

All scalars arrive as text; the types of `texts` turn them into what they are. A title is for people, in Chinese and English.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from adapters.limits import MEGABYTE, Limits
from adapters.texts import Count, Division, Name, Pointer, Seconds, Text, UrlPath


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DriverName(StrEnum):
    REST = "rest"
    SOAP = "soap"
    XML_DROP = "xml_drop"
    FILE = "file"


class RequestSpec(_Strict):
    """What is asked. REST: method, path, query, headers, json. SOAP: operation, arguments in the WSDL's order, json.

    `{page}`, `{size}`, `{from}`, `{to}`, `{token}` and, in SOAP arguments, `{json}` are filled in; a value that is nothing
    but `{page}` or `{size}` becomes a number in JSON.
    """

    method: Literal["GET", "POST"] = "GET"
    path: UrlPath | None = None
    query: dict[str, str] = {}
    headers: dict[str, str] = {}
    body: dict[str, str] = Field(default={}, alias="json")
    operation: Text | None = None
    arguments: tuple[str, ...] = ()


class AnswerSpec(_Strict):
    """When an answer of HTTP 200 is really a failure, and which.

    Either the code stands at `code` (JSON Pointer) and equals `success` when all is well, or the result is a union in one
    string: a text of at most `short_code` characters is a code, a longer one the data. Codes that aren't listed reject.
    """

    code: Pointer | None = None
    success: str | None = None
    words: Pointer | None = None
    short_code: Count | None = None
    token_invalid: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    busy: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    meanings: dict[str, str] = {}


class AuthSpec(_Strict):
    """`login` gives a token, which stands at `token` in its answer (REST) or is the answer (SOAP); `send` says how it's
    shown (REST headers; a SOAP argument names `{token}` itself). Without `login` nobody is asked who we are."""

    login: RequestSpec | None = None
    token: Pointer | None = None
    send: dict[str, str] = {}


class PagingSpec(_Strict):
    """Where rows are and how the next ones are asked for.

    `keyset`  rows come in ascending order of the cursor's value; the next page is asked from the last value again.
    `window`  days are asked for in windows, page by page; pages may shift while they are read. `key` is what a row goes by.
    """

    kind: Literal["keyset", "window"]
    rows: Pointer
    total: Pointer | None = None
    key: Pointer | None = None
    size: Count = 100


class CursorSpec(_Strict):
    """What the next run starts from. `row` is the pointer, in a row, of the value that moves on; a dataset without one
    that is read by windows goes by the calendar.

    `format` is the way of writing it; `overlap` is asked for again at the start of each run, for rows that a system
    commits late; `start` is where the first run begins; `window` how much time one window covers.
    """

    row: Pointer | None = None
    format: Text
    zone: Text = "Asia/Shanghai"
    overlap: Seconds = 0
    start: Text
    window: Seconds | None = None


class MarkerSpec(_Strict):
    """The control file that says a drop is complete. `{stem}` is the dropped file's name without its suffix; XPaths say
    where the digest of the whole, the members, and a member's name, count of rows and digest stand; `row` is the XPath
    of the rows that are counted inside a member. While a file differs from its control file and was changed less than
    `settle` ago, it is taken to be still under way."""

    name: Text
    archive_sha256: Text | None = None
    member: Text
    member_name: Text
    member_rows: Text | None = None
    member_sha256: Text | None = None
    row: Text | None = None
    settle: Seconds = 60


class DatasetSpec(_Strict):
    title: Text
    title_en: Text
    request: RequestSpec | None = None
    answer: AnswerSpec | None = None
    paging: PagingSpec | None = None
    cursor: CursorSpec | None = None
    files: Text | None = None
    marker: MarkerSpec | None = None
    decode: tuple[Text, ...]
    spread: bool = False
    source_schema: Text | None = None


class SoapSpec(_Strict):
    """`wsdl` and `endpoint` are below base_url: the address that a WSDL gives is often one that only its makers can reach."""

    wsdl: UrlPath
    endpoint: UrlPath
    port: str | None = None


class LimitsSpec(_Strict):
    connect: Seconds = 5
    read: Seconds = 30
    total: Seconds = 120
    answer_mb: Count = 32
    unpacked_mb: Count = 200
    ratio: Count = 100
    members: Count = 10_000
    depth: Count = 100
    concurrency: Count = 4
    tries: Count = 4

    def bounds(self) -> Limits:
        return Limits(
            connect=self.connect,
            read=self.read,
            total=self.total,
            answer=self.answer_mb * MEGABYTE,
            concurrency=self.concurrency,
            tries=self.tries,
            unpacked=self.unpacked_mb * MEGABYTE,
            ratio=self.ratio,
            members=self.members,
            depth=self.depth,
        )


class AdapterSpec(_Strict):
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


class RetrySpec(_Strict):
    """A target's patience: `first` bounds the wait after the first failure, each later bound is twice the one before,
    up to `longest`; what isn't delivered `deadline` after it was owed is a dead letter."""

    first: Seconds = 1
    longest: Seconds = 900
    deadline: Seconds = 3 * 86_400

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not 0 < self.first <= self.longest <= self.deadline:
            raise ValueError(
                "first, longest and deadline rise in this order, and first is above 0 (须依次递增, first 大于 0)"
            )
        return self


class TargetSpec(_Strict):
    """A system that records are delivered to."""

    id: Name
    title: Text
    title_en: Text
    driver: Literal["national"]
    base_url: Text
    hosts: tuple[Text, ...] = ()
    headers: dict[str, str] = {}
    batch: Annotated[int, Field(ge=1, le=1000)] = 100
    retry: RetrySpec = RetrySpec()
    limits: LimitsSpec = LimitsSpec()
