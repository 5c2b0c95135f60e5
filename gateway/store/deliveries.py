"""Deliveries: record versions owed to targets, claimed under a lease, in order per record.

A version isn't claimed while a lower one of the same record waits for the same target; when that one is dead, this one
supersedes it. Every lease has a fence: who comes back after his lease was given to another can't move the row any more,
only tell that the target has acknowledged, which stays true whoever tells it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, case, exists, func, select, text

from canonical_schema.values.instant import CHINA
from gateway.clock import instant
from gateway.domain.delivery import MOVES, OPEN, STATES, moved
from gateway.domain.owed import Owed
from gateway.store.dialect import among, insert_rows, select_among, update_rows
from gateway.store.records import ENVELOPE, read_envelopes
from gateway.store.tables import UNFINISHED, attempts, contents, deliveries, record_versions, records


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery that is ours until the lease ends. `attempts` counts the tries so far, `key` is hex."""

    id: int
    kind: str
    record_id: str
    version: int
    key: str
    attempts: int
    owed_at: datetime
    fence: int
    envelope: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of one lease, by an event of `gateway.domain.delivery`; `next_at` with a retry."""

    delivery: int
    fence: int
    event: str
    at: datetime
    words: str = ""
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """For listing. `due_at` is an instant: the next attempt, or the end of the lease; `words` the target's last."""

    id: int
    target: str
    kind: str
    record_id: str
    version: int
    key: str
    state: str
    attempts: int
    due_at: str
    words: str


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, CHINA)


def owe(conn: Connection, owed: Iterable[tuple[int, Owed]], now: datetime) -> None:
    """New deliveries, due at once: pairs of (record row id, what is owed)."""
    due = _milliseconds(now)
    insert_rows(
        conn,
        deliveries,
        ("target", "record", "version", "key", "state", "attempts", "due_at", "owed_at", "fence"),
        [(one.target, record, one.version, bytes.fromhex(one.key), "pending", 0, due, due, 0) for record, one in owed],
    )


_lower = deliveries.alias("lower")
# Said by its contrary: with the condition of the partial index on what is due, PostgreSQL would walk that index once
# for every row, while the unique index on (record, target, version) leads straight to the few that matter.
_UNBLOCKED = ~exists().where(
    _lower.c.record == deliveries.c.record,
    _lower.c.target == deliveries.c.target,
    _lower.c.version < deliveries.c.version,
    _lower.c.state.not_in([state for state in STATES if state not in OPEN]),
)


def claim_due(conn: Connection, target: str, now: datetime, limit: int, lease_s: float) -> list[Due]:
    """Leases up to `limit` deliveries that are due, the longest due first. What another worker is claiming at this
    moment is passed over; a lease that has run out is given anew."""
    at = _milliseconds(now)
    chosen = (
        select(deliveries.c.id)
        .where(deliveries.c.target == target, text(f"deliveries.{UNFINISHED}"), deliveries.c.due_at <= at, _UNBLOCKED)
        .order_by(deliveries.c.due_at, deliveries.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=deliveries)
    )
    ids = list(conn.scalars(chosen))
    rows = select_among(conn, _due(), ids)
    leases = [(MOVES[row.state, "lease"], at + int(lease_s * 1000), row.fence + 1, row.id) for row in rows]
    update_rows(conn, deliveries, ("state", "due_at", "fence"), leases)
    found = {
        row.id: Due(
            row.id,
            row.kind,
            row.record_id,
            row.version,
            row.key.hex(),
            row.attempts,
            _moment(row.owed_at),
            row.fence + 1,
            envelope,
        )
        for row, envelope in zip(rows, read_envelopes(conn, rows), strict=True)
    }
    return [found[number] for number in ids]


def _due() -> Select[Any]:
    version = and_(record_versions.c.record == deliveries.c.record, record_versions.c.version == deliveries.c.version)
    return (
        select(deliveries, records.c.record_id, records.c.kind, *ENVELOPE)
        .join(records, records.c.id == deliveries.c.record)
        .join(record_versions, version)
        .join(contents, contents.c.id == record_versions.c.content)
        .where(among(deliveries.c.id))
    )


def next_due_at(conn: Connection, target: str) -> datetime | None:
    """When the next delivery can be claimed (in the past: now); None if nothing waits for this target at all."""
    first = conn.scalar(
        select(deliveries.c.due_at)
        .where(deliveries.c.target == target, text(f"deliveries.{UNFINISHED}"), _UNBLOCKED)
        .order_by(deliveries.c.due_at)
        .limit(1)
    )
    return None if first is None else _moment(first)


