"""The statements that make lists: an item for each element, the first element that fits, or items written out."""

from typing import Any, Protocol

from mappings.compiler import arranging
from mappings.compiler.leaf_code import LeafCode
from mappings.compiler.scope import Names, Scope, Spot
from mappings.compiler.template import deciders, leaf_template, rule_of
from mappings.paths import SourcePath
from mappings.spec import Condition, FieldNode, FirstNode, Leaf, ListNode, MappingSpec, ObjectNode, PartsNode

Template = dict[str, Any]


class Code(Protocol):
    """What lists need of the whole (compile.Code)."""

    spec: MappingSpec
    names: Names
    leaves: LeafCode

    def item(
        self, outer: Scope, name: str, pointer: str, node: ListNode | FirstNode, value: Leaf | None = None
    ) -> Template: ...

    def children(self, scope: Scope, nodes: tuple[FieldNode, ...], spot: Spot) -> list[Template]: ...

    def when(self, scope: Scope, conditions: tuple[Condition, ...], spot: Spot) -> Spot: ...


def each(code: Code, scope: Scope, node: ListNode, spot: Spot) -> Template:
    """One item for each element, put into a list of its own."""
    out, before, pointer = scope.fresh("a"), scope.fresh("b"), scope.field(spot.to(node.field))
    scope.emit(spot.indent, f"{out} = []", f"{before} = len(f)")
    template = _elements(code, scope, node, spot, out, f"(*{scope.at}, i)")
    numbered = {"numbered": node.numbered, "ruled": _ruled(node.children)}
    once = node.once and node.value is not None
    arrange = code.names.name("A", arranging.arranger(node.id, pointer, **numbered, once=once))
    # most lists are in order: the call is left out where there is nothing to arrange
    if any(numbered.values()):
        needed = ""
    else:
        needed = f"if len({out}) > 1 or not all({out}): " if once else f"if not all({out}): "
    scope.emit(
        spot.indent,
        f"{needed}{out} = {arrange}({out}, {scope.at}, x, f, {before})",
        f"if {out}: {spot.into}[{node.field!r}] = {out}",
    )
    return template | numbered


def _elements(code: Code, scope: Scope, node: ListNode, spot: Spot, out: str, at: str) -> Template:
    """Appends an item for each element to `out`; `at`: the expression for an item's positions."""
    pointer = scope.field(spot.to(node.field))
    child, (raws, items) = f"s{node.id}", _declared(scope)
    place = len(scope.lists) - 1
    inner = code.item(scope, child, f"{pointer}/{scope.next_position()}", node, node.value)
    if node.each is None:
        scope.emit(spot.indent, f"{items} = rows")
    else:
        _read(code, scope, spot, items, node.each, pointer)
    each, outer = ("item", scope.outer) if node.each is not None else ("(o, item)", f"*o, r{scope.depth}")
    scope.emit(spot.indent, f"{raws} = []", f"for i, {each} in enumerate({items}):")
    scope.emit(spot.indent + 1, f"c, q = {child}({outer}, item, {at}, x, f)")
    if node.distinct is not None:
        seen, slot = scope.fresh("d"), inner["slots"].index(_path(node.distinct))
        scope.head.append(f"{seen} = set()")
        scope.emit(
            spot.indent + 1,
            f"if c is not None and c != {{}} and (k := word(q[{slot}], FILL)):",
            f"    if k in {seen}: c = None",
            f"    {seen}.add(k)",
        )
    scope.emit(spot.indent + 1, f"{out}.append(c)", f"{raws}.append(q)")
    return {
        "node": "list", "id": node.id, "field": [*spot.to(node.field)], "each": _path(node.each), "place": place,
        "scalar": node.value is not None, "rule": rule_of(node.place), "items": inner, "when": deciders(scope, spot),
    } | ({"distinct": inner["slots"].index(_path(node.distinct))} if node.distinct is not None else {})  # fmt: skip


