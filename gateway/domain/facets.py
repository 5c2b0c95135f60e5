"""By what a record can be searched: read off the standard's own types, so a new kind needs nothing here. Nothing personal."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

from canonical_schema.fields import Field, ObjectType, field_tree

Facet = Literal["number", "party", "plate", "code", "division", "container"]
FACETS: Final[tuple[Facet, ...]] = ("number", "party", "plate", "code", "division", "container")

_BY_TYPE: Final[dict[str, Facet]] = {
    "manifest_no": "number",
    "permit_no": "number",
    "uscc": "party",
    "plate": "plate",
    "waste_code": "code",
    "category": "code",
    "division": "division",
    "container_id": "container",
}
_MOMENTS: Final = frozenset({"moment", "instant"})
_NO_NUMBERS: Final = frozenset({"un_no"})
"""A class of goods, whatever its name."""
_STATES: Final = ("status", "state")


@dataclass(frozen=True, slots=True)
class Facets:
    """`day`: of the earliest moment told (yyyy-MM-dd). `terms`: (facet, value) as the standard spells it."""

    status: str | None
    day: str | None
    terms: frozenset[tuple[Facet, str]]


def facets(kind: str, content: dict[str, Any]) -> Facets:
    """What a record of this kind can be found by.

    >>> told = facets("manifest", {"status": "declared", "planned_at": {"at": "2026-03-05", "precision": "day"},
    ...     "consignor": {"name": "甲厂"}, "wastes": [{"seq": 1, "code": "900-249-08"}]})
    >>> told.status, told.day, sorted(told.terms)
    ('declared', '2026-03-05', [('code', '900-249-08'), ('party', '甲厂')])
    """
    terms: set[tuple[Facet, str]] = set()
    days: list[str] = []
    for facet, value in _found(content, _plan(kind)):
        if facet is None:
            days.append((value["at"] if isinstance(value, dict) else value)[:10])
        else:
            terms.add((facet, value))
    return Facets(
        next((content[name] for name in _STATES if name in content), None), min(days, default=None), frozenset(terms)
    )


_Step = tuple[str, bool, "_Plan | Facet | None"]
"""(field, whether it is a list, what to do there: go on, take a facet, or take a day)."""
_Plan = tuple[_Step, ...]


@cache
def _plan(kind: str) -> _Plan:
    return _within(field_tree(kind))


def _within(inner: ObjectType) -> _Plan:
    steps: list[_Step] = []
    for field in inner.fields.values():
        if field.personal:
            continue
        if isinstance(field.type, ObjectType):
            if deeper := _within(field.type):
                steps.append((field.name, field.many, deeper))
        elif field.type.name in _MOMENTS:
            steps.append((field.name, field.many, None))
        elif (facet := _facet(field, inner)) is not None:
            steps.append((field.name, field.many, facet))
    return tuple(steps)


def _facet(field: Field, owner: ObjectType) -> Facet | None:
    if field.type.name != "text":
        return _BY_TYPE.get(field.type.name)
    if field.name == "name" and "uscc" in owner.fields:
        return "party"
    numbered = field.name in {"no", "number"} or field.name.endswith(("_no", "_id"))
    return "number" if numbered and field.name not in _NO_NUMBERS else None


def _found(value: dict[str, Any], plan: _Plan) -> Iterator[tuple[Facet | None, Any]]:
    for name, many, deeper in plan:
        if name not in value:
            continue
        for inner in value[name] if many else (value[name],):
            if isinstance(deeper, tuple):
                yield from _found(inner, deeper)
            else:
                yield deeper, inner
