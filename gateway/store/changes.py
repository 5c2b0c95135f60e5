"""The change feed: record versions by their place in the sequence, which has no gaps."""

from sqlalchemy import Connection, func, select

from gateway.store.records import ENVELOPE, read_envelopes
from gateway.store.tables import contents, record_versions


def page(
    conn: Connection, *, after: int, limit: int, kind: str | None = None, province: str | None = None
) -> tuple[list[tuple[int, bytes]], bool]:
    """Up to `limit` (sequence, envelope) behind `after`, and whether there are more.

    `province` (two digits) is one that the record concerns: a claim's system, origin, destination or on the way.
    """
    statement = (
        select(record_versions.c.seq, *ENVELOPE)
        .join(contents, contents.c.id == record_versions.c.content)
        .where(record_versions.c.seq > after)
        .order_by(record_versions.c.seq)
        .limit(limit + 1)
    )
    if kind is not None:
        statement = statement.where(record_versions.c.kind == kind)
    if province is not None:
        statement = statement.where(record_versions.c.provinces.contains(f" {province} ", autoescape=True))
    rows = conn.execute(statement).all()
    shown = rows[:limit]
    envelopes = read_envelopes(conn, shown)
    return [(row[0], envelope) for row, envelope in zip(shown, envelopes, strict=True)], len(rows) > limit


def last(conn: Connection) -> int:
    """The last place given out; 0 for an empty feed."""
    return conn.scalar(select(func.coalesce(func.max(record_versions.c.seq), 0))) or 0
