"""Taking out what is retired: groups of records, claims without one, quarantined units, exchanges. Each function is part of a
batch that leaves the store whole.

Contents, frames, numbers and search terms are shared: they go with the last row that uses them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Column, Connection, Select, and_, func, or_, select, update

from gateway.domain.delivery import OPEN
from gateway.domain.retention import Group, HeldRecord, Kept
from gateway.store import tables as t
from gateway.store.database import Database
from gateway.store.dialect import among, chunks, delete_among, lock_search, select_among
from gateway.store.retirements import is_old

USERS: Final[dict[Column[Any], tuple[Column[Any], ...]]] = {
    t.contents.c.id: (t.claim_versions.c.content, t.record_versions.c.content),
    t.frames.c.id: (t.contents.c.frame, t.record_versions.c.envelope_frame, t.claim_versions.c.lineage_frame),
    t.numbers.c.id: (t.claim_numbers.c.number,),
    t.search_terms.c.id: (t.search_hits.c.term,),
    t.payloads.c.id: (t.exchanges.c.payload,),
    t.exchanges.c.id: (
        t.claim_versions.c.exchange,
        t.quarantine.c.exchange,
        t.source_places.c.exchange,
        t.drifts.c.exchange,
    ),
}
"""What is shared, and by whom."""

LOOKED_UP: Final = (
    t.records.c.merged_into,
    t.claim_versions.c.content,
    t.record_versions.c.content,
    t.contents.c.frame,
    t.record_versions.c.envelope_frame,
    t.claim_versions.c.lineage_frame,
)
"""Whose rows are looked up by nobody else: an index for the time of a run alone costs no commit anything."""


@contextmanager
def indexed(database: Database) -> Iterator[None]:
    """The indexes that a run needs; those of one that was killed are made anew."""
    names = {column: f"retiring_{column.table.name}_{column.name}" for column in LOOKED_UP}
    meanwhile = "" if database.is_sqlite else "CONCURRENTLY"
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT") if meanwhile else database.engine

    def say(words: str) -> None:
        if meanwhile:
            with engine.connect() as conn:
                conn.exec_driver_sql(words)
        else:
            with database.write() as conn:
                conn.exec_driver_sql(words)

    def drop() -> None:
        for name in names.values():
            say(f"DROP INDEX {meanwhile} IF EXISTS {name}")

    drop()
    try:
        for column, name in names.items():
            say(f'CREATE INDEX {meanwhile} {name} ON {column.table.name} ("{column.name}")')
        yield
    finally:
        drop()


@dataclass(slots=True)
class Rows:
    """Row ids of what goes; `versions` are places in the feed."""

    records: set[int] = field(default_factory=set)
    versions: set[int] = field(default_factory=set)
    deliveries: set[int] = field(default_factory=set)
    claims: set[int] = field(default_factory=set)
    claim_versions: set[int] = field(default_factory=set)


def last_record(conn: Connection, seq: int) -> int:
    """The highest row id of a record with a version up to this place in the feed; 0 without any."""
    r = t.record_versions.c
    return conn.scalar(select(func.max(r.record)).where(r.seq <= seq)) or 0


def seeds(conn: Connection, after: int, last: int, limit: int) -> list[int]:
    """The next records behind `after` up to `last`."""
    r = t.records.c.id
    return list(conn.scalars(select(r).where(r > after, r <= last).order_by(r).limit(limit)))


def grouped(conn: Connection, seeds: Iterable[int], *, lock: bool) -> list[list[int]]:
    """The groups whose first record (by row id) is one of these, whole; their rows are locked until the transaction ends."""
    asked = set(seeds)
    locked: set[int] = set()
    while True:
        links = _merged(conn, asked)
        new = links.keys() - locked
        if not (new and lock):
            break
        r = t.records.c.id
        select_among(conn, select(r).where(among(r)).order_by(r).with_for_update(), sorted(new))
        locked |= new  # and look again: a merge may have come between
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for record in sorted(links):
        groups[_first(links, record)].append(record)
    return [group for first, group in groups.items() if first in asked]


def _merged(conn: Connection, seeds: set[int]) -> dict[int, set[int]]:
    """Record → those it is merged with directly, for all that hang together with the seeds."""
    r = t.records.c
    links: dict[int, set[int]] = {}
    asked: set[int] = set()
    edge = seeds
    while edge:
        asked |= edge
        rows = select_among(conn, select(r.id, r.merged_into).where(among(r.id)), edge)
        rows += select_among(conn, select(r.id, r.merged_into).where(among(r.merged_into)), edge)
        for record, into in rows:
            links.setdefault(record, set())
            if into is not None:
                links[record].add(into)
                links.setdefault(into, set()).add(record)
        edge = links.keys() - asked
    return links


def _first(links: dict[int, set[int]], record: int) -> int:
    met, edge = {record}, [record]
    while edge:
        new = links[edge.pop()] - met
        met |= new
        edge += new
    return min(met)


def held(conn: Connection, groups: Sequence[Sequence[int]], upto: int) -> list[Group]:
    """What is to be known of the groups."""
    rows = [record for group in groups for record in group]
    versions: defaultdict[int, dict[int, int]] = defaultdict(dict)
    r = t.record_versions.c
    for record, version, seq in select_among(conn, select(r.record, r.version, r.seq).where(among(r.record)), rows):
        versions[record][version] = seq
    ends = _open_ends(conn, rows)
    v, c = t.claim_versions.c, t.claims.c
    told = select(c.record).join(t.claim_versions, v.claim == c.id).where(among(c.record), ~is_old(v.exchange, upto))
    young = {record for (record,) in select_among(conn, told.distinct(), rows)}
    return [
        Group([HeldRecord(one, versions[one], ends[one]) for one in group], young=not young.isdisjoint(group))
        for group in groups
    ]


def _open_ends(conn: Connection, rows: Sequence[int]) -> defaultdict[int, set[Kept]]:
    d, x, q, c = t.deliveries.c, t.discrepancies.c, t.quarantine, t.claims
    refused = (q.c.dataset == c.c.dataset) & (q.c.source_key == c.c.source_key) & (q.c.state == "open")
    owed = [*sorted(OPEN), "dead"]
    asked: dict[Kept, Select[Any]] = {
        Kept.DELIVERY: select(d.record).where(among(d.record), d.state.in_(owed)),
        Kept.DISCREPANCY: select(x.record).where(among(x.record), x.open),
        Kept.QUARANTINE: select(c.c.record).join(q, refused).where(among(c.c.record)),
    }
    ends: defaultdict[int, set[Kept]] = defaultdict(set)
    for kept, statement in asked.items():
        for (record,) in select_among(conn, statement.distinct(), rows):
            ends[record].add(kept)
    return ends


def rows_of(conn: Connection, records: set[int], places: set[int]) -> Rows:
    """All that goes with whole records, and with single versions of others."""
    r, d, c = t.record_versions.c, t.deliveries.c, t.claims.c
    due = and_(d.record == r.record, d.version == r.version)
    places = places | _ids(conn, select(r.seq).where(among(r.record)), records)
    claims = _ids(conn, select(c.id).where(among(c.record)), records)
    owed = select(d.id).join(t.record_versions, due).where(among(r.seq))
    return Rows(records, places, _ids(conn, owed, places), claims, _versions_of(conn, claims))


def unclaimed(conn: Connection, after: int, limit: int, upto: int, *, lock: bool) -> tuple[int, Rows]:
    """Claims that belong to no record (notices that waited, what came in shadow) and were told nothing behind the horizon, of
    up to `limit` behind `after`; and the last one that was looked at, 0 at the end."""
    c, v, q = t.claims.c, t.claim_versions.c, t.quarantine.c
    free = select(c.id).where(c.record.is_(None), c.id > after).order_by(c.id).limit(limit)
    asked = list(conn.scalars(free.with_for_update() if lock else free))
    told = select(v.id).where(v.claim == c.id, ~is_old(v.exchange, upto)).exists()
    refused = select(q.id).where(q.dataset == c.dataset, q.source_key == c.source_key, q.state == "open").exists()
    claims = _ids(conn, select(c.id).where(among(c.id), ~told, ~refused), asked)
    return max(asked, default=0), Rows(claims=claims, claim_versions=_versions_of(conn, claims))


def _versions_of(conn: Connection, claims: Iterable[int]) -> set[int]:
    v = t.claim_versions.c
    return _ids(conn, select(v.id).where(among(v.claim)), claims)


def _ids(conn: Connection, statement: Select[Any], values: Iterable[int]) -> set[int]:
    return {number for (number,) in select_among(conn, statement, values)}


def remove(conn: Connection, rows: Rows) -> dict[str, int]:
    """Deletes the rows, and what was shared and nobody uses now; table → rows, for the latter."""
    lock_search(conn)
    r, v = t.record_versions.c, t.claim_versions.c
    pieces = select_among(conn, select(r.content, r.envelope_frame).where(among(r.seq)), rows.versions)
    pieces += select_among(conn, select(v.content, v.lineage_frame).where(among(v.id)), rows.claim_versions)
    n, h = t.claim_numbers.c, t.search_hits.c
    numbers = _ids(conn, select(n.number).where(among(n.claim)), rows.claims)
    terms = _ids(conn, select(h.term).where(among(h.record)), rows.records)
    for column, values in (
        (t.attempts.c.delivery, rows.deliveries),
        (t.deliveries.c.id, rows.deliveries),
        (h.record, rows.records),
        (t.search_records.c.record, rows.records),
        (t.discrepancies.c.record, rows.records),
        (r.seq, rows.versions),
        (n.claim, rows.claims),
        (v.id, rows.claim_versions),
        (t.claims.c.id, rows.claims),
        (t.records.c.id, rows.records),
    ):
        delete_among(conn, column, values)
    contents = _unused(conn, t.contents.c.id, {content for content, _ in pieces})
    k = t.contents.c
    frames = {frame for _, frame in pieces} | _ids(conn, select(k.frame).where(among(k.id)), contents)
    delete_among(conn, k.id, contents)
    return {
        "contents": len(contents),
        "frames": _sweep(conn, t.frames.c.id, frames),
        "numbers": _sweep(conn, t.numbers.c.id, numbers),
        "search_terms": _sweep(conn, t.search_terms.c.id, terms),
    }


def units(conn: Connection, after: int, limit: int, upto: int, before: str) -> list[int]:
    """The next quarantined units (row ids) behind `after` that ended, and were last met before this day."""
    q = t.quarantine.c
    ended = (q.state != "open") & (q.last_at < before) & is_old(q.exchange, upto)
    return list(conn.scalars(select(q.id).where(q.id > after, ended).order_by(q.id).limit(limit)))


def remove_units(conn: Connection, numbers: Iterable[int]) -> None:
    delete_among(conn, t.quarantine.c.id, numbers)


def remove_exchanges(conn: Connection, first: int, last: int, upto: int) -> dict[str, int]:
    """Deletes the exchanges of the commits from `first` to `last` that brought nothing that is still there, and their
    payloads."""
    c, e = t.commits.c, t.exchanges.c
    own = select(c.exchange).where(c.id.between(first, last), c.exchange.is_not(None), is_old(c.exchange, upto))
    gone = _unused(conn, e.id, set(conn.scalars(own)))
    bodies = _ids(conn, select(e.payload).where(among(e.id)), gone)
    for chunk in chunks(gone):
        conn.execute(update(t.commits).where(among(c.exchange)).values(exchange=None), {"values": chunk})
    delete_among(conn, e.id, gone)
    return {"exchanges": len(gone), "payloads": _sweep(conn, t.payloads.c.id, bodies)}


def _sweep(conn: Connection, column: Column[Any], candidates: Iterable[int]) -> int:
    gone = _unused(conn, column, candidates)
    delete_among(conn, column, gone)
    return len(gone)


def _unused(conn: Connection, column: Column[Any], candidates: Iterable[int]) -> set[int]:
    used = or_(*(select(user).where(user == column).exists() for user in USERS[column]))
    return _ids(conn, select(column).where(among(column), ~used), candidates)
