"""Claims as they are read: what each system says, every version of it. Identity is (dataset of an adapter, source key)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, select

from gateway.domain.claim import Claim
from gateway.store import frames
from gateway.store.dialect import among, select_among
from gateway.store.known_claims import NEWEST
from gateway.store.tables import claim_versions, claims, contents, datasets, exchanges, mappings, payloads, records


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """One version of one claim; `id`, `exchange`, `claim` and `record` are row ids."""

    id: int
    exchange: int
    claim: int
    record: int | None
    kind: str
    adapter: str
    division: str
    partial: bool
    dataset: str
    source_key: str
    version: int
    newer: str | None
    observed_at: str
    payload_hash: str
    mapping_hash: str
    findings: tuple[dict[str, Any], ...]
    content_bytes: bytes

    def as_claim(self) -> Claim:
        """As consolidation wants it."""
        return Claim(
            kind=self.kind,
            adapter=self.adapter,
            division=self.division,
            partial=self.partial,
            dataset=self.dataset,
            source_key=self.source_key,
            content=orjson.loads(self.content_bytes),
            newer=self.newer,
            arrival=(self.exchange, self.id),
            observed_at=self.observed_at,
            payload_hash=self.payload_hash,
            mapping_hash=self.mapping_hash,
            findings=self.findings,
        )


@dataclass(frozen=True, slots=True)
class Origin:
    """What brought a claim version, as its record's envelope names it."""

    observed_at: str
    payload_hash: str
    mapping_hash: str


@dataclass(frozen=True, slots=True)
class StoredLineage:
    """What the mapping left of one claim version: with the mapping's template it gives the lineage."""

    remainder: bytes
    mapping_hash: str
    exchange_id: int
    document: str


_IN_ORDER = (datasets.c.adapter, datasets.c.dataset, claims.c.source_key, claim_versions.c.version)
_WHOLE = (
    select(
        claim_versions.c.id,
        claim_versions.c.exchange,
        claim_versions.c.claim,
        claims.c.record,
        claims.c.kind,
        datasets.c.adapter,
        claims.c.division,
        claims.c.partial,
        datasets.c.dataset,
        claims.c.source_key,
        claim_versions.c.version,
        claim_versions.c.newer_last,
        exchanges.c.received_at,
        payloads.c.hash.label("payload_hash"),
        mappings.c.hash.label("mapping_hash"),
        claim_versions.c.findings,
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
_CURRENT = _WHOLE.where(NEWEST, among(claims.c.record))
_WAITING = _WHOLE.where(NEWEST, among(claims.c.id), claims.c.record.is_(None))
_BY_ID = _WHOLE.where(among(claim_versions.c.id))
_ORIGINS = (
    select(claim_versions.c.id, exchanges.c.received_at, payloads.c.hash, mappings.c.hash)
    .join(exchanges, exchanges.c.id == claim_versions.c.exchange)
    .join(payloads, payloads.c.id == exchanges.c.payload)
    .join(mappings, mappings.c.id == claim_versions.c.mapping)
    .where(among(claim_versions.c.id))
)


def current(conn: Connection, record_rows: Iterable[int]) -> list[StoredClaim]:
    """The version that counts of every claim of these records."""
    return _stored(conn, select_among(conn, _CURRENT, record_rows))


def waiting(conn: Connection, rows: Iterable[int]) -> list[StoredClaim]:
    """The version that counts of those of these claims that belong to no record yet."""
    return _stored(conn, select_among(conn, _WAITING, rows))


def of_record(conn: Connection, record_id: str) -> list[StoredClaim]:
    """Every version of every claim on the record, by adapter, dataset, source key and version."""
    statement = (
        _WHOLE.join(records, records.c.id == claims.c.record)
        .where(records.c.record_id == record_id)
        .order_by(*_IN_ORDER)
    )
    return _stored(conn, conn.execute(statement).all())


def versions(conn: Connection, numbers: Iterable[int]) -> list[StoredClaim]:
    """These claim versions (row ids), in that order."""
    asked = list(numbers)
    found = {one.id: one for one in _stored(conn, select_among(conn, _BY_ID, asked))}
    return [found[number] for number in asked]


def _stored(conn: Connection, rows: Sequence[Any]) -> list[StoredClaim]:
    pieces = frames.read(conn, [row[-3:] for row in rows])
    return [_claim(row, piece) for row, piece in zip(rows, pieces, strict=True)]


def _claim(row: Any, content: bytes) -> StoredClaim:
    findings = tuple(orjson.loads(row.findings)) if row.findings else ()
    fields = (*row[:13], row.payload_hash.hex(), row.mapping_hash.hex(), findings, content)
    return StoredClaim(*fields)


def origins(conn: Connection, numbers: Iterable[int]) -> dict[int, Origin]:
    """Claim version row id → what brought it."""
    return {
        number: Origin(at, payload.hex(), mapping.hex())
        for number, at, payload, mapping in select_among(conn, _ORIGINS, numbers)
    }


def observed(conn: Connection, record_id: str) -> list[tuple[str, str, dict[str, str]]]:
    """(adapter, instant, what its exchange asked for) of every claim version on the record, by adapter, dataset, source
    key and version."""
    statement = (
        select(datasets.c.adapter, exchanges.c.received_at, exchanges.c.request)
        .select_from(claim_versions)
        .join(claims, claims.c.id == claim_versions.c.claim)
        .join(datasets, datasets.c.id == claims.c.dataset)
        .join(exchanges, exchanges.c.id == claim_versions.c.exchange)
        .join(records, records.c.id == claims.c.record)
        .where(records.c.record_id == record_id)
        .order_by(*_IN_ORDER)
    )
    return [(adapter, at, orjson.loads(request)) for adapter, at, request in conn.execute(statement)]


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
    pieces = frames.read(conn, [row[4:] for row in rows])
    return {
        number: StoredLineage(piece, digest.hex(), exchange, document)
        for (number, digest, exchange, document, *_), piece in zip(rows, pieces, strict=True)
    }


def newest_contents(conn: Connection, adapter: str, dataset: str, source_keys: Iterable[str]) -> dict[str, bytes]:
    """Source key → the content that counts, for those of the keys that are stored."""
    statement = (
        select(claims.c.source_key, contents.c.frame, contents.c.start, contents.c.length)
        .join(claim_versions, NEWEST)
        .join(datasets, datasets.c.id == claims.c.dataset)
        .join(contents, contents.c.id == claim_versions.c.content)
        .where(datasets.c.adapter == adapter, datasets.c.dataset == dataset, among(claims.c.source_key))
    )
    rows = select_among(conn, statement, source_keys)
    pieces = frames.read(conn, [row[1:] for row in rows])
    return {row[0]: piece for row, piece in zip(rows, pieces, strict=True)}
