"""Dates and times by declared formats, with the precision that the format has.

Tokens: yyyy yy (20yy) MM dd HH mm ss SSS (fraction) Z (offset: Z, +08:00 or +0000), and the letter T. Where tokens touch, each has its
full width, so that 2026111 isn't guessed at. A format with hours but no Z needs the mapping's zone. `unix` and `unix_ms` count from 1970. What the source gives to the day stays a day: no midnight is invented (canonical.md §1).
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from canonical_schema.declared import Node
from canonical_schema.values.instant import CHINA
from mappings.steps.step import ArgumentFault, BoundStep, Step, refuse, texts_of

Reading = tuple[str, str]  # ISO 8601 text at +08:00, and its precision: day, minute or second

TOKENS = {
    "yyyy": r"(?P<year>\d{4})",
    "yy": r"(?P<short>\d{2})",
    "MM": r"(?P<month>\d{1,2})",
    "dd": r"(?P<day>\d{1,2})",
    "HH": r"(?P<hour>\d{1,2})",
    "mm": r"(?P<minute>\d{1,2})",
    "ss": r"(?P<second>\d{1,2})",
    "SSS": r"(?P<fraction>\d{1,9})",
    "Z": r"(?P<offset>Z|[+-]\d{2}:?\d{2})",
}
_TOKEN = re.compile("yyyy|yy|MM|dd|HH|mm|SSS|ss|Z|(?P<literal>T)|(?P<unknown>[A-Za-z]+)")


def zone_of(name: str) -> tzinfo:
    """`+08:00`, or a name as `Asia/Shanghai`. ValueError where there is none of that name."""
    if re.fullmatch(r"[+-]\d{2}:?\d{2}", name):
        return _offset(name)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"'{name}' is neither an offset (+08:00) nor a known time zone") from error


def _offset(text: str) -> tzinfo:
    if text == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _pattern(form: str) -> re.Pattern[str]:
    out, at = "", 0
    tokens = [*_TOKEN.finditer(form)]
    ends, starts = {token.end() for token in tokens}, {token.start() for token in tokens}
    for token in tokens:
        if token["unknown"]:
            raise ValueError(f"'{token['unknown']}' in '{form}' is no token; there are {' '.join([*TOKENS, *EPOCHS])}")
        digits = TOKENS.get(token.group(), "")
        if token["literal"] is None and (token.start() in ends or token.end() in starts):
            digits = digits.replace("{1,2}", "{2}")
        out += re.escape(form[at : token.start()]) + (token["literal"] or digits)
        at = token.end()
    try:
        names = re.compile(out + re.escape(form[at:]), re.ASCII)
    except re.error as error:
        raise ValueError(f"'{form}' names a part twice") from error
    if not {"month", "day"} <= names.groupindex.keys() or not {"year", "short"} & names.groupindex.keys():
        raise ValueError(f"'{form}' lacks year, month or day")
    for part, other, told in (
        ("hour", "minute", "HH needs mm"),
        ("minute", "hour", "mm needs HH"),
        ("second", "minute", "ss needs mm"),
    ):
        if part in names.groupindex and other not in names.groupindex:
            raise ValueError(f"'{form}': {told}")
    if len({"year", "short"} & names.groupindex.keys()) > 1:
        raise ValueError(f"'{form}' names a part twice")
    return names


EPOCHS = {"unix": 1, "unix_ms": 1000}
# 1990 to 2100: nothing that is told of here happened before or will after, and a wrong unit lands far outside.
EARLIEST, LATEST = 631_152_000, 4_102_444_800


def _since_epoch(per_second: int) -> Callable[[str], Reading | None]:
    """A count of seconds or milliseconds since 1970, as many systems give times in JSON."""

    def read(text: str) -> Reading | None:
        if not re.fullmatch(r"-?\d{1,15}", text, re.ASCII):
            return None
        whole, rest = divmod(int(text), per_second)
        if not EARLIEST <= whole < LATEST:
            raise OverflowError("seconds taken for milliseconds, or the other way round")
        at = datetime.fromtimestamp(whole, CHINA).replace(microsecond=rest * 1_000_000 // per_second)
        return at.isoformat(timespec="milliseconds" if rest else "seconds"), "second"

    return read


def _reader(form: str, zone: tzinfo) -> Callable[[str], Reading | None]:
    """A function: text → reading, None where the form doesn't fit."""
    if form in EPOCHS:
        return _since_epoch(EPOCHS[form])
    pattern = _pattern(form)
    has = pattern.groupindex.keys()
    given = "offset" in has
    # Shanghai has had no summer time since 1991: from then on its local time needs no conversion.
    fixed_from = (
        1 if zone.utcoffset(None) == CHINA.utcoffset(None) else FIXED if str(zone) == "Asia/Shanghai" else 10_000
    )
    precision = "second" if "second" in has else "minute"

    def year(found: re.Match[str]) -> int:
        return int(found["year"]) if "year" in has else 2000 + int(found["short"])

    def day(text: str) -> Reading | None:
        found = pattern.fullmatch(text)
        if found is None:
            return None
        return date(year(found), int(found["month"]), int(found["day"])).isoformat(), "day"

    def moment(text: str) -> Reading | None:
        found = pattern.fullmatch(text)
        if found is None:
            return None
        second = int(found["second"]) if "second" in has else 0
        minute = int(found["minute"]) if "minute" in has else 0
        micro = int(found["fraction"].ljust(3, "0")[:3]) * 1000 if "fraction" in has else 0
        parts = (year(found), int(found["month"]), int(found["day"]), int(found["hour"]), minute, second, micro)
        unit = "milliseconds" if micro else "seconds"
        if not given and parts[0] >= fixed_from:
            return datetime(*parts).isoformat(timespec=unit) + "+08:00", precision  # noqa: DTZ001 - the offset follows as text
        at = datetime(*parts, tzinfo=_offset(found["offset"]) if given else zone)
        return at.astimezone(CHINA).isoformat(timespec=unit), precision

    slow = moment if "hour" in has else day
    shape = _SHAPES.get(form) if fixed_from <= FIXED and not given else None
    return _quick(shape, slow) if shape is not None else slow


