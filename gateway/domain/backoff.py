"""When to try again: exponential with full jitter, within a cap and a deadline, never sooner than the target asked.

Full jitter (any moment between now and the exponential bound) spreads the rows that failed together.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Schedule:
    """A target's patience, in seconds. `deadline` counts from when the delivery was owed (or replayed)."""

    base: float = 1.0
    cap: float = 900.0
    deadline: float = 3 * 86_400.0

    def __post_init__(self) -> None:
        if not 0 < self.base <= self.cap or self.deadline <= 0:
            raise ValueError("a schedule has 0 < base <= cap and a deadline above 0")


def bound(schedule: Schedule, attempt: int) -> float:
    """The longest wait (seconds) after the `attempt`-th failure, from 1."""
    if attempt < 1:
        raise ValueError("attempts count from 1")
    # Beyond 2**63 no cap is in sight, and a float would overflow at 2**1024.
    return min(schedule.cap, schedule.base * 2.0 ** min(attempt - 1, 63))


def delay(schedule: Schedule, attempt: int, chance: float) -> float:
    """Seconds to wait after the `attempt`-th failure. `chance` is a random number in [0, 1)."""
    if not 0 <= chance < 1:
        raise ValueError("chance is a number in [0, 1)")
    return chance * bound(schedule, attempt)


def next_attempt(
    schedule: Schedule,
    attempt: int,
    chance: float,
    *,
    now: datetime,
    owed_at: datetime,
    wait: float | None = None,
) -> datetime | None:
    """When to try again after the `attempt`-th failure; None when the deadline forbids it (then it is dead).

    `wait` is what the target asked for, in seconds: obeyed above the cap too, since coming sooner only costs it more.
    The last attempt is at the deadline itself, unless the target asked for longer.
    """
    end = owed_at + timedelta(seconds=schedule.deadline)
    if now >= end:
        return None
    left = (end - now).total_seconds()
    asked = wait or 0.0
    if asked > left:
        return None
    return now + timedelta(seconds=min(left, max(asked, delay(schedule, attempt, chance))))
