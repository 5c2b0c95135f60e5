"""A moment as precisely as the source knows it: to the day, the minute or the second, at +08:00.

JSON is `{"at": …, "precision": …}`. A day never becomes an invented midnight (canonical.md §1).
"""

import re
from datetime import date

from canonical_schema.errors import InvalidFormat
from canonical_schema.values import instant
from canonical_schema.values.sentence import Words, sentence
from canonical_schema.values.text import compact, shown

PRECISIONS = ("day", "minute", "second")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# How many characters of `at` say something at each precision.
SIGNIFICANT = {"day": 10, "minute": 16, "second": 19}


def parse(text: str) -> dict[str, str]:
    """
    >>> parse("2026-03-05")
    {'at': '2026-03-05', 'precision': 'day'}
    >>> parse("2026-03-05T08:30+08:00")
    {'at': '2026-03-05T08:30:00+08:00', 'precision': 'minute'}
    """
    written = compact(text)
    if not _DAY.fullmatch(written):
        at, precision = instant.read(text)
        return {"at": at.isoformat(timespec="seconds"), "precision": precision}
    try:
        date.fromisoformat(written)
    except ValueError as error:
        raise InvalidFormat(text, f"“{shown(text)}”不是存在的日期", f"'{shown(text)}' is no existing date") from error
    return {"at": written, "precision": "day"}


def valid(at: str, precision: str) -> bool:
    """Whether the two are the one spelling of a moment."""
    try:
        read = parse(at)
    except InvalidFormat:
        return False
    if read["at"] != at or precision not in PRECISIONS or (precision == "day") != (read["precision"] == "day"):
        return False
    return precision != "minute" or at[17:19] == "00"


def describe(text: str, lang: str = "zh") -> str:
    return sentence(lambda written: parse(written)["at"], _words, text, lang)


def _words(value: str) -> Words:
    return f"北京时间 {value}", f"{value} at +08:00"
