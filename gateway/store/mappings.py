"""Mapping versions, kept for ever: lineage is read with the version that made it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
import zstandard
from sqlalchemy import Connection, select, update

from gateway.store.dialect import among, insert_missing, select_among, take_ids
from gateway.store.errors import UnknownMapping
from gateway.store.tables import mappings


def put(conn: Connection, digest: str, adapter: str, dataset: str, file: str, text: str, template: Any) -> None:
    """Stores a mapping version unless it is there. `template` is any JSON value. What another gateway told of this
    version gives way to ours, which we have made from its file."""
    mine = mappings.c.hash == bytes.fromhex(digest)
    stored = conn.scalar(select(mappings.c.template).where(mine))
    if stored is not None:
        if _plain(stored) != _as_json(template):
            changed = {"file": file, "text": text, "template": _packed(template)}
            conn.execute(update(mappings).where(mine).values(changed))
        return
    body = _packed(template)
    [number] = take_ids(conn, mappings, 1)
    insert_missing(
        conn,
        mappings,
        ("id", "hash", "adapter", "dataset", "file", "text", "template"),
        [(number, bytes.fromhex(digest), adapter, dataset, file, text, body)],
        key=("hash",),
    )


def adopt(conn: Connection, digest: str, adapter: str, dataset: str, file: str, text: str, template: Any) -> bool:
    """Stores a mapping version that another gateway tells of; whether it agrees with what is stored under that hash."""
    stored = conn.scalar(select(mappings.c.template).where(mappings.c.hash == bytes.fromhex(digest)))
    if stored is not None:
        return bool(_plain(stored) == template)
    put(conn, digest, adapter, dataset, file, text, template)
    return True


def _packed(template: Any) -> bytes:
    return zstandard.ZstdCompressor(level=9).compress(orjson.dumps(template))


def _as_json(template: Any) -> Any:
    """As it is read again: lists for tuples."""
    return orjson.loads(orjson.dumps(template))


_IDS = select(mappings.c.hash, mappings.c.id).where(among(mappings.c.hash))


def ids(conn: Connection, digests: Iterable[str]) -> dict[str, int]:
    """hash (hex) → row id. Raises UnknownMapping for one that was never put."""
    wanted = set(digests)
    found = {digest.hex(): number for digest, number in select_among(conn, _IDS, sorted(map(bytes.fromhex, wanted)))}
    if unknown := wanted - found.keys():
        raise UnknownMapping(min(unknown))
    return found


def of_dataset(conn: Connection, adapter: str, dataset: str) -> dict[str, int]:
    """hash (hex) → row id of every version that was ever used for this dataset, the oldest first."""
    mine = select(mappings.c.hash, mappings.c.id).where(mappings.c.adapter == adapter, mappings.c.dataset == dataset)
    return {digest.hex(): number for digest, number in conn.execute(mine.order_by(mappings.c.id))}


def template(conn: Connection, digest: str) -> Any:
    """The lineage template. Raises UnknownMapping."""
    body = conn.scalar(select(mappings.c.template).where(mappings.c.hash == bytes.fromhex(digest)))
    if body is None:
        raise UnknownMapping(digest)
    return _plain(body)


@dataclass(frozen=True, slots=True)
class KeptMapping:
    """A stored mapping version whole; `template` is a JSON value."""

    hash: str
    adapter: str
    dataset: str
    file: str
    text: str
    template: Any


def kept(conn: Connection, digests: Iterable[str]) -> list[KeptMapping]:
    """The versions of these hashes (hex) that are stored."""
    statement = select(mappings).where(among(mappings.c.hash))
    return [
        KeptMapping(row.hash.hex(), row.adapter, row.dataset, row.file, row.text, _plain(row.template))
        for row in select_among(conn, statement, sorted(map(bytes.fromhex, set(digests))))
    ]


def _plain(body: bytes) -> Any:
    return orjson.loads(zstandard.ZstdDecompressor().decompress(body))
