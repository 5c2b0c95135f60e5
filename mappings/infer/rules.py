"""The right side of one line: how a field is made from its place, and whether that can be decided here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from canonical_schema.errors import InvalidValue
from canonical_schema.values import form, hazard
from mappings.infer.habits import mark, named_unit, unit_of
from mappings.infer.lookups import LISTS, lookup
from mappings.infer.spelling import one_line, said, table
from mappings.infer.targets import Target
from mappings.infer.tree import Path, Place

MOST_CODES = 12


@dataclass(frozen=True)
class Rule:
    """`live`: it can stand as it is; `sure`: it needs no look. `remark`: what a person should know, in both languages."""

    text: str
    live: bool = True
    sure: bool = True
    remark: str = ""
    reads: tuple[Path, ...] = ()


def rule_of(target: Target, place: Place, scope: Path, units: Sequence[Place], system: str) -> Rule:
    """`scope`: where the paths of this rule start."""
    at = said(place.path[len(scope) :])
    if target.field == "local_numbers/number":
        return Rule(f"[{{system: {{const: {system}}}, number: {at}}}]")
    if target.type == "tonnes":
        return _amount(place, at, scope, units)
    if target.many:
        return _many(target, place, at)
    if target.field in LISTS:
        return _looked_up(target, place, at)
    return Rule(at)


def _amount(place: Place, at: str, scope: Path, units: Sequence[Place]) -> Rule:
    inside = [unit for unit in units if unit.path[: len(scope)] == scope]
    found = unit_of(place, inside)
    if found is not None:
        return Rule(f"{{from: {at}, unit: {{from: {said(found[len(scope) :])}}}}}", reads=(found,))
    named = named_unit(place.label) or named_unit(place.name)
    if named is not None:
        return Rule(f"{{from: {at}, unit: {named}}}")
    return Rule(f"{{from: {at}, unit: t}}", sure=False, remark="no unit is told (未见计量单位)")


def _many(target: Target, place: Place, at: str) -> Rule:
    into = target.field.endswith("via/name")
    words = _table_of(target, place)
    if place.many:
        value = "fields: {name: .}" if into else f"value: {{from: ., {words[0]}}}" if words[0] else "value: ."
        return Rule(f"{{each: {at}, {value}}}", live=words[1], remark=words[2])
    split = mark(place.texts)
    end = ", into: name" if into else f", {words[0]}" if words[0] else ""
    told = split if split in "、;|/+" and split.strip() else f"'{split}'"
    return Rule(f"{{from: {at}, split: {told}{end}}}", live=words[1], remark=words[2])


def _looked_up(target: Target, place: Place, at: str) -> Rule:
    told, live, remark = _table_of(target, place)
    return Rule(f"{{from: {at}, {told}}}" if told else at, live, sure=not remark, remark=remark)


READS: dict[str, Callable[[str], object]] = {"wastes/form": form.parse, "wastes/hazards": hazard.parse}
"""Types that understand people's words themselves."""


def _table_of(target: Target, place: Place) -> tuple[str, bool, str]:
    """(`lookup: {…}`, or "" where none is needed; whether it may stand; what remains to be done)."""
    name = LISTS.get(target.field)
    if name is None:
        return "", True, ""
    texts = sorted({part for text in place.texts for part in _parts(target, place, text)})
    if target.field in READS and texts and all(_reads(READS[target.field], text) for text in texts):
        return "", True, ""
    if name == "plate_colours" and not all(text.isdigit() for text in texts):
        return "", True, ""
    known, unknown = lookup(name, (*place.words, *texts), place.words)
    codes = one_line(", ".join(unknown[:MOST_CODES]))
    if known:
        remark = f"not understood: {codes} (未能理解的取值)" if unknown else ""
        return f"lookup: {table(known)}", True, remark
    if not unknown:
        return "", False, "no values seen: a lookup is due (未见取值，需补对照表)"
    return (
        f"lookup: {one_line(table(dict.fromkeys(unknown[:MOST_CODES], '…')))}",
        False,
        f"codes seen: {codes}; say what each means (请补代码含义)",
    )


def _parts(target: Target, place: Place, text: str) -> list[str]:
    if not target.many or place.many:
        return [text]
    return [part.strip() for part in text.split(mark(place.texts)) if part.strip()]


def _reads(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except InvalidValue:
        return False
    return True
