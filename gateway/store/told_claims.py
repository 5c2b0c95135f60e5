"""Claim versions in the order of the commits that brought them: what another gateway is told."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Row, Select, func, select

from gateway.store.dialect import among, select_among
from gateway.store.tables import adapters, claim_versions, claims, commits, contents, datasets, record_versions

AT_ONCE = 50
"""Commits that are looked at together."""


class Place(NamedTuple):
    """Behind this claim version (row id) of that commit; behind the whole commit where `claim` is None."""

    commit: int
    claim: int | None = None


def behind(conn: Connection, after: Place, upto: int = 0) -> Iterator[tuple[Place, list[int]]]:
    """Commit by commit from `after` on: (the place behind it, the claim versions to be told of it, by row id). Up to the
    commit `upto` all is retired: what is left there is told."""
    first = after.commit + (after.claim is None)
    while rows := conn.execute(_commits(first)).all():
        for row in rows:
            done = after.claim if row.id == after.commit and after.claim is not None else 0
            added = _left(conn, row, upto) if row.id <= upto else _added(conn, row)
            # What came in shadow, or said nothing new at first, is told when it comes into a record.
            numbers = {*added, *_entering(conn, row)}
            yield Place(row.id), _told(conn, [one for one in sorted(numbers) if one > done])
        first = rows[-1].id + 1


def _commits(first: int) -> Select[Any]:
    return select(commits).where(commits.c.id >= first).order_by(commits.c.id).limit(AT_ONCE)


def _added(conn: Connection, commit: Row[Any]) -> list[int]:
    """The commit's own claim versions: of its exchange's rows those behind the ones of the exchange's earlier commits."""
    if not commit.claims:
        return []
    earlier = select(func.coalesce(func.sum(commits.c.claims), 0))
    before = conn.scalar(earlier.where(commits.c.exchange == commit.exchange, commits.c.id < commit.id))
    own = select(claim_versions.c.id).where(claim_versions.c.exchange == commit.exchange).order_by(claim_versions.c.id)
    return list(conn.scalars(own.offset(before or 0).limit(commit.claims)))


def _left(conn: Connection, commit: Row[Any], upto: int) -> list[int]:
    """What is left of a retired commit. Where all commits of its exchange are retired, the rows can't be told apart any more:
    the first of them has all."""
    if commit.exchange is None:
        return []
    own = select(func.min(commits.c.id), func.max(commits.c.id)).where(commits.c.exchange == commit.exchange)
    first, last = conn.execute(own).one()
    if last > upto:
        return _added(conn, commit)
    left = select(claim_versions.c.id).where(claim_versions.c.exchange == commit.exchange, commit.id == first)
    return list(conn.scalars(left.order_by(claim_versions.c.id)))


def _entering(conn: Connection, commit: Row[Any]) -> Iterator[int]:
    """Claim versions that a record version of this commit was made of, and the one before it wasn't."""
    if commit.last_seq < commit.first_seq:
        return
    before = record_versions.alias()
    earlier = (before.c.record == record_versions.c.record) & (before.c.version == record_versions.c.version - 1)
    statement = (
        select(record_versions.c.claims, before.c.claims.label("before"))
        .outerjoin(before, earlier)
        .where(record_versions.c.seq.between(commit.first_seq, commit.last_seq))
    )
    for row in conn.execute(statement):
        known = set(orjson.loads(row.before)) if row.before else set()
        yield from (one for one in orjson.loads(row.claims) if one not in known)


def _told(conn: Connection, numbers: Sequence[int]) -> list[int]:
    """Of these those that may be told: not what is in shadow, nor a version that never counted because a later word was
    known when it came. (A reader may not know how late that word was seen again, and would let it count.)"""
    versions = claim_versions
    statement = (
        select(versions.c.id, versions.c.claim, versions.c.version, versions.c.newer_first)
        .add_columns(claims.c.newest, claims.c.record, adapters.c.stage)
        .join(claims, claims.c.id == versions.c.claim)
        .join(datasets, datasets.c.id == claims.c.dataset)
        .outerjoin(adapters, adapters.c.id == datasets.c.adapter)
        .where(among(versions.c.id))
    )
    rows = {row.id: row for row in select_among(conn, statement, numbers)}
    spans: dict[int, list[tuple[int, str | None]]] = {}
    older = select(versions.c.claim, versions.c.version, versions.c.newer_last).where(among(versions.c.claim))
    for claim, version, last in select_among(conn, older, {row.claim for row in rows.values()}):
        spans.setdefault(claim, []).append((version, last))
    return [
        number
        for number in numbers
        if _is_open(row := rows[number])
        and (
            row.version == row.newest
            or all(_rank(last) <= _rank(row.newer_first) for at, last in spans[row.claim] if at < row.version)
        )
    ]


def _is_open(row: Row[Any]) -> bool:
    return row.record is not None or row.stage not in {None, "shadow"}


def _rank(newer: str | None) -> tuple[bool, str]:
    return (newer is not None, newer or "")


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
