"""The YAML mapping of `js` interpreted: its rules are read anew for every record, with lineage.

It knows what this mapping uses of the language. Types, tables and time formats are ready; paths and rules are looked at
as they stand in the file. Lineage is one tuple for every leaf: (field, how, source, raw value, steps). Nothing says why
a value was refused: the record fails.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from unicodedata import normalize

import yaml

from canonical_schema.fields import ObjectType, field_tree
from canonical_schema.values import quantity
from canonical_schema.values.number import EXACT, decimal
from mappings.steps.times import time_step, zone_of

OWN = Path(__file__).resolve().parent.parent.parent
Told = list[tuple[Any, ...]]


def at(value: Any, path: str) -> Any:
    """What stands at a path from here."""
    if path == ".":
        return value
    for segment in path.split("/"):
        if not isinstance(value, dict):
            return None
        value = value.get(segment)
    return value


def below(source: str, path: str) -> str:
    return source if path == "." else f"{source}/{path}"


class Walk:
    """One record being mapped: `told` grows as it goes."""

    def __init__(self, spec: dict[str, Any], moment: Callable[[str], Any]) -> None:
        self.tables, self.moment = spec.get("tables", {}), moment
        self.told: Told = []

    def fields(self, rules: dict[str, Any], kind: ObjectType, value: Any, field: str, source: str) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for name, rule in rules.items():
            made = self.rule(rule, kind.fields[name].type, value, f"{field}/{name}", source)
            if isinstance(rule, dict) and "unit" in rule and isinstance(made, dict):
                out["declared"] = made
            elif made is not None and made not in ({}, []):
                out[name] = made
        return out

    def rule(self, rule: Any, kind: Any, value: Any, field: str, source: str) -> Any:
        if isinstance(rule, list):
            return [self.fields(item, kind, value, f"{field}/{place}", source) for place, item in enumerate(rule)]
        if isinstance(rule, str):
            return self.leaf({"from": rule}, kind, value, field, source)
        if "each" in rule:
            return self.each(rule, kind, value, field, below(source, rule["each"]))
        if "const" in rule:
            self.told.append((field, "constant", None, None, ()))
            return rule["const"]
        if isinstance(kind, ObjectType):
            return self.fields(rule, kind, value, field, source)
        return self.leaf(rule, kind, value, field, source)

    def each(self, rule: dict[str, Any], kind: Any, value: Any, field: str, source: str) -> list[Any]:
        out: list[Any] = []
        for place, item in enumerate(at(value, rule["each"]) or []):
            here, there = f"{field}/{len(out)}", f"{source}/{place}"
            if "fields" in rule:
                made = self.fields(rule["fields"], kind, item, here, there)
            else:
                made = self.rule(rule["value"], kind, item, here, there)
            if made:
                out.append(made)
        return out

    def leaf(self, rule: dict[str, Any], kind: Any, value: Any, field: str, source: str) -> Any:
        raw, place = at(value, rule["from"]), below(source, rule["from"])
        if raw is None or raw == "":
            self.told.append((field, "missing" if raw is None else "blank", place, raw, ()))
            return None
        if kind.name in {"int", "count"} and isinstance(raw, int):
            self.told.append((field, "mapped", place, raw, ()))
            return raw
        text = normalize("NFKC", str(raw)).strip()
        if "lookup" in rule:
            table = self.tables[rule["lookup"]] if isinstance(rule["lookup"], str) else rule["lookup"]
            self.told.append((field, "looked_up", place, raw, ("nfkc", "trim", "lookup")))
            return kind.parse(table[text])
        if "unit" in rule:
            return self.amount(text, raw, place, at(value, rule["unit"]["from"]), field)
        if "split" in rule:
            self.told.append((field, "mapped", place, raw, ("nfkc", "trim", "split")))
            return [kind.parse(part) for part in text.split(rule["split"]) if part]
        if kind.name == "moment":
            self.told.append((field, "mapped", place, raw, ("nfkc", "trim", "time")))
            return self.moment(text)
        self.told.append((field, "mapped", place, raw, ("nfkc", "trim")))
        return kind.parse(text)

    def amount(self, text: str, raw: Any, place: str, unit: str, field: str) -> Any:
        factor = quantity.tonnes_in(unit)
        if factor is None:
            beside = field.rpartition("/")[0] + "/declared"
            self.told.append((beside, "mapped", place, (raw, unit), ("nfkc", "trim")))
            return {"value": text, "unit": unit}
        self.told.append((field, "mapped", place, (raw, unit), ("nfkc", "trim", "number", "unit")))
        return quantity.rounded(EXACT.multiply(decimal(text.replace(",", "")), factor))[0]


def mapper() -> Callable[[Any], list[Any]]:
    text = (OWN / "mappings/provinces/js/manifests.yaml").read_text("utf-8")
    spec = yaml.load(text, yaml.CBaseLoader)  # noqa: S506 - every scalar as text, as the language has it
    kind = field_tree(spec["kind"])
    moment = time_step(tuple(spec["times"]), zone_of(spec["zone"]), as_moment=True).run

    def mapped(tree: Any) -> list[Any]:
        out = []
        for place, row in enumerate(at(tree, spec["records"])):
            walk = Walk(spec, moment)
            content = walk.fields(spec["fields"], kind, row, "", f"/{spec['records']}/{place}")
            out.append((content, walk.told))
        return out

    return mapped
