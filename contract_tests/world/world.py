"""The synthetic world: enterprises, manifests and what becomes of them, the same for the same seed, streamed.

All of journey i follows from (seed, i): nothing is kept from one to the next, so a million take no more memory than ten. Dates lie in
2026-01 to 2026-03 and don't depend on a clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from contract_tests.world.journey import Journey, Side
from contract_tests.world.places import PROVINCES
from contract_tests.world.plan import Plan, plan
from contract_tests.world.sides import build_journey

USUAL = tuple(name for name, province in PROVINCES.items() if province.usual)
"""The provinces of a world of which nothing else is said."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What a gateway that lost and invented nothing holds: records by kind, and damaged units set apart."""

    records: dict[str, int]
    damaged: int


@dataclass(frozen=True, slots=True)
class World:
    """`manifests_per_province` are filed in each; a province also knows those that come to it from the other ones.

    Which provinces take part, and in which order, decides what happens: another choice is another world.
    """

    seed: int
    manifests_per_province: int
    provinces: tuple[str, ...] = USUAL

    def __post_init__(self) -> None:
        if not 0 <= self.manifests_per_province < 1_000_000:
            raise ValueError("a province numbers at most 999,999 manifests a year")
        if unknown := set(self.provinces) - set(PROVINCES):
            raise ValueError(f"no such province in this world: {', '.join(sorted(unknown))}")

    @property
    def identity(self) -> dict[str, int | list[str] | None]:
        """What a folder must agree on that keeps something of this world; the usual provinces go without saying (None)."""
        provinces = None if self.provinces == USUAL else list(self.provinces)
        return {"seed": self.seed, "manifests": self.manifests_per_province, "provinces": provinces}

    def __len__(self) -> int:
        return self.manifests_per_province * len(self.provinces)

    def journeys(self) -> Iterator[Journey]:
        return (self.journey(index) for index in range(len(self)))

    def journey(self, index: int) -> Journey:
        return build_journey(self.seed, plan(self.seed, index, self.provinces))

    def for_province(self, adapter: str) -> Iterator[Side]:
        """The sides that one system knows, in the order of their journeys."""
        for told in self.plans():
            if adapter in told.systems:
                yield self.side(adapter, told.index)

    def side(self, adapter: str, index: int) -> Side:
        return next(side for side in self.journey(index).sides if side.adapter == adapter)

    def plans(self) -> Iterator[Plan]:
        return (plan(self.seed, index, self.provinces) for index in range(len(self)))

    def truth(self) -> Truth:
        """A journey makes a record when one of its sides is whole; all of gd's damage is one file."""
        records = damaged = 0
        file_damaged = False
        for told in self.plans():
            records += told.damaged is None or len(told.systems) > 1
            damaged += told.damaged not in {None, "truncated"}
            file_damaged |= told.damaged == "truncated"
        return Truth({"manifest": records}, damaged + file_damaged)
