"""How values of the standard are written in other systems' forms."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_EVEN, Context, Decimal, Inexact

from canonical_schema.errors import InvalidFormat
from canonical_schema.values import number
from mappings.steps.step import refuse

PRECISIONS = ("day", "minute", "second")
_TOKEN = re.compile("yyyy|yy|MM|dd|HH|mm|SSS|ss|Z|(?P<literal>T)|(?P<unknown>[A-Za-z]+)")
# For str.format, with the time and its milliseconds, which strftime doesn't know.
_WRITTEN = {
    "yyyy": "{0:%Y}", "yy": "{0:%y}", "MM": "{0:%m}", "dd": "{0:%d}", "HH": "{0:%H}", "mm": "{0:%M}", "ss": "{0:%S}",
    "SSS": "{1:03}", "Z": "{0:%z}",
}  # fmt: skip
_NEEDS = {"HH": "minute", "mm": "minute", "Z": "minute", "ss": "second", "SSS": "second"}
EPOCHS = {"unix": 1, "unix_ms": 1000}
_SINCE = datetime(1970, 1, 1, tzinfo=UTC)


def moment_writer(forms: tuple[str, ...], zone: tzinfo) -> Callable[[str | None, str | None], str]:
    """(at, precision) → text in the first form that needs no more than the moment tells. ValueError for what is no form.

    Nothing is invented: `HH:mm:00` writes zeros that the form itself says, `HH:mm:ss` needs the seconds.
    """
    writers = [_writer(form, zone) for form in forms]

    def write(at: str | None, precision: str | None) -> str:
        told = "second" if precision is None else precision
        for needs, one in writers:
            if at is not None and PRECISIONS.index(needs) <= PRECISIONS.index(told):
                return one(datetime.fromisoformat(at))
        known = ", ".join(forms)
        raise InvalidFormat(
            at or "", f"“{at}”只精确到 {told}，{known} 需要更多", f"'{at}' is told to the {told}, {known} needs more"
        )

    return write


def _writer(form: str, zone: tzinfo) -> tuple[str, Callable[[datetime], str]]:
    """(the precision it needs, the function)."""
    if form in EPOCHS:
        return "second", lambda at: str((at - _SINCE) * EPOCHS[form] // timedelta(seconds=1))
    needs, out, last = "day", "", 0
    for token in _TOKEN.finditer(form):
        if token["unknown"]:
            raise ValueError(
                f"'{token['unknown']}' in '{form}' is no token; there are {' '.join([*_WRITTEN, *EPOCHS])}"
            )
        out += _literal(form[last : token.start()])
        out += token["literal"] or _WRITTEN[token.group()]
        needs = max(needs, _NEEDS.get(token.group(), "day"), key=PRECISIONS.index)
        last = token.end()
    out += _literal(form[last:])

    def write(at: datetime) -> str:
        # A day has no zone: it stays the day that it is.
        local = at if at.tzinfo is None else at.astimezone(zone)
        return out.format(local, local.microsecond // 1000)

    return needs, write


def _literal(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


_NOT_ROUNDED = Context(prec=number.MAX_DIGITS, traps=[Inexact])


def from_tonnes(per_unit: Decimal, places: int | None) -> Callable[[str], str]:
    """Tonnes → the number in a unit of which one is so many tonnes. Refused where that can't be written exactly and no
    places are declared to round to."""

    def write(tonnes: str) -> str:
        exact = number.decimal(tonnes)
        if places is not None:
            made = number.EXACT.divide(exact, per_unit)
            step = Decimal(1).scaleb(-places)
            return number.plain(made.quantize(step, rounding=ROUND_HALF_EVEN, context=number.EXACT))
        try:
            return number.plain(_NOT_ROUNDED.divide(exact, per_unit))
        except Inexact as error:
            raise refuse(
                tonnes,
                f"{tonnes} 吨无法精确换算，请注明保留几位小数 (round)",
                f"{tonnes} t can't be written exactly in that unit: say 'round'",
            ) from error

    return write


def joined(mark: str) -> Callable[[object], str]:
    """A list of values as one text."""

    def write(values: object) -> str:
        return one_text([str(one) for one in values] if isinstance(values, list) else [str(values)], mark)

    return write


def one_text(texts: list[str], mark: str) -> str:
    """The texts with the mark between them. Refused where it wouldn't part them again: a text holds the mark itself."""
    whole = mark.join(texts)
    if whole.split(mark) != texts:
        one = next((text for text in texts if mark in text), whole)
        raise refuse(one, f"“{one}”中有分隔符 {mark}", f"'{one}' holds the mark '{mark}' that separates values")
    return whole
