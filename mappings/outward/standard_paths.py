"""Paths into the standard's own record: checked while a mapping is read, since here both sides are known."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from canonical_schema.declared import Node
from canonical_schema.fields import ObjectType, ScalarType
from canonical_schema.problem import nearest
from mappings.language.beside import Beside
from mappings.language.reader import Reader
from mappings.paths import ROOT, SourcePath

_MOMENT = ("at", "precision")


@dataclass(frozen=True, slots=True)
class Place:
    """What stands at a path of the standard. `section` is the way there without positions."""

    type: ScalarType | ObjectType
    many: bool
    section: tuple[str, ...]


class StandardReader(Reader):
    """A reader whose paths lead through the record: its envelope at the root, its content where rules begin.

    `carried` collects the way to every value that is read.
    """

    def __init__(self, file: str, beside: Beside) -> None:
        super().__init__(file, beside)
        self.carried: set[tuple[str, ...]] = set()
        self._scopes: list[Place] = []

    def begin(self, record: ObjectType) -> None:
        content = record.fields["content"].type
        self._scopes = [Place(record, many=False, section=()), Place(content, many=False, section=("content",))]

    @contextmanager
    def element(self, place: Place) -> Iterator[None]:
        """Within an element of the list at `place`."""
        self._scopes.append(Place(place.type, many=False, section=place.section))
        try:
            with self.inside(item=True):
                yield
        finally:
            self._scopes.pop()

    def path(self, node: Node, *, passes: bool = False) -> SourcePath:
        path = super().path(node, passes=passes)
        self.place_of(path, node)
        return path

    def field(self, node: Node) -> None:
        """A fault unless the standard has a field of that name, in whatever item of the lists on the way."""
        before = set(self.carried)
        self.place_of(super().path(node), node, through_lists=True)
        self.carried = before

    def place_of(self, path: SourcePath, node: Node, *, through_lists: bool = False) -> Place | None:
        """What stands there; a fault, and None, where the standard has nothing of that name."""
        if path.up != ROOT and path.up > self.scopes:
            return None  # told already
        here = self._scopes[0] if path.up == ROOT else self._scopes[-1 - path.up]
        kind, many, section, moment = here.type, here.many, here.section, False
        for step in path.segments:
            if many and step.isdigit():
                many = False
                continue
            if many and not through_lists:
                self.fault(
                    node, f"{'/'.join(section)} is a list: say 'each', or a position as in {section[-1]}/0/{step}"
                )
                return None
            if isinstance(kind, ScalarType):
                if kind.name == "moment" and step in _MOMENT:
                    kind, section, moment = ScalarType("text", str), (*section, step), True
                    continue
                self.fault(node, f"{'/'.join(section)} is one value: there is no '{step}' in it")
                return None
            field = kind.fields.get(step)
            if field is None:
                words = f"the standard's {kind.name} has no field '{step}'"
                self.fault(node, words, nearest(step, list(kind.fields)), kind="unknown field")
                return None
            kind, many, section = field.type, field.many, (*section, step)
        if isinstance(kind, ScalarType):
            self.carried.add(section[:-1] if moment else section)
        return Place(kind, many, section)
