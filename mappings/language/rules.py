"""The `fields` of a mapping file, read along the standard's own tree of fields."""

from typing import Any

from canonical_schema.declared import Node
from canonical_schema.fields import Field, ObjectType, ScalarType
from canonical_schema.problem import nearest
from canonical_schema.values.quantity import UNITS
from mappings.language.reader import Reader
from mappings.spec import Amount, AnyNode, Condition, Elsewhere, FieldNode, ItemsNode, Leaf, ListNode, ObjectNode
from mappings.steps.numbers import plain_number
from mappings.steps.step import BoundStep, normal

LEAF_KEYS = (
    "from", "join", "steps", "lookup", "else", "time", "unit", "units", "split", "const", "position", "default",
    "required", "refused", "when", "into",
)  # fmt: skip
LIST_KEYS = ("each", "each_row", "fields", "value", "when")


def fields_of(
    reader: Reader, node: Node, tree: ObjectType, scopes: int, *, grouped: bool = False, when: bool = False
) -> tuple[FieldNode, ...]:
    """`when`: the map may have a condition among its fields, which the caller reads."""
    if node.kind != "map":
        reader.fault(node, f"here stands a map of the standard's fields: {', '.join(tree.fields)}")
        return ()
    out: list[FieldNode] = []
    for name, rule in node.entries.items():
        if name == "when" and when:
            continue
        if name == "when":
            words = (
                "no condition may stand here: it belongs in a value's rule, an object, a list, or an item written out"
            )
            reader.fault_at(*node.key_marks[name], words)
            continue
        field = tree.fields.get(name)
        if field is None:
            words = f"the standard's {tree.name} has no field '{name}'"
            reader.fault_at(*node.key_marks[name], words, nearest(name, list(tree.fields)), "unknown field")
            continue
        read = _field(reader, rule, field, tree, scopes, grouped=grouped)
        if read is not None:
            out.append(read)
    return tuple(out)


def _field(
    reader: Reader, node: Node, field: Field, tree: ObjectType, scopes: int, *, grouped: bool
) -> FieldNode | None:
    if field.many:
        return _list(reader, node, field, scopes, grouped=grouped)
    if isinstance(field.type, ObjectType):
        children = fields_of(reader, node, field.type, scopes, grouped=grouped, when=True)
        return ObjectNode(field.name, children, _conditions(reader, node, scopes))
    if node.kind == "list":
        rules = tuple(leaf_of(reader, item, field.name, field.type, scopes, tree=tree) for item in node.items)
        return AnyNode(reader.number(), field.name, rules)
    return leaf_of(reader, node, field.name, field.type, scopes, tree=tree)


def _list(reader: Reader, node: Node, field: Field, scopes: int, *, grouped: bool) -> FieldNode | None:
    if node.kind == "list":
        if not isinstance(field.type, ObjectType):
            reader.fault(node, f"{field.name} is a list of values: say 'each' and 'value', or 'from' and 'split'")
            return None
        kind, number = field.type, reader.number()
        items = tuple(_item(reader, item, field.name, kind, scopes) for item in node.items)
        return ItemsNode(number, field.name, node.line, items, "seq" in kind.fields)
    if node.kind == "map" and "split" in node.entries:
        return _split(reader, node, field, scopes)
    if not reader.keys(node, LIST_KEYS, f"the list {field.name}"):
        return None
    rows = "each_row" in node.entries
    if rows == ("each" in node.entries):
        reader.fault(node, f"the list {field.name} says either 'each: path' or 'each_row: yes'")
        return None
    if rows and not grouped:
        reader.fault(
            node.entries["each_row"],
            "each_row needs 'group' at the top: the path whose value the rows of a record share",
        )
    return _each(reader, node, field, scopes)


def _item(reader: Reader, node: Node, name: str, kind: ObjectType, scopes: int) -> ObjectNode:
    children = fields_of(reader, node, kind, scopes, when=True)
    if node.kind == "map" and not set(node.entries) - {"when"}:
        reader.fault(node, f"an item of {name} has at least one of: {', '.join(kind.fields)}")
    return ObjectNode(name, children, _conditions(reader, node, scopes))


