"""Seeded randomness: the same seed and key give the same rolls on every machine, whatever else was rolled before."""

import random
from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")
_WORD = (1 << 64) - 1


def mix(*key: int) -> int:
    """A 64-bit number from whole numbers (splitmix64's finalizer over each): cheap enough to plan a million journeys."""
    state = 0x9E3779B97F4A7C15
    for part in key:
        state = (state + (part & _WORD) * 0xBF58476D1CE4E5B9 + 0x94D049BB133111EB) & _WORD
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _WORD
        state ^= state >> 31
    return state


def share(*key: int) -> float:
    """`mix` as a number from 0 to 1 (exclusive)."""
    return mix(*key) / (_WORD + 1)


class Dice:
    """One stream of rolls for one key."""

    __slots__ = ("roll",)

    def __init__(self, *key: int) -> None:
        self.roll = random.Random(mix(*key)).random

    def pick(self, options: Sequence[_T]) -> _T:
        return options[int(self.roll() * len(options))]

    def chance(self, probability: float) -> bool:
        return self.roll() < probability

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both possible."""
        return low + int(self.roll() * (high - low + 1))

    def digits(self, count: int) -> str:
        return f"{int(self.roll() * 10**count):0{count}d}"

    def some(self, options: Sequence[_T], count: int) -> list[_T]:
        """`count` different options (fewer where there are fewer), in the order rolled."""
        left = list(options)
        return [left.pop(int(self.roll() * len(left))) for _ in range(min(count, len(left)))]
