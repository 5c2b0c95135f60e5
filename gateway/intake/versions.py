"""A record's versions: the first, the next, and the last one of a record that was merged away. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from canonical_schema.digest import canonical_bytes, sha256_hex
from canonical_schema.rules import judge
from gateway.domain.consolidate import Consolidated, findings_of
from gateway.domain.envelope import change_of, envelope_head, halves, reference
from gateway.intake.clusters import Member
from gateway.intake.provinces import provinces_of
from gateway.store.records import HeldRecord


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A record version to be written. `before` and `behind` are the envelope around the content's bytes."""

    record: int
    record_id: str
    kind: str
    version: int
    content_hash: str
    content_bytes: bytes
    before: bytes
    behind: bytes
    claims: tuple[int, ...]
    provinces: str
    merged_into: int | None = None


def _findings(kind: str, consolidated: Consolidated, day: date) -> tuple[dict[str, Any], ...]:
    return findings_of(consolidated, judge(kind, consolidated.content, day=day))


def first_version(
    kind: str,
    cluster: Sequence[Member],
    consolidated: Consolidated,
    row: int,
    record_id: str,
    day: date,
    recorded_at: str,
) -> NewVersion:
    """The version that founds a record."""
    findings = _findings(kind, consolidated, day)
    return _version(kind, cluster, consolidated, row, record_id, None, None, findings, recorded_at)


def next_version(
    kind: str,
    cluster: Sequence[Member],
    consolidated: Consolidated,
    record: HeldRecord,
    before: dict[str, Any],
    day: date,
    recorded_at: str,
    *,
    split: bool = False,
) -> NewVersion | None:
    """None where the record says what it said before. `split`: claims have left it, or it was merged away and is one again."""
    findings = _findings(kind, consolidated, day)
    version = _version(
        kind, cluster, consolidated, record.id, record.record_id, record, before, findings, recorded_at, split=split
    )
    same_findings = canonical_bytes(findings) == canonical_bytes(before["quality"]["findings"])
    same = same_findings and version.content_hash == before["content_hash"]
    return None if same and not split else version


def _version(
    kind: str,
    cluster: Sequence[Member],
    consolidated: Consolidated,
    row: int,
    record_id: str,
    record: HeldRecord | None,
    before: dict[str, Any] | None,
    findings: tuple[dict[str, Any], ...],
    recorded_at: str,
    *,
    split: bool = False,
) -> NewVersion:
    content = consolidated.content
    # Most records have one claim, whose stored bytes are the record's.
    own = len(cluster) == 1 and content is cluster[0].claim.content
    content_bytes = cluster[0].content_bytes if own else canonical_bytes(content)
    content_hash = cluster[0].content_hash if own else sha256_hex(content_bytes)
    number = 1 if record is None else record.version + 1
    head = envelope_head(
        kind=kind,
        record_id=record_id,
        version=number,
        change="split" if split else change_of(before["content"] if before else None, content),
        content_hash=content_hash,
        recorded_at=recorded_at,
        claims=[reference(claim) for claim in consolidated.used],
        sections=consolidated.sections,
        findings=findings,
        previous=None if record is None else record.envelope,
    )
    rows = {member.claim.identity: member.version_row for member in cluster}
    used = tuple(rows[claim.identity] for claim in consolidated.used)
    return NewVersion(
        row,
        record_id,
        kind,
        number,
        content_hash,
        content_bytes,
        *halves(head),
        used,
        provinces_of(content, [claim.division for claim in consolidated.used]),
    )


def last_version(
    record: HeldRecord,
    before: dict[str, Any],
    kind: str,
    into: int,
    into_id: str,
    recorded_at: str,
    divisions: Iterable[str],
) -> NewVersion:
    """The last version of a record that turned out to be another one: it says what it said, and where to look.

    `divisions` are those of the systems that report it.
    """
    head = envelope_head(
        kind=kind,
        record_id=record.record_id,
        version=record.version + 1,
        change="merged",
        content_hash=before["content_hash"],
        recorded_at=recorded_at,
        claims=before["claims"],
        sections=before["sections"],
        findings=before["quality"]["findings"],
        previous=record.envelope,
        merged_into=into_id,
    )
    return NewVersion(
        record.id,
        record.record_id,
        kind,
        record.version + 1,
        before["content_hash"],
        canonical_bytes(before["content"]),
        *halves(head),
        record.claims,
        provinces_of(before["content"], divisions),
        into,
    )
