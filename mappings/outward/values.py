"""How values of the standard are written in other systems' forms."""

import re
from collections.abc import Callable
from datetime import datetime, tzinfo
from decimal import ROUND_HALF_EVEN, Decimal

from canonical_schema.errors import InvalidFormat
from canonical_schema.values import number
from mappings.steps.step import refuse

PRECISIONS = ("day", "minute", "second")
_TOKEN = re.compile("yyyy|yy|MM|dd|HH|mm|SSS|ss|Z|(?P<literal>T)|(?P<unknown>[A-Za-z]+)")
_WRITTEN = {
    "yyyy": "%Y", "yy": "%y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S", "Z": "%z",
}  # fmt: skip
_NEEDS = {"HH": "minute", "mm": "minute", "Z": "minute", "ss": "second", "SSS": "second"}
EPOCHS = {"unix": 1, "unix_ms": 1000}


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
        return "minute", lambda at: str(int(at.timestamp()) * EPOCHS[form])
    needs, out, last = "day", "", 0
    for token in _TOKEN.finditer(form):
        if token["unknown"]:
            raise ValueError(
                f"'{token['unknown']}' in '{form}' is no token; there are {' '.join([*_WRITTEN, 'SSS', *EPOCHS])}"
            )
        out += form[last : token.start()].replace("%", "%%")
        out += token["literal"] or {"SSS": "000"}.get(token.group()) or _WRITTEN[token.group()]
        needs = max(needs, _NEEDS.get(token.group(), "day"), key=PRECISIONS.index)
        last = token.end()
    out += form[last:].replace("%", "%%")

    def write(at: datetime) -> str:
        # A day has no zone: it stays the day that it is.
        local = at if at.tzinfo is None else at.astimezone(zone)
        return local.strftime(out)

    return needs, write


def from_tonnes(per_unit: Decimal, places: int | None) -> Callable[[str], str]:
    """Tonnes → the number in a unit of which one is so many tonnes. Refused where that can't be written exactly and no
    places are declared to round to."""

    def write(tonnes: str) -> str:
        exact = number.decimal(tonnes)
        made = number.EXACT.divide(exact, per_unit)
        if places is not None:
            made = made.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN, context=number.EXACT)
        elif number.EXACT.multiply(made, per_unit) != exact:
            raise refuse(
                tonnes,
                f"{tonnes} 吨无法精确换算，请注明保留几位小数 (round)",
                f"{tonnes} t can't be written exactly in that unit: say 'round'",
            )
        return number.plain(made)

    return write


def joined(mark: str) -> Callable[[object], str]:
    """A list of values as one text. A value that holds the mark itself is refused: it would be two."""

    def write(values: object) -> str:
        texts = [str(one) for one in values] if isinstance(values, list) else [str(values)]
        for one in texts:
            if mark in one:
                raise refuse(one, f"“{one}”中有分隔符 {mark}", f"'{one}' holds the mark '{mark}' that separates values")
        return mark.join(texts)

    return write
