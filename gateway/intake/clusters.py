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
    content_hash: str


def clusters(members: Sequence[Member], national: Mapping[int, str | None]) -> list[list[Member]]:
    """The claims of each record to be: linked by the numbers of their newest versions, or on one record already and not at
    odds. Who merely no longer tells a number stays; who tells another one, in the national numbering or in a system's own,
    can't be the same manifest, and the record is split.

    `national`: record row → its number so far. A record whose claims are at odds stays with the group that has its number,
    else with that of the smallest claim; the others' members have no record from now on. A notice follows its group, never
    makes two records one, and stays where it is when no whole claim has its number any more.
    """
    partial = [member.claim.partial for member in members]
    groups = group([member.numbers for member in members], partial, [member.claim.identity for member in members])
    sharing = _sharing(members, groups, national)
    home = _joined(members, groups, sharing)
    kept = {record: home[found[0]] for record, found in sharing.items()}
    gathered: list[list[int]] = [[] for _ in groups]
    for at, positions in enumerate(groups):
        alone = all(partial[one] for one in positions)
        place = kept.get(members[positions[0]].record or 0, at) if alone else home[at]
        gathered[place] += positions
    return [
        [_at_home(members[one], kept, at) for one in sorted(positions)]
        for at, positions in enumerate(gathered)
        if positions
    ]


def _at_home(member: Member, kept: Mapping[int, int], at: int) -> Member:
    record = member.record
    return member if record is None or kept.get(record, at) == at else replace(member, record=None)


def _sharing(
    members: Sequence[Member], groups: Sequence[Sequence[int]], national: Mapping[int, str | None]
) -> dict[int, list[int]]:
    """Record row → the groups that have whole claims of it, the one that it stays with first."""
    ranks: defaultdict[int, dict[int, tuple[bool, tuple[str, ...]]]] = defaultdict(dict)
    for at, positions in enumerate(groups):
        number = _number(members[one] for one in positions)
        for one in positions:
            record = members[one].record
            if record is not None and not members[one].claim.partial:
                rank = (number != national.get(record), members[one].claim.identity)
                ranks[record][at] = min(rank, ranks[record].get(at, rank))
    return {record: sorted(found, key=found.__getitem__) for record, found in ranks.items()}


def _joined(
    members: Sequence[Member], groups: Sequence[Sequence[int]], sharing: Mapping[int, Sequence[int]]
) -> list[int]:
    """For each group the one that stands for all it is one with: those on a common record that aren't at odds."""
    home = list(range(len(groups)))
    told = [_told(members[one] for one in positions) for positions in groups]
    for first, *others in sharing.values():
        for other in others:
            here, there = home[first], home[other]
            if here != there and not _at_odds(told[here], told[there]):
                stays, goes = min(here, there), max(here, there)
                for system, found in told[goes].items():
                    told[stays][system] |= found
                home = [stays if one == goes else one for one in home]
    return home


def _told(members: Iterable[Member]) -> defaultdict[str, set[str]]:
    """The numbers that whole claims tell, by numbering."""
    told: defaultdict[str, set[str]] = defaultdict(set)
    for member in members:
        for key in () if member.claim.partial else member.keys:
            told[key.system].add(key.number)
    return told


def _at_odds(some: Mapping[str, set[str]], others: Mapping[str, set[str]]) -> bool:
    """Whether they tell different numbers in one numbering, and none in common."""
    return any(some[system].isdisjoint(others[system]) for system in some.keys() & others.keys())


def _number(members: Iterable[Member]) -> str | None:
    return next((number for member in members if (number := member.numbers.national) is not None), None)
