"""What could not be accepted, for those who mend it."""

from typing import Any, Final

from sqlalchemy import Connection

from gateway.errors import NoSuchQuarantine
from gateway.store import payloads, quarantine
from gateway.store.quarantine import Quarantined

Json = dict[str, Any]

PAGE: Final = 1000
_LARGEST: Final = 2**63 - 1


def listing(conn: Connection, adapter: str | None = None) -> list[Json]:
    """[{"id", "adapter", "dataset", "source_key", "payload_hash", "place", "reasons", …}, …], the oldest first."""
    items: list[Json] = []
    last = 0
    while rows := quarantine.rows(conn, adapter=adapter, after=last, limit=PAGE):
        items += [_item(row) for row in rows]
        last = rows[-1].id
    return items


def one(conn: Connection, item: str) -> Json:
    """One item, with the exchange that brought it. NoSuchQuarantine."""
    number = int(item) if item.isascii() and item.isdigit() and len(item) <= 19 else 0
    found = quarantine.one(conn, number) if 0 < number <= _LARGEST else None
    if found is None:
        raise NoSuchQuarantine(item[:80])
    exchange = payloads.exchange(conn, found.exchange_id)
    return _item(found) | {
        "mapping_hash": found.mapping_hash,
        "source_name": exchange.source_name,
        "request": exchange.request,
        "received_at": exchange.received_at,
    }


def payload(conn: Connection, payload_hash: str) -> bytes:
    """The bytes as received, whole; their hash is checked."""
    return payloads.read(conn, payload_hash)


def _item(row: Quarantined) -> Json:
    return {
        "id": row.id,
        "adapter": row.adapter,
        "dataset": row.dataset,
        "source_key": row.source_key,
        "payload_hash": row.payload_hash,
        "place": row.place,
        "reasons": row.reasons,
        "state": row.state,
        "first_at": row.first_at,
        "last_at": row.last_at,
        "times": row.times,
    }
