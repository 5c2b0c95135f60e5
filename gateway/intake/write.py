"""The writing half of a commit: what was decided becomes rows, a few statements for a whole page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection

from gateway.clock import instant
from gateway.domain.owed import Owed, Target, owed
from gateway.intake.observe import ObservedClaim, Seen
from gateway.intake.page import ClaimDraft
from gateway.intake.settle import Settled
from gateway.intake.versions import NewVersion
from gateway.store import changes, commits, deliveries, dialect, frames, known_claims, numbers, records
from gateway.store import drift as drifts
from gateway.store.quarantine import Unit
from mappings.drift import Known, Sight, compare


@dataclass(frozen=True, slots=True)
class Added:
    """A claim version of this page; `row` and `claim` are the ids it and its claim get, or have."""

    row: int
    claim: int
    observed: ObservedClaim
    seen: Seen
    draft: ClaimDraft


def records_added(conn: Connection, versions: Iterable[NewVersion]) -> None:
    """New records, and the newest version of known ones."""
    new: list[tuple[int, str, str, int]] = []
    known: list[tuple[int, int | None, int]] = []
    for one in versions:
        if one.version == 1:
            new.append((one.record, one.record_id, one.kind, 1))
        else:
            known.append((one.version, one.merged_into, one.record))
    records.add(conn, new)
    records.move(conn, known)


def claims_added(
    conn: Connection,
    dataset: int,
    exchange: int,
    added: Sequence[Added],
    content_rows: Mapping[bytes, int],
    homes: Mapping[int, int],
) -> None:
    """New claims and claim versions, with what the mapping left of their lineage as one frame."""
    fresh = {one.claim: one for one in added if not one.observed.stored}
    known_claims.add(
        conn,
        [
            (
                claim,
                dataset,
                one.observed.source_key,
                one.draft.kind,
                one.draft.division,
                one.draft.partial,
                one.observed.newest.version if one.observed.newest else 1,
                homes.get(claim),
            )
            for claim, one in fresh.items()
        ],
    )
    places = frames.write(conn, [one.draft.remainder for one in added])
    known_claims.add_versions(
        conn,
        [
            (
                one.row,
                one.claim,
                one.seen.version,
                content_rows[one.seen.content_hash],
                exchange,
                one.draft.document,
                one.seen.mapping,
                one.seen.first,
                one.seen.last,
                one.seen.findings,
                *place,
            )
            for one, place in zip(added, places, strict=True)
        ],
    )


def claims_moved(conn: Connection, observed: Iterable[ObservedClaim], settled: Settled, *, shadow: bool) -> None:
    """What changes about claims that were there before: the version that counts, its span of time, its record."""
    renewed: list[tuple[Any, ...]] = []
    widened: list[tuple[str | None, str | None, int]] = []
    new: set[int] = set()
    for one in observed:
        widened += [(seen.first, seen.last, seen.row) for seen in one.versions if seen.widened and seen.row is not None]
        if one.claim is None:
            continue
        if not one.stored:
            new.add(one.claim)
            continue
        # In shadow a claim that already is in a record goes on saying there what it said.
        newest = one.newest
        if newest is not None and (newest.row is None or one.turned) and not (shadow and one.record is not None):
            said = one.latest
            assert said is not None
            renewed.append((newest.version, said.kind, said.division, said.partial, one.claim))
    known_claims.renew(conn, renewed)
    known_claims.widen(conn, widened)
    known_claims.rehome(conn, [(record, claim) for claim, record in settled.moved.items() if claim not in new])


def numbers_carried(conn: Connection, settled: Settled) -> None:
    """Notes by which numbers the touched claims are known from now on."""
    # A claim without a record is new, or was seen in shadow, and carries none; only a notice may have waited with its own.
    known = [one.row for one in settled.touched if one.record is not None or one.claim.partial]
    before = numbers.of_claims(conn, known)
    rows = settled.number_rows
    carried: list[tuple[int, int]] = []
    dropped: list[tuple[numbers.Number, int]] = []
    for member in settled.touched:
        was = before.get(member.row, ())
        carried += [(rows[key], member.row) for key in member.keys if key not in was]
        dropped += [(key, member.row) for key in was if key not in member.keys]
    numbers.carry(conn, carried)
    if dropped:
        held = numbers.rows_of(conn, [number for number, _ in dropped])
        numbers.drop(conn, [(held[number], claim) for number, claim in dropped])


def drift(
    conn: Connection, dataset: int, sight: Sight, exchange: int | None, met_before: int | None, now: datetime
) -> None:
    """How the source looked, and what of it has changed. One of the exchanges is there: the page's own, or the one that
    brought the same bytes before, which say nothing new."""
    if not sight.places:
        return
    seen_in = exchange if exchange is not None else met_before
    assert seen_in is not None
    stored = drifts.known(conn, dataset)
    known = stored or Known()
    change = compare(known, sight, seen_in, instant(now), again=exchange is None)
    drifts.note(conn, dataset, change, seen_in, now)
    drifts.keep(conn, dataset, known, first=stored is None)


def items(payload_hash: str, added: Iterable[Added], units: Iterable[Unit]) -> list[bytes]:
    """What the commit's entry in the hash chain covers before the records: payload, claim versions by id, quarantine.

    Each can be rebuilt from the stored rows.
    """
    first = [f"payload\n{payload_hash}".encode()]
    said = [
        "\n".join(
            (
                "claim",
                one.draft.adapter,
                one.draft.dataset,
                str(one.seen.version),
                one.draft.content_hash,
                one.draft.mapping_hash,
                one.seen.findings or "",
                one.observed.source_key,
            )
        ).encode()
        for one in added
    ]
    return first + said + [b"quarantine\n" + unit.unit_hash.hex().encode() for unit in units]


def feed(
    conn: Connection,
    versions: Sequence[NewVersion],
    content_rows: Mapping[bytes, int],
    items: list[bytes],
    *,
    exchange: int,
    now: datetime,
    targets: Sequence[Target],
    claims: int,
    units: int,
) -> None:
    """Record versions with their places in the feed, the deliveries they owe, and the commit's entry in the chain.

    `claims` and `units` of the items are rows of the exchange."""
    places = frames.write(conn, [one.before + one.behind for one in versions])
    due = [(one.record, debt) for one in versions for debt in _owed(targets, one)]
    items += [b"".join((b"record\n", one.before, one.content_bytes, one.behind)) for one in versions]
    items += [f"delivery\n{debt.key}".encode() for _, debt in due]
    rows = [
        (
            one.record,
            one.version,
            one.kind,
            one.provinces,
            content_rows[bytes.fromhex(one.content_hash)],
            *place,
            len(one.before),
            orjson.dumps(one.claims).decode(),
        )
        for one, place in zip(versions, places, strict=True)
    ]
    deliveries.owe(conn, due, now)
    dialect.lock_feed(conn)
    first = changes.last(conn) + 1
    records.add_versions(conn, [(first + place, *row) for place, row in enumerate(rows)])
    commits.append(
        conn, items, exchange=exchange, claims=claims, units=units, seqs=range(first, first + len(rows)), at=now
    )


def _owed(targets: Sequence[Target], one: NewVersion) -> tuple[Owed, ...]:
    return owed(targets, kind=one.kind, record_id=one.record_id, version=one.version, content_hash=one.content_hash)
