"""Which claims are about the same thing, and which record stands for them.

Two claims belong together by national number, or by a local number that one of them links to a national one. The
national number is unique in the nation (《危险废物转移管理办法》 Art. 15), so claims with two different ones never do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from canonical_schema.digest import record_id


@dataclass(frozen=True, slots=True)
class Numbers:
    """What one claim is known by. `local`: (system, number) pairs, each once, in the claim's order."""

    national: str | None = None
    local: tuple[tuple[str, str], ...] = ()


def link_numbers(kind: str, content: dict[str, Any]) -> Numbers:
    """The numbers of a manifest's content. Records of other kinds name manifests, and are known by their source key."""
    if kind != "manifest":
        return Numbers()
    local = ((number["system"], number["number"]) for number in content.get("local_numbers", ()))
    return Numbers(content.get("national_no"), tuple(dict.fromkeys(local)))


def group(
    claims: Sequence[Numbers], partial: Sequence[bool] = (), identities: Sequence[tuple[str, ...]] = ()
) -> list[tuple[int, ...]]:
    """Positions of the claims that belong together: each position once, groups and positions ascending.

    A claim without a national number goes where its local numbers are linked to; linked to several, the smallest
    national number has it, so that the order of arrival makes no difference. A `partial` one goes to the whole claim of
    the same local number, too: it's a word about that claim's manifest. Of several such claims that of the smallest
    identity has it.
    """
    linked: dict[tuple[str, str], str] = {}
    for numbers in claims:
        if numbers.national is not None:
            for local in numbers.local:
                linked[local] = min(numbers.national, linked.get(local, numbers.national))
    groups: dict[str | int, list[int]] = {}
    for position, numbers in enumerate(claims):
        told = [linked[local] for local in numbers.local if local in linked]
        place: str | int = numbers.national or (min(told) if told else position)
        groups.setdefault(place, []).append(position)
    if any(partial):
        _join_notices(groups, claims, partial, identities)
    return sorted(tuple(positions) for positions in groups.values())


def _join_notices(
    groups: dict[str | int, list[int]],
    claims: Sequence[Numbers],
    partial: Sequence[bool],
    identities: Sequence[tuple[str, ...]],
) -> None:
    """Notices that stand alone, put to a group that has a whole claim with one of their local numbers."""
    home: dict[tuple[str, str], tuple[tuple[str, ...], str | int]] = {}
    for place, positions in groups.items():
        for position in positions:
            if not partial[position]:
                rank = (identities[position], place)
                for local in claims[position].local:
                    home[local] = min(rank, home.get(local, rank), key=lambda one: one[0])
    for place, positions in list(groups.items()):
        if len(positions) == 1 and partial[positions[0]] and claims[positions[0]].national is None:
            found = [home[local] for local in claims[positions[0]].local if local in home]
            if found:
                other = min(found, key=lambda one: one[0])[1]
                groups[other] = sorted([*groups[other], *groups.pop(place)])


def founded_record_id(kind: str, numbers: Numbers, adapter: str, dataset: str, source_key: str) -> str:
    """The id for life of a record that this claim founds."""
    if numbers.national is not None:
        return record_id(kind, numbers.national)
    return record_id(kind, adapter, dataset, source_key)


def survivor(records: Iterable[tuple[str, str | None]]) -> str:
    """Of (record_id, national number) of records that turn out to be one, the id that stays: the one with a national
    number, else the smaller id. ValueError for none."""
    return min(records, key=lambda record: (record[1] is None, record[0]))[0]
