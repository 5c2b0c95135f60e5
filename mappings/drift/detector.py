"""What the documents of a page show: each place, the types of its values, how often, and one example.

A document's shape repeats from record to record. What an object looks like (its keys, the types of its values) is learnt
once; from then on it costs one look-up, and a page's counts come from how often each shape was met. The shapes are a
cache: they change no answer, so threads may share a detector, and it may be emptied at any time.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import Any, Final

from canonical_schema.masking import outline, personal_fields
from mappings import embedded
from mappings.coverage import LONGEST_EXAMPLE, Place, Sources, names
from mappings.errors import RecordRefused
from mappings.paths import pointer

MOST_PLACES: Final = 2_000
MOST_SHAPES: Final = 2_000
"""What strangers write must not fill the memory. A name too many counts at one place, `…`, beside its neighbours."""

LONGEST: Final = 500
"""What has more than so many members isn't learnt: it hardly comes again."""

OTHERS: Final = "…"
SCALARS: Final = frozenset({"string", "integer", "number", "boolean"})
_TYPES: Final = {str: "string", bool: "boolean", int: "integer", Decimal: "number", float: "number"}


_STANDS, _HELD, _OWN = "an object", "of its object", "text of an element that has attributes"
"""What is counted beside values: an object at its place; that its object holds more there; that a value was counted twice."""


@dataclass(slots=True)
class Seen:
    """One place in one page. `types`: how many values of each; `held`: of the objects around it, how many have a value
    there; `objects`: how many objects stand there themselves."""

    types: dict[str, int] = field(default_factory=dict)
    held: int = 0
    objects: int = 0
    example: str = ""

    def add(self, kind: str, times: int, example: str) -> None:
        if kind == _STANDS:
            self.objects += times
        elif kind in {_HELD, _OWN}:
            self.held += times if kind == _HELD else -times
        else:
            self.types[kind] = self.types.get(kind, 0) + times
            self.held += times if kind in SCALARS else 0
            self.example = self.example or example

    def without(self, blanks: int) -> None:
        """Less the texts that say nothing (empty, or a filler)."""
        self.held = max(0, self.held - blanks)
        texts = max(0, self.types.pop("string", 0) - blanks)
        self.types |= {"string": texts} if texts else {}


@dataclass(frozen=True, slots=True)
class Sight:
    """What a page showed. `places` are written as coverage shows them; `unlisted`: place → word that its list hasn't →
    how often. `records`: how many there were."""

    sources: Sources
    places: dict[str, Seen]
    unlisted: dict[str, dict[str, int]]
    records: int


@dataclass(eq=False, slots=True)
class _Kind:
    """What can be counted at one place: values of a type, with the first one that was met, or one of _HELD, _STANDS, _OWN."""

    node: "_Node"
    type: str
    example: str = ""


@dataclass(eq=False, slots=True)
class _Shape:
    """What an object counts as, and where to look further. `blank`: keys whose text is empty, where none ever stood."""

    counts: list[_Kind]
    objects: list[tuple[str, "_Node"]]
    lists: list[tuple[str, "_Node"]]
    texts: list[tuple[str, "_Node"]]
    blank: list[str]


class _Node:
    """A place. `form`: that of the document which a text there is; `listed`: what a list there counts as."""

    def __init__(self, detector: "Detector", shown: str, place: Place, *, xml: bool) -> None:
        self.detector, self.shown, self.names, self.xml = detector, shown, place, xml
        self.form = detector.sources.embedded.get(place)
        self.children: dict[str, _Node] = {}
        self.kinds: dict[str, _Kind] = {}
        self.shapes: dict[tuple[Any, ...], _Shape] = {}
        self.listed = None if xml else _Kind(self, "list")

    def child(self, name: str) -> "_Node":
        if self.xml and name == "":
            return self  # the text of an element that has attributes
        found = self.children.get(name)
        if found is not None or name == OTHERS:
            return found or self.children.setdefault(name, self._new(name))
        if self.detector.places >= MOST_PLACES:
            return self if self.shown.endswith("/" + OTHERS) else self.child(OTHERS)
        self.detector.places += 1
        return self.children.setdefault(name, self._new(name))

    def _new(self, name: str) -> "_Node":
        place = (*self.names, *names((name,)))
        return _Node(self.detector, self.shown + pointer((name,)), place, xml=self.xml)

    @cached_property
    def element(self) -> "_Node":
        """The place of a list's elements; in XML one element and several look alike."""
        return self if self.xml else _Node(self.detector, self.shown + "/*", self.names, xml=False)

    @cached_property
    def document(self) -> "_Node":
        """The same place, as the root of the document that its text is."""
        inner = _Node(self.detector, self.shown, self.names, xml=self.form == "xml")
        inner.form = None
        return inner

    def kind(self, type_: str, example: str = "") -> _Kind:
        return self.kinds.get(type_) or self.kinds.setdefault(type_, _Kind(self, type_, example))

    def scalar(self, value: Any) -> _Kind | None:
        """None for a value that says nothing, where nothing of its type was said before."""
        if value is None:
            return None
        type_ = _TYPES.get(value.__class__, "string")
        known = self.kinds.get(type_)
        if known is None and (text := str(value)).strip():
            known = self.kind(type_, self.detector.shown(self.names, text))
        return known


