"""Which source values a mapping carries, which it ignores with a reason, and which nobody ever looked at.

A place is written without list positions: `/data/list/*/wastes/*/qty` in JSON, `/r/row/w/@n` in XML (where one element
and several look alike). What nobody looks at is how a province's new field shows itself.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from mappings import embedded, paths
from mappings.document import plain
from mappings.errors import RecordRefused
from mappings.paths import ROOT

State = Literal["mapped", "ignored", "unseen"]
Place = tuple[str, ...]  # names only: positions say where in a list, not what
Read = tuple[Place, str, int | None]  # a place, the canonical field without positions, the id of the rule for the value
LONGEST_EXAMPLE = 80
_XPATH = re.compile(r"/(@?)\*\[local-name\(\)='([^']*)'\]")


@dataclass(slots=True)
class Coverage:
    """One place: how often it held a value, the first one, the standard's fields it feeds, or why it's ignored."""

    state: State
    fields: tuple[str, ...] = ()
    reason: str = ""
    count: int = 0
    example: str = ""


@dataclass(frozen=True, slots=True)
class Sources:
    """What a mapping says of places. `feeds` answers the question from the source's side: where does this value go?
    `embedded`: places whose text is a document, and its form. `reads`: a rule's id → the place it reads first."""

    xml: bool
    feeds: dict[Place, tuple[str, ...]]
    ignored: dict[Place, str]
    embedded: dict[Place, str]
    reads: dict[int, Place]

    def of(self, place: Place) -> Coverage:
        """Its state, with no counts."""
        if place in self.feeds:
            return Coverage("mapped", self.feeds[place])
        for length in range(len(place), 0, -1):
            if place[:length] in self.ignored:
                return Coverage("ignored", reason=self.ignored[place[:length]])
        return Coverage("unseen")

    def carries(self, place: Place) -> bool:
        """Whether the value there, or one of those in it, is read."""
        return any(fed[: len(place)] == place for fed in self.feeds)

    def at(self, source: str) -> Coverage:
        """Of a place as it's printed, positions aside: a JSON Pointer, a place of coverage, or an XPath of lineage."""
        if "local-name()" in source:
            return self.of(names(mark + name for mark, name in _XPATH.findall(source)))
        return self.of(place_of(source))


def names(steps: Iterable[Any]) -> Place:
    """The place that steps lead to: positions and `*` left out."""
    return tuple(step for step in map(str, steps) if step != "*" and not step.isdigit())


def place_of(pointer: str) -> Place:
    return names(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def sources(template: dict[str, Any]) -> Sources:
    """Read off a mapping version's template, today's or one of ten years ago; nothing is run."""
    records = template["records"]
    passed = [names(records[:place]) for place, segment in enumerate(records) if segment == "*"]
    bases = [(), *passed, names(records)]
    feeds: dict[Place, list[str]] = {}
    head = [(_place(path, bases), field) for field, paths_ in template["head"] for path in paths_]
    groups = [((*bases[-1], *names(path)), "group") for path in template["group"]]
    read = list(_reads(template["record"], bases, ""))
    for place, field in (*((place, field) for place, field, _ in read), *head, *groups):
        feeds.setdefault(place, []).append(field)
    rules = {rule: place for place, _, rule in reversed(read) if rule is not None}
    ignored = {_place([up, segments], bases): reason for up, segments, reason in template["ignored"]}
    inner = {(*bases[-1], *names(place)): form for place, form in template["embedded"]}
    told = {place: tuple(dict.fromkeys(fields)) for place, fields in feeds.items()}
    return Sources(template["xml"], told, ignored, inner, rules)


def _reads(scope: dict[str, Any], bases: list[Place], pointer: str) -> Iterator[Read]:
    """Everything that a scope reads."""
    for one in scope["nodes"]:
        yield from _node(scope, one, bases, pointer)


def _node(scope: dict[str, Any], node: dict[str, Any], bases: list[Place], pointer: str) -> Iterator[Read]:
    field = pointer + paths.pointer(step for step in node["field"] if not step.startswith("{"))
    match node["node"]:
        case "any":
            for rule in node["rules"]:
                yield from _node(scope, rule, bases, pointer)
        case "parts":
            for part in node["parts"]:
                for inner in part["object"] if "object" in part else part.values():
                    yield from _node(scope, inner, bases, pointer)
        case "leaf":
            unit = (node.get("unit") or {}).get("slot")
            # What a list of values holds stands in the list itself.
            own = field.removesuffix("/value") if node["field"][-1] == "value" else field
            yield from ((_place(scope["slots"][slot], bases), own, node["id"]) for slot in node["slots"])
            beside = [*node.get("when", ()), *([] if unit is None else [unit])]
            yield from ((_place(scope["slots"][slot], bases), own, None) for slot in beside)
        case _:
            base = bases[-1] if node["each"] is None else _place(node["each"], bases)
            yield from _reads(node["items"], [*bases, base], field)
            if "distinct" in node:
                yield _place(node["items"]["slots"][node["distinct"]], [*bases, base]), field, None
            yield from ((_place(scope["slots"][slot], bases), field, None) for slot in node["when"])


def _place(path: Any, bases: list[Place]) -> Place:
    up, segments = path
    base = bases[0] if up == ROOT else bases[len(bases) - 1 - up]
    return (*base, *names(segments))


def tally(known: Sources, trees: Iterable[Any]) -> dict[str, Coverage]:
    """Place as a pointer → what is known of it, counted over documents; in the order of first sight."""
    found: dict[Place, Coverage] = {}
    shown: dict[Place, str] = {}
    for tree in trees:
        for steps, value in _values(known, plain(tree), (), xml=known.xml):
            place = names(steps)
            one = found.get(place)
            if one is None:
                one = found[place] = known.of(place)
                one.example, shown[place] = str(value)[:LONGEST_EXAMPLE], paths.pointer(steps)
            one.count += 1
    return {shown[place]: one for place, one in found.items()}


def _values(known: Sources, value: Any, steps: Place, *, xml: bool) -> Iterator[tuple[Place, Any]]:
    """Every scalar that says something: nulls and empty texts don't."""
    form = known.embedded.get(names(steps)) if known.embedded else None
    if form is not None and isinstance(value, str):
        try:
            value, xml = embedded.parsed(value, form, steps, ""), form == "xml"
        except RecordRefused:
            form = None  # shown as the text it is
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _values(known, inner, (*steps, name) if name or not xml else steps, xml=xml)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(known, inner, steps if xml else (*steps, "*"), xml=xml)
    elif value is not None and str(value).strip():
        yield steps, value
