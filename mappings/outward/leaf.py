"""The rule of one value of a payload."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import Any

from canonical_schema.declared import Node
from canonical_schema.errors import InvalidFormat, InvalidValue
from canonical_schema.fields import ScalarType
from canonical_schema.problem import nearest
from canonical_schema.values import number
from canonical_schema.values.quantity import UNITS
from mappings.language.conditions import conditions_of
from mappings.language.leaf import position_of
from mappings.language.shared import expanded
from mappings.language.steps import call_of, steps_of
from mappings.language.tables import named, table_at
from mappings.outward.standard_paths import Place, StandardReader
from mappings.outward.values import from_tonnes, joined, moment_writer
from mappings.paths import SourcePath
from mappings.spec import Call, Leaf, OnRefusal
from mappings.steps.lookups import lookup_step
from mappings.steps.step import ArgumentFault, BoundStep, count_of

SOURCES = ("from", "const", "position")
LEAF_KEYS = (
    *SOURCES, "join", "call", "steps", "lookup", "reverse", "else", "time", "unit", "round", "as", "default", "required",
    "refused", "when",
)  # fmt: skip
_GOES_WITH = {
    "join": ("from",), "call": ("from",), "steps": ("from",), "lookup": ("from",), "reverse": ("from",), "time": ("from",),
    "else": ("lookup", "reverse"), "unit": ("from",), "round": ("unit",), "default": ("from",), "required": ("from",),
    "refused": ("from",),
}  # fmt: skip


def leaf_of(reader: StandardReader, node: Node, name: str) -> Leaf:
    node = expanded(reader, node)
    ident, place = reader.number(), reader.place(node)
    if node.kind == "scalar":
        node = Node(node.line, node.column, "map", entries={"from": node}, key_marks={}, file=node.file)
    nothing = Leaf(ident, name, TYPES["text"], place)
    if not reader.keys(node, LEAF_KEYS, f"the rule of {name}") or not _sound(reader, node, name):
        return nothing
    entries = node.entries
    paths, found = _from(reader, entries.get("from"))
    if None in found:
        return nothing
    places = [one for one in found if one is not None]
    steps = _steps(reader, entries, places)
    kind = TYPES[_form(reader, entries, places, plain=not steps and "call" not in entries)]
    leaf = Leaf(
        ident,
        name,
        kind,
        place,
        reads=tuple(paths),
        join=reader.text(entries["join"], "join") if "join" in entries and len(paths) > 1 else None,
        call=call_of(reader, entries["call"]) if "call" in entries else None,
        steps=tuple(steps),
        constant=_const(reader, entries["const"], kind) if "const" in entries else None,
        position=position_of(reader, entries["position"]) if "position" in entries else None,
        default=_const(reader, entries["default"], kind) if "default" in entries else None,
        required="required" in entries and reader.yes(entries["required"]),
        refused=_refused(reader, entries),
        conditions=conditions_of(reader, node),
    )
    return _written(reader, node, leaf, places)


def _sound(reader: StandardReader, node: Node, name: str) -> bool:
    entries, before = node.entries, len(reader.problems)
    if not set(entries) <= set(LEAF_KEYS):
        return False
    if sum(key in entries for key in SOURCES) != 1:
        reader.fault(node, f"the rule of {name} says just one of: {', '.join(SOURCES)}")
        return False
    for key, others in _GOES_WITH.items():
        if key in entries and not set(others) & entries.keys():
            known = "' or '".join(others)
            reader.fault_at_key(node, key, f"'{key}' goes with '{known}'")
    return len(reader.problems) == before


def _from(reader: StandardReader, node: Node | None) -> tuple[list[SourcePath], list[Place | None]]:
    if node is None:
        return [], []
    items = node.items if node.kind == "list" else (node,)
    if not items:
        reader.fault(node, "'from' names at least one path")
        return [], [None]
    paths = [reader.path(item) for item in items]
    return paths, [_value(reader, reader.place_of(path, item), item) for path, item in zip(paths, items, strict=True)]


def _value(reader: StandardReader, place: Place | None, node: Node) -> Place | None:
    if place is not None and not isinstance(place.type, ScalarType):
        words = "a list of objects: say 'each'" if place.many else f"an object with {', '.join(place.type.fields)}"
        reader.fault(node, f"{'/'.join(place.section)} is {words}")
        return None
    return place


def _written(reader: StandardReader, node: Node, leaf: Leaf, places: list[Place]) -> Leaf:
    """What the standard's own types ask for: a moment its format, a list its mark."""
    entries = node.entries
    moments = [isinstance(one.type, ScalarType) and one.type.name in {"moment", "instant"} for one in places]
    if any(one.many for one in places):
        if len(places) > 1 or "join" not in entries:
            reader.fault(node, f"{leaf.field} reads a list: say 'join' with the mark between its values, or 'each'")
            return leaf
        mark = reader.text(entries["join"], "join")
        return replace(leaf, whole=Call(joined(mark), f"join {mark}"))
    if not any(moments):
        if "time" in entries:
            reader.fault(entries["time"], "'time' is for fields that hold a time")
        return leaf
    if len(places) > 1:
        reader.fault(node, "a time is read from one path")
        return leaf
    forms = reader.texts(entries["time"], "time") if "time" in entries else reader.times
    if not forms or reader.zone is None:
        reader.fault(node, "a time needs its formats: 'time' here, or 'times' for the whole file")
        return leaf
    try:
        call = Call(moment_writer(forms, reader.zone), "write " + " | ".join(forms))
    except ValueError as error:
        reader.fault(entries.get("time", node), str(error))
        return leaf
    (path,) = leaf.reads
    is_moment = isinstance(places[0].type, ScalarType) and places[0].type.name == "moment"
    parts = [SourcePath(path.up, (*path.segments, step)) for step in ("at", "precision")] if is_moment else [path]
    run = call.run if is_moment else (lambda at: call.run(at, "second"))
    return replace(leaf, reads=tuple(parts), call=Call(run, call.label))


