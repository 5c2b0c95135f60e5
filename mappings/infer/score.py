"""Which place is which field: every pair is scored by name and by values, then each is given to one, the best first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mappings.infer.names import ELSEWHERE, Said, match, says
from mappings.infer.shapes import SHAPES, fit
from mappings.infer.targets import ROLES, Target, targets
from mappings.infer.tree import Path, Place
from mappings.infer.vocabulary import ideas

NAME, VALUES = 0.9, 0.5
"""How much the best name, and values that only this field could have, say alone."""
ALONE = 0.85
"""Values of a shape of this weight are worth a guess whatever the name says."""
LEAST = 0.35
"""Less than this is no guess."""
WORTH_SAYING = 0.2
"""Of a place left over."""
ROUNDS = 3
"""The first goes by names and values alone; the neighbours' roles come of the round before."""
UNSAID_ROLE, NEIGHBOURS, OTHER_NEIGHBOURS, OTHER_ROLE = 0.6, 0.9, 0.35, 0.25
"""What is left of a name that doesn't say whose it is: with nothing to go by, with neighbours of that role, of another."""
NEAR = 4
"""Places before and after that are neighbours."""
VALUE_NAMES = frozenset({"code", "number", "no", "value", "text", "content", "编码", "编号", "代码", "号码", "值"})
"""Names of the one value that an object around it is about."""
GIVEN = ("waste", "leg", "package", "vehicle", "attachment")
"""Roles that the list in which a place stands says for it."""


@dataclass(frozen=True)
class Source:
    """A place inside a record: `around` its enclosing names, nearest first, up to a list; `lists` the standard's lists it stands in.

    `list_name` is what the source calls the innermost of them."""

    place: Place
    around: tuple[str, ...]
    lists: tuple[str, ...]
    texts: tuple[str, ...]
    list_name: str = ""

    @property
    def path(self) -> Path:
        return self.place.path


@dataclass(frozen=True)
class Guess:
    """A field, the place it's filled from, how sure that is, and why in words that follow `name+values`."""

    field: str
    path: Path
    confidence: float
    why: str


Roles = Mapping[Path, frozenset[str]]


@dataclass(frozen=True)
class _Pair:
    source: Source
    target: Target
    said: Said
    fitting: float


def _pairs(sources: Sequence[Source], virtual: frozenset[str]) -> list[_Pair]:
    """All that could be: what isn't told again with each round. `virtual`: lists of the standard that the source has no list for."""
    found: list[_Pair] = []
    for source in sources:
        fits = {target.shape: fit(target.shape, source.texts) for target in targets()} if source.texts else {}
        for target in targets():
            fitting = fits.get(target.shape, 0.0)
            if not _stands(source, target, virtual) or (fits and fitting < 0.3):
                continue
            said = best_name(source, target)
            if said.score > 0 or (fitting > 0.6 and SHAPES[target.shape].weight >= ALONE):
                found.append(_Pair(source, target, said, fitting))
    return found


def best_name(source: Source, target: Target) -> Said:
    """By its key, by what a schema calls it, or by the object that it is the value of (`phone/number`)."""
    found = [match(source.place.name, source.around, target.wanted)]
    if source.around and source.place.name.casefold() in VALUE_NAMES:
        inner = match(source.around[0], source.around[1:], target.wanted)
        found.append(replace(inner, score=inner.score * ELSEWHERE))
    if source.place.label:
        found.append(match(source.place.label, source.around, target.wanted))
    return max(found, key=lambda said: (said.score, bool(said.role)), default=Said(0.0, "", ""))


def _stands(source: Source, target: Target, virtual: frozenset[str]) -> bool:
    """Whether a place in these lists can fill a field in those."""
    if target.field == "legs/seq" and "legs" in virtual:
        return False  # the one leg that is written out needs no number, and a row's isn't its
    wanted = tuple(one for one in target.lists if one not in virtual)
    if source.place.many and not target.many and not source.place.children:
        return False
    if source.lists == wanted:
        return True
    return not target.lists and not target.type and not source.lists


