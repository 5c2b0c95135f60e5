"""What the moved claims of a page make of their records: locks, loads what they meet, consolidates.

Reads and locks; the writing is the commit's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Connection

from canonical_schema.digest import record_id
from gateway.domain.consolidate import consolidate
from gateway.domain.discrepancy import Discrepancy
from gateway.domain.identity import Numbers, founded_record_id, link_numbers, survivor
from gateway.intake.clusters import Member, clusters
from gateway.intake.versions import NewVersion, first_version, last_version, next_version
from gateway.store import claims, dialect, numbers, records, tables
from gateway.store.claims import StoredClaim
from gateway.store.numbers import NATIONAL, Number
from gateway.store.records import HeldRecord


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
    waiting = _waiting(conn, settled.number_rows, homes, neighbours, {member.row for member in touched})
    # Another commit may have merged a claim's record into a new one before we held the lock.
    touched = [
        member if member.record == (home := homes.get(member.row)) else replace(member, record=home)
        for member in touched
    ]
    rows = frozenset(homes.values())
    settled.touched = touched
    settled.existing = rows
    held = records.held(conn, rows)
    members = [*touched, *waiting, *_others(conn, rows, {member.row for member in touched})]
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


def _waiting(
    conn: Connection, number_rows: dict[Number, int], homes: dict[int, int], neighbours: set[int], touched: set[int]
) -> list[Member]:
    """Notices met that belong to no record yet, and all that these in turn are linked to: `homes` and `number_rows`
    grow by it."""
    found: dict[int, Member] = {}
    fresh = neighbours - homes.keys() - touched
    while fresh:
        members = [_neighbour(one) for one in claims.waiting(conn, fresh)]
        found |= {member.row: member for member in members}
        keys = {key for member in members for key in member.keys} - number_rows.keys()
        rows, met = numbers.lock(conn, keys)
        number_rows |= rows
        linked = numbers.carriers(conn, met) - touched - found.keys()
        homes |= records.lock_of_claims(conn, linked)
        fresh = linked - homes.keys()
    return list(found.values())


def _neighbour(one: StoredClaim) -> Member:
    claim = one.as_claim()
    known_by = link_numbers(one.kind, claim.content)
    keys = keys_of(one.kind, known_by)
    return Member(one.claim, one.id, one.record, claim, known_by, keys, one.content_bytes)


def _founded(conn: Connection, kind: str, gathered: Iterable[list[Member]]) -> dict[int, tuple[int, str]]:
    """First claim's row → (row, record_id) of the record that a cluster without one founds."""
    new = [cluster for cluster in gathered if not _records(cluster)]
    founders = [founder for cluster in new if (founder := _whole(cluster)) is not None]
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


def _records(cluster: Iterable[Member]) -> set[int]:
    """Where the cluster's whole claims belong so far: a notice makes no record, nor two of them one."""
    return {record for member in cluster if not member.claim.partial and (record := member.record) is not None}


def _whole(cluster: Iterable[Member]) -> Member | None:
    """The first claim that can be a record by itself."""
    return next((member for member in cluster if not member.claim.partial), None)


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
    founder = _whole(cluster)
    if founder is None:
        return  # notices alone: they wait
    consolidated = consolidate(kind, [member.claim for member in cluster])
    met = _records(cluster)
    if met:
        known = [(held[row].record_id, before[row]["content"].get("national_no")) for row in met]
        record_id = survivor(known)
        row = next(one for one in met if held[one].record_id == record_id)
        version = next_version(kind, cluster, consolidated, held[row], before[row], day, recorded_at)
        losers = sorted(met - {row}, key=lambda one: held[one].record_id)
        divisions = {one: [member.claim.division for member in cluster if member.record == one] for one in losers}
        merged = [
            last_version(held[one], before[one], kind, row, record_id, recorded_at, divisions[one]) for one in losers
        ]
        settled.versions += [*([version] if version else []), *merged]
        settled.discrepancies |= dict.fromkeys(losers, ())
    else:
        row, record_id = founded[founder.row]
        settled.versions.append(first_version(kind, cluster, consolidated, row, record_id, day, recorded_at))
    settled.discrepancies[row] = consolidated.discrepancies
    for member in cluster:
        settled.homes[member.row] = row
        if member.record != row:
            settled.moved[member.row] = row
