"""The rule of one value."""

from canonical_schema.declared import Node
from canonical_schema.fields import ObjectType, ScalarType
from canonical_schema.problem import nearest
from canonical_schema.values.quantity import UNITS
from mappings.language.advice import gaps, numeric_steps
from mappings.language.conditions import conditions_of
from mappings.language.reader import NUMBERS, Reader
from mappings.language.shared import expanded
from mappings.language.steps import call_of, steps_of, time_of
from mappings.language.tables import lookup, named, table_at
from mappings.paths import SourcePath
from mappings.spec import Amount, Elsewhere, Leaf, OnRefusal
from mappings.steps.lookups import lookup_step
from mappings.steps.numbers import plain_number
from mappings.steps.step import ArgumentFault, BoundStep, mark_of, normal

SOURCES = ("from", "const", "position")
LEAF_KEYS = (
    *SOURCES, "join", "call", "steps", "lookup", "else", "yes", "no", "time", "unit", "units", "split", "into", "default",
    "required", "refused", "when",
)  # fmt: skip
# A key, and what must stand beside it for it to mean something.
_GOES_WITH = {
    "join": "from", "call": "from", "steps": "from", "lookup": "from", "else": "lookup", "time": "from", "unit": "from",
    "units": "unit", "split": "from", "into": "split", "yes": "from", "no": "yes", "default": "from", "required": "from",
    "refused": "from",
}  # fmt: skip


def leaf_of(
    reader: Reader,
    node: Node,
    name: str,
    kind: ScalarType,
    *,
    tree: ObjectType | None = None,
    required: bool = False,
    many: bool = False,
) -> Leaf:
    """One rule. Its short form is the path alone. `many`: the field is a list, made from one text."""
    node = expanded(reader, node)
    number, place = reader.number(), reader.place(node)
    if node.kind == "scalar":
        steps, elsewhere = tuple(_final(reader, node, None, kind)), _elsewhere(reader, kind, tree)
        reads = (reader.path(node),)
        amount = Amount(None, "t", {}) if kind.name == "tonnes" else None
        return Leaf(
            number, name, kind, place, reads, steps=steps, required=required, elsewhere=elsewhere, amount=amount
        )
    if not reader.keys(node, LEAF_KEYS, f"the rule of {name}") or not _sound(reader, node, name, many=many):
        return Leaf(number, name, kind, place)
    entries = node.entries
    amount = _amount(reader, entries, kind)
    own = entries["steps"].items if "steps" in entries else ()
    return Leaf(
        number,
        name,
        kind,
        place,
        reads=_reads(reader, entries.get("from")),
        join=normal(reader.text(entries["join"], "join")) if "join" in entries else None,
        call=call_of(reader, entries["call"]) if "call" in entries else None,
        steps=tuple(_steps(reader, node, kind, inside=amount is not None and amount.inside)),
        cut=len(own) if amount is None and "split" not in entries else 0,
        split=_mark(reader, entries["split"]) if "split" in entries else None,
        into=reader.text(entries["into"], "into") if "into" in entries else None,
        constant=reader.value(entries["const"], kind) if "const" in entries else None,
        position=position_of(reader, entries["position"]) if "position" in entries else None,
        default=reader.value(entries["default"], kind) if "default" in entries else None,
        required=required or ("required" in entries and reader.yes(entries["required"])),
        refused=_on_refusal(reader, entries),
        elsewhere=_elsewhere(reader, kind, tree, entries.get("refused")),
        amount=amount,
        conditions=conditions_of(reader, node),
    )


def _sound(reader: Reader, node: Node, name: str, *, many: bool) -> bool:
    """Whether the keys of a rule go together."""
    entries, before = node.entries, len(reader.problems)
    if not set(entries) <= set(LEAF_KEYS):
        return False  # told already
    if sum(key in entries for key in SOURCES) != 1:
        reader.fault(node, f"the rule of {name} says just one of: {', '.join(SOURCES)}")
        return False
    for key, other in _GOES_WITH.items():
        if key in entries and other not in entries:
            reader.fault_at_key(node, key, f"'{key}' goes with '{other}'")
    if "split" in entries and not many:
        reader.fault_at_key(node, "split", f"'split' makes a list, and {name} holds one value; 'part' takes one piece")
    several = entries["from"].kind == "list" if "from" in entries else False
    if "join" in entries and not several:
        reader.fault_at_key(node, "join", "'join' puts several values together: 'from' is a list of paths here")
    if "split" in entries and "refused" in entries and entries["refused"].text == "default":
        reader.fault(entries["refused"], "a part that is refused costs only itself: 'default' stands for a whole value")
    if "join" in entries and "call" in entries:
        reader.fault_at_key(node, "join", "'call' gets the values one by one: 'join' can't stand beside it")
    return len(reader.problems) == before


def _mark(reader: Reader, node: Node) -> str:
    try:
        return mark_of(node, "split")
    except ArgumentFault as fault:
        reader.fault(fault.node, fault.words)
        return ","


def _reads(reader: Reader, node: Node | None) -> tuple[SourcePath, ...]:
    if node is None:
        return ()
    if node.kind == "list":
        if not node.items:
            reader.fault(node, "'from' names at least one path")
        paths = tuple(reader.path(item) for item in node.items)
        if len(set(paths)) < len(paths):
            reader.advise(node, "the same path stands here twice")
        return paths
    return (reader.path(node),)


def position_of(reader: Reader, node: Node) -> int | None:
    if reader.scopes <= reader.record_scopes:
        reader.fault(node, "position counts the items of a list; there is none around this field")
    return int(reader.word(node, "position (from where it counts)", ("1", "0")))


