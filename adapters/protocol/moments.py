"""Times as systems write them, by a pattern of yyyy MM dd HH mm ss."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

PARTS = (("yyyy", "%Y"), ("MM", "%m"), ("dd", "%d"), ("HH", "%H"), ("mm", "%M"), ("ss", "%S"))


def _strptime(pattern: str) -> str:
    for written, directive in PARTS:
        pattern = pattern.replace(written, directive)
    return pattern


def known_format(pattern: str, sample: str) -> str:
    """What is wrong with a pattern or with a sample of it; "" when nothing is.

    >>> known_format("yyyy-MM-dd", "2020-01-01"), known_format("yyyy-MM-dd", "2020/01/01")
    ('', "'2020/01/01' isn't written as yyyy-MM-dd")
    """
    places = [pattern.find(written) for written, _ in PARTS]
    written_ones = [place for place in places if place >= 0]
    if min(places[:3]) < 0 or written_ones != sorted(written_ones):
        return f"{pattern!r} must have yyyy, MM, dd (then HH, mm, ss) in this order, so that later is greater"
    try:
        datetime.strptime(sample, _strptime(pattern))  # noqa: DTZ007 - only asked whether it fits
    except ValueError:
        return f"{sample!r} isn't written as {pattern}"
    return ""


def shape(pattern: str) -> re.Pattern[str]:
    """What a value written by the pattern looks like."""
    digits = re.escape(pattern)
    for part, _ in PARTS:
        digits = digits.replace(part, f"[0-9]{{{len(part)}}}")
    return re.compile(rf"\A{digits}\Z")


def parse(text: str, pattern: str, zone: str) -> datetime:
    """Raises ValueError."""
    return datetime.strptime(text, _strptime(pattern)).replace(tzinfo=ZoneInfo(zone))


def written(moment: datetime, pattern: str, zone: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    return local.strftime(_strptime(pattern).replace("%Y", f"{local.year:04}"))


def earlier(text: str, seconds: int, pattern: str, zone: str) -> str:
    """The same moment `seconds` before, never before year 1.

    >>> earlier("2026-03-05 00:05:00", 600, "yyyy-MM-dd HH:mm:ss", "Asia/Shanghai")
    '2026-03-04 23:55:00'
    """
    try:
        return written(parse(text, pattern, zone) - timedelta(seconds=seconds), pattern, zone)
    except OverflowError:
        return text
