"""Payloads (bytes as received, once by hash) and the exchanges that brought them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson
import zstandard
from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, insert, select

from adapters.payload import Exchange, Payload
from gateway.clock import instant
from gateway.errors import ChangedInPlace
from gateway.store.dialect import among, insert_missing, select_among, take_ids
from gateway.store.errors import Missing
from gateway.store.tables import commits, datasets, exchanges, payloads, retirements

_LEVEL = 1
_BY_HASH = select(payloads.c.id).where(payloads.c.hash == bindparam("digest"))
_ADD_EXCHANGE = insert(exchanges).returning(exchanges.c.id)


@dataclass(frozen=True, slots=True)
class StoredExchange:
    """One request and answer, or one file seen. `documents` are the descriptions that `redecode` takes."""

    id: int
    adapter: str
    dataset: str
    payload_hash: str
    received_at: str
    request: dict[str, str]
    status: int | None
    headers: dict[str, str]
    source_name: str
    documents: list[dict[str, Any]]


def put(conn: Connection, payload: Payload) -> int:
    """Stores a payload unless it is there; its row id."""
    digest = bytes.fromhex(payload.sha256)
    known: int | None = conn.scalar(_BY_HASH, {"digest": digest})
    if known is not None:
        return known
    [number] = take_ids(conn, payloads, 1)
    body = zstandard.ZstdCompressor(level=_LEVEL).compress(payload.body)
    row = (number, digest, len(payload.body), body)
    if insert_missing(conn, payloads, ("id", "hash", "size", "body"), [row], key=("hash",)):
        return number
    # Another writer was first with the same bytes: its row counts.
    first: int = conn.scalars(_BY_HASH, {"digest": digest}).one()
    return first


def known(conn: Connection, digest: str) -> bool:
    """Whether such a payload is stored; `digest` may be any text."""
    try:
        wanted = bytes.fromhex(digest)
    except ValueError:
        return False
    return conn.scalar(select(payloads.c.id).where(payloads.c.hash == wanted)) is not None


def read(conn: Connection, digest: str) -> bytes:
    """The payload's bytes. Raises Missing, or ChangedInPlace when they no longer give their hash."""
    stored = conn.scalar(select(payloads.c.body).where(payloads.c.hash == bytes.fromhex(digest)))
    if stored is None:
        raise Missing(f"库中没有载荷 {digest}", f"no payload {digest} is stored")
    try:
        body = zstandard.ZstdDecompressor().decompress(stored)
    except zstandard.ZstdError as error:
        raise ChangedInPlace(f"载荷 {digest} 无法解压", f"payload {digest} can't be decompressed: {error}") from error
    if sha256(body).hexdigest() != digest:
        raise ChangedInPlace(f"载荷 {digest} 入库后被改动", f"payload {digest} was changed after it was stored")
    return body


def met_before(conn: Connection, dataset: int, payload_hash: str) -> int | None:
    """The first exchange (row id) of this dataset (row id) that brought the same bytes."""
    found: int | None = conn.scalar(
        select(func.min(exchanges.c.id))
        .join(payloads, payloads.c.id == exchanges.c.payload)
        .where(payloads.c.hash == bytes.fromhex(payload_hash), exchanges.c.dataset == dataset)
    )
    return found


def same_exchanges(conn: Connection, dataset: int, payload_hash: str, received_at: str) -> frozenset[int]:
    """The exchanges (row ids) of this dataset (row id) that brought these bytes at this instant."""
    statement = (
        select(exchanges.c.id)
        .join(payloads, payloads.c.id == exchanges.c.payload)
        .where(
            payloads.c.hash == bytes.fromhex(payload_hash),
            exchanges.c.dataset == dataset,
            exchanges.c.received_at == received_at,
        )
    )
    return frozenset(conn.scalars(statement))


def add_exchange(
    conn: Connection, dataset: int, payload: int, exchange: Exchange, documents: Sequence[Mapping[str, Any]]
) -> int:
    """Notes one exchange of a dataset (row id) with a stored payload (row id); its own id."""
    row = {
        "dataset": dataset,
        "payload": payload,
        "received_at": instant(exchange.received_at),
        "request": _json(dict(exchange.request)),
        "status": exchange.status,
        "headers": _json(dict(exchange.headers)),
        "source_name": exchange.source_name,
        "documents": _json([dict(document) for document in documents]),
    }
    added = conn.scalar(_ADD_EXCHANGE, row)
    assert isinstance(added, int)
    return added


def exchange(conn: Connection, number: int) -> StoredExchange:
    """Raises Missing when there is no such exchange."""
    row = conn.execute(_exchanges().where(exchanges.c.id == number)).one_or_none()
    if row is None:
        raise Missing(f"库中没有交换 {number}", f"no exchange {number} is stored")
    return _stored(row)


def exchanges_by_id(conn: Connection, numbers: Iterable[int]) -> list[StoredExchange]:
    """These exchanges (row ids), in no order."""
    return [_stored(row) for row in select_among(conn, _exchanges().where(among(exchanges.c.id)), numbers)]


def exchanges_of(conn: Connection, dataset: int, *, after: int, since: str, limit: int) -> list[StoredExchange]:
    """The exchanges of a dataset (row id) behind `after`, received at `since` or later, in the order of arrival."""
    statement = _exchanges().where(_received(dataset, after, since)).order_by(exchanges.c.id).limit(limit)
    return [_stored(row) for row in conn.execute(statement)]


def count_exchanges(conn: Connection, dataset: int, *, after: int, since: str) -> int:
    """How many `exchanges_of` would give in all."""
    return conn.scalar(select(func.count()).select_from(exchanges).where(_received(dataset, after, since))) or 0


def _received(dataset: int, after: int, since: str) -> ColumnElement[bool]:
    # Of an exchange that is retired whole most has gone: mapped once more it would all come back.
    retired = select(func.coalesce(func.max(retirements.c.upto), 0)).scalar_subquery()
    living = select(commits.c.id).where(commits.c.exchange == exchanges.c.id, commits.c.id > retired).exists()
    return and_(exchanges.c.dataset == dataset, exchanges.c.id > after, exchanges.c.received_at >= since, living)


def _exchanges() -> Select[Any]:
    return (
        select(exchanges, datasets.c.adapter, datasets.c.dataset.label("dataset_name"), payloads.c.hash)
        .join(datasets, datasets.c.id == exchanges.c.dataset)
        .join(payloads, payloads.c.id == exchanges.c.payload)
    )


def _stored(row: Any) -> StoredExchange:
    return StoredExchange(
        id=row.id,
        adapter=row.adapter,
        dataset=row.dataset_name,
        payload_hash=row.hash.hex(),
        received_at=row.received_at,
        request=orjson.loads(row.request),
        status=row.status,
        headers=orjson.loads(row.headers),
        source_name=row.source_name,
        documents=orjson.loads(row.documents),
    )


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