def _steps(reader: Reader, node: Node, kind: ScalarType, *, inside: bool) -> list[BoundStep]:
    """`steps`, `lookup`, `yes` and `no`, then what the type itself asks for."""
    entries = node.entries
    timed = _last_is_time(entries.get("steps")) and kind.name in {"moment", "instant"}
    steps = steps_of(reader, entries["steps"], kind.name) if "steps" in entries else []
    if "steps" in entries:
        numeric_steps(reader, entries["steps"].items, kind.name)
    if "lookup" in entries:
        otherwise = reader.text(entries["else"], "else") if "else" in entries else None
        if "else" in entries:
            reader.value(entries["else"], kind)
        found = lookup(reader, entries["lookup"], otherwise, kind)
        if found is not None:
            steps.append(found)
            gaps(reader, entries["lookup"], found.words, otherwise=otherwise is not None)
    if "yes" in entries:
        steps += _truth(reader, node, kind)
    return steps + ([] if inside or timed else _final(reader, node, entries.get("time"), kind))


def _last_is_time(steps: Node | None) -> bool:
    return steps is not None and bool(steps.items) and "time" in steps.items[-1].entries


def _truth(reader: Reader, node: Node, kind: ScalarType) -> list[BoundStep]:
    """A truth value by its words."""
    if kind.name != "boolean":
        reader.fault_at_key(node, "yes", f"'yes' and 'no' are for truth values; this field holds {kind.name}")
        return []
    table = dict.fromkeys(reader.words(node.entries["yes"], "yes"), "true")
    for word in reader.words(node.entries["no"], "no") if "no" in node.entries else ():
        if table.setdefault(word, "false") == "true":
            reader.fault(node.entries["no"], f"'{word}' stands under 'yes' already")
    return [lookup_step(table, "yes/no", None)]


def _final(reader: Reader, at: Node, time: Node | None, kind: ScalarType) -> list[BoundStep]:
    """What the type itself asks for: a time its formats, a number its separators."""
    if kind.name in {"moment", "instant"}:
        step = time_of(reader, time, at, kind.name)
        return [step] if step else []
    if time is not None:
        reader.fault(time, f"'time' is for fields that hold a time; this one holds {kind.name}")
    return [BoundStep(plain_number, "number")] if kind.name in NUMBERS else []


def _on_refusal(reader: Reader, entries: dict[str, Node]) -> OnRefusal:
    node = entries.get("refused")
    if node is None or node.kind != "scalar":
        return "absent"
    if node.text == "default" and "default" not in entries:
        reader.fault(node, "'refused: default' needs a default")
    if node.text in {"absent", "reject", "default"}:
        return node.text  # type: ignore[return-value] # one of the three
    words = "refused says: absent, reject, default, or {to: list, system: name}"
    reader.fault(node, words, nearest(node.text, ("absent", "reject", "default")))
    return "absent"


def _elsewhere(reader: Reader, kind: ScalarType, tree: ObjectType | None, node: Node | None = None) -> Elsewhere | None:
    """M001, M002: what isn't a national number is a local one; a code that fails its check is another id."""
    target, system = {"manifest_no": "local_numbers", "uscc": "other_ids"}.get(kind.name, ""), reader.system
    if node is not None:
        if node.kind == "scalar":
            return None
        if not reader.keys(node, ("to", "system"), "refused") or "to" not in node.entries:
            reader.fault(node, "refused says: absent, reject, default, or {to: list, system: name}")
            return None
        target = reader.text(node.entries["to"], "to")
        system = reader.text(node.entries["system"], "system") if "system" in node.entries else system
    field = tree.fields.get(target) if tree and target else None
    if field is None or not isinstance(field.type, ObjectType) or "system" not in field.type.fields:
        if node is not None:
            reader.fault(node, f"'{target}' is no list of numbers or ids beside this field")
        return None
    value_key = next(name for name in field.type.fields if name != "system")
    return Elsewhere(target, "system", value_key, system)


def _amount(reader: Reader, entries: dict[str, Node], kind: ScalarType) -> Amount | None:
    unit = entries.get("unit")
    if kind.name != "tonnes":
        if unit is not None:
            reader.fault(unit, "'unit' is for quantities in tonnes")
        return None
    if "from" not in entries:
        return None
    units = _units(reader, entries["units"]) if "units" in entries else {}
    for theirs, ours in units.items():
        if ours.casefold() not in UNITS:
            words = f"'{ours}', which '{theirs}' stands for, is no known unit"
            reader.fault(entries["units"].entries.get(theirs, entries["units"]), words, nearest(ours, list(UNITS)))
    if unit is None:
        return Amount(None, "t", units)
    if unit.kind == "map":
        ok = reader.keys(unit, ("from", "steps"), "unit") and "from" in unit.entries
        steps = tuple(steps_of(reader, unit.entries["steps"])) if "steps" in unit.entries else ()
        return Amount(reader.path(unit.entries["from"]), None, units, steps) if ok else None
    if unit.text == "in value":
        return Amount(None, None, units, inside=True)
    fixed = reader.text(unit, "unit")
    if fixed and units.get(fixed, fixed).casefold() not in UNITS:
        reader.fault(unit, f"'{fixed}' is no known unit", nearest(fixed, [*UNITS, "in value"]))
    return Amount(None, fixed, units)


def _units(reader: Reader, node: Node) -> dict[str, str]:
    """Their words for units, inline or as a named table."""
    table = named(reader, node) if node.kind == "scalar" else node
    return dict(table_at(reader, table)) if table is not None else {}
