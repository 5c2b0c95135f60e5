"""Reading declared YAML: every scalar is text with its line and column, and the spec gives the type.

So `NO`, `0123` and `12:30` stay as written. Anchors, aliases, tags, merge keys and duplicate keys are faults, and all
faults come at once. The C parser's events are used instead of its composed nodes, which no longer show an anchor.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from canonical_schema.problem import Problem, ProblemsFound, nearest

MAX_DEPTH = 40
# What YAML 1.1 allows in a stream; the C parser tells other characters without a line.
_FORBIDDEN = re.compile("[^\x09\x0a\x0d\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_QUOTED = re.compile(r"'([^']*)'")

Kind = Literal["scalar", "map", "list"]
Path = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a declared file with its place; line and column count from 1, `file` is the name that faults carry.

    A scalar has `text`, a map `entries` (in the file's order) and the place of each key, a list `items`.
    """

    line: int
    column: int
    kind: Kind
    text: str = ""
    entries: dict[str, "Node"] = field(default_factory=dict)
    key_marks: dict[str, tuple[int, int]] = field(default_factory=dict)
    items: tuple["Node", ...] = ()
    file: str = ""

    def plain(self) -> Any:
        """The same as str, dict and list."""
        if self.kind == "map":
            return {key: entry.plain() for key, entry in self.entries.items()}
        if self.kind == "list":
            return [item.plain() for item in self.items]
        return self.text

    def find(self, path: Path) -> "Node":
        """The node at the path, or the deepest one on the way to it."""
        node = self
        for step in path:
            below = node.below(step)
            if below is None:
                break
            node = below
        return node

    def at(self, path: Path) -> tuple[int, int]:
        """Line and column of the value at the path, or of the deepest value on the way to it."""
        node = self.find(path)
        return node.line, node.column

    def below(self, step: str | int) -> "Node | None":
        """The entry or item of that name or position; None where there is none."""
        if isinstance(step, str):
            return self.entries.get(step)
        return self.items[step] if 0 <= step < len(self.items) else None


class _Open:
    """A map or list whose end hasn't come yet."""

    def __init__(self, event: Event) -> None:
        self.line, self.column = _place(event)
        self.is_map = isinstance(event, MappingStartEvent)
        self.entries: dict[str, Node] = {}
        self.key_marks: dict[str, tuple[int, int]] = {}
        self.items: list[Node] = []
        self.key: str | None = None

    def closed(self, file: str) -> Node:
        if self.is_map:
            return Node(self.line, self.column, "map", entries=self.entries, key_marks=self.key_marks, file=file)
        return Node(self.line, self.column, "list", items=tuple(self.items), file=file)


class _Reader:
    """Builds nodes from events and collects faults; goes on after a fault wherever that makes sense."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.root: Node | None = None
        self._open: list[_Open] = []
        self._documents = 0

    def take(self, event: Event) -> None:
        if isinstance(event, NodeEvent):
            self._refuse_unwanted(event)
        if isinstance(event, DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self.fault(_place(event), "document", "a second document in one file")
        elif isinstance(event, (ScalarEvent, AliasEvent)):
            text = event.value if isinstance(event, ScalarEvent) else ""
            self._add(
                Node(*_place(event), "scalar", text=text, file=self.file),
                plain=isinstance(event, ScalarEvent) and event.implicit[0],
            )
        elif isinstance(event, CollectionEndEvent):
            self._add(self._open.pop().closed(self.file))
        elif isinstance(event, NodeEvent):
            self._open.append(_Open(event))
            if len(self._open) > MAX_DEPTH:
                self.fault(_place(event), "depth", f"nested deeper than {MAX_DEPTH} levels")
                raise ProblemsFound(self.problems)

    def fault(self, place: tuple[int, int], kind: str, words: str) -> None:
        self.problems.append(Problem(self.file, *place, kind, words))

    def _refuse_unwanted(self, event: NodeEvent) -> None:
        if isinstance(event, AliasEvent):
            self.fault(_place(event), "alias", f"alias '*{event.anchor}': write the value out, references aren't read")
        elif event.anchor is not None:
            self.fault(_place(event), "anchor", f"anchor '&{event.anchor}': write the value out where it is needed")
        if getattr(event, "tag", None) is not None:
            self.fault(
                _place(event), "tag", f"tag '{getattr(event, 'tag', '')}': the type comes from the specification"
            )

    def _add(self, node: Node, *, plain: bool = False) -> None:
        if not self._open:
            self.root = self.root or node
            return
        parent = self._open[-1]
        if not parent.is_map:
            parent.items.append(node)
        elif parent.key is not None:
            parent.entries.setdefault(parent.key, node)
            parent.key = None
        else:
            parent.key = node.text
            place = (node.line, node.column)
            if node.kind != "scalar":
                self.fault(place, "key", "a key must be plain text")
            elif plain and node.text == "<<":
                self.fault(place, "merge", "merge key '<<': write the entries out")
            elif node.text in parent.key_marks:
                first = parent.key_marks[node.text][0]
                self.fault(place, "duplicate", f"duplicate key '{node.text}', first on line {first}")
            parent.key_marks.setdefault(node.text, place)


def _place(event: Event) -> tuple[int, int]:
    mark: Any = event.start_mark  # every event of the parser has one
    return mark.line + 1, mark.column + 1


def read(text: str, file: str) -> Node:
    """The file's tree. `file` is the name that faults carry. ProblemsFound with every fault."""
    text = text.removeprefix("\ufeff")
    if (bad := _FORBIDDEN.search(text)) is not None:
        before = text[: bad.start()]
        place = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise ProblemsFound([Problem(file, *place, "character", f"character U+{ord(bad[0]):04X} can't stand here")])
    reader = _Reader(file)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        marks = [mark for mark in (error.problem_mark, error.context_mark) if mark is not None]
        place = (marks[0].line + 1, marks[0].column + 1) if marks else (1, 1)
        told = ", ".join(filter(None, (error.context, error.problem))) or "no YAML"
        reader.fault(place, "syntax", told + _likely(text, place[0]))
    except yaml.YAMLError as error:
        reader.fault((1, 1), "syntax", str(error))
    if reader.root is None and not reader.problems:
        reader.fault((1, 1), "empty", "the file is empty")
    if reader.problems or reader.root is None:
        raise ProblemsFound(reader.problems)
    return reader.root


