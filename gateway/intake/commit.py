"""One page, one transaction: exchange, contents, claims, records, changes, deliveries owed, chain, tallies, cursor.

Locks are taken in one order by everybody (adapter, dataset, numbers, records, payload and contents, feed), so that
writers wait for each other but never in a circle; should the database see one all the same, the page is simply
committed again.
"""

import random
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from adapters.protocol.details import DETAIL
from gateway.clock import Clock, instant
from gateway.domain.claim import Claim
from gateway.domain.counts import Counts
from gateway.domain.identity import link_numbers
from gateway.domain.owed import Target
from gateway.errors import StageMoved
from gateway.intake import write
from gateway.intake.clusters import Member
from gateway.intake.observe import ObservedClaim, Verdict
from gateway.intake.page import ClaimDraft, Page, QuarantineDraft
from gateway.intake.settle import Settled, settle
from gateway.intake.surroundings import keys_of
from gateway.intake.write import Added
from gateway.lifecycle import require_taking_data
from gateway.store import (
    adapters,
    claims,
    contents,
    datasets,
    dialect,
    discrepancies,
    known_claims,
    mappings,
    numbers,
    payloads,
    quarantine,
    tables,
)
from gateway.store.claims import Origin
from gateway.store.database import Database
from gateway.store.quarantine import KnownUnit, Unit

_TRIES = 8
_PAUSE = 0.05  # seconds

Done = TypeVar("Done")


def commit_page(
    database: Database, page: Page, clock: Clock, *, targets: Sequence[Target] = (), moved: int | None = None
) -> Counts:
    """Stores a page with all that follows from it, or nothing. `targets` are owed each new record version; `moved` is
    the last move of the adapter's stage that the page's run knows of (None: it minds none).

    Raises WrongStage when the adapter's stage takes no data, StageMoved when it was moved since, UnknownMapping when a
    mapping was never stored.
    """
    return committed(database, lambda conn: Commit(conn, page, clock(), targets, moved).run())


def committed(database: Database, work: Callable[[Connection], Done]) -> Done:
    """What the work gives, in a transaction of its own: done once more where it lost a race."""
    for attempt in range(1, _TRIES + 1):
        try:
            with database.write() as conn:
                return work(conn)
        except DBAPIError as error:
            if attempt == _TRIES or not dialect.worth_repeating(error):
                raise
            # Whoever lost the race to each other doesn't run it again at once.
            time.sleep(random.uniform(0, _PAUSE * attempt))  # noqa: S311 - spreads them
    raise AssertionError("unreachable")


