"""What compiled mappings call for a quantity: its number and its unit, as tonnes."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from canonical_schema.errors import InvalidFormat, UnknownCode
from canonical_schema.values import number, quantity
from mappings.compiler.reading import clean
from mappings.spec import Leaf
from mappings.steps.numbers import plain_number

# More than one amount, or an amount of something: neither tonnes nor a count.
_BEGINS_WITH_MASS = re.compile(
    "(?:"
    + "|".join(
        re.escape(unit) for unit, tonnes in sorted(quantity.UNITS.items(), key=lambda one: -len(one[0])) if tonnes
    )
    + ")(?![A-Za-z])",
    re.IGNORECASE,
)
MOST_UNITS = 1000  # remembered per rule: units are few, and strangers can't fill memory

_WRITTEN = re.compile(r"([+-]?[0-9][0-9,.]*(?:[eE][+-]?[0-9]+)?)\s*([^0-9\s.,].*)", re.DOTALL)


def amount_reader(leaf: Leaf) -> Callable[[str, Any], tuple[str | None, bool, str, str]]:
    """(number, raw unit) → (tonnes or None where the unit is no mass, digits were rounded, the unit's text, the number's)."""
    assert leaf.amount is not None
    units, fixed, steps, inside = leaf.amount.units, leaf.amount.fixed, leaf.amount.steps, leaf.amount.inside
    known: dict[str, tuple[Decimal | None, str]] = {}

    def unit_of(raw: Any) -> tuple[Decimal | None, str]:
        written = clean(raw) if raw is not None else ""
        for step in steps if written else ():
            written = step.run(written)
        if not written:
            raise InvalidFormat("", "数量没有计量单位", "the quantity has no unit")
        try:
            return quantity.tonnes_in(units.get(written, written)), written
        except UnknownCode:  # no guess: what was written stands as declared
            if inside and _BEGINS_WITH_MASS.match(written):
                raise InvalidFormat(
                    written,
                    f"“{written}”以质量单位开头, 其后另有内容",
                    f"'{written}' begins with a unit of mass and goes on",
                ) from None
            return None, written

    def read(amount: str, raw: Any) -> tuple[str | None, bool, str, str]:
        unit = fixed if fixed is not None else raw
        if inside:
            parts = _WRITTEN.fullmatch(amount)
            if parts is None:
                raise InvalidFormat(
                    amount, f"“{amount}”不是数字后跟单位", f"'{amount}' is no number with its unit behind it"
                )
            amount, unit = parts[1], parts[2]
        found = known.get(unit) if unit.__class__ is str else None
        if found is None:
            found = unit_of(unit)
            if unit.__class__ is str and len(known) < MOST_UNITS:
                known[unit] = found
        (factor, written), value = found, number.decimal(plain_number(amount) if inside else amount)
        if factor is None:
            return None, False, written, amount
        tonnes, rounded = quantity.rounded(number.EXACT.multiply(value, factor))
        return tonnes, rounded, written, amount

    return read
