"""Stored payloads mapped once more: what a mended mapping changes becomes new versions, by the usual commit.

One exchange, one transaction, in the order in which they came. The place it has come to is stored with each, so that a
replay that was killed goes on from there. The versions lead to the exchange that brought the bytes and to the mapping
that read them now.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import orjson
from sqlalchemy import Connection

from canonical_schema.values.instant import CHINA
from gateway.clock import Clock, instant
from gateway.domain.counts import Counts
from gateway.domain.owed import Target
from gateway.errors import UsedWrongly
from gateway.intake import stored
from gateway.intake.commit import Commit, committed
from gateway.intake.observe import ObservedClaim
from gateway.intake.page import Page
from gateway.intake.pipeline import process
from gateway.intake.pull import paused_collector
from gateway.intake.reread import Reread, Stored, Tally, reread
from gateway.store import adapters, datasets, meta, payloads, quarantine
from gateway.store.database import Database
from gateway.store.payloads import StoredExchange
from gateway.store.quarantine import KnownUnit, Unit
from mappings import Program

AT_ONCE: Final = 100
"""Descriptions of exchanges held in memory; payloads one at a time."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The stored exchanges of one dataset of an adapter, and the mapping that reads them. `since` is an instant, or empty."""

    database: Database
    adapter: str
    dataset: str
    division: str
    program: Program
    today: Callable[[], date]
    since: str = ""

    def left(self, after: int = 0) -> tuple[int, int]:
        """The dataset's row id (0: nothing of it ever came), and how many exchanges lie behind `after`."""
        with self.database.read() as conn:
            row = datasets.row(conn, self.adapter, self.dataset) or 0
            return row, payloads.count_exchanges(conn, row, after=after, since=self.since)

    def pages(self, dataset: int, after: int = 0) -> Iterator[tuple[Page, Stored]]:
        """Each exchange in turn, as the mapping reads it now."""
        while batch := self._batch(dataset, after):
            for one in batch:
                yield self._page(dataset, one)
            after = batch[-1].id

    def _batch(self, dataset: int, after: int) -> list[StoredExchange]:
        with self.database.read() as conn:
            return payloads.exchanges_of(conn, dataset, after=after, since=self.since, limit=AT_ONCE)

    def _page(self, dataset: int, one: StoredExchange) -> tuple[Page, Stored]:
        with self.database.read() as conn, paused_collector():
            exchange, decoded = stored.again(conn, one)
            page = process(exchange, decoded, self.division, self.program, self.today())
        return page, Stored(one.id, dataset, tuple(document.name for document in decoded.leaves))


def replay(shelf: Shelf, clock: Clock, targets: Sequence[Target]) -> Iterator[tuple[Tally, int]]:
    """What became of each exchange, and how many are left. Goes on where the last run under this mapping stopped.

    Raises WrongStage when the adapter's stage takes no data, UnknownMapping when the mapping was never stored.
    """
    begun = _begin(shelf)
    left = begun.left
    for page, where in shelf.pages(begun.dataset, begun.after):
        left -= 1
        yield _commit(shelf, page, where, begun.run, clock, targets), max(left, 0)


def tried(shelf: Shelf) -> Iterator[tuple[Tally, int]]:
    """The same counts, with nothing stored."""
    begun = _begin(shelf)
    left = begun.left
    told: set[str] = set()
    for page, where in shelf.pages(begun.dataset, begun.after):
        left -= 1
        with shelf.database.read() as conn:
            shadow = adapters.stage(conn, shelf.adapter) == "shadow"
            found = reread(conn, page, where, shadow=shadow).once(told)
        yield found.tally, max(left, 0)


def since_of(text: str) -> str:
    """A day, or a time with or without its offset, as an instant. UsedWrongly."""
    try:
        at = datetime.fromisoformat(text)
        return instant(at if at.tzinfo else at.replace(tzinfo=CHINA))
    except (ValueError, OverflowError) as error:  # at +08:00 it may lie outside the calendar
        raise UsedWrongly(
            f"{text!r} 不是日期; 例: 2026-03-01 或 2026-03-01T08:00:00+08:00",
            f"{text!r} is no date; for example 2026-03-01 or 2026-03-01T08:00:00+08:00",
        ) from error


@dataclass(frozen=True, slots=True)
class _Begun:
    """The dataset's row, what the mark is of, the exchange to begin behind, and how many are left there."""

    dataset: int
    run: dict[str, Any]
    after: int
    left: int


def _begin(shelf: Shelf) -> _Begun:
    dataset, _ = shelf.left()
    with shelf.database.read() as conn:
        mark = orjson.loads(meta.get(conn, _name(dataset)) or "{}")
        run = _run(conn, shelf)
    after = mark.pop("exchange", 0)
    after = after if mark == run else 0
    return _Begun(dataset, run, after, shelf.left(after)[1])


def _commit(
    shelf: Shelf, page: Page, where: Stored, run: dict[str, Any], clock: Clock, targets: Sequence[Target]
) -> Tally:
    def work(conn: Connection) -> Tally:
        one = _Replay(conn, page, clock(), targets, where, run)
        one.run()
        return one.found.tally

    with paused_collector():
        return committed(shelf.database, work)


def _run(conn: Connection, shelf: Shelf) -> dict[str, Any]:
    """What a mark must be of for a run to go on from it. Another mapping, or other exchanges, begin anew; so does what
    follows a move of the stage: nothing that a run in shadow did counts yet."""
    return {"mapping": shelf.program.hash, "since": shelf.since, "moved": adapters.last_move(conn, shelf.adapter)}


def _name(dataset: int) -> str:
    return f"replay {dataset}"


class _Replay(Commit):
    """A commit of an exchange that is stored: nothing was pulled, and its row stays the one it is."""

    found: Reread

    def __init__(
        self,
        conn: Connection,
        page: Page,
        now: datetime,
        targets: Sequence[Target],
        where: Stored,
        run: dict[str, Any],
    ) -> None:
        # What the source looked like was seen when the exchange came in.
        super().__init__(conn, replace(page, sight=None), now, targets)
        self.where, self.mark = where, run
        self.arrives = where.exchange

    def observe(self) -> tuple[list[ObservedClaim], int]:
        mapping = next(iter(self.mapping_rows.values()), 0)  # none for a page without records
        found = self.found = reread(self.conn, self.page, self.where, mapping=mapping, shadow=self.shadow)
        return list(found.observed.values()), len(found.changed) + len(found.accepted)

    def units(self) -> tuple[list[Unit], list[KnownUnit]]:
        return [self.unit(draft) for draft in self.found.fresh], []

    def met_before(self) -> int:
        return self.where.exchange

    def exchange_row(self) -> int:
        return self.where.exchange

    def tally(self, counts: Counts) -> None:
        del counts
        quarantine.move(self.conn, [one.id for one in self.found.mended], "accepted", self.now)
        quarantine.move(self.conn, [one.id for one in self.found.reopened], "open", self.now)
        quarantine.move(self.conn, {one.id for one in self.found.replaced}, "closed", self.now)
        mark = self.mark | {"exchange": self.where.exchange}
        meta.put(self.conn, _name(self.dataset), orjson.dumps(mark).decode())