FIXED = 1992
# Where the separators of the common formats stand, and what `at` ends with.
_SHAPES: dict[str, tuple[int, str, str]] = {
    form.replace("-", mark): (len(form), mark, precision)
    for form, precision in (("yyyy-MM-dd", "day"), ("yyyy-MM-dd HH:mm", "minute"), ("yyyy-MM-dd HH:mm:ss", "second"))
    for mark in "-/"
}


def _quick(shape: tuple[int, str, str], slow: Callable[[str], Reading | None]) -> Callable[[str], Reading | None]:
    """The common formats in full length: checked by the C parser, and their parts put together again as they are."""
    length, mark, precision = shape
    ending = ":00+08:00" if precision == "minute" else "+08:00"
    timed, before_seconds = precision != "day", ":" if precision == "second" else ""

    def read(text: str) -> Reading | None:
        if len(text) != length or text[4] != mark or text[7] != mark or text < "1992":
            return slow(text)
        # The C parser knows more forms than ours, of the same length too (`2026-03-05 08+08`).
        if timed and (text[10] != " " or text[13] != ":" or text[16:17] != before_seconds):
            return slow(text)
        iso = text if mark == "-" else text.replace("/", "-")
        try:
            datetime.fromisoformat(iso)
        except ValueError:
            return slow(text)
        return (f"{iso[:10]}T{iso[11:]}{ending}", precision) if timed else (iso, precision)

    return read


def _by_length(forms: tuple[str, ...], zone: tzinfo) -> dict[int, tuple[str, str, str, str]]:
    """Length → (mark, ending, precision, what stands before seconds), where every form is a common one without conversion."""
    if zone.utcoffset(None) != CHINA.utcoffset(None) and str(zone) != "Asia/Shanghai":
        return {}
    if not all(form in _SHAPES for form in forms):
        return {}
    endings = {"day": "", "minute": ":00+08:00", "second": "+08:00"}
    out: dict[int, tuple[str, str, str, str]] = {}
    for length, mark, precision in map(_SHAPES.__getitem__, forms):
        out.setdefault(length, (mark, endings[precision], precision, ":" if precision == "second" else ""))
    return out


def time_step(forms: tuple[str, ...], zone: tzinfo, *, as_moment: bool = False) -> BoundStep:
    """Text in one of the forms → ISO text, or the standard's moment. ValueError where a form isn't one."""
    readers = [_reader(form, zone) for form in forms]

    def read(value: str) -> Reading:
        for reader in readers:
            try:
                found = reader(value)
            except (ValueError, OverflowError) as error:
                raise refuse(
                    value, f"“{value}”不是存在的日期或时间", f"'{value}' is no existing date or time"
                ) from error
            if found is not None:
                return found
        known = ", ".join(forms)
        raise refuse(
            value,
            f"“{value}”不是约定的时间格式（{known}）",
            f"'{value}' has none of the declared time formats ({known})",
        )

    shapes = _by_length(forms, zone)

    def moment(value: str) -> dict[str, str]:
        # The common forms without a call for each: what _quick looks at, chosen by length.
        shape = shapes.get(len(value))
        if shape is not None:
            mark, ending, precision, before_seconds = shape
            timed = ending != ""
            if (
                value[4] == mark == value[7]
                and value >= "1992"
                and (not timed or (value[10] == " " and value[13] == ":" and value[16:17] == before_seconds))
            ):
                iso = value if mark == "-" else value.replace("/", "-")
                try:
                    datetime.fromisoformat(iso)
                except ValueError:
                    pass  # the long way says what is wrong
                else:
                    return {"at": f"{iso[:10]}T{iso[11:]}{ending}" if timed else iso, "precision": precision}
        at, precision = read(value)
        # A moment is told to the second at the most; an instant keeps its milliseconds.
        return {"at": at[:19] + at[23:] if at[19:20] == "." else at, "precision": precision}

    label = "time " + " | ".join(forms)
    return BoundStep(moment, label) if as_moment else BoundStep(lambda value: read(value)[0], label)


def _time(node: Node) -> BoundStep:
    try:
        return time_step(texts_of(node, "time"), CHINA)
    except ValueError as error:
        raise ArgumentFault(node, f"time: {error}") from error


STEPS = (
    Step("time", "a date or time in one of the declared formats", "time: [yyyy-MM-dd HH:mm:ss, yyyy-MM-dd]", _time),
)
