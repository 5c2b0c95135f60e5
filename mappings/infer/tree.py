"""Where a source holds values: one tree of places for any number of documents, walked once.

A place has no list positions. What a leaf element with attributes says stands at the element's own place, as in a
mapping (`名称`, and beside it `名称/@编码`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from canonical_schema.values.text import compact

MOST_TEXTS = 400
"""Values kept of one place: enough to know its shape."""
MOST_PLACES = 1_000
"""What stands beyond is left out: a document keyed by its data has no places to map."""
LONGEST_TEXT = 200

Path = tuple[str, ...]


@dataclass
class Place:
    """`seen`: how often it stood there, `texts`: what it said when it said something, `many`: whether it is a list."""

    path: Path
    children: dict[str, "Place"] = field(default_factory=dict)
    many: bool = False
    seen: int = 0
    filled: int = 0
    texts: list[str] = field(default_factory=list)
    label: str = ""
    """What a schema calls it."""
    words: dict[str, str] = field(default_factory=dict)
    """Codes that a schema lists, and what each means ("" where it doesn't say)."""

    @property
    def name(self) -> str:
        return self.path[-1] if self.path else ""

    @property
    def leaf(self) -> bool:
        """Whether it holds values itself; an element with attributes may hold children as well."""
        return bool(self.texts) or not self.children

    def child(self, name: str) -> "Place":
        return self.children.setdefault(name, Place((*self.path, name)))

    def under(self) -> Iterator["Place"]:
        """All places inside, in the order of the source."""
        for one in self.children.values():
            yield one
            yield from one.under()


def gather(trees: Iterable[Any]) -> Place:
    """The places of plain trees (mappings.document.plain)."""
    root = Place(())
    count = [0]
    for tree in trees:
        _walk(tree, root, count)
    return root


def _walk(value: Any, place: Place, count: list[int]) -> None:
    place.seen += 1
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "":  # the text of an element with attributes
                _text(inner, place)
                continue
            if name not in place.children:
                if count[0] >= MOST_PLACES:
                    continue
                count[0] += 1
            _walk(inner, place.child(name), count)
    elif isinstance(value, list):
        place.many = True
        place.seen -= 1
        for item in value:
            _walk(item, place, count)
    else:
        _text(value, place)


def _text(value: Any, place: Place) -> None:
    text = "" if value is None else compact(written(value))
    if text:
        place.filled += 1
        if len(place.texts) < MOST_TEXTS:
            place.texts.append(text[:LONGEST_TEXT])


def written(value: Any) -> str:
    """A scalar as a mapping's steps meet it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def rows_at(tree: Any, path: Path) -> list[Any]:
    """The list that stands at a path of keys; one element is a list of one; none is an empty list."""
    found = tree
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    if found is None:
        return []
    return found if isinstance(found, list) else [found]


def text_at(row: Any, path: Path) -> str:
    """The text at a path inside a row; "" where there is none, or no single one."""
    found = row
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    if isinstance(found, dict):
        found = found.get("")
    return "" if found is None or isinstance(found, list) else compact(written(found))
