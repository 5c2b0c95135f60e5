"""What may go once the law no longer asks for it: pure.

危险废物转移管理办法 (令第23号, 2021) 第二十条: what the electronic manifest system holds is kept for at least ten years.
Records that were merged into one another are one group: it is looked at as a whole, since a late split makes them
records again.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

YEARS: Final = 10


class Kept(StrEnum):
    """Why a group stays whole though all it holds, or part of it, is old enough."""

    DELIVERY = "delivery"
    """One is still owed, or dead."""
    DISCREPANCY = "discrepancy"
    """Two systems differ, and it is still open."""
    QUARANTINE = "quarantine"
    """A later word on it was refused, and is still open."""


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """`versions`: number → its place in the feed. `ends`: what of it is open."""

    id: int
    versions: dict[int, int]
    ends: Collection[Kept] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Records that are one by merges. `young`: whether a claim of theirs was told anything behind the horizon."""

    records: Sequence[HeldRecord]
    young: bool = False


@dataclass(slots=True)
class Going:
    """`records` (row ids) go whole, with all that is theirs; of others the `places` in the feed go."""

    records: set[int] = field(default_factory=set)
    places: set[int] = field(default_factory=set)
    kept: Kept | None = None


def latest_day(today: date, years: int) -> date:
    """What came before this day may go. Raises ValueError for less than ten years."""
    if years < YEARS:
        raise ValueError(f"the law asks for {YEARS} years")
    leap = today.month == 2 and today.day == 29
    return today.replace(year=today.year - years, day=28 if leap else today.day)


def going(group: Group, horizon: int) -> Going:
    """What of a group may go where the places in the feed up to `horizon` are retired.

    Nothing with an open end goes. A record that lives on keeps the versions behind the horizon, at least the newest.
    """
    old = {one.id: [seq for seq in one.versions.values() if seq <= horizon] for one in group.records}
    ends = [end for one in group.records for end in one.ends]
    if ends:
        return Going(kept=min(ends) if any(old.values()) else None)
    if not group.young and all(len(old[one.id]) == len(one.versions) for one in group.records):
        return Going(records=set(old))
    newest = {one.versions[max(one.versions)] for one in group.records}
    return Going(places={seq for seqs in old.values() for seq in seqs} - newest)
