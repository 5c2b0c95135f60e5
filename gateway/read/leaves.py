"""Contents compared leaf by leaf."""

from collections.abc import Iterable, Iterator
from typing import Any

Json = dict[str, Any]


def leaves(value: Any, pointer: str = "") -> Json:
    """JSON Pointer → scalar, for every scalar of a content.

    >>> leaves({"wastes": [{"name": "废油"}], "void": {}})
    {'/wastes/0/name': '废油'}
    """
    if isinstance(value, dict | list):
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        return {at: leaf for name, inner in parts for at, leaf in leaves(inner, f"{pointer}/{name}").items()}
    return {pointer: value}


def changes(before: Any, after: Any) -> Iterator[tuple[str, Json]]:
    """(field, {"before", "after"}) of each leaf that differs; what isn't there has no key.

    >>> list(changes({"a": 1, "b": "x"}, {"b": "x", "a": True}))
    [('/a', {'before': 1, 'after': True})]
    >>> list(changes({"a": 1}, {}))
    [('/a', {'before': 1})]
    """
    old, new = leaves(before), leaves(after)
    for field in dict.fromkeys([*old, *new]):
        told = {name: side[field] for name, side in (("before", old), ("after", new)) if field in side}
        if len(told) < 2 or not same(told["before"], told["after"]):
            yield field, told


def same(one: Any, other: Any) -> bool:
    """Equal, and the same in JSON: 1 isn't true."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def anywhere(field: str) -> str:
    """The field whatever its positions.

    >>> anywhere("/wastes/0/receipt/quantity_t")
    '/wastes/*/receipt/quantity_t'
    """
    return "/".join("*" if part.isdigit() else part for part in field.split("/"))


def explained(entries: Iterable[Json], field: str) -> Json | None:
    """The lineage entry of a leaf; of one that isn't there, that of the nearest field around it."""
    known = {entry["field"]: entry for entry in entries}
    while field and field not in known:
        field = field.rpartition("/")[0]
    return known.get(field)
