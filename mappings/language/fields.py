"""The `fields` of a mapping file, read along a tree of fields: objects, and the lists in them."""

from dataclasses import replace

from canonical_schema.declared import Node
from canonical_schema.fields import Field, ObjectType
from canonical_schema.problem import nearest
from mappings.language.advice import unfilled, unreachable
from mappings.language.conditions import conditions_of
from mappings.language.leaf import leaf_of
from mappings.language.points import coordinates
from mappings.language.reader import Reader
from mappings.language.shared import expanded
from mappings.paths import SourcePath
from mappings.spec import AnyNode, Condition, FieldNode, FirstNode, Leaf, ListNode, ObjectNode, PartsNode

LIST_KEYS = ("each", "each_row", "distinct", "where", "fields", "value", "when")
FIRST_KEYS = ("first", "where", "fields", "when")
OBJECT_KEYS = ("when", "in")


def fields_of(reader: Reader, node: Node, tree: ObjectType, extra: tuple[str, ...] = ()) -> tuple[FieldNode, ...]:
    """The rules for an object's fields. `extra`: what else may stand among them, which the caller reads."""
    node = expanded(reader, node)
    if node.kind != "map":
        reader.fault(node, f"here stands a map of the standard's fields: {', '.join(tree.fields)}")
        return ()
    placed = coordinates(reader, node, tree)
    out: list[FieldNode] = [*placed.values()]
    for name, rule in node.entries.items():
        if name in placed or (name == "crs" and "lon" in tree.fields):
            continue
        field = tree.fields.get(name)
        if field is not None:
            read = _field(reader, rule, field, tree)
            out += [read] if read is not None else []
        elif name in OBJECT_KEYS:
            if name not in extra:
                words = f"'{name}' can't stand here: it belongs in a value's rule, an object, a list, or an item written out"
                reader.fault_at_key(node, name, words)
        else:
            words = f"the standard's {tree.name} has no field '{name}'"
            reader.fault_at_key(node, name, words, nearest(name, list(tree.fields)), "unknown field")
    unfilled(reader, node, tree, {child.field for child in out})
    return tuple(out)


def _field(reader: Reader, node: Node, field: Field, tree: ObjectType) -> FieldNode | None:
    if field.many:
        return _list(reader, expanded(reader, node), field)
    if isinstance(field.type, ObjectType):
        return _object(reader, expanded(reader, node), field.name, field.type)
    if node.kind == "list":
        rules = tuple(leaf_of(reader, item, field.name, field.type, tree=tree) for item in node.items)
        unreachable(reader, node, rules)
        return AnyNode(reader.number(), field.name, rules)
    return leaf_of(reader, node, field.name, field.type, tree=tree)


def _object(reader: Reader, node: Node, name: str, kind: ObjectType) -> ObjectNode | FirstNode | None:
    """`in: path` says where the paths of the object begin; `first: list` takes it from one element of a list."""
    if node.kind == "map" and "first" in node.entries:
        return _first(reader, node, name, kind)
    base: tuple[str, ...] = ()
    if node.kind == "map" and "in" in node.entries:
        path = reader.path(node.entries["in"])
        base = path.segments[len(reader.base) :]
        if path.up:
            reader.fault(node.entries["in"], "'in' leads inward from where the object stands")
    with reader.inside(base=base):
        return ObjectNode(name, fields_of(reader, node, kind, OBJECT_KEYS), conditions_of(reader, node))


def _first(reader: Reader, node: Node, name: str, kind: ObjectType) -> FirstNode | None:
    if not reader.keys(node, FIRST_KEYS, name) or "fields" not in node.entries:
        reader.fault(node, f"{name} from the first of a list also needs 'fields'")
        return None
    number, each, conditions = reader.number(), reader.path(node.entries["first"]), conditions_of(reader, node)
    with reader.inside(item=True):
        where = conditions_of(reader, node, "where")
        children = fields_of(reader, node.entries["fields"], kind)
    return FirstNode(number, name, reader.place(node), each, children, conditions, where)


