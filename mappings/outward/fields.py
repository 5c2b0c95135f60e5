"""The `fields` of an outward mapping: any names, in the order in which they are written."""

from typing import Literal

from canonical_schema.declared import Node
from mappings.language.conditions import conditions_of
from mappings.language.shared import expanded
from mappings.outward.leaf import leaf_of
from mappings.outward.rendering import is_xml_name
from mappings.outward.shape import VALUE, Shape
from mappings.outward.standard_paths import StandardReader
from mappings.spec import AnyNode, FieldNode, FirstNode, Leaf, ListNode, ObjectNode

OBJECT_KEYS = ("fields", "in", "when", "mark", "embedded")
LIST_KEYS = ("each", "where", "distinct", "fields", "value", "when", "mark", "embedded")
FIRST_KEYS = ("first", "where", "fields", "value", "when", "mark", "embedded")

Form = Literal["json", "xml", "text"]
"""What fields stand in: an object of JSON, an element of XML, or one text with marks."""


def fields_of(reader: StandardReader, node: Node, form: Form) -> tuple[tuple[FieldNode, ...], dict[str, Shape]]:
    node = expanded(reader, node)
    if node.kind != "map" or not node.entries:
        reader.fault(node, "here stands a map: the payload's field → its rule")
        return (), {}
    nodes: list[FieldNode] = []
    shapes: dict[str, Shape] = {}
    for name, rule in node.entries.items():
        if form == "xml" and name != "." and not is_xml_name(name.removeprefix("@")):
            reader.fault_at_key(node, name, f"'{name}' can't be the name of an element or attribute of XML")
        if {"{", "}"} & set(name):  # what is told of a value names its field, with places for list positions
            reader.fault_at_key(node, name, f"the name '{name}' may hold no braces")
        read = _field(reader, expanded(reader, rule), name, form)
        if read is None:
            continue
        if (form == "text" or (form == "xml" and name[:1] in {"@", "."})) and not _one_value(*read):
            reader.fault_at_key(node, name, f"{name} is one text here: say 'mark' or 'embedded', or give it one value")
        nodes.append(read[0])
        shapes[name] = read[1]
    return tuple(nodes), shapes


def _one_value(node: FieldNode, shape: Shape) -> bool:
    one = isinstance(node, Leaf | AnyNode) or (isinstance(node, FirstNode) and node.value is not None)
    return one or shape.embedded or shape.mark is not None


def _field(reader: StandardReader, node: Node, name: str, form: Form) -> tuple[FieldNode, Shape] | None:
    if node.kind == "list":
        rules = tuple(leaf_of(reader, item, name) for item in node.items)
        return AnyNode(reader.number(), name, rules), VALUE
    if node.kind == "map" and {"each", "first"} & node.entries.keys():
        return _list(reader, node, name, form)
    if node.kind == "map" and "fields" in node.entries:
        return _object(reader, node, name, form)
    return leaf_of(reader, node, name), VALUE


def _object(reader: StandardReader, node: Node, name: str, form: Form) -> tuple[FieldNode, Shape] | None:
    if not reader.keys(node, OBJECT_KEYS, f"the object {name}"):
        return None
    base: tuple[str, ...] = ()
    if "in" in node.entries:
        path = reader.path(node.entries["in"])
        base = path.segments[len(reader.base) :]
        if path.up:
            reader.fault(node.entries["in"], "'in' leads inward from where the object stands")
            return None
    with reader.inside(base=base):
        conditions = conditions_of(reader, node)
        children, shapes = fields_of(reader, node.entries["fields"], _inner(node, form))
    return ObjectNode(name, children, conditions), _shape(reader, node, shapes)


def _list(reader: StandardReader, node: Node, name: str, form: Form) -> tuple[FieldNode, Shape] | None:
    """A list, or (`first`) what its first element that passes `where` says."""
    entries = node.entries
    way = "first" if "first" in entries else "each"
    if not reader.keys(node, FIRST_KEYS if way == "first" else LIST_KEYS, f"the list {name}"):
        return None
    if ("fields" in entries) == ("value" in entries):
        reader.fault(node, f"the list {name} says either 'fields' or 'value'")
        return None
    number, each, conditions = reader.number(), reader.path(entries[way]), conditions_of(reader, node)
    place = reader.place_of(each, entries[way])
    if place is None:
        return None
    if not place.many:
        reader.fault(entries[way], f"{'/'.join(place.section)} is no list")
        return None
    children: tuple[FieldNode, ...] = ()
    shapes: dict[str, Shape] = {}
    value: Leaf | None = None
    with reader.element(place):
        where = conditions_of(reader, node, "where")
        distinct = reader.path(entries["distinct"]) if "distinct" in entries else None
        if "fields" in entries:
            children, shapes = fields_of(reader, entries["fields"], _inner(node, form))
        else:
            value = leaf_of(reader, entries["value"], "value")
    made: FieldNode
    if way == "first":
        made = FirstNode(number, name, reader.place(node), each, children, conditions, where, value)
    else:
        made = ListNode(number, name, reader.place(node), each, children, value, numbered=False, conditions=conditions, where=where, distinct=distinct, once=False)  # fmt: skip
    return made, _shape(reader, node, shapes)


def _inner(node: Node, form: Form) -> Form:
    return "text" if "mark" in node.entries else "json" if "embedded" in node.entries else form


def _shape(reader: StandardReader, node: Node, shapes: dict[str, Shape]) -> Shape:
    """`mark: '|'` puts the values of an object, or a list's values, into one text; a list of objects says two,
    `mark: [',', ';']`: the one between an item's values, then the one between items."""
    entries = node.entries
    embedded = "embedded" in entries and bool(reader.word(entries["embedded"], "embedded", ("json",)))
    if "mark" not in entries:
        return Shape(shapes, embedded=embedded)
    if embedded:
        reader.fault_at_key(node, "embedded", "one text is made by 'mark' or as JSON, not both")
    if {"first", "value"} <= entries.keys():
        reader.fault_at_key(node, "mark", "one value needs no mark")
    marks = reader.texts(entries["mark"], "mark")
    wanted = 2 if {"each", "fields"} <= entries.keys() else 1
    if len(marks) != wanted or not all(marks) or len(set(marks)) < wanted:
        words = "two different marks: between an item's values, then between items" if wanted == 2 else "one mark"
        reader.fault(entries["mark"], f"here stands {words}")
        return Shape(shapes)
    return Shape(shapes, marks[0], marks[1] if wanted == 2 else None, place=reader.place(node))
