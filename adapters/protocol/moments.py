"""Times as systems write them, by a pattern of yyyy MM dd HH mm ss."""

import re
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

PARTS = (("yyyy", "%Y"), ("MM", "%m"), ("dd", "%d"), ("HH", "%H"), ("mm", "%M"), ("ss", "%S"))


@cache
def _strptime(pattern: str) -> str:
    for written, directive in PARTS:
        pattern = pattern.replace(written, directive)
    return pattern


def format_fault(pattern: str) -> str:
    """What is wrong with a pattern; "" when nothing is.

    >>> format_fault("yyyy-MM-dd"), format_fault("dd/MM/yyyy")[:12]
    ('', "'dd/MM/yyyy'")
    """
    places = [pattern.find(written) for written, _ in PARTS]
    written_ones = [place for place in places if place >= 0]
    if min(places[:3]) < 0 or written_ones != sorted(written_ones):
        return (
            f"{pattern!r} must have yyyy, MM, dd (then HH, mm, ss) in this order, so that later is greater (须按此顺序)"
        )
    return ""


def fits(text: str, pattern: str) -> bool:
    """Whether the text is a moment written by the pattern, digit for digit: texts are compared as they stand.

    >>> [fits(text, "yyyy-MM-dd") for text in ("2026-02-28", "2026-02-30", "2026-2-28")]
    [True, False, False]
    """
    if _shape(pattern).match(text):
        with suppress(ValueError):
            datetime.strptime(text, _strptime(pattern))  # noqa: DTZ007 - only asked whether there is such a day
            return True
    return False


@cache
def _shape(pattern: str) -> re.Pattern[str]:
    """What a value written by the pattern looks like; strptime alone takes `2026-2-8`, too."""
    digits = re.escape(pattern)
    for part, _ in PARTS:
        digits = digits.replace(part, f"[0-9]{{{len(part)}}}")
    return re.compile(rf"\A{digits}\Z")


def read(text: str, pattern: str, zone: str) -> datetime:
    """The moment. ValueError where the text doesn't fit."""
    return datetime.strptime(text, _strptime(pattern)).replace(tzinfo=ZoneInfo(zone))


def written(moment: datetime, pattern: str, zone: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    return local.strftime(_strptime(pattern).replace("%Y", f"{local.year:04}"))


def moved(text: str, seconds: int, pattern: str, zone: str) -> str:
    """The moment so many seconds later, or earlier; the same one where years end.

    >>> moved("2026-03-05 00:05:00", -600, "yyyy-MM-dd HH:mm:ss", "Asia/Shanghai")
    '2026-03-04 23:55:00'
    """
    try:
        return written(read(text, pattern, zone) + timedelta(seconds=seconds), pattern, zone)
    except OverflowError:
        return text
