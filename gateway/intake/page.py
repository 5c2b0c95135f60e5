"""What the pure middle hands to the commit: one exchange, mapped and validated."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from adapters.payload import Exchange
from gateway.domain.counts import Counts
from mappings.drift import Sight

__all__ = ["ClaimDraft", "Counts", "Page", "QuarantineDraft"]


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """What one system says about one record, validated, not yet stored.

    `content_bytes` is the canonical form of `content`, `content_hash` its SHA-256 in hex. `newer` orders the
    observations of one source key as text (None: by arrival). `place` is where the record (or its first row) stands. `findings` are wire dicts of the standard
    (id, severity, fields, message, message_en). `remainder` is the lineage remainder as msgspec wrote it.
    """

    adapter: str
    division: str
    dataset: str
    kind: str
    source_key: str
    content: dict[str, Any]
    content_bytes: bytes
    content_hash: str
    newer: str | None
    findings: tuple[dict[str, Any], ...]
    mapping_hash: str
    payload_hash: str
    observed_at: str
    document: str
    remainder: bytes
    partial: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class QuarantineDraft:
    """The smallest unit that could not be accepted. `unit_hash` (hex) is the damaged unit's identity:
    the same one met again is unchanged."""

    adapter: str
    dataset: str
    source_key: str | None
    payload_hash: str
    place: str
    reasons: tuple[str, ...]
    mapping_hash: str
    unit_hash: str


@dataclass(frozen=True, slots=True)
class Page:
    """One exchange of one dataset with everything that was read out of it.

    `documents` are the decoded documents as `redecode` wants them: {"id", "parent", "chain", "media_type", ...},
    plain JSON values. `day` is the day on which rules are judged. `sight` is what the source looked like.
    """

    exchange: Exchange
    documents: tuple[dict[str, Any], ...]
    claims: tuple[ClaimDraft, ...]
    quarantined: tuple[QuarantineDraft, ...]
    day: date
    sight: Sight | None = None