def _split(reader: Reader, node: Node, field: Field, scopes: int) -> FieldNode | None:
    """A list made from one text; `into` names the one field that its objects have."""
    if not isinstance(field.type, ObjectType):
        return leaf_of(reader, node, field.name, field.type, scopes)
    into = reader.text(node.entries["into"], "into") if "into" in node.entries else ""
    inner = field.type.fields.get(into)
    if inner is None or inner.many or isinstance(inner.type, ObjectType):
        words = f"the items of {field.name} are objects: 'into' names the field that a part becomes"
        reader.fault(node.entries.get("into", node), words, nearest(into, list(field.type.fields)))
        return None
    return leaf_of(reader, node, field.name, inner.type, scopes)


def _each(reader: Reader, node: Node, field: Field, scopes: int) -> FieldNode | None:
    entries = node.entries
    each = reader.path(entries["each"], scopes) if "each" in entries else None
    children: tuple[FieldNode, ...] = ()
    value: Leaf | None = None
    wanted = "fields" if isinstance(field.type, ObjectType) else "value"
    if wanted not in entries:
        reader.fault(node, f"the list {field.name} needs '{wanted}'")
        return None
    if isinstance(field.type, ObjectType):
        children = fields_of(reader, entries["fields"], field.type, scopes + 1)
    else:
        value = leaf_of(reader, entries["value"], "value", field.type, scopes + 1)
    numbered = isinstance(field.type, ObjectType) and "seq" in field.type.fields
    conditions = _conditions(reader, node, scopes)
    return ListNode(reader.number(), field.name, node.line, each, children, value, numbered, conditions)


def leaf_of(
    reader: Reader,
    node: Node,
    name: str,
    kind: ScalarType,
    scopes: int,
    *,
    tree: ObjectType | None = None,
    required: bool = False,
) -> Leaf:
    """One rule. Its short form is the path alone."""
    number, line = reader.number(), node.line
    if node.kind == "scalar":
        steps = tuple(_final(reader, node, None, kind))
        elsewhere = _elsewhere(reader, kind, tree)
        return Leaf(
            number, name, kind, line, (reader.path(node, scopes),), steps=steps, required=required, elsewhere=elsewhere
        )
    if not reader.keys(node, LEAF_KEYS, f"the rule of {name}"):
        return Leaf(number, name, kind, line)
    entries = node.entries
    sources = [key for key in ("from", "const", "position") if key in entries]
    if len(sources) != 1 and all(key in LEAF_KEYS for key in entries):
        reader.fault(node, f"the rule of {name} says just one of: from, const, position")
        return Leaf(number, name, kind, line)
    refused = entries.get("refused")
    return Leaf(
        number,
        name,
        kind,
        line,
        reads=_reads(reader, entries, scopes),
        join=reader.text(entries["join"], "join") if "join" in entries else None,
        steps=tuple(_steps(reader, node, kind)),
        split=normal(reader.text(entries["split"], "split")) if "split" in entries else None,
        into=reader.text(entries["into"], "into") if "into" in entries else None,
        constant=reader.value(entries["const"], kind) if "const" in entries else None,
        position=_position(reader, entries.get("position"), scopes),
        default=reader.value(entries["default"], kind) if "default" in entries else None,
        required=required or ("required" in entries and reader.yes(entries["required"])),
        reject=refused is not None and refused.kind == "scalar" and _refused_word(reader, refused),
        elsewhere=_elsewhere(reader, kind, tree, refused),
        amount=_amount(reader, entries, kind, scopes),
        conditions=_conditions(reader, node, scopes),
    )


def _reads(reader: Reader, entries: dict[str, Node], scopes: int) -> tuple[Any, ...]:
    node = entries.get("from")
    if node is None:
        return ()
    if node.kind == "list":
        return tuple(reader.path(item, scopes) for item in node.items)
    return (reader.path(node, scopes),)


def _position(reader: Reader, node: Node | None, scopes: int) -> int | None:
    if node is None:
        return None
    if not scopes:
        reader.fault(node, "position counts the items of a list; there is none around this field")
    if reader.text(node, "position") not in {"0", "1"}:
        reader.fault(node, "position says from where it counts: 0 or 1")
        return None
    return int(node.text)


