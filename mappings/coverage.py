"""Which source values a mapping carries, which it ignores with a reason, and which nobody ever looked at.

A place is written without list positions: `/data/list/*/wastes/*/qty` in JSON, `/r/row/w/@n` in XML (where one element
and several look alike). What nobody looks at is how a province's new field shows itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from mappings import paths
from mappings.document import plain
from mappings.paths import ROOT
from mappings.program import Program

State = Literal["mapped", "ignored", "unseen"]
Place = tuple[str, ...]
LONGEST_EXAMPLE = 80


@dataclass(slots=True)
class Coverage:
    """One place: how often it held a value, the first one, the standard's fields it feeds, or why it's ignored."""

    state: State
    fields: tuple[str, ...] = ()
    reason: str = ""
    count: int = 0
    example: str = ""


@dataclass(slots=True)
class Sources:
    """What a mapping says of places. `feeds` answers the question from the source's side: where does this value go?"""

    xml: bool
    feeds: dict[Place, tuple[str, ...]]
    ignored: dict[Place, str]
    _known: dict[Place, Coverage] = field(default_factory=dict)

    def of(self, place: Place) -> Coverage:
        """Its state, with no counts."""
        if place in self.feeds:
            return Coverage("mapped", self.feeds[place])
        for length in range(len(place), 0, -1):
            if place[:length] in self.ignored:
                return Coverage("ignored", reason=self.ignored[place[:length]])
        return Coverage("unseen")


def sources(program: Program) -> Sources:
    """Read off the compiled form; nothing is run."""
    template, xml = program.template, program.spec.xml
    records: Place = _shown(template["records"], xml=xml)
    rows = records if xml or not template["records"] else (*records, "*")
    feeds: dict[Place, list[str]] = {}
    for place, pointer in _reads(template["record"], [(), rows], "", xml=xml):
        feeds.setdefault(place, []).append(pointer)
    head = [leaf for leaf in (program.spec.key, program.spec.newer) if leaf is not None]
    for leaf in head:
        for path in leaf.reads:
            feeds.setdefault((*rows, *_shown(path.segments, xml=xml)), []).append(leaf.field)
    if program.spec.group is not None:
        feeds.setdefault((*rows, *_shown(program.spec.group.segments, xml=xml)), []).append("group")
    ignored = {
        (*(() if path.up == ROOT else rows), *_shown(path.segments, xml=xml)): reason
        for path, reason in program.spec.ignored.items()
    }
    return Sources(xml, {place: tuple(dict.fromkeys(names)) for place, names in feeds.items()}, ignored)


def _reads(scope: dict[str, Any], bases: list[Place], pointer: str, *, xml: bool) -> Iterator[tuple[Place, str]]:
    """(place, canonical field without positions) of everything that a scope reads."""
    read: set[int] = set()
    for node in scope["nodes"]:
        for one in _flat(node):
            field_ = pointer + paths.pointer(step for step in one["field"] if not str(step).isdigit())
            if one["node"] == "list":
                base = bases[-1] if one["each"] is None else _place(one["each"], bases, xml=xml)
                inner = base if xml or one["each"] is None else (*base, "*")
                yield from _reads(one["items"], [*bases, inner], field_, xml=xml)
                slots = one["when"]
            else:
                unit = one.get("unit") or {}
                slots = [*one["slots"], *one.get("when", ())] + ([unit["slot"]] if unit.get("slot") is not None else [])
            for slot in slots:
                read.add(slot)
                yield _place(scope["slots"][slot], bases, xml=xml), field_.removesuffix("/value") if pointer else field_


def _flat(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Leaves and lists, out of alternatives and of items written out."""
    if node["node"] == "any":
        yield from node["rules"]
    elif node["node"] == "items":
        for item in node["items"]:
            for inner in item:
                yield from _flat(inner)
    else:
        yield node


def _place(path: Any, bases: list[Place], *, xml: bool) -> Place:
    up, segments = path
    base = bases[0] if up == ROOT else bases[len(bases) - 1 - up]
    return (*base, *_shown(segments, xml=xml))


def _shown(segments: Iterable[str], *, xml: bool) -> Place:
    kept = ("*" if one.isdigit() else one for one in segments)
    return tuple(one for one in kept if not (xml and one == "*"))


def tally(known: Sources, trees: Iterable[Any]) -> dict[str, Coverage]:
    """Place as a pointer → what is known of it, counted over documents; in the order of first sight."""
    found: dict[Place, Coverage] = {}
    for tree in trees:
        for place, value in _values(plain(tree), (), xml=known.xml):
            one = found.get(place)
            if one is None:
                one = found[place] = known.of(place)
                one.example = str(value)[:LONGEST_EXAMPLE]
            one.count += 1
    return {paths.pointer(place): one for place, one in found.items()}


def _values(value: Any, place: Place, *, xml: bool) -> Iterator[tuple[Place, Any]]:
    """Every scalar that says something: nulls and empty texts don't."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _values(inner, (*place, name) if name or not xml else place, xml=xml)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner, place if xml else (*place, "*"), xml=xml)
    elif value is not None and str(value).strip():
        yield place, value
