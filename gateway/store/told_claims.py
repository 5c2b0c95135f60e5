"""Claim versions in the order in which they came into records: what another gateway is told."""

from collections.abc import Iterable, Sequence

import orjson
from sqlalchemy import Connection, select

from gateway.store.dialect import among, select_among
from gateway.store.tables import claim_versions, commits, contents, record_versions


def page(conn: Connection, *, after: int, limit: int) -> tuple[list[tuple[int, list[int]]], bool]:
    """(place in the feed, claim versions (row ids) that this record version has and the one before hadn't) of up to
    `limit` record versions behind `after`, and whether there are more."""
    before = record_versions.alias()
    earlier = (before.c.record == record_versions.c.record) & (before.c.version == record_versions.c.version - 1)
    statement = (
        select(record_versions.c.seq, record_versions.c.claims, before.c.claims.label("before"))
        .outerjoin(before, earlier)
        .where(record_versions.c.seq > after)
        .order_by(record_versions.c.seq)
        .limit(limit + 1)
    )
    rows = conn.execute(statement).all()
    told = [(row.seq, _without(orjson.loads(row.claims), row.before)) for row in rows[:limit]]
    return told, len(rows) > limit


def _without(numbers: Sequence[int], before: str | None) -> list[int]:
    known = set(orjson.loads(before)) if before else set()
    return [one for one in numbers if one not in known]


def content_hashes(conn: Connection, numbers: Iterable[int]) -> dict[int, str]:
    """Claim version (row id) → the hash (hex) under which its content was committed."""
    statement = (
        select(claim_versions.c.id, contents.c.hash)
        .join(contents, contents.c.id == claim_versions.c.content)
        .where(among(claim_versions.c.id))
    )
    return {number: digest.hex() for number, digest in select_among(conn, statement, numbers)}


def first_entry(conn: Connection) -> str:
    """The hash of the first entry of this store's chain, in hex: no other store has it. "" before anything is stored."""
    digest = conn.scalar(select(commits.c.hash).where(commits.c.id == 1))
    return bytes(digest).hex() if digest else ""
