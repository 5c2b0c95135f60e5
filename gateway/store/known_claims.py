"""What is known of claims when a page comes in, and what the page changes of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, bindparam, select

from gateway.store.dialect import among, insert_rows, select_among, update_rows
from gateway.store.tables import claim_versions, claims, contents

NEWEST = and_(claim_versions.c.claim == claims.c.id, claim_versions.c.version == claims.c.newest)
"""Joins a claim with the version that counts."""


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """Enough of a stored version to tell whether an observation says anything new. `findings` is canonical JSON."""

    id: int
    version: int
    content_hash: bytes
    findings: str | None
    newer_first: str | None
    newer_last: str | None
    mapping: int
    exchange: int


@dataclass(frozen=True, slots=True)
class KnownClaim:
    """A stored claim with all its versions, oldest first; `newest` is the version that counts."""

    id: int
    record: int | None
    newest: int
    versions: tuple[KnownVersion, ...]


_KNOWN = (
    select(
        claims.c.source_key,
        claims.c.id,
        claims.c.record,
        claims.c.newest,
        claim_versions.c.id,
        claim_versions.c.version,
        contents.c.hash,
        claim_versions.c.findings,
        claim_versions.c.newer_first,
        claim_versions.c.newer_last,
        claim_versions.c.mapping,
        claim_versions.c.exchange,
    )
    .join(claim_versions, claim_versions.c.claim == claims.c.id)
    .join(contents, contents.c.id == claim_versions.c.content)
    .where(claims.c.dataset == bindparam("dataset"), among(claims.c.source_key))
    .order_by(claims.c.id, claim_versions.c.version)
)


def known(conn: Connection, dataset: int, source_keys: Iterable[str]) -> dict[str, KnownClaim]:
    """Source key → what is stored under it."""
    heads: dict[str, tuple[int, int | None, int]] = {}
    versions: defaultdict[str, list[KnownVersion]] = defaultdict(list)
    for key, claim, record, newest, number, version, digest, *rest in select_among(
        conn, _KNOWN, source_keys, dataset=dataset
    ):
        heads[key] = (claim, record, newest)
        versions[key].append(KnownVersion(number, version, bytes(digest), *rest))
    return {key: KnownClaim(*head, tuple(versions[key])) for key, head in heads.items()}


def add(conn: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """New claims: (id, dataset, source_key, kind, division, partial, newest, record)."""
    columns = ("id", "dataset", "source_key", "kind", "division", "partial", "newest", "record")
    insert_rows(conn, claims, columns, rows)


def add_versions(conn: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """New versions: (id, claim, version, content, exchange, document, mapping, newer_first, newer_last, findings,
    lineage frame, start, length)."""
    insert_rows(conn, claim_versions, [column.name for column in claim_versions.c], rows)


def renew(conn: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Another version counts: rows of (version, kind, division, partial, claim id), as that version has them."""
    update_rows(conn, claims, ("newest", "kind", "division", "partial"), rows)


def rehome(conn: Connection, rows: Sequence[tuple[int, int]]) -> None:
    """The claims belong to another record: rows of (record row id, claim id)."""
    update_rows(conn, claims, ("record",), rows)


def widen(conn: Connection, rows: Sequence[tuple[str | None, str | None, int]]) -> None:
    """The same content was seen earlier or later than known: rows of (newer_first, newer_last, version row id)."""
    update_rows(conn, claim_versions, ("newer_first", "newer_last"), rows)
