"""Retiring what the law no longer asks for, while the gateway works.

A retirement is announced first, as a commit of its own in the hash chain; then the leaves of all commits that it speaks of are
kept; only then is anything taken out, in batches that each leave the store whole. Killed at any moment, the next run
goes on: what is gone isn't met again.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import Connection

from canonical_schema.values.instant import CHINA
from gateway.clock import Clock
from gateway.domain.chain import leaf
from gateway.domain.retention import Kept, going, latest_day
from gateway.errors import ChangedInPlace, UsedWrongly
from gateway.intake.commit import committed
from gateway.store import chain_items, integrity, retirements
from gateway.store import retire as rows
from gateway.store.database import Database
from gateway.store.retirements import Horizon

AT_ONCE: Final = 200
"""Commits, records, claims or units of one transaction."""


@dataclass(slots=True)
class Tally:
    """`gone`: rows by table; a dry run doesn't tell of what is shared. `kept`: groups of records that stay for what is open."""

    horizon: Horizon
    gone: Counter[str] = field(default_factory=Counter)
    kept: Counter[Kept] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Order:
    """All from before the day `before` goes, unless `dry`. `who` and `why` are kept."""

    before: date
    who: str
    why: str
    years: int
    dry: bool = False


class Progress(NamedTuple):
    """`done` and `of` are row ids of what the step goes through."""

    step: str
    done: int
    of: int


@dataclass(frozen=True, slots=True)
class Part:
    """What one batch has come to; `reached` is 0 where nothing was left."""

    reached: int
    gone: Mapping[str, int] = field(default_factory=dict)
    kept: Sequence[Kept] = ()


def retire(database: Database, order: Order, clock: Clock, told: Callable[[Progress], None]) -> Tally:
    """What has gone, or would go.

    Raises UsedWrongly for a day that is too young, ChangedInPlace where a commit isn't what it was: then nothing goes.
    """
    latest = latest_day(clock().astimezone(CHINA).date(), order.years)
    if order.before > latest:
        raise UsedWrongly(
            f"须保存 {order.years} 年: --before 最晚为 {latest}",
            f"all is kept for {order.years} years: --before may be {latest} at the latest",
        )
    day = order.before.isoformat()
    if order.dry:
        with database.read() as conn:
            horizon = retirements.reach(conn, day)
        run = _Run(database, horizon, day, told, dry=True)
        run.take_out()
        return run.tally
    horizon = committed(database, lambda conn: retirements.announce(conn, day, clock(), order.who, order.why))
    run = _Run(database, horizon, day, told, dry=False)
    run.walk("leaves", run.leaves, horizon.commit)
    with rows.indexed(database):
        run.take_out()
    run.walk("exchanges", run.exchanges, horizon.commit)
    return run.tally


class _Run:
    """One run's steps. Each begins at its beginning: what a run before has done is passed over quickly."""

    def __init__(
        self, database: Database, horizon: Horizon, day: str, told: Callable[[Progress], None], *, dry: bool
    ) -> None:
        self.database, self.horizon, self.day, self.told, self.dry = database, horizon, day, told, dry
        self.tally = Tally(horizon)

    def take_out(self) -> None:
        with self.database.read() as conn:
            last = rows.last_record(conn, self.horizon.seq)
        self.walk("records", self.records, last)
        self.walk("claims", self.claims)
        self.walk("quarantine", self.units)

    def walk(self, step: str, work: Callable[[int, int, Connection], Part], last: int = 0) -> None:
        """One batch after another, each in a transaction of its own; a dry run only reads."""
        part = Part(0)
        while True:
            batch = partial(work, part.reached, last)
            if self.dry:
                with self.database.read() as conn:
                    part = batch(conn)
            else:
                part = committed(self.database, batch)
            if not part.reached:
                return
            self.tally.gone.update(part.gone)
            self.tally.kept.update(part.kept)
            self.told(Progress(step, part.reached, last))

    def leaves(self, after: int, last: int, conn: Connection) -> Part:
        del after  # those that are kept say how far it is
        reached = 0
        for entry in retirements.without_leaves(conn, last, AT_ONCE):
            hashes = [leaf(item) for item in chain_items.items(conn, entry)]
            if not integrity.matches(entry, hashes):
                raise ChangedInPlace(
                    f"提交 {entry.id} 与提交时不同, 未清退任何数据; 请运行 liandan db check",
                    f"commit {entry.id} isn't what was committed, so nothing is retired; run liandan db check",
                )
            retirements.keep_leaves(conn, entry.id, hashes)
            reached = entry.id
        return Part(reached)

    def records(self, after: int, last: int, conn: Connection) -> Part:
        seeds = rows.seeds(conn, after, last, AT_ONCE)
        groups = rows.held(conn, rows.grouped(conn, seeds, lock=not self.dry), self.horizon.commit)
        found = [going(group, self.horizon.seq) for group in groups]
        whole = {record for one in found for record in one.records}
        gone = self._take(conn, rows.rows_of(conn, whole, {place for one in found for place in one.places}))
        return Part(max(seeds, default=0), gone, [one.kept for one in found if one.kept is not None])

    def claims(self, after: int, last: int, conn: Connection) -> Part:
        del last
        reached, found = rows.unclaimed(conn, after, AT_ONCE, self.horizon.commit, lock=not self.dry)
        return Part(reached, self._take(conn, found))

    def units(self, after: int, last: int, conn: Connection) -> Part:
        del last
        numbers = rows.units(conn, after, AT_ONCE, self.horizon.commit, self.day)
        if not self.dry:
            rows.remove_units(conn, numbers)
        return Part(max(numbers, default=0), {"quarantine": len(numbers)})

    def exchanges(self, after: int, last: int, conn: Connection) -> Part:
        if after >= last:
            return Part(0)
        reached = min(after + AT_ONCE, last)
        return Part(reached, rows.remove_exchanges(conn, after + 1, reached, last))

    def _take(self, conn: Connection, found: rows.Rows) -> dict[str, int]:
        counted = {
            "records": len(found.records),
            "record_versions": len(found.versions),
            "deliveries": len(found.deliveries),
            "claims": len(found.claims),
            "claim_versions": len(found.claim_versions),
        }
        return counted if self.dry else counted | rows.remove(conn, found)
