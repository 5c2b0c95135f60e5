"""What the gateway holds, compared with what the world really held, claim by claim and value by value."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from contract_tests.lineage_check import leaves
from contract_tests.world import World
from contract_tests.world.journey import Side
from contract_tests.world.views import expected

BATCH = 500

Held = Callable[[str, Sequence[str]], dict[str, dict[str, Any]]]
"""(adapter, source keys) → the content of each key's newest claim."""


@dataclass(frozen=True, slots=True)
class Difference:
    adapter: str
    source_key: str
    field: str
    expected: Any
    found: Any


@dataclass(slots=True)
class Comparison:
    """`differences` keeps the first few, for people; `different` counts all."""

    compared: int = 0
    different: int = 0
    differences: tuple[Difference, ...] = ()


def compare(world: World, held: Held, keep: int = 20) -> Comparison:
    result = Comparison()
    for adapter in world.provinces:
        for sides in _batches(world.for_province(adapter)):
            whole = [side for side in sides if side.damaged is None]
            found = held(adapter, [side.source_key for side in whole])
            for side in whole:
                _claim(result, side, found.get(side.source_key, {}), keep)
    return result


def _claim(result: Comparison, side: Side, found: dict[str, Any], keep: int) -> None:
    wanted, told = leaves(expected(side)), leaves(found)
    result.compared += len(wanted)
    if wanted == told:
        return
    for field in sorted(wanted.keys() | told.keys()):
        if wanted.get(field) != told.get(field):
            result.different += 1
            if len(result.differences) < keep:
                one = Difference(side.adapter, side.source_key, field, wanted.get(field), told.get(field))
                result.differences = (*result.differences, one)


def _batches(sides: Iterator[Side]) -> Iterator[list[Side]]:
    batch: list[Side] = []
    for side in sides:
        batch.append(side)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
