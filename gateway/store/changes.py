"""The change feed: record versions by their place in the sequence, which has no gaps."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, func, select

from gateway.store.records import ENVELOPE, NEWEST, read_envelopes
from gateway.store.tables import commits, contents, record_versions, records

AT_ONCE = 2000
"""Rows that a long read fetches at once."""


def page(
    conn: Connection,
    *,
    after: int,
    limit: int,
    kind: str | None = None,
    province: str | None = None,
    newest: bool = False,
) -> tuple[list[tuple[int, bytes]], bool]:
    """Up to `limit` (sequence, envelope) behind `after`, and whether there are more.

    `province` (two digits) is one that the record concerns: a claim's system, origin, destination or on the way.
    `newest` passes over versions that have a later one by now: who reads so to the end has the newest of every record.
    """
    statement = (
        select(record_versions.c.seq, *ENVELOPE)
        .join(contents, contents.c.id == record_versions.c.content)
        .where(record_versions.c.seq > after)
        .order_by(record_versions.c.seq)
        .limit(limit + 1)
    )
    if newest:
        statement = statement.join(records, NEWEST)
    rows = conn.execute(_narrowed(statement, kind, province)).all()
    shown = rows[:limit]
    envelopes = read_envelopes(conn, shown)
    return [(row[0], envelope) for row, envelope in zip(shown, envelopes, strict=True)], len(rows) > limit


def marks(
    conn: Connection, *, after: int, upto: int, kind: str | None = None, province: str | None = None
) -> Iterator[tuple[int, str, int, bytes]]:
    """(sequence, record_id, version, content hash) of every change behind `after` up to and with `upto`, in order."""
    statement = (
        select(record_versions.c.seq, records.c.record_id, record_versions.c.version, contents.c.hash)
        .join(records, records.c.id == record_versions.c.record)
        .join(contents, contents.c.id == record_versions.c.content)
        .where(record_versions.c.seq > after, record_versions.c.seq <= upto)
        .order_by(record_versions.c.seq)
        .execution_options(yield_per=AT_ONCE)
    )
    for row in conn.execute(_narrowed(statement, kind, province)):
        yield row.seq, row.record_id, row.version, row.hash


def _narrowed(statement: Select[Any], kind: str | None, province: str | None) -> Select[Any]:
    if kind is not None:
        statement = statement.where(record_versions.c.kind == kind)
    if province is not None:
        statement = statement.where(record_versions.c.provinces.contains(f" {province} ", autoescape=True))
    return statement


_LAST = select(commits.c.last_seq).order_by(commits.c.id.desc()).limit(1)


def last(conn: Connection) -> int:
    """The last place given out; 0 for an empty feed. The commits know it also where the change itself was retired."""
    return conn.scalar(_LAST) or 0


def before(conn: Connection, moment: str) -> int:
    """The last place given out before an instant (as stored); 0 where there was none."""
    earlier = select(func.coalesce(func.max(commits.c.last_seq), 0)).where(commits.c.at < moment)
    return conn.scalar(earlier) or 0
