"""What a place could be: how well its name and its values go with each field of the standard that stands where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mappings.infer.names import ELSEWHERE, Said, match
from mappings.infer.shapes import SHAPES, fit
from mappings.infer.targets import Target, targets
from mappings.infer.tree import Path, Place

ALONE = 0.85
"""Values of a shape of this weight are worth a guess whatever the name says."""
FITTING, MISFIT = 0.6, 0.3
"""From here on values speak for a field; below, they rule it out."""
VALUE_NAMES = frozenset({"code", "number", "no", "value", "text", "content", "编码", "编号", "代码", "号码", "值"})
"""Names of the one value that an object around it is about."""


@dataclass(frozen=True)
class Source:
    """A place inside a record. `around`: its enclosing names, nearest first, up to a list; `list_name`: what that is called.

    `lists`: the standard's lists that it stands in; `many`: it's a list of values itself; `texts`: some of them, each once."""

    place: Place
    around: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    list_name: str = ""
    many: bool = False

    @property
    def path(self) -> Path:
        return self.place.path


@dataclass(frozen=True)
class Pair:
    """`labelled`: a schema's label says more than the name. `fitting`: the part of the values that have the field's shape."""

    source: Source
    target: Target
    said: Said
    labelled: bool
    fitting: float


def pairs(sources: Sequence[Source], virtual: frozenset[str]) -> list[Pair]:
    """All that could be. `virtual`: lists of the standard that the source has no list for."""
    found: list[Pair] = []
    for source in sources:
        fits = {target.shape: fit(target.shape, source.texts) for target in targets()} if source.texts else {}
        for target in targets():
            fitting = fits.get(target.shape, 0.0)
            if not _stands(source, target, virtual) or (fits and fitting < MISFIT):
                continue
            named, label = by_name(source, target), by_label(source, target)
            said = max(named, label, key=_rank)
            if said.score > 0 or (fitting > FITTING and SHAPES[target.shape].weight >= ALONE):
                found.append(Pair(source, target, said, label.score > named.score, fitting))
    return found


def best_name(source: Source, target: Target) -> Said:
    return max(by_name(source, target), by_label(source, target), key=_rank)


def by_name(source: Source, target: Target) -> Said:
    """By its key, or by the object that it is the value of (`phone/number`)."""
    own = match(source.place.name, source.around, target.wanted)
    if not source.around or source.place.name.casefold() not in VALUE_NAMES:
        return own
    of = match(source.around[0], source.around[1:], target.wanted)
    return max(own, replace(of, score=of.score * ELSEWHERE), key=_rank)


def by_label(source: Source, target: Target) -> Said:
    """By what a schema calls it."""
    return match(source.place.label, source.around, target.wanted)


def _rank(said: Said) -> tuple[float, bool]:
    return said.score, bool(said.role)


def _stands(source: Source, target: Target, virtual: frozenset[str]) -> bool:
    """Whether a place in these lists can fill a field in those."""
    if target.field == "legs/seq" and "legs" in virtual:
        return False  # the one leg that is written out needs no number, and a row's isn't its
    if source.many and not target.many:
        return False
    return source.lists == tuple(one for one in target.lists if one not in virtual)