def first(code: Code, scope: Scope, node: FirstNode, spot: Spot) -> Template:
    """The object from the first element that passes and says something; lineage keeps which one it was."""
    pointer = scope.field(spot.to(node.field))
    child, (raws, items) = f"s{node.id}", _declared(scope)
    place = len(scope.lists) - 1
    inner = code.item(scope, child, pointer, node, node.value)
    _read(code, scope, spot, items, node.each, pointer)
    scope.emit(
        spot.indent,
        f"for i, item in enumerate({items}):",
        f"    c, q = {child}({scope.outer}, item, (*{scope.at}, i), x, f)",
        "    if c not in (None, {}):",
        f"        {spot.into}[{node.field!r}], {raws} = c, (i, q)",
        "        break",
    )
    return {
        "node": "first", "id": node.id, "field": [*spot.to(node.field)], "each": _path(node.each), "place": place,
        "scalar": node.value is not None, "rule": rule_of(node.place), "items": inner, "when": deciders(scope, spot),
    }  # fmt: skip


def parts(code: Code, scope: Scope, node: PartsNode, spot: Spot) -> Template:
    """A list written out. Positions count what could have become an item, in order, whatever part it's from."""
    out, before, pointer = scope.fresh("a"), scope.fresh("b"), scope.field(spot.to(node.field))
    scope.emit(spot.indent, f"{out} = []", f"{before} = len(f)")
    made = [_part(code, scope, part, spot, node.field, out) for part in node.parts]
    ruled = any(_ruled(part.children) for part in node.parts if not isinstance(part, Leaf))
    numbered = {"numbered": node.numbered, "ruled": ruled}
    scalar = any(isinstance(part, Leaf) or (isinstance(part, ListNode) and part.value) for part in node.parts)
    arrange = code.names.name("A", arranging.arranger(node.id, pointer, **numbered, once=scalar))
    scope.emit(
        spot.indent,
        f"{out} = {arrange}({out}, {scope.at}, x, f, {before})",
        f"if {out}: {spot.into}[{node.field!r}] = {out}",
    )
    return {
        "node": "parts", "id": node.id, "field": [*spot.to(node.field)], "parts": made, "rule": rule_of(node.place),
    } | numbered  # fmt: skip


def _part(code: Code, scope: Scope, part: ObjectNode | Leaf | ListNode, spot: Spot, name: str, out: str) -> Template:
    if isinstance(part, ListNode):
        return {
            "list": _elements(
                code, scope, part, code.when(scope, part.conditions, spot), out, f"(*{scope.at}, len({out}))"
            )
        }
    own, at = scope.fresh("o"), scope.fresh("at")
    scope.emit(spot.indent, f"{own} = {{}}", f"{at} = (*{scope.at}, len({out}))")
    inside = code.when(scope, part.conditions, spot.deeper(into=own, prefix=(*spot.to(name), scope.next_position())))
    with scope.item(at):
        if isinstance(part, Leaf):
            code.leaves.write(scope, part, inside)
            made: Template = {"value": leaf_template(scope, part, inside)}
        else:
            made = {"object": code.children(scope, part.children, inside)}
    scope.emit(spot.indent, f"{out}.append({own}.get('value'))" if isinstance(part, Leaf) else f"{out}.append({own})")
    return made


def _declared(scope: Scope) -> tuple[str, str]:
    """Variables for a list's raw values, empty until it's read, and for its elements."""
    raws, items = f"w{len(scope.lists)}", f"l{len(scope.lists)}"
    scope.lists.append(raws)
    scope.head.append(f"{raws} = ()")
    return raws, items


def _read(code: Code, scope: Scope, spot: Spot, items: str, path: SourcePath, pointer: str) -> None:
    reader = code.names.name("L", arranging.list_reader(pointer, xml=scope.is_xml(path)))
    scope.emit(
        spot.indent,
        f"{items} = {scope.lookup(path)}",
        f"if {items}.__class__ is not list: {items} = () if {items} is None else {reader}({items}, {scope.at}, f)",
    )


def _path(path: SourcePath | None) -> list[Any] | None:
    return None if path is None else [path.up, list(path.segments)]


def _ruled(children: tuple[FieldNode, ...]) -> bool:
    """Whether the mapping has a rule for the seq."""
    return any(child.field == "seq" for child in children)
