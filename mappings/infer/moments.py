"""In which formats times are written."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

_DATE = re.compile(
    r"(?P<y>(?:19|20)[0-9]{2})(?P<mark>[-/.]?)(?P<m>0[1-9]|1[0-2]|[1-9])(?P=mark)(?P<d>[0-2][0-9]|3[01]|[1-9])"
)
_CHINESE = re.compile(r"(?:19|20)[0-9]{2}年(?:1[0-2]|0?[1-9])月(?:[12][0-9]|3[01]|0?[1-9])日")
_CLOCK = re.compile(
    r"(?:[01]?[0-9]|2[0-3])(?P<mark>:?)[0-5][0-9](?P<second>(?P=mark)[0-5][0-9])?(?P<fraction>\.[0-9]{1,9})?(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?"
)


@cache
def formats_of(text: str) -> str:
    """The format of one time, in the mapping language's tokens; "" for what is none.

    >>> formats_of("2026-03-05 08:30"), formats_of("20260305083000"), formats_of("2026年3月5日")
    ('yyyy-MM-dd HH:mm', 'yyyyMMddHHmmss', 'yyyy年MM月dd日')
    """
    day = _CHINESE.match(text)
    if day is not None:
        date = "yyyy年MM月dd日"
    else:
        day = _DATE.match(text)
        if day is None or (not day["mark"] and len(day.group()) != 8):
            return ""
        date = f"yyyy{day['mark']}MM{day['mark']}dd"
    rest = text[day.end() :]
    if not rest:
        return date
    between = rest[0] if rest[0] in {" ", "T"} else ""
    clock = _CLOCK.fullmatch(rest[len(between) :])
    if clock is None or (not between and (clock["mark"] or len(rest) not in {4, 6})):
        return ""
    mark = clock["mark"]
    time = f"HH{mark}mm" + (f"{mark}ss" if clock["second"] else "")
    return date + between + time + (".SSS" if clock["fraction"] else "") + ("Z" if clock["zone"] else "")


def formats(texts: Iterable[str]) -> tuple[str, ...]:
    """The formats of the texts that are times, the commonest first."""
    found = Counter(form for text in texts if (form := formats_of(text)))
    return tuple(form for form, _ in found.most_common())


def union(lists: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """All of them, each once, the finest first: what is tried first should say most."""
    return tuple(sorted({form for forms in lists for form in forms}, key=lambda form: (-len(form), form)))
