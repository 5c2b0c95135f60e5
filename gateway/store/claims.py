"""Claims: what each system says, every version of it. Identity is (dataset of an adapter, source key)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Select, and_, select

from gateway.store import frames
from gateway.store.dialect import among, insert_rows, select_among, update_rows
from gateway.store.frames import Place
from gateway.store.tables import claim_versions, claims, contents, datasets, exchanges, mappings, payloads, records


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


@dataclass(frozen=True, slots=True)
class KnownClaim:
    """A stored claim with all its versions, oldest first; `newest` is the version that counts."""

    id: int
    record: int | None
    newest: int
    versions: tuple[KnownVersion, ...]


@dataclass(frozen=True, slots=True)
class CurrentClaim:
    """The version of a claim that counts, as consolidation wants it; `arrival` and `id` are the version's row."""

    id: int
    claim: int
    record: int
    kind: str
    adapter: str
    division: str
    dataset: str
    source_key: str
    newer: str | None
    observed_at: str
    payload_hash: str
    mapping_hash: str
    findings: tuple[dict[str, Any], ...]
    content_bytes: bytes


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """One version of one claim. `newest` is True for the version that counts."""

    id: int
    adapter: str
    division: str
    dataset: str
    source_key: str
    version: int
    newest: bool
    observed_at: str
    payload_hash: str
    mapping_hash: str
    exchange_id: int
    document: str
    findings: list[dict[str, Any]]
    content_bytes: bytes


@dataclass(frozen=True, slots=True)
class StoredLineage:
    """What the mapping left of one claim version: with the mapping's template it gives the lineage."""

    remainder: bytes
    mapping_hash: str
    exchange_id: int
    document: str


def known(conn: Connection, dataset: int, source_keys: Iterable[str]) -> dict[str, KnownClaim]:
    """Source key → what is stored under it."""
    statement = (
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
        )
        .join(claim_versions, claim_versions.c.claim == claims.c.id)
        .join(contents, contents.c.id == claim_versions.c.content)
        .where(claims.c.dataset == dataset, among(claims.c.source_key))
        .order_by(claims.c.id, claim_versions.c.version)
    )
    heads: dict[str, tuple[int, int | None, int]] = {}
    versions: defaultdict[str, list[KnownVersion]] = defaultdict(list)
    for key, claim, record, newest, number, version, digest, *rest in select_among(conn, statement, source_keys):
        heads[key] = (claim, record, newest)
        versions[key].append(KnownVersion(number, version, bytes(digest), *rest))
    return {key: KnownClaim(*head, tuple(versions[key])) for key, head in heads.items()}


