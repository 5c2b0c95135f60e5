"""Which place is which field: each pair gets a confidence, then each place and each field is given once, the surest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mappings.infer.names import says
from mappings.infer.pairs import FITTING, Pair, Source, pairs
from mappings.infer.shapes import SHAPES
from mappings.infer.targets import PARTIES, ROLES, targets
from mappings.infer.tree import Path
from mappings.infer.vocabulary import ideas

NAME, VALUES = 0.9, 0.5
"""How much the best name, and values that only this field could have, say alone."""
LEAST, WORTH_SAYING = 0.35, 0.2
"""Less than the first is no guess; less than the second isn't worth a word of a place left over."""
TELLING = 0.3
"""A score of a name, or weight of values, that is a reason for a guess."""
ROUNDS = 3
"""The first goes by names and values alone; the neighbours' roles come of the round before."""
NEAR, SURE_NEIGHBOUR = 4, 0.6
"""How many places before and after are neighbours; how sure they must be to say a role."""
GIVEN = ("waste", "leg", "package", "vehicle", "attachment")
"""Roles that the list in which a place stands says for it."""

# What is left of a guess by what says whose it is.
AROUND, IN_ITS_LIST, LIST_SAYS, NEIGHBOURS_SAY, NOBODY = 0.98, 0.95, 0.9, 0.9, 0.6
OTHER_NEIGHBOURS, OTHER_ROLE, IN_A_PARTY = 0.35, 0.25, 0.6

Roles = Mapping[Path, frozenset[str]]


@dataclass(frozen=True)
class Guess:
    """A field, the place it's filled from, how sure that is, and why: `name` or `label`, `values`, or only the `place`."""

    field: str
    path: Path
    confidence: float
    why: str


def assign(sources: Sequence[Source], virtual: frozenset[str]) -> tuple[list[Guess], dict[Path, Guess]]:
    """(the guesses, each place and each field once; what each place left over would best have been)."""
    found = pairs(sources, virtual)
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


def _guess(pair: Pair, roles: Roles) -> Guess:
    """Name and values are two witnesses: each leaves less of the doubt. Values that hardly fit make all of it doubtful."""
    shape, whose = SHAPES[pair.target.shape], _whose(pair, roles)
    name, values = pair.said.score * whose, shape.weight * pair.fitting * whose
    confidence = 1 - (1 - NAME * name) * (1 - VALUES * values)
    if pair.source.texts and pair.fitting < FITTING:
        confidence *= 0.7 + 0.5 * pair.fitting if shape.soft else 0.4 + pair.fitting
    return Guess(pair.target.field, pair.source.path, round(confidence, 3), _why(pair, name, values))


def _why(pair: Pair, name: float, values: float) -> str:
    named = [("label" if pair.labelled else "name")] if name > TELLING else []
    shaped = ["values"] if pair.fitting >= FITTING and values >= TELLING * VALUES else []
    return "+".join((*named, *shaped)) or "place"


def _whose(pair: Pair, roles: Roles) -> float:
    """Whose it is may be said by the name, by what stands around it, by the list, or by the neighbours; or by nobody."""
    source, role = pair.source, pair.target.wanted.role
    if role is None:
        in_a_party = any(says(name, ideas()[party]) for name in source.around for party in PARTIES)
        return IN_A_PARTY if in_a_party else 1.0
    if pair.said.role:
        return 1.0 if pair.said.role == "name" else AROUND
    if any(says(name, ideas()[other]) for name in source.around for other in ROLES if other != role.name):
        return OTHER_ROLE
    if role.name in GIVEN:
        return IN_ITS_LIST
    if says(source.list_name, role):
        return LIST_SAYS
    near = roles.get(source.path, frozenset())
    return NEIGHBOURS_SAY if role.name in near else OTHER_NEIGHBOURS if near else NOBODY


def _neighbours(chosen: Sequence[Guess], order: Mapping[Path, int]) -> Roles:
    """For each place, the roles of the nearest sure places before and after it, in the same object, that have one."""
    role_of = {target.field: target.role for target in targets()}
    placed = [
        (order[one.path], role_of[one.field], one.path)
        for one in chosen
        if role_of[one.field] and one.confidence > SURE_NEIGHBOUR
    ]
    found: dict[Path, frozenset[str]] = {}
    for path, at in order.items():
        near = [
            (abs(other - at), role)
            for other, role, owner in placed
            if 0 < abs(other - at) <= NEAR and owner[:-1] == path[:-1]
        ]
        if near:
            found[path] = frozenset(role for distance, role in near if distance == min(near)[0])
    return found
