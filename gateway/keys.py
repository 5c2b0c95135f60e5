"""Credentials: who may do what, and how a key is made. A key is shown once and kept only as its hash."""

import hashlib
import secrets
from datetime import datetime
from typing import Final

from gateway.errors import NoSuchKey, UsedWrongly
from gateway.store import keys
from gateway.store.database import Database

READ: Final = "read"
DOCUMENTS: Final = "documents"
"""Whole source documents, which hold other firms' data too."""

ROLES: Final[dict[str, frozenset[str]]] = {
    "national": frozenset({READ}),
    "operator": frozenset({READ, DOCUMENTS}),
    "auditor": frozenset({READ, DOCUMENTS}),
    # A province and an inspector may see only what concerns them. Until rows have that scope, they see nothing.
    "province": frozenset(),
    "inspector": frozenset(),
}

PREFIX: Final = "ldn_"
LONGEST_NAME: Final = 100


def new_key() -> str:
    """A key of 256 random bits, URL-safe; the prefix lets scanners of leaked secrets know it."""
    return PREFIX + secrets.token_urlsafe(32)


def key_hash(key: str) -> str:
    """SHA-256 in hex. 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def check_holder(name: str, role: str, division: str | None) -> None:
    """UsedWrongly where no key can be made for such a holder."""
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise UsedWrongly(f"名称 {name[:100]!r} 无效", f"{name[:100]!r} is no name for a key")
    if role not in ROLES:
        known = ", ".join(ROLES)
        raise UsedWrongly(f"没有角色 {role!r}; 可用: {known}", f"there is no role {role!r}; there are {known}")
    if division is not None and not (division.isascii() and division.isdigit() and len(division) in {2, 4, 6}):
        raise UsedWrongly(
            f"行政区划代码 {division!r} 应为 2、4 或 6 位数字", f"a division has 2, 4 or 6 digits, not {division!r}"
        )
    if role == "province" and division is None:
        raise UsedWrongly("省级角色需要 --division", "the role 'province' needs --division")


def create(database: Database, name: str, role: str, division: str | None, at: datetime) -> str:
    """A new key, which nobody can be told again. UsedWrongly for a holder that can't be."""
    check_holder(name, role, division)
    key = new_key()
    with database.write() as conn:
        keys.create(conn, name, role, division, key_hash=key_hash(key), at=at)
    return key


def revoke(database: Database, name: str, at: datetime) -> int:
    """Ends all valid keys of that name; how many there were. NoSuchKey for none."""
    with database.write() as conn:
        count = keys.revoke(conn, name, at)
    if not count:
        raise NoSuchKey(name)
    return count
