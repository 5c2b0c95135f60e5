"""A page, looked at place by place: all values of a place together, so that most of it is counted without a loop of ours."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, Final

from mappings import embedded
from mappings.drift.detector import Detector, Kind, Node
from mappings.drift.sight import HELD, OWN, STANDS, Seen, Sight
from mappings.errors import RecordRefused

MANY: Final = 100
"""So many documents are looked at together."""

Pair = tuple[str, type]
"""A key of an object, and the type of its value."""


class Look:
    """One page, looked at document by document."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._roots: list[Any] = []
        self._ahead: deque[tuple[Node, type, Sequence[Any]]] = deque()
        self._counts: Counter[Kind] = Counter()
        self._unlisted: Counter[tuple[int, str]] = Counter()
        self._notes: list[Any] = []
        self._records = 0

    def __call__(self, root: Any) -> None:
        """A document as mappings read it (mappings.document.plain)."""
        self._roots.append(root)
        if len(self._roots) == MANY:
            self._settle()

    def record(self, unlisted: tuple[tuple[int, str], ...], notes: list[Any]) -> None:
        """One record: its words that no list has, and lineage's notes, which tell of blanks."""
        self._records += 1
        self._notes += notes
        if unlisted:
            self._unlisted.update(unlisted)

    def _settle(self) -> None:
        roots, self._roots = self._roots, []
        self._values(self._detector.root, roots)
        while self._ahead:  # no recursion: strangers say how deep it goes
            node, kind, values = self._ahead.popleft()
            if kind is dict:
                self._objects(node, values)
            elif kind is list:
                self._lists(node, values)
            else:
                self._texts(node, values)

    def _values(self, node: Node, values: Sequence[Any]) -> None:
        """Values of any type at one place."""
        kinds = Counter(map(type, values))
        for kind, times in kinds.items():
            alike = values if len(kinds) == 1 else [value for value in values if value.__class__ is kind]
            if node.holds(kind):
                self._ahead.append((node, kind, alike))
            elif (told := node.scalar(kind, alike)) is not None:
                self._counts[told] += times

    def _objects(self, node: Node, objects: Sequence[dict[str, Any]]) -> None:
        kinds = map(type, chain.from_iterable(map(dict.values, objects)))
        met: Counter[Pair] = Counter(zip(chain.from_iterable(objects), kinds, strict=True))
        children = {pair: node.child(pair[0]) for pair in met if pair[1] is not type(None)}
        shown = [pair for pair, child in children.items() if child.holds(pair[1]) or child.known(pair[1]) is None]
        columns = _columns(objects, shown, met.total())
        for pair, child in children.items():
            kind, times = pair[1], met[pair]
            if child.holds(kind):
                self._ahead.append((child, kind, columns[pair]))
                if kind is not str:
                    self._counts[child.kind(HELD)] += times
                elif child is not node:
                    self._counts[child.kind(HELD)] += sum(1 for text in columns[pair] if text.strip())
            elif (told := child.scalar(kind, columns.get(pair, ()))) is not None:
                self._counts[told] += times
                self._counts[node.kind(OWN)] += times if child is node else 0
        texts = sum(times for (name, _), times in met.items() if name == "") if node.xml else 0
        self._counts[node.kind(STANDS)] += len(objects)
        self._counts[node.kind("object")] += len(objects) - texts

    def _lists(self, node: Node, lists: Sequence[list[Any]]) -> None:
        if node.listed is not None:
            self._counts[node.listed] += len(lists)
        self._values(node.element, list(chain.from_iterable(lists)))

    def _texts(self, node: Node, texts: Iterable[str]) -> None:
        """Texts that are documents themselves; one that can't be read is shown as the text it is."""
        self._values(node.document, [self._opened(node, text) for text in texts if text.strip()])

    def _opened(self, node: Node, text: str) -> Any:
        try:
            return embedded.parsed(text, node.form or "", node.names, "")
        except (RecordRefused, RecursionError):
            return text

    def sight(self) -> Sight:
        self._settle()
        places: defaultdict[str, Seen] = defaultdict(Seen)
        for kind, times in self._counts.items():
            if times:
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


def _columns(objects: Sequence[dict[str, Any]], shown: Sequence[Pair], members: int) -> dict[Pair, list[Any]]:
    """The values of some keys, of one type each. Where that would take longer, in one pass over all `members`."""
    if len(shown) * len(objects) <= 2 * members:
        return {
            (name, kind): [value for one in objects if (value := one.get(name)).__class__ is kind]
            for name, kind in shown
        }
    columns: dict[Pair, list[Any]] = {pair: [] for pair in shown}
    for one in objects:
        for name, value in one.items():
            if (column := columns.get((name, value.__class__))) is not None:
                column.append(value)
    return columns
