"""What the moved claims of a page make of their records: looks at what they meet, consolidates.

Reads and locks; the writing is the commit's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from canonical_schema.digest import record_id
from gateway.domain.consolidate import consolidate
from gateway.domain.discrepancy import Discrepancy
from gateway.domain.identity import Numbers, founded_record_id, survivor
from gateway.intake.clusters import Member
from gateway.intake.surroundings import Surroundings
from gateway.intake.versions import NewVersion, first_version, last_version, next_version
from gateway.store import dialect, records, tables
from gateway.store.numbers import Number


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
    around = Surroundings(conn, touched)
    settled.touched, settled.number_rows = around.touched, around.number_rows
    founded = _founded(conn, kind, around)
    settled.existing = frozenset(around.held)
    left = around.left()
    for cluster in around.gathered:
        _settle_one(settled, kind, cluster, around, founded, left, day=day, recorded_at=recorded_at)
    return settled


def _founded(conn: Connection, kind: str, around: Surroundings) -> dict[int, tuple[int, str]]:
    """First claim's row → (row, record_id) of the record that a cluster without one founds, or that was merged away once and
    is one again: such a record is held from now on."""
    new = [cluster for cluster in around.gathered if not _records(cluster)]
    founders = [founder for cluster in new if (founder := _whole(cluster)) is not None]
    ids = [_founded_id(kind, one, one.numbers) for one in founders]
    revived: dict[str, int] = {}
    # A record keeps its id for life, also after its number was corrected away: then the claim's own identity founds,
    # and with its number where the claim has left a record that it founded so.
    for known_by in (Numbers(), None):
        if not (living := _living(conn, ids, revived)):
            break
        ids = [
            _founded_id(kind, one, known_by) if record_id in living else record_id
            for one, record_id in zip(founders, ids, strict=True)
        ]
    else:
        _living(conn, ids, revived)
    around.hold(revived[one] for one in ids if one in revived)
    fresh = iter(dialect.take_ids(conn, tables.records, sum(one not in revived for one in ids)))
    return {
        one.row: (revived[record_id] if record_id in revived else next(fresh), record_id)
        for one, record_id in zip(founders, ids, strict=True)
    }


def _living(conn: Connection, ids: Iterable[str], revived: dict[str, int]) -> set[str]:
    """Those of the ids that a record has which still is one; `revived` grows by the others."""
    taken = records.taken(conn, ids) - revived.keys()
    revived |= records.merged_away(conn, taken)
    return taken - revived.keys()


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
    around: Surroundings,
    founded: dict[int, tuple[int, str]],
    left: set[int],
    *,
    day: date,
    recorded_at: str,
) -> None:
    founder = _whole(cluster)
    if founder is None:
        return  # notices alone: they wait
    held, before = around.held, around.before
    consolidated = consolidate(kind, [member.claim for member in cluster])
    met = _records(cluster)
    if met:
        known = [(held[row].record_id, before[row]["content"].get("national_no")) for row in met]
        record_id = survivor(known)
        row = next(one for one in met if held[one].record_id == record_id)
        losers = sorted(met - {row}, key=lambda one: held[one].record_id)
    else:
        row, record_id = founded[founder.row]
        losers = []
    if row in held:
        split = not met or row in left
        version = next_version(kind, cluster, consolidated, held[row], before[row], day, recorded_at, split=split)
        settled.versions += [version] if version else []
    else:
        settled.versions.append(first_version(kind, cluster, consolidated, row, record_id, day, recorded_at))
    divisions = {one: [member.claim.division for member in cluster if member.record == one] for one in losers}
    settled.versions += [
        last_version(held[one], before[one], kind, row, record_id, recorded_at, divisions[one]) for one in losers
    ]
    settled.discrepancies |= dict.fromkeys(losers, ())
    settled.discrepancies[row] = consolidated.discrepancies
    for member in cluster:
        settled.homes[member.row] = row
        if member.record != row:
            settled.moved[member.row] = row
