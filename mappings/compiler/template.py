"""The part of lineage that is the same for every record: one entry per node, plain values that JSON can hold."""

from typing import Any

from mappings.compiler.scope import Scope, Spot
from mappings.spec import Leaf


def how_of(leaf: Leaf) -> str:
    """How a value that is there came to be; notes of the record may say otherwise."""
    if leaf.constant is not None:
        return "constant"
    if leaf.position is not None or any(step.label == "category of code" for step in leaf.steps):
        return "derived"
    return "looked_up" if any(step.looks_up for step in leaf.steps) else "mapped"


def leaf_template(scope: Scope, leaf: Leaf, spot: Spot) -> dict[str, Any]:
    out: dict[str, Any] = {
        "node": "leaf", "id": leaf.id, "field": [*spot.to(leaf.field)], "type": leaf.type.name, "rule": rule_of(leaf.place),
        "how": how_of(leaf), "slots": [scope.slots[path] for path in leaf.reads], "steps": _labels(leaf),
    }  # fmt: skip
    if when := deciders(scope, spot):
        out["when"] = when
    if leaf.join is not None or leaf.call is not None:
        out["all"] = True  # every value that is there went into it
    if leaf.into is not None:
        out["into"] = leaf.into
        out["numbered"] = leaf.numbered
    if leaf.amount is not None:
        amount = leaf.amount
        out["unit"] = {
            "slot": scope.slots[amount.read] if amount.read else None,
            "fixed": amount.fixed,
            "units": dict(amount.units),
            "inside": amount.inside,
        }
    if leaf.elsewhere is not None:
        out["elsewhere"] = [leaf.elsewhere.list_field, leaf.elsewhere.system_key, leaf.elsewhere.value_key]
    return out


def deciders(scope: Scope, spot: Spot) -> list[int]:
    """The slots of what the conditions looked at."""
    return [scope.slots[condition.read] for condition in spot.conditions]


def rule_of(place: str) -> str:
    """`manifests.yaml:41`, whatever folder the file lies in."""
    return place.rpartition("/")[2]


def _labels(leaf: Leaf) -> list[str]:
    if not leaf.reads:
        return []
    join = [f"join {leaf.join}"] if leaf.join is not None else []
    call = [one.label for one in (leaf.call, leaf.whole) if one is not None]
    split = [f"split {leaf.split}"] if leaf.split is not None else []
    return ["nfkc", "trim", *join, *call, *split, *(step.label for step in leaf.steps)]
