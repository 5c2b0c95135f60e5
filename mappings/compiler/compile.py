"""MappingSpec → Python source, and beside it the template from which lineage is explained.

One function per scope (the record; the items of each list). A value that is simply there costs a dict lookup, its steps
and an assignment; whatever is unusual (blank, refused, a default) is noted in a list that normally stays empty. The
raw values that were read anyway become the record's tuple: that tuple and the notes are all that lineage keeps per
record. Generated source is 1.4 times faster than closures and 2.4 times faster than walking the spec.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from unicodedata import is_normalized

from canonical_schema.errors import InvalidValue
from canonical_schema.types import SAFE_INTEGER
from mappings import paths
from mappings.compiler import runtime
from mappings.compiler.leaf_code import LeafCode
from mappings.compiler.scope import Names, Scope
from mappings.compiler.template import leaf_template
from mappings.errors import RecordRefused
from mappings.spec import AnyNode, Condition, FieldNode, ItemsNode, Leaf, ListNode, MappingSpec, ObjectNode

Template = dict[str, Any]


@dataclass
class Compiled:
    """`record(root, row, rows, notes, findings)` → (content, raw values, {key, newer}); `reads(root, row)` → raw values."""

    record: Callable[..., Any]
    reads: Callable[..., tuple[Any, ...]]
    template: Template
    source: str


def compile_spec(spec: MappingSpec) -> Compiled:
    code = _Code(spec)
    head = tuple(leaf for leaf in (spec.key, spec.newer) if leaf is not None)
    template = code.scope("record", 1, "", spec.fields, head=head)
    source = "\n\n".join(code.functions) + "\n"
    namespace = code.names
    exec(compile(source, f"<compiled {spec.file}>", "exec"), namespace)  # noqa: S102 - our own source; no text of a mapping enters it as code
    return Compiled(namespace["record"], namespace["reads"], template, source)


def _rank(node: FieldNode) -> int:
    """What a leaf puts beside its own field (a refused number, `declared`) comes after the rules for that place."""
    if isinstance(node, Leaf) and node.standing:
        return 2
    rules = node.rules if isinstance(node, AnyNode) else (node,)
    return int(any(isinstance(rule, Leaf) and (rule.elsewhere or rule.amount) for rule in rules))


class _Code:
    def __init__(self, spec: MappingSpec) -> None:
        self.spec = spec
        self.functions: list[str] = []
        self.names = Names(
            FILL=spec.fillers, InvalidValue=InvalidValue, RecordRefused=RecordRefused, clean=runtime.clean, SAFE=SAFE_INTEGER, normal=is_normalized, word=runtime.word,
            xml_leaf=runtime.xml_leaf, xml_item=runtime.xml_item, xml_object=runtime.xml_object, json_object=runtime.json_object,
        )  # fmt: skip
        self._leaves = LeafCode(self.names, spec.file, spec.fillers)

    # -- scopes

    def scope(
        self,
        name: str,
        depth: int,
        pointer: str,
        nodes: tuple[FieldNode, ...],
        *,
        value: Leaf | None = None,
        head: tuple[Leaf, ...] = (),
    ) -> Template:
        scope = Scope(name, depth, pointer, self.spec.xml)
        result = "o0"
        for leaf in head:
            self._leaves.write(scope, leaf, "h", (), 1)
        if value is not None:
            self._leaves.write(scope, value, "o0", (), 1)
            result, templates = "o0.get('value')", [leaf_template(value, (), scope.slots, None)]
        else:
            templates = self._children(scope, nodes, "o0", (), (), 1)
        raws = "".join(f"v{slot}, " for slot in range(len(scope.slots))) + "".join(f"{one}, " for one in scope.lists)
        first = ["at = ()", "h = {}"] if depth == 1 else []
        extra = "rows, " if depth == 1 else "at, "
        back = f"return {result}, ({raws})" + (", h" if depth == 1 else "")
        lines = [f"def {name}({scope.outer}, {extra}x, f):", *first, *scope.head, "o0 = {}"]
        self.functions.append("\n    ".join(lines) + "\n" + "\n".join(scope.body) + f"\n    {back}")
        if depth == 1:
            slots = "".join(f"v{slot}, " for slot in range(len(scope.slots)))
            self.functions.append("\n    ".join([f"def reads({scope.outer}):", *scope.head, f"return ({slots})"]))
        return {"slots": [[path.up, list(path.segments)] for path in scope.slots], "nodes": templates}

    # -- nodes

    def _children(
        self,
        scope: Scope,
        nodes: tuple[FieldNode, ...],
        into: str,
        prefix: tuple[str, ...],
        conditions: tuple[Condition, ...],
        indent: int,
    ) -> list[Template]:
        """What stands by itself comes last and only into an object that says something; what may spill over, before it."""
        ranked = sorted(nodes, key=_rank)
        templates: list[Template] = []
        guarded = False
        for node in ranked:
            if isinstance(node, Leaf) and node.standing and not guarded:
                scope.emit(indent, f"if {into}:")
                indent, guarded = indent + 1, True
            templates += self._node(scope, node, into, prefix, conditions, indent)
        return templates

    def _node(
        self,
        scope: Scope,
        node: FieldNode,
        into: str,
        prefix: tuple[str, ...],
        conditions: tuple[Condition, ...],
        indent: int,
    ) -> list[Template]:
        indent, conditions = self._when(scope, node.conditions, conditions, indent)
        if isinstance(node, AnyNode):
            return [self._any(scope, node, into, prefix, conditions, indent)]
        if isinstance(node, Leaf):
            self._leaves.write(scope, node, into, prefix, indent)
            unit = node.amount.read if node.amount else None
            deciders = tuple(scope.slots[condition.read] for condition in conditions)
            return [leaf_template(node, prefix, scope.slots, unit, deciders)]
        if isinstance(node, ObjectNode):
            return self._object(scope, node, into, prefix, conditions, indent)
        if isinstance(node, ListNode):
            return [self._list(scope, node, into, prefix, conditions, indent)]
        return [self._items(scope, node, into, prefix, conditions, indent)]

    def _when(
        self, scope: Scope, own: tuple[Condition, ...], outer: tuple[Condition, ...], indent: int
    ) -> tuple[int, tuple[Condition, ...]]:
        """Opens the conditions of a node; gives the indent of what they guard, and all conditions that hold there."""
        if not own:
            return indent, outer
        scope.emit(indent, f"if {' and '.join(self._condition(scope, condition) for condition in own)}:")
        return indent + 1, (*outer, *own)

    def _condition(self, scope: Scope, condition: Condition) -> str:
        text = f"word({scope.read(condition.read)}, FILL)"
        if condition.words is None:
            return f"not {text}" if condition.negated else text
        words = self.names.name("W", condition.words)
        return f"{text} {'not in' if condition.negated else 'in'} {words}"

    def _any(
        self,
        scope: Scope,
        node: AnyNode,
        into: str,
        prefix: tuple[str, ...],
        conditions: tuple[Condition, ...],
        indent: int,
    ) -> Template:
        """The first rule that gives a value; lineage is told which one by a note, unless it's the first."""
        rules: list[Template] = []
        for place, rule in enumerate(node.rules):
            if place:
                scope.emit(indent, f"if {node.field!r} not in {into}:")
            inside = indent + 1 if place else indent
            rules += self._node(scope, rule, into, prefix, conditions, inside)
            if place:
                scope.emit(inside, f"if {node.field!r} in {into}: x.append((at, {node.id}, 'w', {place}))")
        return {"node": "any", "id": node.id, "field": [*prefix, node.field], "rules": rules}

    def _object(
        self,
        scope: Scope,
        node: ObjectNode,
        into: str,
        prefix: tuple[str, ...],
        conditions: tuple[Condition, ...],
        indent: int,
    ) -> list[Template]:
        scope.objects += 1
        own = f"o{scope.objects}"
        scope.emit(indent, f"{own} = {{}}")
        templates = self._children(scope, node.children, own, (*prefix, node.field), conditions, indent)
        scope.emit(indent, f"if {own}: {into}[{node.field!r}] = {own}")
        return templates

    def _list(
        self,
        scope: Scope,
        node: ListNode,
        into: str,
        prefix: tuple[str, ...],
        conditions: tuple[Condition, ...],
        indent: int,
    ) -> Template:
        pointer = scope.pointer + paths.pointer((*prefix, node.field))
        child = f"s{node.id}"
        inner = self.scope(child, scope.depth + 1, pointer + "/{}", node.children, value=node.value)
        place = len(scope.lists)
        raws, items, out = f"w{place}", f"l{place}", f"a{place}"
        scope.lists.append(raws)
        reader = self.names.name("L", runtime.list_reader(pointer, xml=self.spec.xml))
        arrange = self.names.name("A", runtime.arranger(node.id, pointer, numbered=node.numbered, ruled=node.ruled))
        scope.head.append(f"{raws} = ()")
        if node.each is None:
            scope.emit(indent, f"{items} = rows")
        else:
            scope.emit(indent, f"{items} = {scope.lookup(node.each)}")
            scope.emit(indent, f"if {items}.__class__ is not list: {items} = {reader}({items}, at, f)")
        scope.emit(
            indent,
            f"{out} = []",
            f"{raws} = []",
            f"for i, item in enumerate({items}):",
            f"    c, q = {child}({scope.outer}, item, (*at, i), x, f)",
            f"    {out}.append(c)",
            f"    {raws}.append(q)",
            f"{out} = {arrange}({out}, at, x, f)",
            f"if {out}: {into}[{node.field!r}] = {out}",
        )
        each = None if node.each is None else [node.each.up, list(node.each.segments)]
        return {
            "node": "list", "id": node.id, "field": [*prefix, node.field], "each": each, "place": place,
            "scalar": node.value is not None, "numbered": node.numbered, "ruled": node.ruled,
            "line": node.line, "items": inner,
            "when": [scope.slots[condition.read] for condition in conditions],
        }  # fmt: skip

    def _items(
        self,
        scope: Scope,
        node: ItemsNode,
        into: str,
        prefix: tuple[str, ...],
        conditions: tuple[Condition, ...],
        indent: int,
    ) -> Template:
        scope.objects += 1
        out = f"a_{scope.objects}"
        scope.emit(indent, f"{out} = []")
        items: list[list[Template]] = []
        for place, item in enumerate(node.items):
            scope.objects += 1
            own = f"o{scope.objects}"
            scope.emit(indent, f"{own} = {{}}")
            inside, deciders = self._when(scope, item.conditions, conditions, indent)
            items.append(self._children(scope, item.children, own, (*prefix, node.field, str(place)), deciders, inside))
            scope.emit(indent, f"{out}.append({own})")
        pointer = scope.pointer + paths.pointer((*prefix, node.field))
        arrange = self.names.name("A", runtime.arranger(node.id, pointer, numbered=node.numbered, ruled=node.ruled))
        scope.emit(indent, f"{out} = {arrange}({out}, at, x, f)", f"if {out}: {into}[{node.field!r}] = {out}")
        return {
            "node": "items", "id": node.id, "field": [*prefix, node.field], "items": items, "numbered": node.numbered,
            "ruled": node.ruled, "line": node.line,
        }  # fmt: skip
