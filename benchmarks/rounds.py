"""Contestants run one after the other in each round; the ratio of two is taken within a round, then the median of the rounds."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Runner:
    name: str
    work: Callable[[], Any]
    records: int
    note: str = ""
    target: str = ""
    spent: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.spent)

    def times(self, other: "Runner") -> float:
        """How many times the other's time this one takes, round by round."""
        return statistics.median(mine / its for mine, its in zip(self.spent, other.spent, strict=True))


def timed(work: Callable[[], Any]) -> float:
    gc.collect()
    gc.disable()
    start = time.perf_counter()
    work()
    spent = time.perf_counter() - start
    gc.enable()
    return spent


def race(title: str, runners: list[Runner], rounds: int) -> None:
    """Prints each one's time and how many times the first one's it is."""
    for _ in range(rounds):
        for runner in runners:
            runner.spent.append(timed(runner.work) / runner.records * 1e6)
    print(f"\n{title}")
    for runner in runners:
        ratio, target = runner.times(runners[0]), f"   (target {runner.target})" if runner.target else ""
        print(f"  {runner.name:<36}{runner.median:9.1f} µs/record{ratio:8.2f} ×  {runner.note}{target}")
