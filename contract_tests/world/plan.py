"""Which systems know journey i: told without building it, so that one province's share of a million is found quickly.

Journey i is filed in province `provinces[i % len]` as its own manifest number `i // len`. Some 16 of 100 manifests of a province cross
its border: half of its own that do go to another simulated province, the rest to, or come from, one that isn't simulated.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from contract_tests.world.dice import mix, share
from contract_tests.world.journey import Damage
from contract_tests.world.places import OF_SYSTEM, PLACES, PROVINCES

TRUNCATED = (1, 2)
"""The own manifests of gd that stand in the one file that is cut off."""

_FIRST = {system: PLACES.index(places[0]) for system, places in OF_SYSTEM.items()}


@dataclass(frozen=True, slots=True)
class Plan:
    """`origin` and `destination` are positions in PLACES; `systems` the adapters that know it, the removal side first."""

    index: int
    own: int
    home: str
    origin: int
    destination: int
    systems: tuple[str, ...]
    damaged: Damage | None

    @property
    def crossing(self) -> bool:
        return PLACES[self.origin].code[:2] != PLACES[self.destination].code[:2]

    def sort(self) -> Literal["intra_province", "cross_province"]:
        return "cross_province" if self.crossing else "intra_province"


def _somewhere(system: str, roll: int) -> int:
    return _FIRST[system] + roll % len(OF_SYSTEM[system])


@cache
def _elsewhere(provinces: tuple[str, ...]) -> tuple[int, ...]:
    """Positions in PLACES of what no simulated province owns: a province that is has all its places itself."""
    codes = {PROVINCES[name].code for name in provinces}
    return tuple(at for at, place in enumerate(PLACES) if not place.system and place.code[:2] not in codes)


def _outside(provinces: tuple[str, ...], roll: int) -> int:
    places = _elsewhere(provinces)
    return places[roll % len(places)]


def _damage(seed: int, home: str, own: int) -> Damage | None:
    """One in each hundred; in gd the whole file that holds two manifests."""
    options = PROVINCES[home].damages
    if "truncated" in options:
        return "truncated" if own in TRUNCATED else None
    if own % 100 != mix(seed, 11, own // 100, int(PROVINCES[home].code)) % 100:
        return None
    return options[mix(seed, 12, own // 100) % len(options)]


def plan(seed: int, index: int, provinces: tuple[str, ...]) -> Plan:
    own, position = divmod(index, len(provinces))
    home = provinces[position]
    others = tuple(name for name in provinces if name != home)
    crossing, where = share(seed, 13, index), mix(seed, 14, index)
    here, there = _somewhere(home, own), _somewhere(home, where)
    systems: tuple[str, ...] = (home,)
    if crossing < 0.06 and others:
        other = others[where % len(others)]
        there, systems = _somewhere(other, where >> 8), (home, other)
    elif crossing < 0.09:
        there = _outside(provinces, where)
    elif crossing < 0.11:
        here, there = _outside(provinces, where), _somewhere(home, own)
    return Plan(index, own, home, here, there, systems, _damage(seed, home, own))


def national_no(told: Plan) -> str:
    """Fourteen digits: year, province and prefecture of the removal side, serial of that prefecture.

    Serials of a simulated province are its own manifests' numbers; for the others the journey's index serves, some prefectures long.
    """
    code = PLACES[told.origin].code
    if PLACES[told.origin].system:
        return f"2026{code[:4]}{told.own + 1:06d}"
    return f"2026{code[:2]}{1 + told.index // 1_000_000:02d}{told.index % 1_000_000:06d}"
