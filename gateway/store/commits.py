"""The hash chain: one entry per commit that stored anything."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select

from gateway.clock import instant
from gateway.domain.chain import GENESIS, link
from gateway.store.tables import commits

_LAST = select(commits.c.id, commits.c.hash).order_by(commits.c.id.desc()).limit(1)
_ADD = insert(commits)


def append(
    conn: Connection,
    items: Sequence[bytes],
    *,
    exchange: int | None,
    claims: int,
    units: int,
    seqs: range,
    at: datetime,
) -> int:
    """Links a commit's items to the chain, as the entry of the number given back; `claims` and `units` of them are rows of
    the exchange. Only under `lock_feed`: the entry before it must be the last one."""
    before = conn.execute(_LAST).one_or_none()
    entry = link(bytes(before.hash) if before else GENESIS, items)
    number: int = before.id + 1 if before else 1
    row = {
        "id": number,
        "at": instant(at),
        "exchange": exchange,
        "first_seq": seqs.start,
        "last_seq": seqs.stop - 1,
        "items": entry.size,
        "claims": claims,
        "units": units,
        "root": entry.root,
        "previous_hash": entry.previous,
        "hash": entry.hash,
    }
    conn.execute(_ADD, row)
    return number
