"""Where two systems' words on one manifest differ, field by field (rule X001).

Only what both say is compared, each type in its own way: a day agrees with any moment of that day, numbers are equal as
numbers, text after trimming, a division with every part of it. Lists of plain values agree in any order.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Final

from canonical_schema.fields import Field, ObjectType, field_tree
from gateway.domain.authority import SECTIONS, SHARED, UNITED
from gateway.domain.match import match_legs, match_wastes

Difference = tuple[str, Any, Any]
"""(JSON Pointer into the left content, its value, the right one's value)."""

Compare = Callable[[Any, Any, str], list[Difference]]
"""(left, right, pointer to left) -> where they differ."""


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """`field`: JSON Pointer into the consolidated content. `sides`: (adapter, value), first the one that is there."""

    field: str
    sides: tuple[tuple[str, Any], ...]

    def as_dict(self) -> dict[str, Any]:
        return {"field": self.field, "sides": [{"adapter": adapter, "value": value} for adapter, value in self.sides]}


def compare(section: str, content: dict[str, Any], other: dict[str, Any]) -> list[Difference]:
    """Where `other` differs from the consolidated content in one section, or in `status` or `national_no`."""
    return _manifest_sections()[section](content, other, "")


@cache
def _manifest_sections() -> Mapping[str, Compare]:
    """Section (or head field with a rule of its own) -> how two contents are compared in it."""
    fields = field_tree("manifest").fields
    wastes = fields["wastes"].type
    assert isinstance(wastes, ObjectType)
    compares = {
        section: _object({name: _field(fields[name]) for name in sorted(names - SHARED - {"wastes", "legs"})})
        for section, names in SECTIONS.items()
    }
    compares |= {name: _object({name: _field(fields[name])}) for name in SHARED.difference(UNITED)}
    leg = fields["legs"].type
    assert isinstance(leg, ObjectType)
    moved = _object({name: _field(field) for name, field in wastes.fields.items() if name not in ("seq", "receipt")})
    received = _object({"receipt": _field(wastes.fields["receipt"])})
    alone = _object({name: _field(field) for name, field in leg.fields.items() if name != "seq"})
    listed = {
        "movement": ("wastes", _matched(moved, match_wastes, told_missing=True)),
        "receipt": ("wastes", _matched(received, match_wastes)),
        "legs": ("legs", _matched(alone, match_legs)),
    }
    for section, (name, rule) in listed.items():
        compares[section] = _both(compares[section], _object({name: rule}))
    return compares


def _field(field: Field) -> Compare:
    one = _one(field)
    if not field.many:
        return one
    if isinstance(field.type, ObjectType) and "system" in field.type.fields:
        return _by_system(one)
    return _in_any_order(one)


def _one(field: Field) -> Compare:
    if not isinstance(field.type, ObjectType):
        return _leaf(SAME_BY_TYPE.get(field.type.name, _same_text))
    # A division's name only spells its code out, down to the level that the code has.
    left_out = {"name"} if field.type.name == "Division" else set[str]()
    return _object({name: _field(inner) for name, inner in field.type.fields.items() if name not in left_out})


def _leaf(same: Callable[[Any, Any], bool]) -> Compare:
    return lambda left, right, at: [] if left == right or same(left, right) else [(at, left, right)]


def _object(compares: Mapping[str, Compare]) -> Compare:
    rules = tuple(compares.items())

    def differences(left: dict[str, Any], right: dict[str, Any], at: str) -> list[Difference]:
        found: list[Difference] = []
        for name, rule in rules:
            if name in left and name in right:
                found += rule(left[name], right[name], f"{at}/{name}")
        return found

    return differences


def _both(first: Compare, second: Compare) -> Compare:
    return lambda left, right, at: first(left, right, at) + second(left, right, at)


def _matched(
    item: Compare,
    match: Callable[[Sequence[dict[str, Any]], Sequence[dict[str, Any]]], list[tuple[int, int]]],
    *,
    told_missing: bool = False,
) -> Compare:
    """Items that are the same thing, whatever their places. With `told_missing`, a list that lacks one of the other's
    items differs as a list: a manifest names all its wastes, while a system may know only some of the legs."""

    def differences(left: list[dict[str, Any]], right: list[dict[str, Any]], at: str) -> list[Difference]:
        pairs = match(left, right)
        found = [found for ours, theirs in pairs for found in item(left[ours], right[theirs], f"{at}/{ours}")]
        if told_missing and not len(pairs) == len(left) == len(right):
            found.append((at, _labels(left), _labels(right)))
        return found

    return differences


def _labels(wastes: Sequence[dict[str, Any]]) -> list[str]:
    return [waste.get("code") or waste.get("name") or "" for waste in wastes]


def _by_system(item: Compare) -> Compare:
    """Ids and codes that other systems gave: only those of one and the same system can contradict each other."""
    alike = _in_any_order(item)

    def differences(left: list[dict[str, Any]], right: list[dict[str, Any]], at: str) -> list[Difference]:
        found: list[Difference] = []
        for system in dict.fromkeys(ours["system"] for ours in left):
            mine = [position for position, ours in enumerate(left) if ours["system"] == system]
            theirs = [other for other in right if other["system"] == system]
            if len(mine) == len(theirs) == 1:
                found += item(left[mine[0]], theirs[0], f"{at}/{mine[0]}")
            elif theirs and alike([left[position] for position in mine], theirs, at):
                return [(at, left, right)]
        return found

    return differences


def _in_any_order(item: Compare) -> Compare:
    """The list as one word: equal when each item has one in the other list that doesn't differ from it."""

    def differences(left: list[Any], right: list[Any], at: str) -> list[Difference]:
        rest = list(right)
        for ours in left:
            place = next((place for place, theirs in enumerate(rest) if not item(ours, theirs, at)), None)
            if place is None:
                return [(at, left, right)]
            del rest[place]
        return [(at, left, right)] if rest else []

    return differences


def _same_text(left: Any, right: Any) -> bool:
    return isinstance(left, str) and isinstance(right, str) and left.strip() == right.strip()


def _same_number(left: str, right: str) -> bool:
    return Decimal(left) == Decimal(right)


PRECISION_LENGTH: Final = {"day": 10, "minute": 16, "second": 19}


def _same_moment(left: dict[str, str], right: dict[str, str]) -> bool:
    """Equal as far as the coarser of the two goes; `at` always stands at +08:00."""
    length = min(PRECISION_LENGTH[left["precision"]], PRECISION_LENGTH[right["precision"]])
    return left["at"][:length] == right["at"][:length]


def _same_division(left: str, right: str) -> bool:
    """Codes have no trailing noughts: a province agrees with each of its prefectures, these with their counties."""
    return left.startswith(right) or right.startswith(left)


SAME_BY_TYPE: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "tonnes": _same_number,
    "number": _same_number,
    "money": _same_number,
    "moment": _same_moment,
    "division": _same_division,
}