def _list(reader: Reader, node: Node, field: Field) -> FieldNode | None:
    if node.kind == "list":
        number = reader.number()
        parts = [part for item in node.items if (part := _part(reader, expanded(reader, item), field)) is not None]
        return PartsNode(number, field.name, reader.place(node), tuple(parts), _numbered(field))
    if node.kind == "map" and "split" in node.entries:
        return _split(reader, node, field)
    if node.kind == "map" and {"each", "each_row"} & node.entries.keys():
        return _each(reader, node, field)
    words = f"{field.name} is a list: say 'each: path', 'each_row: yes', 'from' with 'split', or write its items out"
    reader.fault(node, words)
    return None


def _part(reader: Reader, node: Node, field: Field) -> ObjectNode | Leaf | ListNode | None:
    """One part of a list that is written out."""
    if node.kind == "map" and {"each", "each_row"} & node.entries.keys():
        return _each(reader, node, field)
    if not isinstance(field.type, ObjectType):
        return leaf_of(reader, node, "value", field.type)
    if node.kind == "map" and not set(node.entries) - set(OBJECT_KEYS):
        reader.fault(node, f"an item of {field.name} has at least one of: {', '.join(field.type.fields)}")
    made = _object(reader, node, field.name, field.type)
    if isinstance(made, FirstNode):
        reader.fault(node, "'first' makes an object of its own; in a list say 'each' with 'where'")
        return None
    return made


def _split(reader: Reader, node: Node, field: Field) -> FieldNode | None:
    """A list made from one text; `into` names the one field that its objects have."""
    if not isinstance(field.type, ObjectType):
        if "into" in node.entries:
            reader.fault_at_key(node, "into", f"the items of {field.name} are values: there is no 'into'")
        return leaf_of(reader, node, field.name, field.type, many=True)
    into = reader.text(node.entries["into"], "into") if "into" in node.entries else ""
    inner = field.type.fields.get(into)
    if inner is None or inner.many or isinstance(inner.type, ObjectType):
        words = f"the items of {field.name} are objects: 'into' names the field that a part becomes"
        reader.fault(node.entries.get("into", node), words, nearest(into, list(field.type.fields)))
        return None
    return replace(leaf_of(reader, node, field.name, inner.type, many=True), numbered=_numbered(field))


def _each(reader: Reader, node: Node, field: Field) -> ListNode | None:
    entries = node.entries
    if not reader.keys(node, LIST_KEYS, f"the list {field.name}"):
        return None
    rows, objects = "each_row" in entries, isinstance(field.type, ObjectType)
    wanted = "fields" if objects else "value"
    if rows == ("each" in entries):
        reader.fault(node, f"the list {field.name} says either 'each: path' or 'each_row: yes'")
        return None
    if wanted not in entries:
        reader.fault(node, f"the list {field.name} needs '{wanted}'")
        return None
    if rows and (not reader.grouped or reader.scopes != reader.record_scopes):
        words = "each_row stands in the record itself and needs 'group' at the top: the path whose value its rows share"
        reader.fault(entries["each_row"], words)
    if rows and not reader.yes(entries["each_row"]):
        reader.fault(entries["each_row"], "this says yes, or isn't there")
    number, each = reader.number(), None if rows else reader.path(entries["each"])
    conditions = conditions_of(reader, node)
    children: tuple[FieldNode, ...] = ()
    value: Leaf | None = None
    with reader.inside(item=True):
        where: tuple[Condition, ...] = conditions_of(reader, node, "where")
        distinct: SourcePath | None = reader.path(entries["distinct"]) if "distinct" in entries else None
        if isinstance(field.type, ObjectType):
            children = fields_of(reader, entries["fields"], field.type)
        else:
            value = leaf_of(reader, entries["value"], "value", field.type)
    return ListNode(
        number, field.name, reader.place(node), each, children, value, _numbered(field), conditions, where, distinct
    )


def _numbered(field: Field) -> bool:
    return isinstance(field.type, ObjectType) and "seq" in field.type.fields
