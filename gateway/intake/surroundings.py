"""What a page's moved claims have to do with: claims that share their numbers, the records of these, and all of these
records' claims; locked as they are met, numbers before records.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import Connection

from canonical_schema.digest import sha256_hex
from gateway.domain.identity import Numbers, link_numbers
from gateway.intake.clusters import Member, clusters
from gateway.store import claims, numbers, records
from gateway.store.claims import StoredClaim
from gateway.store.numbers import NATIONAL, Number
from gateway.store.records import HeldRecord


class Surroundings:
    """`members` are the moved claims first, then whom they meet; `held` and `before` the records met, the newest envelope of
    each read."""

    def __init__(self, conn: Connection, touched: Sequence[Member]) -> None:
        self._conn = conn
        self.number_rows: dict[Number, int] = {}
        self.held: dict[int, HeldRecord] = {}
        self.before: dict[int, dict[str, Any]] = {}
        self.members = list(touched)
        self._touched = {member.row for member in touched}
        keys = [key for member in touched for key in member.keys]
        homes = self._reach(keys, {member.row for member in touched if member.record is not None})
        # Another commit may have merged a claim's record into a new one before we held the lock.
        self.members[: len(touched)] = [
            member if member.record == (home := homes.get(member.row)) else replace(member, record=home)
            for member in touched
        ]
        self.touched = tuple(self.members[: len(touched)])
        self.gathered = self._gathered()
        while unasked := self._keys_of_leavers():
            self._reach(unasked, set())
            self.gathered = self._gathered()

    def left(self) -> set[int]:
        """Records that whole claims have left for another one."""
        stayed = {member.row for cluster in self.gathered for member in cluster if member.record is not None}
        return {
            member.record
            for member in self.members
            if member.record is not None and not member.claim.partial and member.row not in stayed
        }

    def hold(self, rows: Iterable[int]) -> None:
        """Records that are met besides."""
        found = records.held(self._conn, set(rows) - self.held.keys())
        self.held |= found
        self.before |= {row: orjson.loads(one.envelope) for row, one in found.items()}

    def _gathered(self) -> list[list[Member]]:
        return clusters(self.members, {row: one["content"].get("national_no") for row, one in self.before.items()})

    def _keys_of_leavers(self) -> set[Number]:
        """Numbers nobody has asked by yet, of claims that aren't the page's own and have lost their record: they may belong to
        one that only these lead to."""
        records_of = {member.row: member.record for member in self.members}
        leaving = (
            member
            for cluster in self.gathered
            for member in cluster
            if member.record is None and records_of[member.row] is not None and member.row not in self._touched
        )
        return {key for member in leaving for key in member.keys} - self.number_rows.keys()

    def _reach(self, keys: Iterable[Number], also: set[int]) -> dict[int, int]:
        """Takes in whoever carries these numbers, and who else is on the records of these; claim → record of those asked."""
        known = {member.row for member in self.members}
        rows, met = numbers.lock(self._conn, keys)
        self.number_rows |= rows
        neighbours = (numbers.carriers(self._conn, met) - known) | also
        homes = records.lock_of_claims(self._conn, neighbours)
        self.members += self._waiting(homes, neighbours - homes.keys() - known, known)
        fresh = set(homes.values()) - self.held.keys()
        self.hold(fresh)
        known = {member.row for member in self.members}
        self.members += [_neighbour(one) for one in claims.current(self._conn, fresh) if one.claim not in known]
        return homes

    def _waiting(self, homes: dict[int, int], fresh: set[int], known: set[int]) -> list[Member]:
        """Notices met that belong to no record yet, and all that these in turn are linked to: `homes` grows by it."""
        found: dict[int, Member] = {}
        while fresh:
            members = [_neighbour(one) for one in claims.waiting(self._conn, fresh)]
            found |= {member.row: member for member in members}
            keys = {key for member in members for key in member.keys} - self.number_rows.keys()
            rows, met = numbers.lock(self._conn, keys)
            self.number_rows |= rows
            linked = numbers.carriers(self._conn, met) - known - found.keys()
            homes |= records.lock_of_claims(self._conn, linked)
            fresh = linked - homes.keys()
        return list(found.values())


def keys_of(kind: str, known_by: Numbers) -> tuple[Number, ...]:
    """The numbers as the store keeps them."""
    local = [Number(number, system, kind) for system, number in known_by.local]
    if known_by.national is None:
        return tuple(local)
    return (Number(known_by.national, NATIONAL, kind), *local)


def _neighbour(one: StoredClaim) -> Member:
    claim = one.as_claim()
    known_by = link_numbers(one.kind, claim.content)
    keys = keys_of(one.kind, known_by)
    content = one.content_bytes
    return Member(one.claim, one.id, one.record, claim, known_by, keys, content, sha256_hex(content))