def _steps(reader: Reader, node: Node, kind: ScalarType) -> list[BoundStep]:
    entries = node.entries
    steps = reader.steps(entries["steps"]) if "steps" in entries else []
    if "lookup" in entries:
        otherwise = reader.text(entries["else"], "else") if "else" in entries else None
        found = reader.lookup(entries["lookup"], otherwise, kind)
        steps += [found] if found else []
    elif "else" in entries:
        reader.fault(entries["else"], "else goes with lookup: what a value becomes that the table doesn't list")
    return steps + _final(reader, node, entries.get("time"), kind)


def _final(reader: Reader, at: Node, time: Node | None, kind: ScalarType) -> list[BoundStep]:
    """What the type itself asks for: a time its formats, a number its separators."""
    if kind.name in {"moment", "instant"}:
        step = reader.time(time, at, kind.name)
        return [step] if step else []
    if time is not None:
        reader.fault(time, f"'time' is for fields that hold a time; this one holds {kind.name}")
    if kind.name in {"tonnes", "number", "int", "money"}:
        return [BoundStep(plain_number, "number")]
    return []


def _refused_word(reader: Reader, node: Node) -> bool:
    if node.text not in {"absent", "reject"}:
        reader.fault(
            node, "refused says: absent, reject, or {to: list, system: name}", nearest(node.text, ("absent", "reject"))
        )
    return node.text == "reject"


def _elsewhere(reader: Reader, kind: ScalarType, tree: ObjectType | None, node: Node | None = None) -> Elsewhere | None:
    """M001, M002: what isn't a national number is a local one; a code that fails its check is another id."""
    target, system = {"manifest_no": "local_numbers", "uscc": "other_ids"}.get(kind.name, ""), reader.system
    if node is not None:
        if node.kind == "scalar":
            return None
        if not reader.keys(node, ("to", "system"), "refused") or "to" not in node.entries:
            reader.fault(node, "refused says: absent, reject, or {to: list, system: name}")
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


def _amount(reader: Reader, entries: dict[str, Node], kind: ScalarType, scopes: int) -> Amount | None:
    unit = entries.get("unit")
    if kind.name != "tonnes":
        if unit is not None:
            reader.fault(unit, "'unit' is for quantities in tonnes")
        return None
    if "from" not in entries:
        return None
    units = _units(reader, entries["units"]) if "units" in entries else {}
    if unit is None:
        return Amount(None, "t", units)
    if unit.kind == "map":
        ok = reader.keys(unit, ("from",), "unit") and "from" in unit.entries
        return Amount(reader.path(unit.entries["from"], scopes), None, units) if ok else None
    fixed = reader.text(unit, "unit")
    if fixed and units.get(fixed, fixed).casefold() not in UNITS:
        reader.fault(unit, f"'{fixed}' is no known unit", nearest(fixed, list(UNITS)))
    return Amount(None, fixed, units)


def _units(reader: Reader, node: Node) -> dict[str, str]:
    """Their words for units, inline or as a named table."""
    table = reader.named(node) if node.kind == "scalar" else node
    return reader.table(table) if table is not None else {}


def _conditions(reader: Reader, node: Node, scopes: int) -> tuple[Condition, ...]:
    """`when: {from: path, is: [words]}`, `is_not: [words]`, or `given: yes|no`."""
    when = node.entries.get("when") if node.kind == "map" else None
    if when is None or not reader.keys(when, ("from", "is", "is_not", "given"), "when"):
        return ()
    entries = when.entries
    tests = [key for key in ("is", "is_not", "given") if key in entries]
    if "from" not in entries or len(tests) != 1:
        reader.fault(when, "when says 'from: path' and one of: is, is_not, given")
        return ()
    read, test = reader.path(entries["from"], scopes), tests[0]
    if test == "given":
        return (Condition(read, None, not reader.yes(entries["given"])),)
    return (Condition(read, frozenset(reader.words(entries[test], test)), test == "is_not"),)
