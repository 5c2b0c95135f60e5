"""One call and what came of it, as the drivers that ask over a network hand it around."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.address import place_of
from adapters.auth.flow import Call, Reply
from adapters.errors import AdapterError
from adapters.payload import NOTHING, Exchange
from adapters.protocol.details import Detail
from adapters.protocol.paging import Ask, Page, Turn
from adapters.protocol.told import Told
from adapters.spec import DatasetSpec


@dataclass(slots=True)
class Seen:
    """What a look at a reply found, for the caller of the flow that made the look. `filled` are the values that one row's
    detail is asked by, or what is sent (`sends`); `details` those of a page's rows, `later` why some of them are left to the
    next run. `trees` are the answer's documents, the innermost last."""

    dataset: DatasetSpec
    ask: Ask
    filled: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    sends: bool = False
    trees: Sequence[Any] = ()
    details: tuple[Detail, ...] = ()
    later: AdapterError | None = None
    told: Told | None = None
    call: Call | None = None
    reply: Reply | None = None
    page: Page = field(default_factory=Page)
    failure: AdapterError | None = None

    @property
    def where(self) -> str:
        return place_of(self.call.url) if self.call else ""


def told_with(exchange: Exchange, turn: Turn) -> Exchange:
    """What was read, with what a turn tells of the run that it belongs to."""
    told = exchange.request.get("notes", "")
    notes = "; ".join(one for one in (told, *turn.notes) if one)
    request = {**exchange.request, "notes": notes} if notes else exchange.request
    return replace(exchange, cursor=turn.cursor or exchange.cursor, request=request)


def refuse(failure: AdapterError | None, where: str) -> None:
    """Raises the failure, if there is one, with its place."""
    if failure is not None:
        failure.where = where
        raise failure
