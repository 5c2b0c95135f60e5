"""Which deliveries a record version owes. Every version goes out, also one that says `merged`: targets see no gap."""

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.domain.key import idempotency_key


@dataclass(frozen=True, slots=True)
class Target:
    """A system that records of every kind are sent to."""

    id: str


@dataclass(frozen=True, slots=True)
class Owed:
    """`key` is the idempotency key, fixed here, before any attempt."""

    target: str
    kind: str
    record_id: str
    version: int
    key: str


def owed(targets: Iterable[Target], *, kind: str, record_id: str, version: int, content_hash: str) -> tuple[Owed, ...]:
    """One delivery per target, by target id."""
    return tuple(
        Owed(target.id, kind, record_id, version, idempotency_key(target.id, kind, record_id, version, content_hash))
        for target in sorted(targets, key=lambda target: target.id)
    )