def _likely(text: str, line: int) -> str:
    """What is most often meant near a fault of the syntax: marks of full width, a tab, an unquoted @."""
    lines = text.splitlines()
    near = [(number, lines[number - 1]) for number in (line - 1, line) if 1 <= number <= len(lines)]
    for number, row in near:
        for wide, plain in (("：", ":"), ("，", ","), ("｛", "{"), ("｝", "}"), ("“", '"'), ("‘", "'")):
            if wide in row:
                return f"; line {number} has the full-width '{wide}': write '{plain}' (全角“{wide}”应写作“{plain}”)"
        if "\t" in row:
            return f"; line {number} has a tab: indent with blanks (请用空格缩进)"
        if re.search(r"[:\[,{]\s*@", row):
            return f"; line {number} has an '@' at the beginning of a text: quote it, '@…' (以 @ 开头的文本须加引号)"
    return ""


def declare(model: type[Model], declared: str | Node, file: str) -> Model:
    """The model's instance from YAML text or a node of it. ProblemsFound with a Problem for each of pydantic's errors."""
    node = read(declared, file) if isinstance(declared, str) else declared
    try:
        return model.model_validate(node.plain())
    except ValidationError as error:
        raise ProblemsFound(_problem(model, node, file, dict(fault)) for fault in error.errors()) from error


def shape_faults(model: type[BaseModel], node: Node, file: str) -> list[tuple[Path, Problem]]:
    """What `declare` would raise, each with its way in the file; of a missing key, the way to the map that lacks it."""
    try:
        model.model_validate(node.plain())
    except ValidationError as error:
        faults: list[dict[str, Any]] = [dict(fault) for fault in error.errors()]
        return [(_in_file(node, fault["loc"]), _problem(model, node, file, fault)) for fault in faults]
    return []


def _problem(model: type[BaseModel], node: Node, file: str, fault: dict[str, Any]) -> Problem:
    place: Path = fault["loc"]
    path = _in_file(node, place)
    kind, expected = str(fault["type"]), str((fault.get("ctx") or {}).get("expected", ""))
    last = str(place[-1]) if place else ""
    line, column = node.at(path)
    suggestion = ""
    if kind == "extra_forbidden":
        line, column = node.find(path[:-1]).key_marks.get(last, (line, column))
        known = _known_keys(model, place[:-1])
        words, suggestion = f"unknown key '{last}'", nearest(last, known)
        if not suggestion:
            words += f"; there are {', '.join(sorted(known))}"
    elif kind == "missing":
        words = f"key '{last}' is missing"
        unknown = node.find(path).entries.keys() - _known_keys(model, place[:-1])
        if written := nearest(last, unknown):
            words = f"key '{last}' is missing ('{written}' stands here)"
    elif kind in {"literal_error", "enum"}:
        words = f"'{fault['input']}' is none of {expected}"
        suggestion = nearest(str(fault["input"]), _QUOTED.findall(expected))
    else:
        where = f"{'.'.join(map(str, path))}: " if path else ""
        words = where + str(fault["msg"]).removeprefix("Value error, ")
    return Problem(file, line, column, kind, words, suggestion)


def _in_file(node: Node, place: Path) -> Path:
    """The steps of pydantic's place that are in the file: a union's member adds one of its own, a missing key isn't."""
    path: Path = ()
    for step in place:
        below = node.below(step)
        if below is not None:
            path, node = (*path, step), below
    return path


def _known_keys(model: type[BaseModel], path: Path) -> set[str]:
    models = [model]
    for step in path:
        if not isinstance(step, str):
            continue
        below = [inner for outer in models for inner in _models_at(outer, step)]
        named = [outer for outer in models if outer.__name__ == step]
        models = below or named or models
    return {info.alias or name for known in models for name, info in known.model_fields.items()}


def _models_at(model: type[BaseModel], key: str) -> Iterator[type[BaseModel]]:
    for name, info in model.model_fields.items():
        if key == (info.alias or name):
            yield from _models_in(info.annotation)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)