def _steps(reader: StandardReader, entries: dict[str, Node], places: list[Place]) -> list[BoundStep]:
    """`unit`, `steps`, `lookup`: in that order."""
    steps = _unit(reader, entries, places) if "unit" in entries else []
    steps += steps_of(reader, entries["steps"]) if "steps" in entries else []
    for key in ("lookup", "reverse"):
        if key not in entries:
            continue
        written = entries[key]
        table_node = named(reader, written) if written.kind == "scalar" else written
        table = dict(table_at(reader, table_node)) if table_node is not None else {}
        if not steps and "call" not in entries and "join" not in entries:
            _known(reader, written, list(table.values() if key == "reverse" else table), places)
        if key == "reverse":
            back: dict[str, str] = {}
            for theirs, ours in table.items():
                back.setdefault(ours, theirs)  # the first of theirs counts
            table = back
        otherwise = reader.text(entries["else"], "else") if "else" in entries else None
        name = written.text if written.kind == "scalar" else "inline"
        steps += [lookup_step(table, f"{name}{' reversed' if key == 'reverse' else ''}", otherwise)] if table else []
    return steps


def _known(reader: StandardReader, node: Node, ours: list[str], places: list[Place]) -> None:
    """The standard's words in a table: one that its field never holds would wait there for ever."""
    kinds = [(place.section[-1], place.type) for place in places if isinstance(place.type, ScalarType)]
    for (name, kind), word in product(kinds, ours):
        try:
            kind.parse(word)
        except InvalidValue:
            written = node.entries.get(word) or next((one for one in node.entries.values() if one.text == word), node)
            reader.fault(written, f"{name} is never '{word}'", nearest(word, list(kind.words)))


def _unit(reader: StandardReader, entries: dict[str, Node], places: list[Place]) -> list[BoundStep]:
    written = reader.text(entries["unit"], "unit")
    per_unit = UNITS.get(written.casefold())
    tonnes = [isinstance(one.type, ScalarType) and one.type.name == "tonnes" for one in places]
    if not all(tonnes):
        reader.fault(entries["unit"], "'unit' is for quantities in tonnes")
        return []
    if per_unit is None:
        known = [unit for unit, factor in UNITS.items() if factor is not None]
        reader.fault(entries["unit"], f"'{written}' is no unit of mass", nearest(written, known))
        return []
    if "round" not in entries:
        return [BoundStep(from_tonnes(per_unit, None), f"unit t→{written}")]
    try:
        decimals = count_of(entries["round"], "round", 0, 9)
    except ArgumentFault as fault:
        reader.fault(fault.node, fault.words)
        return []
    # A unit of which a tonne is no whole number can only be written rounded: one function, two steps in lineage.
    return [
        BoundStep(from_tonnes(per_unit, decimals), f"unit t→{written}"),
        BoundStep(lambda value: value, f"round {decimals}"),
    ]


def _form(reader: StandardReader, entries: dict[str, Node], places: list[Place], *, plain: bool) -> str:
    if "as" in entries:
        return reader.word(entries["as"], "as", tuple(TYPES))
    if len(places) == 1 and plain and isinstance(places[0].type, ScalarType):
        return {"int": "integer", "count": "integer", "boolean": "boolean"}.get(places[0].type.name, "text")
    return "integer" if "position" in entries else "text"


def _const(reader: StandardReader, node: Node, kind: ScalarType) -> Any:
    if kind.name == "text":
        return reader.text(node, "a value")
    return reader.value(node, kind)


def _refused(reader: StandardReader, entries: dict[str, Node]) -> OnRefusal:
    if "refused" not in entries:
        return "absent"
    word = reader.word(entries["refused"], "refused", ("absent", "reject", "default"))
    if word == "default" and "default" not in entries:
        reader.fault(entries["refused"], "'refused: default' needs a default")
    return word  # type: ignore[return-value] # one of the three


def _number(text: str) -> Any:
    return number.decimal(text)


def _integer(text: str) -> int:
    value = number.decimal(text)
    if value != int(value):
        raise InvalidFormat(text, f"“{text}”不是整数", f"'{text}' is no whole number")
    return int(value)


def _boolean(text: str) -> bool:
    if text not in {"true", "false"}:
        raise InvalidFormat(text, f"“{text}”不是 true 或 false", f"'{text}' is neither true nor false")
    return text == "true"


def _type(name: str, parse: Callable[[str], Any]) -> ScalarType:
    return ScalarType(name, parse, (), "M000")


TYPES = {
    "text": _type("text", str), "number": _type("out number", _number), "integer": _type("out integer", _integer),
    "boolean": _type("out boolean", _boolean),
}  # fmt: skip