def assign(sources: Sequence[Source], virtual: frozenset[str]) -> tuple[list[Guess], dict[Path, Guess]]:
    """(the guesses, each place and each field once; what each place left over would best have been)."""
    found = _pairs(sources, virtual)
    order = {source.path: at for at, source in enumerate(sources)}
    roles: Roles = {}
    for _ in range(ROUNDS):
        ranked = sorted((_guess(pair, roles) for pair in found), key=lambda one: (-one.confidence, one.field, one.path))
        chosen = _greedy(ranked)
        roles = _neighbours(chosen, order)
    given = {one.path for one in chosen}
    left: dict[Path, Guess] = {}
    for one in ranked:
        if one.path not in given and one.confidence >= WORTH_SAYING:
            left.setdefault(one.path, one)
    return chosen, left


def _greedy(ranked: Sequence[Guess]) -> list[Guess]:
    fields: set[str] = set()
    places: set[Path] = set()
    chosen: list[Guess] = []
    for one in ranked:
        if one.confidence >= LEAST and one.field not in fields and one.path not in places:
            fields.add(one.field)
            places.add(one.path)
            chosen.append(one)
    return chosen


def _guess(pair: _Pair, roles: Roles) -> Guess:
    said, target, source = pair.said, pair.target, pair.source
    name = said.score * _role_factor(pair, roles)
    shape = SHAPES[target.shape]
    values = shape.weight * pair.fitting if source.texts else 0.0
    confidence = 1 - (1 - NAME * name) * (1 - VALUES * values * _role_factor(pair, roles))
    if source.texts and pair.fitting < 0.6:
        confidence *= 0.4 + pair.fitting if not shape.soft else 0.7 + 0.5 * pair.fitting
    return Guess(target.field, source.path, round(confidence, 3), _why(pair, name))


def _why(pair: _Pair, name: float) -> str:
    parts = []
    if name > 0.3:
        parts.append(
            "label"
            if pair.source.place.label
            and match(pair.source.place.name, pair.source.around, pair.target.wanted).score < pair.said.score
            else "name"
        )
    if pair.source.texts and pair.fitting >= 0.6 and not SHAPES[pair.target.shape].soft:
        parts.append("values")
    return "+".join(parts) or "place"


def _role_factor(pair: _Pair, roles: Roles) -> float:
    """Whose it is: said by the name, by what stands around it, by the list, or by the neighbours."""
    target, source = pair.target, pair.source
    if target.wanted.role is None:
        return 1.0
    if pair.said.role == "name":
        return 1.0
    if pair.said.role == "around":
        return 0.98
    if any(says(name, ideas()[role]) for name in source.around for role in ROLES if role != target.role):
        return OTHER_ROLE
    if target.role in GIVEN:
        return 0.95
    if source.list_name and says(source.list_name, target.wanted.role):
        return 0.9
    near = roles.get(source.path, frozenset())
    if target.role in near:
        return NEIGHBOURS
    return OTHER_NEIGHBOURS if near else UNSAID_ROLE


def _neighbours(chosen: Sequence[Guess], order: Mapping[Path, int]) -> Roles:
    """For each place, the roles of the nearest sure places before and after it that have one."""
    role_of = {target.field: target.role for target in targets()}
    placed = sorted(
        (order[one.path], role_of[one.field], one.path) for one in chosen if role_of[one.field] and one.confidence > 0.6
    )
    found: dict[Path, frozenset[str]] = {}
    for path, at in order.items():
        near = [
            (abs(other - at), role)
            for other, role, owner in placed
            if owner != path and abs(other - at) <= NEAR and owner[:-1] == path[:-1]
        ]
        if near:
            found[path] = frozenset(role for distance, role in near if distance <= max(1, min(near)[0]))
    return found
