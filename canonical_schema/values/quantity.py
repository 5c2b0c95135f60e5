"""Mass in tonnes (吨), exact, to 6 decimals half-even, as text (canonical.md §1).

HJ 1259-2022 makes tonnes mandatory. Units are data (`codes/units.csv`). A count or a volume never becomes tonnes by
guess: it is known here as no mass.
"""

from decimal import ROUND_HALF_EVEN, Decimal

from canonical_schema.codes import code_list
from canonical_schema.errors import UnknownCode
from canonical_schema.values import number
from canonical_schema.values.sentence import Words, sentence
from canonical_schema.values.text import compact, shown

DECIMALS = 6
_STEP = Decimal(1).scaleb(-DECIMALS)
UNITS: dict[str, Decimal | None] = {
    spelling: Decimal(code_list("units").rows[code]["tonnes"]) if code_list("units").rows[code]["tonnes"] else None
    for spelling, code in code_list("units").spellings().items()
}
"""What people write for a unit, case-folded → tonnes in one of it; None for a count or a volume."""


def parse(text: str) -> str:
    """
    >>> parse("1.250"), parse("0.1234565"), parse("0.1234575")
    ('1.25', '0.123456', '0.123458')
    """
    canonical = number.parse(text)
    return canonical if len(canonical.partition(".")[2]) <= DECIMALS else rounded(number.decimal(text))[0]


def rounded(tonnes: Decimal) -> tuple[str, bool]:
    """The one spelling of a mass in tonnes, and whether digits were lost.

    >>> rounded(Decimal("0.0000015")), rounded(Decimal("12.50"))
    (('0.000002', True), ('12.5', False))
    """
    short = tonnes.quantize(_STEP, rounding=ROUND_HALF_EVEN, context=number.EXACT)
    return number.plain(short), short != tonnes


def to_tonnes(value: Decimal, unit: str) -> Decimal | None:
    """The exact mass in tonnes; None where the unit counts pieces or volume. UnknownCode where the unit isn't known.

    >>> to_tonnes(Decimal(1250), "公斤"), to_tonnes(Decimal(3), "桶")
    (Decimal('1.250'), None)
    """
    factor = tonnes_in(unit)
    return None if factor is None else number.EXACT.multiply(value, factor)


def tonnes_in(unit: str) -> Decimal | None:
    """Tonnes in one of the unit; None for a count or a volume. UnknownCode where the unit isn't known."""
    written = compact(unit).casefold().strip(" .()")
    if written not in UNITS:
        raise UnknownCode(unit, f"“{shown(unit)}”不是已知的计量单位", f"'{shown(unit)}' is no known unit")
    return UNITS[written]


def describe(text: str, lang: str = "zh") -> str:
    return sentence(parse, _words, text, lang)


def _words(value: str) -> Words:
    return f"{value} 吨", f"{value} tonnes"
