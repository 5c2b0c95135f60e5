"""What a page showed: each place, the types of its values, how often, and one example."""

from dataclasses import dataclass, field
from typing import Final

from mappings.coverage import Sources

SCALARS: Final = frozenset({"string", "integer", "number", "boolean"})

STANDS, HELD, OWN = "an object", "of its object", "text of an element that has attributes"
"""What is counted beside types: an object at its place; that its object holds more there; that a value was counted twice."""


@dataclass(slots=True)
class Seen:
    """One place in one page. `types`: how many values of each; `held`: of the objects around it, how many have a value
    there; `objects`: how many objects stand there themselves."""

    types: dict[str, int] = field(default_factory=dict)
    held: int = 0
    objects: int = 0
    example: str = ""

    def add(self, kind: str, times: int, example: str) -> None:
        if kind == STANDS:
            self.objects += times
        elif kind in {HELD, OWN}:
            self.held += times if kind == HELD else -times
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
