"""What one system says about one record, and which of two claims is the newer word."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Claim:
    """The newest version of a claim, as the store hands it to `consolidate`.

    `division` is the two-digit province of the system (adapter) that says it. `newer` is the mapping's own order as
    text (None: the dataset has none); `arrival` grows with the order in which exchanges came. `observed_at` is an instant, hashes
    are hex. `findings` are the standard's wire dicts (id, severity, fields, message, message_en). A `partial` one is a
    notice (of a void, a receipt): it tells little, and makes no record by itself.
    """

    kind: str
    adapter: str
    division: str
    dataset: str
    source_key: str
    content: dict[str, Any]
    newer: str | None
    arrival: tuple[int, int]
    observed_at: str
    payload_hash: str
    mapping_hash: str
    findings: tuple[dict[str, Any], ...] = ()
    partial: bool = False

    @property
    def identity(self) -> tuple[str, str, str]:
        """(adapter, dataset, source_key): never shared by two claims, and the order of an envelope's claims."""
        return (self.adapter, self.dataset, self.source_key)


def in_envelope_order(claims: Iterable[Claim]) -> list[Claim]:
    """By (adapter, dataset, source_key)."""
    return sorted(claims, key=lambda claim: claim.identity)


def newest_first(claims: Iterable[Claim]) -> list[Claim]:
    """By declared value, then those without one by arrival; claims of one and the same value by identity.

    A declared value goes before any arrival, and arrival never decides between two that declare one: whatever order
    such claims come in, the newest is the same.
    """
    ranked = in_envelope_order(claims)
    # The sort is stable, also in reverse, so the smaller identity stays in front.
    ranked.sort(
        key=lambda claim: (claim.newer is not None, claim.newer or "", claim.arrival if claim.newer is None else ()),
        reverse=True,
    )
    return ranked
