"""Time is handed in: a clock is a function that gives an aware datetime. The standard shows times at +08:00."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

Clock = Callable[[], datetime]

CHINA = timezone(timedelta(hours=8))


def system_clock() -> datetime:
    """Now, at +08:00."""
    return datetime.now(CHINA)


def instant(at: datetime) -> str:
    """The standard's `instant`: ISO 8601 at +08:00, to the millisecond.

    >>> instant(datetime(2026, 3, 5, 0, 30, tzinfo=timezone.utc))
    '2026-03-05T08:30:00.000+08:00'
    """
    return at.astimezone(CHINA).isoformat(timespec="milliseconds")
