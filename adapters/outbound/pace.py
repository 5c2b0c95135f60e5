"""How often a system may be asked: the generic cell rate algorithm (ITU-T I.371), one number per system. Pure."""

from dataclasses import dataclass, field
from functools import cache


@dataclass(frozen=True, slots=True)
class Rate:
    """`per_second` requests on average, `burst` of them at once."""

    per_second: float
    burst: int = 1


@dataclass(slots=True)
class Pace:
    """Gives out turns in order. `_full` is the moment at which the whole burst is there again."""

    rate: Rate
    _full: float = field(default=float("-inf"))

    def turn(self, now: float) -> float:
        """Seconds from `now` until the caller may ask; his turn is taken. In any t seconds at most burst + t × rate are given.

        >>> pace = Pace(Rate(2, burst=2))
        >>> [pace.turn(0) for _ in range(4)], pace.turn(10)
        ([0.0, 0.0, 0.5, 1.0], 0.0)
        """
        period = 1 / self.rate.per_second
        self._full = max(self._full, now) + period
        return max(0.0, self._full - now - self.rate.burst * period)


@cache
def shared(system: str, rate: Rate) -> Pace:
    """The one pace at which this process asks a system: a new run doesn't begin with a new burst."""
    del system
    return Pace(rate)
