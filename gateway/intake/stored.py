"""A stored exchange as it came in: decoded by the chain that was recorded, not by what the adapter declares today."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from adapters.decode import redecode
from adapters.errors import Malformed
from adapters.limits import Limits
from adapters.payload import Decoded, Document, Exchange, Payload
from gateway.errors import ChangedInPlace
from gateway.store import payloads
from gateway.store.payloads import StoredExchange

_BOUNDS: Final = Limits(unpacked=1 << 40, ratio=1 << 30, members=1 << 30)
"""What was within its adapter's limits once isn't held to others now."""


def again(conn: Connection, stored: StoredExchange) -> tuple[Exchange, Decoded]:
    """The exchange, and those of its documents that could be read. ChangedInPlace when the bytes aren't those any more."""
    payload = Payload(payloads.read(conn, stored.payload_hash), stored.payload_hash)
    exchange = Exchange(
        adapter=stored.adapter,
        dataset=stored.dataset,
        payload=payload,
        received_at=datetime.fromisoformat(stored.received_at),
        request=stored.request,
        status=stored.status,
        headers=stored.headers,
        source_name=stored.source_name,
    )
    found = documents(payload, stored.documents)
    return exchange, Decoded(tuple(replace(one, name=one.name or stored.source_name) for one in found))


def documents(payload: Payload, described: Sequence[dict[str, Any]]) -> list[Document]:
    """The described documents. ChangedInPlace as above."""
    try:
        return redecode(payload.body, described, _BOUNDS)
    except Malformed as error:
        raise ChangedInPlace(
            f"载荷 {payload.sha256} 无法按原记录重新解码: {error}",
            f"payload {payload.sha256} can't be decoded again as it was: {error}",
        ) from error
