"""One function of a compiled mapping while it's being written: its reads at the top, its statements below."""

from dataclasses import dataclass, field
from typing import Any

from mappings.paths import ROOT, SourcePath


class Names(dict[str, Any]):
    """The generated module's namespace. What a mapping file says enters it as values, never as code."""

    def name(self, prefix: str, value: Any) -> str:
        """A name for a value of ours."""
        name = f"{prefix}_{len(self)}"
        self[name] = value
        return name


@dataclass
class Scope:
    """`r{depth}` is its own source value; outer ones are its first parameters. `pointer` is the content pointer of what
    it makes, with {} for list positions. `slots` number the raw values that lineage keeps."""

    name: str
    depth: int
    pointer: str
    xml: bool
    slots: dict[SourcePath, int] = field(default_factory=dict)
    head: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)
    objects: int = 0
    _mids: dict[tuple[int, tuple[str, ...]], str] = field(default_factory=dict)

    @property
    def outer(self) -> str:
        """The parameters: the source values from the document's root to this scope's own."""
        return ", ".join(f"r{level}" for level in range(self.depth + 1))

    def emit(self, indent: int, *lines: str) -> None:
        self.body += ["    " * indent + line for line in lines]

    def read(self, path: SourcePath) -> str:
        """The variable that holds the raw value at `path`; the read itself stands once, at the scope's top."""
        slot = self.slots.get(path)
        if slot is not None:
            return f"v{slot}"
        slot = self.slots[path] = len(self.slots)
        self.head.append(f"v{slot} = {self.lookup(path)}")
        if self.xml:
            self.head.append(f"if v{slot} is not None and v{slot}.__class__ is not str: v{slot} = xml_leaf(v{slot})")
        return f"v{slot}"

    def lookup(self, path: SourcePath) -> str:
        """The expression that gives what stands at `path`."""
        return self._value(0 if path.up == ROOT else self.depth - path.up, path.segments)

    def _value(self, level: int, segments: tuple[str, ...]) -> str:
        if not segments:
            return f"r{level}"
        if self.xml and segments[-1].isdigit():  # no XML name begins with a digit
            return f"xml_item({self._value(level, segments[:-1])}, {int(segments[-1])})"
        return f"{self._object(level, segments[:-1])}.get({segments[-1]!r})"

    def _object(self, level: int, segments: tuple[str, ...]) -> str:
        """A variable holding the object at `segments` (one without values where there is none)."""
        known = self._mids.get((level, segments))
        if known is not None:
            return known
        name = self._mids[level, segments] = f"m{len(self._mids)}"
        self.head.append(f"{name} = {self._value(level, segments)}")
        self.head.append(
            f"if {name}.__class__ is not dict: {name} = {'xml_object' if self.xml else 'json_object'}({name})"
        )
        return name
