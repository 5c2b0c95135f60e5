"""The envelope of a record version (canonical.md §2): a head, and the content's stored bytes laid into it.

The whole is canonical too (sorted keys, RFC 8785), so a version's hash can be taken from the bytes as they are sent.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from canonical_schema import SCHEMA_VERSION
from canonical_schema.digest import canonical_bytes, sha256_hex
from canonical_schema.envelope import Change, ClaimRef
from canonical_schema.rules import RULE_SET
from gateway.domain.authority import VOIDED
from gateway.domain.claim import Claim

Head = dict[str, Any]
"""Everything but `content`, as plain JSON values."""

CONTENT: Final = "content"


def envelope_head(
    *,
    kind: str,
    record_id: str,
    version: int,
    change: Change,
    content_hash: str,
    recorded_at: str,
    claims: Sequence[ClaimRef],
    sections: Mapping[str, int],
    findings: Sequence[dict[str, Any]],
    previous: bytes | None = None,
    merged_into: str | None = None,
) -> Head:
    """The head of one version. `recorded_at`: instant; `previous`: the unmasked envelope of the version before.

    ValueError where the parts can't stand together: version 1 is the one without a previous one, and `merged` is the
    change that names the surviving record.
    """
    if version < 1 or (previous is None) != (version == 1):
        raise ValueError(f"version {version} goes {'with' if version > 1 else 'without'} a previous envelope")
    if (merged_into is None) == (change == "merged"):
        raise ValueError(f"a change {change!r} goes {'with' if change == 'merged' else 'without'} merged_into")
    head: Head = {
        "kind": kind,
        "schema_version": SCHEMA_VERSION,
        "record_id": record_id,
        "version": version,
        "change": change,
        "content_hash": content_hash,
        "recorded_at": recorded_at,
        "claims": list(claims),
        "sections": dict(sections),
        "quality": {"rule_set": RULE_SET, "findings": list(findings)},
    }
    if previous is not None:
        head["previous_hash"] = envelope_hash(previous)
    if merged_into is not None:
        head["merged_into"] = merged_into
    return head


def halves(head: Head) -> tuple[bytes, bytes]:
    """What stands before and behind the content's bytes. The content begins at the length of the first."""
    # No other key is called so, and a text can't hold these bytes: its quotes are escaped.
    before, mark, behind = canonical_bytes({**head, CONTENT: 0}).partition(b'"content":0')
    return before + mark[:-1], behind


def envelope_hash(envelope: bytes) -> str:
    """What the next version names as `previous_hash`: SHA-256 in hex of the unmasked envelope."""
    return sha256_hex(envelope)


def change_of(before: dict[str, Any] | None, content: dict[str, Any]) -> Change:
    """What claims bring about: created (nothing `before`), voided (where it becomes so), or updated."""
    if before is None:
        return "created"
    becomes_void = content.get("status") == VOIDED and before.get("status") != VOIDED
    return "voided" if becomes_void else "updated"


def reference(claim: Claim) -> ClaimRef:
    """A claim as its record's envelope names it."""
    return {
        "adapter": claim.adapter,
        "dataset": claim.dataset,
        "source_key": claim.source_key,
        "observed_at": claim.observed_at,
        "payload_hash": claim.payload_hash,
        "mapping_hash": claim.mapping_hash,
    }