class Detector:
    """The shapes that documents of one mapping had so far."""

    def __init__(self, sources: Sources, kind: str) -> None:
        self.sources = sources
        self.places = 0
        self.root = _Node(self, "", (), xml=sources.xml)
        self.learnt: list[tuple[_Node, tuple[Any, ...]]] = []
        self._personal = tuple(personal_fields(kind))

    def shown(self, place: Place, text: str) -> str:
        """The text as an example: cut, and only its outline where a person's data stands."""
        fields = self.sources.feeds.get(place, ())
        personal = any(one == told or one.startswith(told + "/") for one in fields for told in self._personal)
        return (outline(text) if personal else text)[:LONGEST_EXAMPLE]

    def pointer(self, place: Place) -> str:
        """A place as it was shown, with the lists on the way."""
        node, rest = self.root, list(place)
        while rest:
            node = node if node.form is None else node.document
            if rest[0] in node.children:
                node = node.children[rest.pop(0)]
            elif node.xml or not node.element.children:
                return node.shown + pointer(rest)
            else:
                node = node.element
        return node.shown

    def learn(self, node: _Node, key: tuple[Any, ...], value: dict[str, Any]) -> _Shape:
        """The shape of an object that isn't known yet, or that says more than others of its shape."""
        shape = _Shape([node.kind(_STANDS)], [], [], [], [])
        for name, inner in value.items():
            if inner is None:
                continue
            child = node.child(name)
            if inner.__class__ is dict:
                shape.objects.append((name, child))
            elif inner.__class__ is list:
                shape.lists.append((name, child))
            elif child.form is not None and inner.__class__ is str:
                shape.texts.append((name, child))
            elif (told := child.scalar(inner)) is None:
                shape.blank.append(name)
                continue
            else:
                shape.counts += [told] if child is not node else [told, node.kind(_OWN)]
                continue
            shape.counts.append(child.kind(_HELD))
        if not (node.xml and "" in value):
            shape.counts.append(node.kind("object"))
        if len(value) <= LONGEST:
            self._keep(node, key, shape)
        return shape

    def _keep(self, node: _Node, key: tuple[Any, ...], shape: _Shape) -> None:
        if len(self.learnt) >= MOST_SHAPES:
            old, self.learnt = self.learnt, []
            for one, _ in old:
                one.shapes.clear()
        node.shapes[key] = shape
        self.learnt.append((node, key))


class Look:
    """One page, looked at document by document."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._met: list[_Shape] = []
        self._values: list[_Kind] = []
        self._unlisted: Counter[tuple[int, str]] = Counter()
        self._notes: list[Any] = []
        self._records = 0

    def __call__(self, root: Any) -> None:
        """A document as mappings read it (mappings.document.plain)."""
        self._value(self._detector.root, root)

    def record(self, unlisted: tuple[tuple[int, str], ...], notes: list[Any]) -> None:
        """One record: its words that no list has, and lineage's notes, which tell of blanks."""
        self._records += 1
        self._notes += notes
        if unlisted:
            self._unlisted.update(unlisted)

    def _object(self, node: _Node, value: dict[str, Any]) -> None:
        key = (*value, *map(type, value.values()))
        shape = node.shapes.get(key)
        if shape is None or (shape.blank and any(value[name].strip() for name in shape.blank)):
            shape = self._detector.learn(node, key, value)
        self._met.append(shape)
        for name, child in shape.objects:
            self._object(child, value[name])
        for name, child in shape.lists:
            self._list(child, value[name])
        for name, child in shape.texts:
            self._text(child, value[name])

    def _list(self, node: _Node, value: list[Any]) -> None:
        if node.listed is not None:
            self._values.append(node.listed)
        element = node.element
        text = element.kinds.get("string") if element.form is None else None
        for one in value:
            kind = one.__class__
            if kind is dict:
                self._object(element, one)
            elif kind is str and text is not None:
                self._values.append(text)
            elif one is not None:
                self._value(element, one)

    def _text(self, node: _Node, text: str) -> None:
        """A text that is a document itself; one that can't be read is shown as the text it is."""
        try:
            value = embedded.parsed(text, node.form or "", node.names, "")
        except RecordRefused:
            value = text
        self._value(node.document, value)

    def _value(self, node: _Node, value: Any) -> None:
        kind = value.__class__
        if kind is dict:
            self._object(node, value)
        elif kind is list:
            self._list(node, value)
        elif node.form is not None and kind is str:
            self._text(node, value)
        elif (told := node.scalar(value)) is not None:
            self._values.append(told)

    def sight(self) -> Sight:
        met = Counter(self._met)
        # Many shapes are met once in a page: those are counted without a loop of ours.
        counts = Counter(chain.from_iterable(one.counts for one, times in met.items() if times == 1))
        for one, times in met.items():
            if times > 1:
                for kind in one.counts:
                    counts[kind] += times
        places: defaultdict[str, Seen] = defaultdict(Seen)
        for kind, times in (counts + Counter(self._values)).items():
            places[kind.node.shown].add(kind.type, times, kind.example)
        for place, times in self._blanks().items():
            if (found := places.get(place)) is not None:
                found.without(times)
        return Sight(self._detector.sources, dict(places), self._words(), self._records)

    def _blanks(self) -> dict[str, int]:
        """How often the mapping found nothing said at a place. Several rules may have read it: each found the same."""
        rules = Counter(note[1] for note in self._notes if note[2] == "b")
        out: dict[str, int] = {}
        for rule, times in rules.items():
            if rule in self._detector.sources.reads:
                place = self._detector.pointer(self._detector.sources.reads[rule][0])
                out[place] = max(times, out.get(place, 0))
        return out

    def _words(self) -> dict[str, dict[str, int]]:
        out: dict[str, dict[str, int]] = {}
        for (rule, word), times in self._unlisted.items():
            place, _ = self._detector.sources.reads[rule]
            words = out.setdefault(self._detector.pointer(place), {})
            shown = self._detector.shown(place, word)
            words[shown] = words.get(shown, 0) + times
        return out