def add(conn: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """New claims: (id, dataset, source_key, kind, division, newest, record)."""
    insert_rows(conn, claims, ("id", "dataset", "source_key", "kind", "division", "newest", "record"), rows)


def add_versions(conn: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """New versions: (id, claim, version, content, exchange, document, mapping, newer_first, newer_last, findings,
    lineage frame, start, length)."""
    insert_rows(conn, claim_versions, [column.name for column in claim_versions.c], rows)


def renew(conn: Connection, rows: Sequence[tuple[int, int]]) -> None:
    """Another version counts: rows of (version, claim id)."""
    update_rows(conn, claims, ("newest",), rows)


def rehome(conn: Connection, rows: Sequence[tuple[int, int]]) -> None:
    """The claims belong to another record: rows of (record row id, claim id)."""
    update_rows(conn, claims, ("record",), rows)


def widen(conn: Connection, rows: Sequence[tuple[str | None, str | None, int]]) -> None:
    """The same content was seen earlier or later than known: rows of (newer_first, newer_last, version row id)."""
    update_rows(conn, claim_versions, ("newer_first", "newer_last"), rows)


_NEWEST = and_(claim_versions.c.claim == claims.c.id, claim_versions.c.version == claims.c.newest)


def current(conn: Connection, record_rows: Iterable[int]) -> list[CurrentClaim]:
    """The version that counts of every claim of these records."""
    statement = (
        select(
            claim_versions.c.id,
            claims.c.id,
            claims.c.record,
            claims.c.kind,
            datasets.c.adapter,
            claims.c.division,
            datasets.c.dataset,
            claims.c.source_key,
            claim_versions.c.newer_last,
            exchanges.c.received_at,
            payloads.c.hash,
            mappings.c.hash,
            claim_versions.c.findings,
            contents.c.frame,
            contents.c.start,
            contents.c.length,
        )
        .select_from(claims)
        .join(claim_versions, _NEWEST)
        .join(datasets, datasets.c.id == claims.c.dataset)
        .join(contents, contents.c.id == claim_versions.c.content)
        .join(exchanges, exchanges.c.id == claim_versions.c.exchange)
        .join(payloads, payloads.c.id == exchanges.c.payload)
        .join(mappings, mappings.c.id == claim_versions.c.mapping)
        .where(among(claims.c.record))
    )
    rows = select_among(conn, statement, record_rows)
    pieces = frames.read(conn, {Place(*row[-3:]) for row in rows})
    return [_current(row, pieces[Place(*row[-3:])]) for row in rows]


def _current(row: Any, content: bytes) -> CurrentClaim:
    findings = tuple(orjson.loads(row[12])) if row[12] else ()
    fields = (*row[:10], row[10].hex(), row[11].hex(), findings, content)
    return CurrentClaim(*fields)


def _whole() -> Select[Any]:
    return (
        select(
            claim_versions,
            claims.c.source_key,
            claims.c.division,
            claims.c.newest,
            datasets.c.adapter,
            datasets.c.dataset,
            exchanges.c.received_at,
            payloads.c.hash.label("payload_hash"),
            mappings.c.hash.label("mapping_hash"),
            contents.c.frame,
            contents.c.start,
            contents.c.length,
        )
        .join(claims, claims.c.id == claim_versions.c.claim)
        .join(datasets, datasets.c.id == claims.c.dataset)
        .join(exchanges, exchanges.c.id == claim_versions.c.exchange)
        .join(payloads, payloads.c.id == exchanges.c.payload)
        .join(mappings, mappings.c.id == claim_versions.c.mapping)
        .join(contents, contents.c.id == claim_versions.c.content)
    )


def of_record(conn: Connection, record_id: str) -> list[StoredClaim]:
    """Every version of every claim on the record, by adapter, dataset, source key and version."""
    statement = (
        _whole()
        .join(records, records.c.id == claims.c.record)
        .where(records.c.record_id == record_id)
        .order_by(datasets.c.adapter, datasets.c.dataset, claims.c.source_key, claim_versions.c.version)
    )
    return _stored(conn, conn.execute(statement).all())


def versions(conn: Connection, numbers: Iterable[int]) -> list[StoredClaim]:
    """These claim versions (row ids), in that order."""
    asked = list(numbers)
    found = {
        one.id: one for one in _stored(conn, select_among(conn, _whole().where(among(claim_versions.c.id)), asked))
    }
    return [found[number] for number in asked]


def _stored(conn: Connection, rows: Sequence[Any]) -> list[StoredClaim]:
    pieces = frames.read(conn, {Place(row.frame, row.start, row.length) for row in rows})
    return [
        StoredClaim(
            id=row.id,
            adapter=row.adapter,
            division=row.division,
            dataset=row.dataset,
            source_key=row.source_key,
            version=row.version,
            newest=row.version == row.newest,
            observed_at=row.received_at,
            payload_hash=row.payload_hash.hex(),
            mapping_hash=row.mapping_hash.hex(),
            exchange_id=row.exchange,
            document=row.document,
            findings=orjson.loads(row.findings) if row.findings else [],
            content_bytes=pieces[Place(row.frame, row.start, row.length)],
        )
        for row in rows
    ]


def lineage_of(conn: Connection, numbers: Iterable[int]) -> dict[int, StoredLineage]:
    """Claim version row id → its lineage remainder."""
    statement = (
        select(
            claim_versions.c.id,
            mappings.c.hash,
            claim_versions.c.exchange,
            claim_versions.c.document,
            claim_versions.c.lineage_frame,
            claim_versions.c.lineage_start,
            claim_versions.c.lineage_length,
        )
        .join(mappings, mappings.c.id == claim_versions.c.mapping)
        .where(among(claim_versions.c.id))
    )
    rows = select_among(conn, statement, numbers)
    pieces = frames.read(conn, {Place(*row[4:]) for row in rows})
    return {
        number: StoredLineage(pieces[Place(*place)], digest.hex(), exchange, document)
        for number, digest, exchange, document, *place in rows
    }


def newest_contents(conn: Connection, adapter: str, dataset: str, source_keys: Iterable[str]) -> dict[str, bytes]:
    """Source key → the content that counts, for those of the keys that are stored."""
    statement = (
        select(claims.c.source_key, contents.c.frame, contents.c.start, contents.c.length)
        .join(claim_versions, _NEWEST)
        .join(datasets, datasets.c.id == claims.c.dataset)
        .join(contents, contents.c.id == claim_versions.c.content)
        .where(datasets.c.adapter == adapter, datasets.c.dataset == dataset, among(claims.c.source_key))
    )
    rows = select_among(conn, statement, source_keys)
    pieces = frames.read(conn, {Place(*row[1:]) for row in rows})
    return {row[0]: pieces[Place(*row[1:])] for row in rows}