def recover(conn: Connection, target: str, now: datetime) -> int:
    """Ends every lease of this target at once; how many. Only for a process that knows it is the only worker."""
    leased = (deliveries.c.target == target) & (deliveries.c.state == "leased")
    change = (
        deliveries.update()
        .where(leased, text(UNFINISHED))
        .values(state=MOVES["leased", "recover"], due_at=_milliseconds(now))
    )
    return conn.execute(change).rowcount


# What the history of attempts calls each event; one that isn't here was no attempt.
_OUTCOMES = {"deliver": "delivered", "retry": "retry", "refuse": "dead", "give_up": "dead"}


def mark(conn: Connection, marks: Sequence[Mark]) -> set[int]:
    """Moves deliveries on by what became of their leases; those whose mark came too late to change anything."""
    columns = (deliveries.c.id, deliveries.c.state, deliveries.c.fence, deliveries.c.attempts, deliveries.c.due_at)
    statement = select(*columns).where(among(deliveries.c.id)).order_by(deliveries.c.id).with_for_update()
    stored = {row.id: row for row in select_among(conn, statement, sorted(one.delivery for one in marks))}
    changed: list[tuple[Any, ...]] = []
    tried: list[tuple[Any, ...]] = []
    for one in marks:
        row = stored.get(one.delivery)
        state = None if row is None else moved(row.state, one.event, ours=row.fence == one.fence)
        if row is None or state is None:
            continue
        del stored[one.delivery]
        outcome = _OUTCOMES.get(one.event)
        count = row.attempts + (outcome is not None)
        due = one.next_at or (one.at if state == "pending" else None)
        changed.append((state, count, row.due_at if due is None else _milliseconds(due), row.id))
        if outcome is not None:
            tried.append((row.id, count, instant(one.at), outcome, one.words))
    update_rows(conn, deliveries, ("state", "attempts", "due_at"), changed)
    insert_rows(conn, attempts, ("delivery", "number", "at", "outcome", "words"), tried)
    return {one.delivery for one in marks} - {row[-1] for row in changed}


def counts(conn: Connection) -> Mapping[str, int]:
    """{"delivered", "dead", "pending", "attempts"}; what is leased is still pending, `attempts` counts every try."""
    columns = {
        "delivered": deliveries.c.state == "delivered",
        "dead": deliveries.c.state == "dead",
        "pending": deliveries.c.state.in_(sorted(OPEN)),
    }
    sums = [func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in columns.values()]
    row = conn.execute(select(*sums, func.coalesce(func.sum(deliveries.c.attempts), 0))).one()
    return {name: int(value) for name, value in zip((*columns, "attempts"), row, strict=True)}


def rows(
    conn: Connection, *, target: str | None = None, state: str | None = None, limit: int = 100
) -> list[DeliveryRow]:
    """The newest first."""
    last = (
        select(attempts.c.words)
        .where(attempts.c.delivery == deliveries.c.id)
        .order_by(attempts.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        select(
            deliveries.c.id,
            deliveries.c.target,
            records.c.kind,
            records.c.record_id,
            deliveries.c.version,
            deliveries.c.key,
            deliveries.c.state,
            deliveries.c.attempts,
            deliveries.c.due_at,
            last.label("words"),
        )
        .join(records, records.c.id == deliveries.c.record)
        .order_by(deliveries.c.id.desc())
        .limit(limit)
    )
    if target is not None:
        statement = statement.where(deliveries.c.target == target)
    if state is not None:
        statement = statement.where(deliveries.c.state == state)
    return [
        DeliveryRow(*row[:5], row.key.hex(), row.state, row.attempts, instant(_moment(row.due_at)), row.words or "")
        for row in conn.execute(statement)
    ]


def acknowledged(conn: Connection, record_id: str) -> list[tuple[str, str, int]]:
    """(target, instant, version) of every version of the record that a target has acknowledged, in that order of time."""
    statement = (
        select(deliveries.c.target, attempts.c.at, deliveries.c.version)
        .join(attempts, attempts.c.delivery == deliveries.c.id)
        .join(records, records.c.id == deliveries.c.record)
        .where(records.c.record_id == record_id, attempts.c.outcome == "delivered")
        .order_by(attempts.c.id)
    )
    return [(target, at, version) for target, at, version in conn.execute(statement)]
