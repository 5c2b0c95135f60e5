"""A point in time, ISO 8601 at +08:00, to the second or the millisecond. Never without an offset.

Fractions beyond the millisecond are cut; a fraction of zero isn't written.
"""

import re
from datetime import datetime, timedelta, timezone

from canonical_schema.errors import InvalidFormat
from canonical_schema.values.sentence import Words, sentence
from canonical_schema.values.text import compact, shown

CHINA = timezone(timedelta(hours=8))
_WRITTEN = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})(:[0-9]{2})?(?:[.,]([0-9]{1,9}))?\s?(Z|[+-][0-9]{2}:?[0-9]{2})",
    re.IGNORECASE,
)


def parse(text: str) -> str:
    """
    >>> parse("2026-03-05T00:30:00Z"), parse("2026-03-05 08:30:00.120+08:00")
    ('2026-03-05T08:30:00+08:00', '2026-03-05T08:30:00.120+08:00')
    """
    at, _ = read(text)
    return at.isoformat(timespec="milliseconds" if at.microsecond else "seconds")


def read(text: str) -> tuple[datetime, str]:
    """The instant at +08:00, cut to the millisecond, and the precision it was written with: minute or second."""
    found = _WRITTEN.fullmatch(compact(text))
    if found is None:
        quoted = shown(text)
        raise InvalidFormat(
            text,
            f"“{quoted}”不是带时区的 ISO 8601 时间",
            f"'{quoted}' is no ISO 8601 time with an offset",
        )
    day, minute, second, fraction, offset = found.groups()
    zone = "+00:00" if offset in "Zz" else offset
    try:
        at = datetime.fromisoformat(f"{day}T{minute}{second or ':00'}.{(fraction or '').ljust(3, '0')[:3]}{zone}")
        return at.astimezone(CHINA), "second" if second else "minute"
    except (ValueError, OverflowError) as error:
        raise InvalidFormat(text, f"“{shown(text)}”不是存在的时间", f"'{shown(text)}' is no existing time") from error


def describe(text: str, lang: str = "zh") -> str:
    return sentence(parse, _words, text, lang)


def _words(value: str) -> Words:
    return f"北京时间 {value}", f"{value} at +08:00"
