"""Time is handed in: a clock is a function that gives an aware datetime. The standard shows times at +08:00."""

from collections.abc import Callable
from datetime import datetime

from canonical_schema.values.instant import CHINA

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, at +08:00."""
    return datetime.now(CHINA)


def instant(at: datetime) -> str:
    """The standard's `instant`: ISO 8601 at +08:00, cut to the millisecond, a fraction of zero unwritten. Later is greater as text.

    >>> instant(datetime(2026, 3, 5, 8, 30, tzinfo=CHINA)), instant(datetime(2026, 3, 5, 8, 30, 0, 120_000, CHINA))
    ('2026-03-05T08:30:00+08:00', '2026-03-05T08:30:00.120+08:00')
    """
    return at.astimezone(CHINA).isoformat(timespec="milliseconds" if at.microsecond >= 1000 else "seconds")
