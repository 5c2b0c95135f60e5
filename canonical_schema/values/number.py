"""Numbers as text: Decimal, no exponent, no leading plus, no trailing zeros. No float anywhere (canonical.md §1)."""

import re
from decimal import Context, Decimal

from canonical_schema.errors import InvalidFormat, InvalidLength
from canonical_schema.values.sentence import Words, sentence
from canonical_schema.values.text import compact, shown

MAX_DIGITS = 40
EXACT = Context(prec=200)  # more than a product or sum of two such numbers needs: nothing is rounded on the way
_CANONICAL = re.compile(r"-?(?:0|[1-9][0-9]{0,19})(?:\.[0-9]{0,19}[1-9])?")
_WRITTEN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")


def parse(text: str) -> str:
    """
    >>> parse("+1250.50"), parse("１．２５"), parse("1E+3"), parse("-0.0")
    ('1250.5', '1.25', '1000', '0')
    """
    if _CANONICAL.fullmatch(text) and text != "-0":
        return text
    return plain(decimal(text))


def decimal(text: str) -> Decimal:
    """The exact value of a number as it is written. InvalidFormat for what is none, InvalidLength beyond 40 digits."""
    if _CANONICAL.fullmatch(text):
        return Decimal(text)
    written = compact(text).replace("\u2212", "-")
    if not _WRITTEN.fullmatch(written):
        raise InvalidFormat(text, f"“{shown(text)}”不是数字", f"'{shown(text)}' is no number")
    value = Decimal(written)
    _, digits, exponent = value.as_tuple()
    places = int(exponent)
    if value and (len(digits) + max(places, 0) > MAX_DIGITS or -places > MAX_DIGITS):
        raise InvalidLength(
            text, f"“{shown(text)}”超过 {MAX_DIGITS} 位", f"'{shown(text)}' has over {MAX_DIGITS} digits"
        )
    return value


def plain(value: Decimal) -> str:
    """The one spelling of a finite Decimal.

    >>> plain(Decimal("2.50"))
    '2.5'
    """
    if not value:
        return "0"
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def describe(text: str, lang: str = "zh") -> str:
    return sentence(parse, _words, text, lang)


def _words(value: str) -> Words:
    return f"数值 {value}", f"the number {value}"
