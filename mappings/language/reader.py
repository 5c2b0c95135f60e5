"""Reads paths, words and values of a mapping file; collects every fault with its place and the likely word."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from canonical_schema.declared import Node
from canonical_schema.errors import InvalidValue
from canonical_schema.fields import ScalarType
from canonical_schema.problem import Problem, nearest
from canonical_schema.values.text import compact
from mappings import paths
from mappings.language.beside import Beside
from mappings.paths import SourcePath
from mappings.steps.step import ArgumentFault, text_of, texts_of

YES, NO = {"yes", "true"}, {"no", "false"}
NUMBERS = {"tonnes", "number", "int", "money"}


class Reader:
    """What all parts of one file share: its defaults and tables, the faults found so far, the count of nodes.

    `scopes`: how many enclosing lists there are for `..` to reach; `base`: where `in` says that paths begin.
    """

    def __init__(self, file: str, beside: Beside) -> None:
        self.file, self.beside = file, beside
        self.problems: list[Problem] = []
        self.advice: list[Problem] = []  # what is allowed, and likely not meant
        self.system = ""
        self.times: tuple[str, ...] = ()
        self.zone: tzinfo | None = None
        self.tables: dict[str, Node] = {}
        self.snippets: dict[str, Node] = {}
        self.used: dict[str, str] = {}  # what of the files beside and of the code lists decides the result
        self.grouped = self.partial = False
        self.record_scopes = self.scopes = 0
        self.base: tuple[str, ...] = ()
        self._nodes = 0

    def number(self) -> int:
        self._nodes += 1
        return self._nodes

    def place(self, node: Node) -> str:
        return f"{node.file or self.file}:{node.line}"

    # -- faults

    def fault(self, node: Node, words: str, suggestion: str = "", kind: str = "mapping") -> None:
        self.problems.append(Problem(node.file or self.file, node.line, node.column, kind, words, suggestion))

    def fault_at_key(self, node: Node, key: str, words: str, suggestion: str = "", kind: str = "mapping") -> None:
        line, column = node.key_marks[key]
        file = node.entries[key].file or node.file or self.file  # a snippet's keys are those of the shared file
        self.problems.append(Problem(file, line, column, kind, words, suggestion))

    def advise(self, node: Node, words: str) -> None:
        self.advice.append(Problem(node.file or self.file, node.line, node.column, "advice", words))

    def keys(self, node: Node, known: tuple[str, ...], what: str) -> bool:
        """Whether the node is a map; each key that isn't known is a fault."""
        if node.kind != "map":
            self.fault(node, f"{what} is a map with some of: {', '.join(known)}")
            return False
        for key in node.entries:
            if key not in known:
                self.fault_at_key(node, key, f"{what} has no '{key}'", nearest(key, known), "unknown key")
        return True

    # -- scopes

    @contextmanager
    def inside(self, *, item: bool = False, base: tuple[str, ...] = ()) -> Iterator[None]:
        """In an object whose paths begin at `base`, or (`item`) in the element of a list, where they begin anew."""
        before = self.scopes, self.base
        self.scopes, self.base = (self.scopes + 1, ()) if item else (self.scopes, (*self.base, *base))
        try:
            yield
        finally:
            self.scopes, self.base = before

    def path(self, node: Node, *, passes: bool = False) -> SourcePath:
        """`passes`: `*` may stand for any position of a list."""
        try:
            path = paths.parse(self.text(node, "a path"))
        except ValueError as error:
            self.fault(node, str(error))
            return SourcePath(0, ())
        if "*" in path.segments and not passes:
            self.fault(node, "'*' passes a list only in records, embedded and ignore; here say 'each'")
        if path.up > self.scopes:
            self.fault(node, f"'..' leads out of the document: there are {self.scopes} enclosing lists here")
        return replace(path, segments=(*self.base, *path.segments)) if path.up == 0 else path

    # -- words

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

    def word(self, node: Node, what: str, known: tuple[str, ...]) -> str:
        """One of a few words of the language; the first of them where it's another."""
        text = self.text(node, what)
        if text in known:
            return text
        self.fault(node, f"{what} is one of: {', '.join(known)}", nearest(text, known))
        return known[0]

    def value(self, node: Node, kind: ScalarType) -> Any:
        """A value written in the file itself (const, default), checked by the field's type."""
        try:
            return kind.parse(self.text(node, "a value"))
        except InvalidValue as error:
            self.fault(node, f"{error.en} / {error.zh}", nearest(node.text, list(kind.words)) if kind.words else "")
            return None
