"""The idempotency key of a delivery: fixed before the first attempt, the same on every node and after any restore."""

from canonical_schema.digest import sha256_hex


def idempotency_key(target: str, kind: str, record_id: str, version: int, content_hash: str) -> str:
    """SHA-256 in hex (64 characters) over the five parts, one a line; none of them can hold a line break."""
    return sha256_hex("\n".join((target, kind, record_id, str(version), content_hash)).encode())
