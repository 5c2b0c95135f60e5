"""The envelope of a record version (canonical.md §2), immutable once written. `content` is the kind's own."""

from typing import Any, Literal, NotRequired, TypedDict

Change = Literal["created", "updated", "voided", "merged", "split"]


class ClaimRef(TypedDict):
    """A claim that the version was built from. `observed_at`: when the gateway received the exchange."""

    adapter: str
    dataset: str
    source_key: str
    observed_at: str
    payload_hash: str
    mapping_hash: str


class FindingEntry(TypedDict):
    """A finding as it stands in records and claims."""

    id: str
    severity: str
    fields: list[str]
    message: str
    message_en: str


class Quality(TypedDict):
    """What the rules of one rule set found."""

    rule_set: str
    findings: list[FindingEntry]


class Envelope(TypedDict):
    """One version of one record. Hashes are SHA-256 in hex; `sections` are indexes into `claims`."""

    kind: str
    schema_version: str
    record_id: str
    version: int
    change: Change
    merged_into: NotRequired[str]
    content_hash: str
    previous_hash: NotRequired[str]
    recorded_at: str
    claims: list[ClaimRef]
    sections: dict[str, int]
    quality: Quality
    masked: NotRequired[list[str]]
    content: dict[str, Any]
