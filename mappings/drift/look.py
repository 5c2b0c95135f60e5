"""A page, looked at document by document: what it costs is paid for each object, so this is written to be quick."""

from collections import Counter, defaultdict
from itertools import chain
from typing import Any

from mappings import embedded
from mappings.drift.detector import Detector, Kind, Node, Shape
from mappings.drift.sight import HELD, Seen, Sight
from mappings.errors import RecordRefused


class Look:
    """One page, looked at document by document."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._met: list[Shape] = []
        self._values: list[Kind] = []
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

    def _object(self, node: Node, value: dict[str, Any]) -> None:
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
            if value[name].strip():
                self._text(child, value[name])
                self._values += [child.kind(HELD)] if child is not node else []

    def _list(self, node: Node, value: list[Any]) -> None:
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

    def _text(self, node: Node, text: str) -> None:
        """A text that is a document itself; one that can't be read is shown as the text it is."""
        try:
            self._value(node.document, embedded.parsed(text, node.form or "", node.names, ""))
        except (RecordRefused, RecursionError):
            self._value(node.document, text)

    def _value(self, node: Node, value: Any) -> None:
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
                place = self._detector.pointer(self._detector.sources.reads[rule])
                out[place] = max(times, out.get(place, 0))
        return out

    def _words(self) -> dict[str, dict[str, int]]:
        out: dict[str, dict[str, int]] = {}
        for (rule, word), times in self._unlisted.items():
            if (place := self._detector.sources.reads.get(rule)) is None:
                continue  # the source key's own rule
            words = out.setdefault(self._detector.pointer(place), {})
            shown = self._detector.shown(place, word)
            words[shown] = words.get(shown, 0) + times
        return out
