"""The part of lineage that is the same for every record: one entry per node, plain values that JSON can hold."""

from typing import Any

from mappings.paths import SourcePath
from mappings.spec import Leaf


def how_of(leaf: Leaf) -> str:
    """How a value that is there came to be; notes of the record may say otherwise."""
    if leaf.constant is not None:
        return "constant"
    if leaf.position is not None or any(step.label == "category of code" for step in leaf.steps):
        return "derived"
    return "looked_up" if any(step.looks_up for step in leaf.steps) else "mapped"


def leaf_template(
    leaf: Leaf,
    prefix: tuple[str, ...],
    slots: dict[SourcePath, int],
    unit: SourcePath | None,
    deciders: tuple[int, ...] = (),
) -> dict[str, Any]:
    out: dict[str, Any] = {
        "node": "leaf", "id": leaf.id, "field": [*prefix, leaf.field], "type": leaf.type.name, "line": leaf.line,
        "how": how_of(leaf), "slots": [slots[path] for path in leaf.reads], "steps": _labels(leaf),
    }  # fmt: skip
    if deciders:
        out["when"] = list(deciders)
    if leaf.join is not None:
        out["join"] = leaf.join
    if leaf.split is not None:
        out["split"] = leaf.split
    if leaf.into is not None:
        out["into"] = leaf.into
    if leaf.amount is not None:
        out["unit"] = {
            "slot": slots[unit] if unit else None,
            "fixed": leaf.amount.fixed,
            "units": dict(leaf.amount.units),
        }
    if leaf.elsewhere is not None:
        out["elsewhere"] = [leaf.elsewhere.list_field, leaf.elsewhere.system_key, leaf.elsewhere.value_key]
    return out


def _labels(leaf: Leaf) -> list[str]:
    if not leaf.reads:
        return []
    join = [f"join {leaf.join}"] if leaf.join is not None else []
    split = [f"split {leaf.split}"] if leaf.split is not None else []
    return ["nfkc", "trim", *join, *split, *(step.label for step in leaf.steps)]
