"""Reads one rule or node of a mapping file; collects every fault with its line, column and the likely word."""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

from canonical_schema.declared import Node
from canonical_schema.errors import InvalidValue
from canonical_schema.fields import ScalarType
from canonical_schema.problem import Problem, nearest
from canonical_schema.values.text import compact
from mappings import paths
from mappings.paths import SourcePath
from mappings.steps.lookups import lookup_step, table_of
from mappings.steps.registry import STEPS
from mappings.steps.step import ArgumentFault, BoundStep, refuse, text_of, texts_of
from mappings.steps.times import time_step

YES, NO = {"yes", "true"}, {"no", "false"}


# What a province's own function meets in values it wasn't made for: its value is refused, the others go on.
SLIPS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def _guarded(name: str, function: Callable[[str], Any]) -> Callable[[str], Any]:
    def run(value: str) -> Any:
        try:
            made = function(value)
        except InvalidValue:
            raise
        except SLIPS as error:
            told = f"{type(error).__name__}: {error}"
            raise refuse(
                value, f"函数 {name} 处理不了“{value}”（{told}）", f"{name} fails on '{value}' ({told})"
            ) from error
        if not isinstance(made, str):
            raise refuse(value, f"函数 {name} 对“{value}”未给出文本", f"{name} gives no text for '{value}'")
        return made

    return run


class Reader:
    """What all parts of one file share: its defaults and tables, the faults found so far, the count of nodes."""

    def __init__(self, file: str, functions: Mapping[str, Callable[[str], Any]]) -> None:
        self.file, self.functions = file, functions
        self.problems: list[Problem] = []
        self.system = ""
        self.times: tuple[str, ...] = ()
        self.zone: tzinfo | None = None
        self.tables: dict[str, Node] = {}
        self._nodes = 0

    def number(self) -> int:
        self._nodes += 1
        return self._nodes

    def fault(self, node: Node, words: str, suggestion: str = "", kind: str = "mapping") -> None:
        self.fault_at(node.line, node.column, words, suggestion, kind)

    def fault_at(self, line: int, column: int, words: str, suggestion: str = "", kind: str = "mapping") -> None:
        self.problems.append(Problem(self.file, line, column, kind, words, suggestion))

    def keys(self, node: Node, known: tuple[str, ...], what: str) -> bool:
        """Whether the node is a map; each key that isn't known is a fault."""
        if node.kind != "map":
            self.fault(node, f"{what} is a map with some of: {', '.join(known)}")
            return False
        for key in node.entries:
            if key not in known:
                self.fault_at(*node.key_marks[key], f"{what} has no '{key}'", nearest(key, known), "unknown key")
        return True

    def yes(self, node: Node) -> bool:
        text = node.text.lower() if node.kind == "scalar" else ""
        if text not in YES | NO:
            self.fault(node, "yes or no is expected here")
        return text in YES

    def text(self, node: Node, what: str) -> str:
        try:
            return text_of(node, what)
        except ArgumentFault as fault:
            self.fault(fault.node, fault.words)
            return ""

    def texts(self, node: Node, what: str) -> tuple[str, ...]:
        try:
            return texts_of(node, what)
        except ArgumentFault as fault:
            self.fault(fault.node, fault.words)
            return ()

    def words(self, node: Node, what: str) -> tuple[str, ...]:
        """Texts that source values are compared with: brought to the same form."""
        return tuple(compact(text) for text in self.texts(node, what))

    def path(self, node: Node, scopes: int) -> SourcePath:
        """`scopes`: how many enclosing scopes there are for `..` to reach."""
        try:
            path = paths.parse(self.text(node, "a path"))
        except ValueError as error:
            self.fault(node, str(error))
            return SourcePath(0, ())
        if path.up > scopes:
            self.fault(node, f"'..' leads out of the document: there are {scopes} enclosing lists here")
        return path

    def steps(self, node: Node) -> list[BoundStep]:
        if node.kind != "list":
            self.fault(node, "steps is a list")
            return []
        return [bound for item in node.items if (bound := self._step(item)) is not None]

    def _step(self, item: Node) -> BoundStep | None:
        if item.kind == "map" and len(item.entries) == 1:
            name, argument = next(iter(item.entries.items()))
        elif item.kind == "scalar":
            name, argument = item.text, item
        else:
            self.fault(item, "a step is its name, or 'name: argument'")
            return None
        if name == "call":
            return self._function(argument)
        step = STEPS.get(name)
        if step is None:
            self.fault(item, f"there is no step '{name}'", nearest(name, [*STEPS, "call"]), "unknown step")
            return None
        if item.kind == "scalar" and ":" in step.example:
            self.fault(item, f"the step '{name}' needs an argument: {step.example}")
            return None
        if name == "time":
            return self.time(argument, argument, "instant")
        try:
            return step.bind(argument)
        except ArgumentFault as fault:
            self.fault(fault.node, fault.words, fault.suggestion)
            return None

    def _function(self, node: Node) -> BoundStep | None:
        name = self.text(node, "call")
        function = self.functions.get(name)
        if function is None:
            self.fault(
                node, f"the pack has no function '{name}'", nearest(name, list(self.functions)), "unknown function"
            )
            return None
        return BoundStep(_guarded(name, function), f"call {name}")

    def lookup(self, node: Node, otherwise: str | None, kind: ScalarType) -> BoundStep | None:
        """An inline table, or the name of one under `tables`; its right sides must be words of the field's type."""
        table_node = self.named(node) if node.kind == "scalar" else node
        table = self.table(table_node) if table_node is not None else {}
        if not table or table_node is None:
            return None
        for ours in table_node.entries.values():
            self.value(ours, kind)
        return lookup_step(table, node.text if node.kind == "scalar" else "inline", otherwise)

    def named(self, node: Node) -> Node | None:
        """The table of that name."""
        table = self.tables.get(node.text)
        if table is None:
            self.fault(node, f"there is no table '{node.text}'", nearest(node.text, list(self.tables)), "unknown table")
        return table

    def table(self, node: Node) -> dict[str, str]:
        try:
            return table_of(node)
        except ArgumentFault as fault:
            self.fault(fault.node, fault.words)
            return {}

    def time(self, node: Node | None, at: Node, type_name: str) -> BoundStep | None:
        """The step that reads a time: by the formats at `node`, else by the file's own `times`."""
        forms = self.texts(node, "time") if node is not None else self.times
        if not forms or self.zone is None:
            self.fault(
                at,
                "a time needs its formats: 'time: [yyyy-MM-dd HH:mm:ss]' here, or 'times' and 'zone' for the whole file",
            )
            return None
        try:
            return time_step(forms, self.zone, as_moment=type_name == "moment")
        except ValueError as error:
            self.fault(node or at, str(error))
            return None

    def value(self, node: Node, kind: ScalarType) -> Any:
        """A canonical value written in the file itself (const, default), checked by the field's type."""
        try:
            return kind.parse(self.text(node, "a value"))
        except InvalidValue as error:
            self.fault(node, f"{error.en} / {error.zh}", nearest(node.text, list(kind.words)) if kind.words else "")
            return None
