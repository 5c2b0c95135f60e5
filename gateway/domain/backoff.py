"""When to try again: exponential with full jitter, within a cap and a deadline, never sooner than the target asked.

Full jitter (any moment between now and the exponential bound) spreads the rows that failed together.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True)
class Schedule:
    """A target's patience, in seconds. `deadline` counts from when the delivery was owed (or replayed)."""

    base: float = 1.0
    cap: float = 900.0
    deadline: float = 3 * 86_400.0

    def __post_init__(self) -> None:
        if not 0 < self.base <= self.cap or self.deadline <= 0:
            raise ValueError("a schedule has 0 < base <= cap and a deadline above 0")


def delay(schedule: Schedule, attempt: int, chance: float) -> float:
    """Seconds to wait after the `attempt`-th failure (from 1). `chance` is a random number in [0, 1)."""
    if attempt < 1:
        raise ValueError("attempts count from 1")
    if not 0 <= chance < 1:
        raise ValueError("chance is a number in [0, 1)")
    # Beyond 2**63 no cap is in sight, and a float would overflow at 2**1024.
    return chance * min(schedule.cap, schedule.base * 2.0 ** min(attempt - 1, 63))


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


def retry_after(header: str, now: datetime) -> float | None:
    """Seconds asked for by a Retry-After header (RFC 9110 §10.2.3), a number or an HTTP date; None if unreadable.

    >>> retry_after("120", datetime(2026, 3, 5, tzinfo=UTC))
    120.0
    >>> retry_after("Thu, 05 Mar 2026 00:00:30 GMT", datetime(2026, 3, 5, tzinfo=UTC))
    30.0
    """
    text = header.strip()
    # Digits beyond any calendar are a broken clock, not a wish.
    if text.isascii() and text.isdigit():
        return float(text) if len(text) <= 10 else None
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    # The asctime form carries no zone; HTTP dates are always GMT.
    aware = at.replace(tzinfo=UTC) if at.tzinfo is None else at
    return max(0.0, (aware - now).total_seconds())
