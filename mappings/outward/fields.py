"""The `fields` of an outward mapping: any names, in the order in which they are written."""

from canonical_schema.declared import Node
from mappings.language.conditions import conditions_of
from mappings.language.shared import expanded
from mappings.outward.leaf import leaf_of
from mappings.outward.shape import VALUE, Shape
from mappings.outward.standard_paths import StandardReader
from mappings.spec import AnyNode, FieldNode, Leaf, ListNode, ObjectNode

OBJECT_KEYS = ("fields", "in", "when", "mark", "embedded")
LIST_KEYS = ("each", "where", "distinct", "fields", "value", "when", "mark", "embedded")


def fields_of(reader: StandardReader, node: Node) -> tuple[tuple[FieldNode, ...], dict[str, Shape]]:
    node = expanded(reader, node)
    if node.kind != "map" or not node.entries:
        reader.fault(node, "here stands a map: the payload's field → its rule")
        return (), {}
    nodes: list[FieldNode] = []
    shapes: dict[str, Shape] = {}
    for name, rule in node.entries.items():
        read = _field(reader, expanded(reader, rule), name)
        if read is not None:
            nodes.append(read[0])
            shapes[name] = read[1]
    return tuple(nodes), shapes


def _field(reader: StandardReader, node: Node, name: str) -> tuple[FieldNode, Shape] | None:
    if node.kind == "list":
        rules = tuple(leaf_of(reader, item, name) for item in node.items)
        return AnyNode(reader.number(), name, rules), VALUE
    if node.kind == "map" and "each" in node.entries:
        return _list(reader, node, name)
    if node.kind == "map" and "fields" in node.entries:
        return _object(reader, node, name)
    return leaf_of(reader, node, name), VALUE


def _object(reader: StandardReader, node: Node, name: str) -> tuple[FieldNode, Shape] | None:
    if not reader.keys(node, OBJECT_KEYS, f"the object {name}"):
        return None
    conditions = conditions_of(reader, node)
    base: tuple[str, ...] = ()
    if "in" in node.entries:
        path = reader.path(node.entries["in"])
        base = path.segments[len(reader.base) :]
    with reader.inside(base=base):
        children, shapes = fields_of(reader, node.entries["fields"])
    return ObjectNode(name, children, conditions), _shape(reader, node, shapes)


def _list(reader: StandardReader, node: Node, name: str) -> tuple[FieldNode, Shape] | None:
    entries = node.entries
    if not reader.keys(node, LIST_KEYS, f"the list {name}"):
        return None
    if ("fields" in entries) == ("value" in entries):
        reader.fault(node, f"the list {name} says either 'fields' or 'value'")
        return None
    number, each, conditions = reader.number(), reader.path(entries["each"]), conditions_of(reader, node)
    place = reader.place_of(each, entries["each"])
    if place is None:
        return None
    if not place.many:
        reader.fault(entries["each"], f"{'/'.join(place.section)} is no list")
        return None
    children: tuple[FieldNode, ...] = ()
    shapes: dict[str, Shape] = {}
    value: Leaf | None = None
    with reader.element(place):
        where = conditions_of(reader, node, "where")
        distinct = reader.path(entries["distinct"]) if "distinct" in entries else None
        if "fields" in entries:
            children, shapes = fields_of(reader, entries["fields"])
        else:
            value = leaf_of(reader, entries["value"], "value")
    made = ListNode(number, name, reader.place(node), each, children, value, numbered=False, conditions=conditions, where=where, distinct=distinct)  # fmt: skip
    return made, _shape(reader, node, shapes)


def _shape(reader: StandardReader, node: Node, shapes: dict[str, Shape]) -> Shape:
    """`mark: '|'` puts the values of an object, or the items of a list, into one text; of both, `mark: [',', ';']` says
    first the one between an item's values."""
    mark = node.entries.get("mark")
    embedded = "embedded" in node.entries and bool(reader.word(node.entries["embedded"], "embedded", ("json",)))
    if mark is None:
        return Shape(shapes, embedded=embedded)
    return Shape(shapes, reader.text(mark, "mark"), embedded)
