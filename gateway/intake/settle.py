"""What the moved claims of a page make of their records: locks, loads what they meet, consolidates.

Reads and locks; the writing is the commit's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Connection

from canonical_schema.digest import canonical_bytes, record_id, sha256_hex
from canonical_schema.rules import judge
from gateway.domain.consolidate import Consolidated, consolidate, findings_of
from gateway.domain.discrepancy import Discrepancy
from gateway.domain.envelope import change_of, envelope_head, halves, reference
from gateway.domain.identity import Numbers, founded_record_id, link_numbers, survivor
from gateway.intake.clusters import Member, clusters
from gateway.intake.provinces import provinces_of
from gateway.store import claims, dialect, numbers, records, tables
from gateway.store.claims import StoredClaim
from gateway.store.numbers import NATIONAL, Number
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


@dataclass(slots=True)
class Settled:
    """`homes`: claim row → record row, for every claim met; `moved`: those of them whose record is another now.
    `existing` are the records met, `touched` the claims that the page moved."""

    touched: Sequence[Member] = ()
    versions: list[NewVersion] = field(default_factory=list)
    homes: dict[int, int] = field(default_factory=dict)
    moved: dict[int, int] = field(default_factory=dict)
    number_rows: dict[Number, int] = field(default_factory=dict)
    discrepancies: dict[int, Sequence[Discrepancy]] = field(default_factory=dict)
    existing: frozenset[int] = frozenset()


def settle(conn: Connection, kind: str, touched: Sequence[Member], *, day: date, recorded_at: str) -> Settled:
    """The new versions of all records that the touched claims belong to, in the order of the page."""
    settled = Settled()
    if not touched:
        return settled
    settled.number_rows, met = numbers.lock(conn, [key for member in touched for key in member.keys])
    neighbours = numbers.carriers(conn, met)
    neighbours |= {member.row for member in touched if member.record is not None}
    homes = records.lock_of_claims(conn, neighbours)
    # Another commit may have merged a claim's record into a new one before we held the lock.
    touched = [
        member if member.record == (home := homes.get(member.row)) else replace(member, record=home)
        for member in touched
    ]
    rows = frozenset(homes.values())
    settled.touched = touched
    settled.existing = rows
    held = records.held(conn, rows)
    members = [*touched, *_others(conn, rows, {member.row for member in touched})]
    before = {row: orjson.loads(one.envelope) for row, one in held.items()}
    gathered = clusters(members, {row: one["content"].get("national_no") for row, one in before.items()})
    founded = _founded(conn, kind, gathered)
    for cluster in gathered:
        _settle_one(settled, kind, cluster, held, before, founded, day=day, recorded_at=recorded_at)
    return settled


def keys_of(kind: str, known_by: Numbers) -> tuple[Number, ...]:
    """The numbers as the store keeps them."""
    local = [Number(number, system, kind) for system, number in known_by.local]
    if known_by.national is None:
        return tuple(local)
    return (Number(known_by.national, NATIONAL, kind), *local)


def _others(conn: Connection, rows: Iterable[int], touched: set[int]) -> list[Member]:
    return [_neighbour(one) for one in claims.current(conn, rows) if one.claim not in touched]


def _neighbour(one: StoredClaim) -> Member:
    claim = one.as_claim()
    known_by = link_numbers(claim.content)
    keys = keys_of(one.kind, known_by)
    return Member(one.claim, one.id, one.record, claim, known_by, keys, one.content_bytes)


def _founded(conn: Connection, kind: str, gathered: Iterable[list[Member]]) -> dict[int, tuple[int, str]]:
    """First claim's row → (row, record_id) of the record that a cluster without one founds."""
    founders = [cluster[0] for cluster in gathered if all(member.record is None for member in cluster)]
    ids = [_founded_id(kind, one, one.numbers) for one in founders]
    # A record keeps its id for life, also after its number was corrected away: then the claim's own identity founds,
    # and with its number where the claim has left a record that it founded so.
    for known_by in (Numbers(), None):
        if not (taken := records.taken(conn, ids)):
            break
        ids = [
            _founded_id(kind, one, known_by) if record_id in taken else record_id
            for one, record_id in zip(founders, ids, strict=True)
        ]
    rows = dialect.take_ids(conn, tables.records, len(founders))
    return {one.row: (row, record_id) for one, row, record_id in zip(founders, rows, ids, strict=True)}


def _founded_id(kind: str, member: Member, known_by: Numbers | None) -> str:
    """By a number, else by the claim's identity; by both with None."""
    if known_by is None:
        return record_id(kind, *member.claim.identity, member.numbers.national or "")
    return founded_record_id(kind, known_by, *member.claim.identity)


def _settle_one(
    settled: Settled,
    kind: str,
    cluster: list[Member],
    held: dict[int, HeldRecord],
    before: dict[int, dict[str, Any]],
    founded: dict[int, tuple[int, str]],
    *,
    day: date,
    recorded_at: str,
) -> None:
    consolidated = consolidate(kind, [member.claim for member in cluster])
    met = {record for member in cluster if (record := member.record) is not None}
    if met:
        known = [(held[row].record_id, before[row]["content"].get("national_no")) for row in met]
        record_id = survivor(known)
        row = next(one for one in met if held[one].record_id == record_id)
        version = _next_version(kind, cluster, consolidated, held[row], before[row], day, recorded_at)
        losers = sorted(met - {row}, key=lambda one: held[one].record_id)
        divisions = {one: [member.claim.division for member in cluster if member.record == one] for one in losers}
        merged = [_merged(held[one], before[one], kind, row, record_id, recorded_at, divisions[one]) for one in losers]
        settled.versions += [*([version] if version else []), *merged]
        settled.discrepancies |= dict.fromkeys(losers, ())
    else:
        row, record_id = founded[cluster[0].row]
        settled.versions.append(
            _version(
                kind, cluster, consolidated, row, record_id, None, None, _findings(kind, consolidated, day), recorded_at
            )
        )
    settled.discrepancies[row] = consolidated.discrepancies
    for member in cluster:
        settled.homes[member.row] = row
        if member.record != row:
            settled.moved[member.row] = row


def _findings(kind: str, consolidated: Consolidated, day: date) -> tuple[dict[str, Any], ...]:
    return findings_of(consolidated, judge(kind, consolidated.content, day=day))


def _next_version(
    kind: str,
    cluster: list[Member],
    consolidated: Consolidated,
    record: HeldRecord,
    before: dict[str, Any],
    day: date,
    recorded_at: str,
) -> NewVersion | None:
    """None where the record says what it said before."""
    findings = _findings(kind, consolidated, day)
    version = _version(kind, cluster, consolidated, record.id, record.record_id, record, before, findings, recorded_at)
    same_findings = canonical_bytes(findings) == canonical_bytes(before["quality"]["findings"])
    return None if same_findings and version.content_hash == before["content_hash"] else version


def _version(
    kind: str,
    cluster: list[Member],
    consolidated: Consolidated,
    row: int,
    record_id: str,
    record: HeldRecord | None,
    before: dict[str, Any] | None,
    findings: tuple[dict[str, Any], ...],
    recorded_at: str,
) -> NewVersion:
    content = consolidated.content
    # Most records have one claim, whose stored bytes are the record's.
    own = len(cluster) == 1 and content is cluster[0].claim.content
    content_bytes = cluster[0].content_bytes if own else canonical_bytes(content)
    content_hash = sha256_hex(content_bytes)
    number = 1 if record is None else record.version + 1
    head = envelope_head(
        kind=kind,
        record_id=record_id,
        version=number,
        change=change_of(before["content"] if before else None, content),
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


def _merged(
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