class Commit:
    """The steps of one commit, in order. Those that a replay goes about in another way have names without a dash."""

    arrives = sys.maxsize
    """The exchange's place in the order of arrival: behind all that are stored."""

    def __init__(
        self, conn: Connection, page: Page, now: datetime, targets: Sequence[Target], moved: int | None = None
    ) -> None:
        self.conn = conn
        self.page = page
        self.now = now
        self.targets = targets
        self.moved = moved
        self.exchange = page.exchange
        self.way_in = page.exchange.adapter
        """The adapter that the page came by: its stage decides what may be done with it."""
        if len({draft.kind for draft in page.claims}) > 1:
            raise ValueError("a dataset's claims are all of one kind")

    def run(self) -> Counts:
        conn, exchange = self.conn, self.exchange
        stage = adapters.hold_stage(conn, self.way_in)
        require_taking_data(self.way_in, stage)
        if self.moved is not None and self.moved != adapters.last_move(conn, self.way_in):
            raise StageMoved(self.way_in)
        self.shadow = stage == "shadow"
        self.dataset = datasets.lock(conn, exchange.adapter, exchange.dataset)
        drafts: list[ClaimDraft | QuarantineDraft] = [*self.page.claims, *self.page.quarantined]
        self.mapping_rows = mappings.ids(conn, {one.mapping_hash for one in drafts})
        observed, accepted = self.observe()
        units, met = self.units()
        refused = len(units) + sum(one.state == "accepted" for one in met)
        counts = Counts(len(drafts), accepted, len(drafts) - accepted - refused, refused)
        added, touched = self._number(observed)
        kind = self.page.claims[0].kind if touched else ""
        settled = settle(conn, kind, touched, day=self.page.day, recorded_at=instant(self.now))
        exchange_row: int | None = None
        content_rows: dict[bytes, int] = {}
        met_before = None if added or units or settled.versions else self.met_before()
        if met_before is None:
            exchange_row, content_rows = self._write(added, units, settled)
        write.claims_moved(conn, observed, settled, shadow=self.shadow)
        write.numbers_carried(conn, settled)
        discrepancies.settle(conn, settled.discrepancies, settled.existing, instant(self.now))
        quarantine.met_again(conn, met, self.now)
        self._accept_refused(observed)
        self.tally(counts)
        if self.page.sight is not None:
            write.drift(conn, self.dataset, self.page.sight, exchange_row, met_before, self.now)
        if exchange_row is not None:
            # Last of all: whoever gives out places in the feed makes all other writers wait.
            items = write.items(exchange.payload.sha256, added, units)
            write.feed(
                conn,
                settled.versions,
                content_rows,
                items,
                exchange=exchange_row,
                now=self.now,
                targets=self.targets,
                claims=len(added),
                units=len(units),
            )
        return counts

    def tally(self, counts: Counts) -> None:
        datasets.advance(self.conn, self.dataset, counts, self.exchange.cursor)

    def exchange_row(self) -> int:
        payload_row = payloads.put(self.conn, self.exchange.payload)
        return payloads.add_exchange(self.conn, self.dataset, payload_row, self.exchange, self.page.documents)

    def _write(self, added: Sequence[Added], units: Sequence[Unit], settled: Settled) -> tuple[int, dict[bytes, int]]:
        """The exchange's row id, and content hash → row id."""
        conn, exchange_row = self.conn, self.exchange_row()
        bodies = {one.seen.content_hash: one.draft.content_bytes for one in added}
        bodies |= {bytes.fromhex(one.content_hash): one.content_bytes for one in settled.versions}
        content_rows = contents.put(conn, bodies)
        write.records_added(conn, settled.versions)
        write.claims_added(conn, self.dataset, exchange_row, added, content_rows, settled.homes)
        quarantine.put(conn, self.dataset, exchange_row, units, self.now)
        return exchange_row, content_rows

    def met_before(self) -> int | None:
        return payloads.met_before(self.conn, self.dataset, self.exchange.payload.sha256)

    def observe(self) -> tuple[list[ObservedClaim], int]:
        """The page's claims beside what is known of them, and how many drafts said something new."""
        known = known_claims.known(self.conn, self.dataset, [draft.source_key for draft in self.page.claims])
        observed: dict[str, ObservedClaim] = {}
        accepted = 0
        for draft in self.page.claims:
            key = draft.source_key
            one = observed.get(key)
            if one is None:
                one = observed[key] = ObservedClaim.known(key, known.get(key))
            accepted += (
                one.observe(draft, self.mapping_rows[draft.mapping_hash], shadow=self.shadow) is not Verdict.UNCHANGED
            )
        return list(observed.values()), accepted

    def units(self) -> tuple[list[Unit], list[KnownUnit]]:
        """Damaged units that are new, and those that were met again."""
        drafts = {bytes.fromhex(draft.unit_hash): draft for draft in reversed(self.page.quarantined)}
        known = quarantine.units(self.conn, self.dataset, drafts)
        new = [self.unit(draft) for unit, draft in reversed(drafts.items()) if unit not in known]
        return new, list(known.values())

    def _accept_refused(self, observed: Iterable[ObservedClaim]) -> None:
        """Where the page says what counts of a record, what was refused of it up to then is mended."""
        refused = {one.source_key for one in self.page.quarantined}
        keys = [one.source_key for one in observed if one.latest is not None and one.source_key not in refused]
        mended = quarantine.refused_under(self.conn, self.dataset, keys, self.arrives)
        # A detail is called by its row, whichever page that stands on: one that is given now was refused as a whole before.
        named = {one.place.partition("#")[0] for one in self.page.claims if one.place.startswith(DETAIL)}
        if named:
            mended += quarantine.refused_at(self.conn, self.dataset, sorted(named), self.arrives)
        quarantine.move(self.conn, mended, "accepted", self.now)

    def unit(self, draft: QuarantineDraft) -> Unit:
        mapping = self.mapping_rows[draft.mapping_hash]
        return Unit(bytes.fromhex(draft.unit_hash), draft.source_key, draft.place, draft.reasons, mapping)

    def _number(self, observed: Iterable[ObservedClaim]) -> tuple[list[Added], list[Member]]:
        """Row ids for new claims and versions; and the claims whose records must be looked at."""
        ones = list(observed)
        new = [one for one in ones if one.claim is None]
        for one, row in zip(new, dialect.take_ids(self.conn, tables.claims, len(new)), strict=True):
            one.claim = row
        fresh = [(one, seen, seen.draft) for one in ones for seen in one.versions if seen.draft is not None]
        rows = dialect.take_ids(self.conn, tables.claim_versions, len(fresh))
        added = []
        for row, (one, seen, draft) in zip(rows, fresh, strict=True):
            assert one.claim is not None
            assert draft is not None
            added.append(Added(row, one.claim, one, seen, draft))
        return added, [] if self.shadow else self._touched(ones, {id(one.seen): one.row for one in added})

    def _touched(self, observed: Iterable[ObservedClaim], row_of: Mapping[int, int]) -> list[Member]:
        """The claims about whose record anything can have changed. `row_of`: the page's own versions → row id."""
        # A claim without a record was seen in shadow: now that the adapter is live, it comes in.
        ones = [one for one in observed if one.latest is not None and (one.moved or one.record is None)]
        ones = self._without_waiting(ones)
        # What an earlier page brought keeps its origin: lineage leads to that payload, by that mapping.
        rows = [one.newest.row for one in ones if one.newest is not None and one.newest.row is not None]
        stored = claims.origins(self.conn, rows)
        return [self._member(one, row_of, stored) for one in ones]

    def _without_waiting(self, ones: Sequence[ObservedClaim]) -> list[ObservedClaim]:
        """Without the notices that wait already: who comes under one of their numbers finds them by it."""
        partial = {
            one.claim: keys_of(said.kind, link_numbers(said.kind, said.content))
            for one in ones
            if one.claim is not None and (said := one.latest) is not None and said.partial and not one.moved
        }
        carried = numbers.of_claims(self.conn, partial)
        waiting = {claim for claim, keys in partial.items() if carried.get(claim, set()).issuperset(keys)}
        return [one for one in ones if one.claim not in waiting]

    def _member(self, one: ObservedClaim, row_of: Mapping[int, int], stored: Mapping[int, Origin]) -> Member:
        newest, draft = one.newest, one.latest
        assert newest is not None
        assert draft is not None
        assert one.claim is not None
        version_row = row_of[id(newest)] if newest.row is None else newest.row
        origin: ClaimDraft | Origin = stored.get(version_row, draft)
        claim = Claim(
            kind=draft.kind,
            adapter=draft.adapter,
            division=draft.division,
            dataset=draft.dataset,
            source_key=draft.source_key,
            content=draft.content,
            newer=newest.last,
            arrival=(newest.exchange or self.arrives, version_row),
            observed_at=origin.observed_at,
            payload_hash=origin.payload_hash,
            mapping_hash=origin.mapping_hash,
            findings=draft.findings,
            partial=draft.partial,
        )
        known_by = link_numbers(draft.kind, draft.content)
        keys = keys_of(draft.kind, known_by)
        return Member(
            one.claim, version_row, one.record, claim, known_by, keys, draft.content_bytes, draft.content_hash
        )
