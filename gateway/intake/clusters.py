"""Which of the claims at hand make one record: pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from gateway.domain.claim import Claim
from gateway.domain.identity import Numbers, group
from gateway.store.numbers import Number


@dataclass(frozen=True, slots=True)
class Member:
    """The version that counts of one claim. `row` and `version_row` are its ids, `record` where it belongs so far.
    `keys` are its numbers as the store keeps them."""

    row: int
    version_row: int
    record: int | None
    claim: Claim
    numbers: Numbers
    keys: tuple[Number, ...]
    content_bytes: bytes


def clusters(members: Sequence[Member], national: Mapping[int, str | None]) -> list[list[Member]]:
    """The claims of each record to be: linked by numbers, or on one record already (undoing that is `split`).

    `national`: record row → its number so far. Claims with two national numbers are never one manifest: where a
    corrected number, or a local one in common, has brought them onto one record, that record stays with its own number.
    A notice follows its group, and never makes two records one.
    """
    partial = [member.claim.partial for member in members]
    groups = group([member.numbers for member in members], partial, [member.claim.identity for member in members])
    members = _parted(members, groups, national) if national else members
    gathered: list[list[int]] = []
    place: dict[int, int] = {}
    # Notices without a whole claim of their number stay where they are, once it's known where that is.
    for positions in sorted(groups, key=lambda at: all(partial[one] for one in at)):
        whole = [one for one in positions if not partial[one]]
        known = {record for one in whole or positions[:1] if (record := members[one].record) is not None}
        joined = sorted({place[record] for record in known if record in place})
        if not joined:
            joined = [len(gathered)]
            gathered.append([])
        first = joined[0]
        gathered[first] += positions
        for other in joined[1:]:
            gathered[first] += gathered[other]
            gathered[other] = []
        for one in gathered[first] if len(joined) > 1 else positions:
            if (record := members[one].record) is not None and not partial[one]:
                place[record] = first
    return [[members[one] for one in sorted(positions)] for positions in gathered if positions]


def _parted(
    members: Sequence[Member], groups: Iterable[tuple[int, ...]], national: Mapping[int, str | None]
) -> list[Member]:
    """The members; those on a record that belongs to another number than their group's have none from now on."""
    told = {at: number for at in groups if (number := _number(members[one] for one in at)) is not None}
    claimed: defaultdict[int, set[str]] = defaultdict(set)
    for positions, number in told.items():
        for one in positions:
            if (record := members[one].record) is not None:
                claimed[record].add(number)
    owners = {
        record: number if (number := national[record]) in among else min(among)
        for record, among in claimed.items()
        if len(among) > 1
    }
    parted = list(members)
    for positions, number in told.items() if owners else ():
        for one in positions:
            if owners.get(members[one].record or 0, number) != number:
                parted[one] = replace(members[one], record=None)
    return parted


def _number(members: Iterable[Member]) -> str | None:
    return next((number for member in members if (number := member.numbers.national) is not None), None)
