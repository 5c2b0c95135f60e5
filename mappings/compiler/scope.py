"""One function of a compiled mapping while it's being written: its reads at the top, its statements below."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from mappings import paths
from mappings.paths import ROOT, SourcePath, is_position
from mappings.spec import Condition


class Names(dict[str, Any]):
    """The generated module's namespace. What a mapping file says enters it as values, never as code."""

    def name(self, prefix: str, value: Any) -> str:
        """A name for a value of ours."""
        name = f"{prefix}_{len(self)}"
        self[name] = value
        return name


Trail = tuple[str, ...] | None  # the way from the record, `*` for each list on it; None: outside the record


def extended(trail: Trail, segments: tuple[str, ...]) -> Trail:
    return None if trail is None else (*trail, *("*" if is_position(one) else one for one in segments))


@dataclass(frozen=True, slots=True)
class Forms:
    """Which form what stands at a place has: the document's, or that of the document embedded there."""

    xml: bool
    embedded: Mapping[tuple[str, ...], str]

    def is_xml(self, trail: Trail) -> bool:
        found = self.xml
        for place, form in self.embedded.items() if trail is not None else ():  # the innermost last
            if trail is not None and trail[: len(place)] == extended((), place):
                found = form == "xml"
        return found


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a function a node is written: the dict its value goes into, the fields from the scope's content to that dict,
    the conditions that hold there, the indent."""

    into: str
    prefix: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    indent: int = 1

    def deeper(self, **changes: Any) -> "Spot":
        return replace(self, **changes)

    def to(self, field_: str) -> tuple[str, ...]:
        return (*self.prefix, field_)


@dataclass
class Scope:
    """`r{depth}` is its own source value; outer ones are its first parameters. `trails`: where each of them stands in the
    record. `pointer` is the content pointer of what it makes, with {n} for the n-th position in `at`. `slots` number the raw
    values that lineage keeps."""

    name: str
    forms: Forms
    trails: tuple[Trail, ...]
    pointer: str
    positions: int = 0  # how many the variable `at` holds
    at: str = "at"
    slots: dict[SourcePath, int] = field(default_factory=dict)
    head: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    _mids: dict[tuple[int, tuple[str, ...]], str] = field(default_factory=dict)
    _names: int = 0

    @property
    def depth(self) -> int:
        return len(self.trails) - 1

    @property
    def outer(self) -> str:
        """The parameters: the source values from the document's root to this scope's own."""
        return ", ".join(f"r{level}" for level in range(self.depth + 1))

    def emit(self, indent: int, *lines: str) -> None:
        self.body += ["    " * indent + line for line in lines]

    def fresh(self, prefix: str) -> str:
        """A variable that this function has nowhere else."""
        self._names += 1
        return f"{prefix}{self._names}"

    def field(self, steps: tuple[str, ...]) -> str:
        return self.pointer + paths.pointer(steps)

    def next_position(self) -> str:
        """What stands in a pointer for the position that comes after those in `at`."""
        return f"{{{self.positions}}}"

    @contextmanager
    def item(self, at: str) -> Iterator[None]:
        """Within one item of a list that is written out: `at` is the variable with one position more."""
        before = self.at
        self.at, self.positions = at, self.positions + 1
        try:
            yield
        finally:
            self.at, self.positions = before, self.positions - 1

    def read(self, path: SourcePath) -> str:
        """The variable that holds the raw value at `path`; the read itself stands once, at the scope's top."""
        slot = self.slots.get(path)
        if slot is not None:
            return f"v{slot}"
        slot = self.slots[path] = len(self.slots)
        self.head.append(f"v{slot} = {self.lookup(path)}")
        if self.is_xml(path):
            self.head.append(f"if v{slot} is not None and v{slot}.__class__ is not str: v{slot} = xml_leaf(v{slot})")
        return f"v{slot}"

    def lookup(self, path: SourcePath) -> str:
        """The expression that gives what stands at `path`."""
        return self._value(self._level(path), path.segments)

    def is_xml(self, path: SourcePath) -> bool:
        """Whether an element of XML stands at `path`."""
        return self.forms.is_xml(self.trail(path))

    def trail(self, path: SourcePath) -> Trail:
        return extended(self.trails[self._level(path)], path.segments)

    def _level(self, path: SourcePath) -> int:
        return 0 if path.up == ROOT else self.depth - path.up

    def _value(self, level: int, segments: tuple[str, ...]) -> str:
        if not segments:
            return f"r{level}"
        xml = self.forms.is_xml(extended(self.trails[level], segments[:-1]))
        if xml and is_position(segments[-1]):  # no XML name begins with a digit
            return f"xml_item({self._value(level, segments[:-1])}, {int(segments[-1])})"
        return f"{self._object(level, segments[:-1])}.get({segments[-1]!r})"

    def _object(self, level: int, segments: tuple[str, ...]) -> str:
        """A variable holding the object at `segments` (one without values where there is none)."""
        known = self._mids.get((level, segments))
        if known is not None:
            return known
        name = self._mids[level, segments] = f"m{len(self._mids)}"
        xml = self.forms.is_xml(extended(self.trails[level], segments))
        self.head.append(f"{name} = {self._value(level, segments)}")
        self.head.append(f"if {name}.__class__ is not dict: {name} = {'xml_object' if xml else 'json_object'}({name})")
        return name
