"""The places that documents of a mapping had so far, and what stood there. Threads may share a detector."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from canonical_schema.masking import outline, personal_fields
from mappings.coverage import LONGEST_EXAMPLE, Place, Sources, names
from mappings.drift.sight import SCALARS
from mappings.paths import pointer

MOST_PLACES: Final = 2_000
"""What strangers write must not fill the memory. A name too many counts at one place, `…`, beside its neighbours."""

LONGEST_PLACE: Final = 400
"""An index holds a place, and a database no control characters; what would be longer counts at `…` too."""

OTHERS: Final = "…"
_TYPES: Final = {str: "string", bool: "boolean", int: "integer", Decimal: "number", float: "number"}


@dataclass(eq=False, slots=True)
class Kind:
    """What can be counted at one place: values of a type, with the first one that was met, or one of HELD, STANDS, OWN."""

    node: "Node"
    type: str
    example: str = ""


class Node:
    """A place. `form`: that of the document which a text there is; `listed`: what a list there counts as."""

    def __init__(self, detector: "Detector", shown: str, place: Place, *, xml: bool) -> None:
        self.detector, self.shown, self.names, self.xml = detector, shown, place, xml
        self.form = detector.sources.embedded.get(place)
        self.children: dict[str, Node] = {}
        self.kinds: dict[str, Kind] = {}
        self.listed = None if xml else Kind(self, "list")

    def child(self, name: str) -> "Node":
        if self.xml and name == "":
            return self  # the text of an element that has attributes
        found = self.children.get(name)
        if found is not None or name == OTHERS:
            return found or self.children.setdefault(name, self._new(name))
        too_many = self.detector.places >= MOST_PLACES and (*self.names, *names((name,))) not in self.detector.read
        if too_many or len(self.shown) + len(name) > LONGEST_PLACE:
            return self if self.shown.endswith("/" + OTHERS) else self.child(OTHERS)
        self.detector.places += 1
        return self.children.setdefault(name, self._new(name))

    def _new(self, name: str) -> "Node":
        place = (*self.names, *names((name,)))
        return Node(self.detector, self.shown + _printable(pointer((name,))), place, xml=self.xml)

    @cached_property
    def element(self) -> "Node":
        """The place of a list's elements; in XML one element and several look alike."""
        if self.xml or len(self.shown) > LONGEST_PLACE:
            return self
        return Node(self.detector, self.shown + "/*", self.names, xml=False)

    @cached_property
    def document(self) -> "Node":
        """The same place, as the root of the document that its text is."""
        inner = Node(self.detector, self.shown, self.names, xml=self.form == "xml")
        inner.form = None
        return inner

    def find(self, rest: Place) -> "Node | None":
        """The place further in that was shown under these names; of a list of values, that of its values."""
        inner = [self.__dict__[name] for name in ("document", "element") if self.__dict__.get(name, self) is not self]
        if not rest:
            values = [one for one in inner if SCALARS & one.kinds.keys()]
            return values[0] if values and not SCALARS & self.kinds.keys() else self
        child = self.children.get(rest[0])
        ways = [child.find(rest[1:])] if child is not None else []
        return next((found for found in (*ways, *(one.find(rest) for one in inner)) if found is not None), None)

    def kind(self, type_: str, example: str = "") -> Kind:
        return self.kinds.get(type_) or self.kinds.setdefault(type_, Kind(self, type_, example))

    def holds(self, kind: type) -> bool:
        """Whether a value of that type holds more: an object, a list, a text that is a document."""
        return kind is dict or kind is list or (kind is str and self.form is not None)

    def known(self, kind: type) -> Kind | None:
        return self.kinds.get(_TYPES.get(kind, "string"))

    def scalar(self, kind: type, values: Iterable[Any]) -> Kind | None:
        """What values of a type count as; None where none of them says anything, and none did before."""
        known = self.known(kind)
        if known is None and kind is not type(None):
            said = next((text for value in values if (text := str(value)).strip()), None)
            if said is not None:
                known = self.kind(_TYPES.get(kind, "string"), self.detector.shown(self.names, said))
        return known


class Detector:
    """The places of one mapping's documents."""

    def __init__(self, sources: Sources, kind: str) -> None:
        self.sources = sources
        self.places = 0
        # What the mapping reads, and what leads there, always has a place of its own.
        self.read = {place[:end] for place in sources.feeds for end in range(1, len(place) + 1)}
        self.root = Node(self, "", (), xml=sources.xml)
        self._personal = tuple(personal_fields(kind))

    def shown(self, place: Place, text: str) -> str:
        """The text as an example: cut, and only its outline where a person's data stands."""
        fields = self.sources.feeds.get(place, ())
        personal = any(one == told or one.startswith(told + "/") for one in fields for told in self._personal)
        return _printable((outline(text) if personal else text)[:LONGEST_EXAMPLE])

    def pointer(self, place: Place) -> str:
        """A place as it was shown, with the lists on the way."""
        found = self.root.find(place)
        return pointer(place) if found is None else found.shown


def _printable(text: str) -> str:
    return (
        text
        if text.isprintable()
        else "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)
    )
