"""When a system may be asked: every so often or by cron, and not in its quiet hours. Pure: now and chance are handed in.

Times of day are wall time in one zone; a window that ends before it begins goes on into the next day (or week).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

DAYS = {name: number for number, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))}
DAY, WEEK = 24 * 60, 7 * 24 * 60
_MOMENT = r"(?:(Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?([01][0-9]|2[0-3]):([0-5][0-9])"
_WINDOW = re.compile(f"{_MOMENT}-{_MOMENT}")


@dataclass(frozen=True, slots=True)
class Window:
    """Minutes of a day, or of a week from Monday 00:00 on where `cycle` is WEEK; it lasts from `start` to before `end`."""

    start: int
    end: int
    cycle: int

    def left(self, wall: datetime) -> int:
        """Minutes until the window that is open at this wall time ends, seconds not counted; 0 where it isn't open."""
        lasted = (self._minute(wall) - self.start) % self.cycle
        length = (self.end - self.start) % self.cycle
        return max(0, length - lasted)

    def ahead(self, wall: datetime) -> int:
        """Minutes until it opens next; a whole cycle where it opens just now."""
        return (self.start - self._minute(wall) - 1) % self.cycle + 1

    def _minute(self, wall: datetime) -> int:
        return (wall.weekday() * DAY + wall.hour * 60 + wall.minute) % self.cycle


def window(text: str) -> Window:
    """`02:00-04:30` is every day's, `Sat 22:00-Sun 06:00` every week's. ValueError says what is expected.

    >>> window("22:00-01:30"), window("Sat 22:00-Sun 06:00")
    (Window(start=1320, end=90, cycle=1440), Window(start=8520, end=9000, cycle=10080))
    """
    found = _WINDOW.fullmatch(text)
    if found is None or (found[1] is None) != (found[4] is None):
        raise ValueError("a window such as 02:00-04:30 or Sat 22:00-Sun 06:00 (应为时间段, 如 02:00-04:30)")
    weekly = found[1] is not None
    start, end = (
        (DAYS[found[at]] * DAY if weekly else 0) + int(found[at + 1]) * 60 + int(found[at + 2]) for at in (1, 4)
    )
    if start == end:
        raise ValueError("a window ends at another time than it begins (起止时间不能相同)")
    return Window(start, end, WEEK if weekly else DAY)


def quiet_until(windows: Iterable[Window], now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the quiet ends that rules now, through windows that follow one another; None where none rules."""
    windows, until = tuple(windows), now
    while left := max((one.left(until.astimezone(zone)) for one in windows), default=0):
        until = _later(until, left, zone)
        if until - now > timedelta(minutes=WEEK):
            break  # windows that leave no time at all: nobody's file means it, but no loop may hang on it
    return until if until != now else None


def quiet_from(windows: Iterable[Window], now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the next window opens, from which on no page is asked for; None where there is no window."""
    wall = now.astimezone(zone)
    return min((_later(now, one.ahead(wall), zone) for one in windows), default=None)


def _later(now: datetime, minutes: int, zone: ZoneInfo) -> datetime:
    """So many minutes on by the wall clock, at the full minute, in `now`'s own offset."""
    wall = now.astimezone(zone).replace(second=0, microsecond=0)
    return (wall + timedelta(minutes=minutes)).astimezone(now.tzinfo)


def cron_fault(expression: str) -> str:
    """What is wrong with a cron expression; "" where nothing is."""
    try:
        next(CronSim(expression, datetime(2026, 1, 1)))  # noqa: DTZ001 - any moment will do
    except CronSimError as error:
        return f"{error}: five fields, such as */10 6-22 * * * (应为五段 cron 表达式)"
    except StopIteration:
        return "a moment that never comes (永远不会到来的时间)"
    return ""


@dataclass(frozen=True, slots=True)
class Schedule:
    """`every` seconds from the beginning of one run to that of the next, or by `cron`; up to `jitter` seconds later."""

    every: float
    cron: str = ""
    jitter: float = 0.0
    zone: str = "Asia/Shanghai"


def due(schedule: Schedule, last: datetime | None, begun: datetime, chance: float) -> datetime:
    """When the next run is due. `last`: when the one before began, None before the first; `begun`: since when there is
    anybody to run. The first run of an interval is due at once, that of a cron when it says. `chance`: in [0, 1)."""
    late = timedelta(seconds=schedule.jitter * chance)
    if schedule.cron:
        since = (last or begun).astimezone(ZoneInfo(schedule.zone))
        return next(CronSim(schedule.cron, since)).astimezone(begun.tzinfo) + late
    return begun if last is None else last + timedelta(seconds=schedule.every) + late
