"""What each adapter's system says of itself: every version, with what changed in it."""

import zlib
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import Connection, insert, select, update

from adapters.description import Description
from gateway.clock import instant
from gateway.store.tables import descriptions


@dataclass(frozen=True, slots=True)
class Described:
    """A version that changed something. `state` is open or acknowledged; `why` and `moved_at` belong to the latter."""

    id: int
    adapter: str
    sha256: str
    changes: list[str]
    first_at: str
    last_at: str
    state: str
    why: str | None
    moved_at: str | None


def last(conn: Connection, adapter: str) -> Description | None:
    """The version that was kept last."""
    table = descriptions.c
    columns = (table.sha256, table.body, table.last_at, table.changes)
    newest = select(*columns).where(table.adapter == adapter).order_by(table.id.desc()).limit(1)
    row = conn.execute(newest).first()
    if row is None:
        return None
    digest, body, seen_at, changes = row
    text = zlib.decompress(body).decode()
    return Description(digest.hex(), text, datetime.fromisoformat(seen_at), tuple(orjson.loads(changes)))


def keep(conn: Connection, adapter: str, told: Description) -> None:
    """The same again as the last moves only when it was last seen."""
    at, digest, mine = instant(told.seen_at), bytes.fromhex(told.sha256), descriptions.c.adapter == adapter
    newest = conn.execute(
        select(descriptions.c.id, descriptions.c.sha256).where(mine).order_by(descriptions.c.id.desc()).limit(1)
    ).first()
    if newest is not None and newest.sha256 == digest:
        conn.execute(update(descriptions).where(descriptions.c.id == newest.id).values(last_at=at))
        return
    conn.execute(
        insert(descriptions).values(
            adapter=adapter,
            sha256=digest,
            body=zlib.compress(told.text.encode()),
            changes=orjson.dumps(told.changes).decode(),
            first_at=at,
            last_at=at,
            state="open" if told.changes else "same",
        )
    )


def acknowledge(conn: Connection, number: int, why: str, at: datetime) -> bool:
    """False when nothing open has this id."""
    mine = update(descriptions).where(descriptions.c.id == number, descriptions.c.state == "open")
    return conn.execute(mine.values(state="acknowledged", why=why, moved_at=instant(at))).rowcount == 1


def changed(conn: Connection, adapter: str | None = None) -> list[Described]:
    """The versions that changed something, the oldest first."""
    table = descriptions.c
    columns = (table.id, table.adapter, table.sha256, table.changes, table.first_at, table.last_at)
    wanted = select(*columns, table.state, table.why, table.moved_at).where(table.state != "same").order_by(table.id)
    if adapter is not None:
        wanted = wanted.where(table.adapter == adapter)
    return [
        Described(number, name, digest.hex(), orjson.loads(changes), *rest)
        for number, name, digest, changes, *rest in conn.execute(wanted)
    ]
