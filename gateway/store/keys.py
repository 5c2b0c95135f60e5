"""Credentials of readers and writers: only the key's hash is stored."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select

from gateway.clock import instant
from gateway.store.tables import api_keys


@dataclass(frozen=True, slots=True)
class KeyRow:
    id: int
    name: str
    role: str
    division: str | None
    created_at: str
    revoked_at: str | None


_COLUMNS = [column for column in api_keys.c if column.name != "key_hash"]


def create(conn: Connection, name: str, role: str, division: str | None, *, key_hash: str, at: datetime) -> None:
    """Stores a credential by the hash (hex) of its key."""
    row = {
        "name": name,
        "role": role,
        "division": division,
        "key_hash": bytes.fromhex(key_hash),
        "created_at": instant(at),
    }
    conn.execute(insert(api_keys), row)


def find(conn: Connection, key_hash: str) -> KeyRow | None:
    """The credential that is still valid, or None."""
    found = conn.execute(
        select(*_COLUMNS).where(api_keys.c.key_hash == bytes.fromhex(key_hash), api_keys.c.revoked_at.is_(None))
    ).mappings()
    row = found.one_or_none()
    return None if row is None else _key(row)


def revoke(conn: Connection, name: str, at: datetime) -> int:
    """Ends every valid credential of that name; how many there were."""
    valid = (api_keys.c.name == name) & api_keys.c.revoked_at.is_(None)
    return conn.execute(api_keys.update().where(valid).values(revoked_at=instant(at))).rowcount


def rows(conn: Connection) -> list[KeyRow]:
    """All of them, the oldest first."""
    return [_key(row) for row in conn.execute(select(*_COLUMNS).order_by(api_keys.c.id)).mappings()]


def _key(row: RowMapping) -> KeyRow:
    return KeyRow(**row)
