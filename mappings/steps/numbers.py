"""Steps on numbers."""

from decimal import ROUND_HALF_EVEN, Decimal

from canonical_schema.declared import Node
from canonical_schema.errors import InvalidValue
from canonical_schema.values import number as number_value
from mappings.steps.step import ArgumentFault, BoundStep, Step, count_of, mark_of, refuse, text_of


def plain_number(value: str) -> str:
    """A number as people write it, thousands separators gone: `1,250` → `1250`. Sign and decimals stay.

    >>> plain_number("1,250.50")
    '1250.50'
    """
    if "," not in value:
        return value
    whole, _, decimals = value.partition(".")
    head, *groups = whole.lstrip("+-").split(",")
    if not (1 <= len(head) <= 3 and all(len(group) == 3 and group.isdigit() for group in groups)):
        raise refuse(value, f"“{value}”中的逗号不在千分位上", f"the commas of '{value}' don't separate thousands")
    return whole.replace(",", "") + (f".{decimals}" if decimals else "")


def _checked(value: str) -> str:
    plain = plain_number(value)
    number_value.decimal(plain)
    return plain


def _number(node: Node) -> BoundStep:
    """`number`, or `number: {thousands: '.', decimal: ','}` where the marks are other ones."""
    if node.kind != "map":
        return BoundStep(_checked, "number")
    if not node.entries or node.entries.keys() - {"thousands", "decimal"}:
        raise ArgumentFault(node, "number has some of: thousands, decimal")
    thousands = mark_of(node.entries["thousands"], "thousands") if "thousands" in node.entries else ","
    decimal = mark_of(node.entries["decimal"], "decimal") if "decimal" in node.entries else "."
    if thousands == decimal:
        raise ArgumentFault(node, "thousands and decimal are two different marks")

    def run(value: str) -> str:
        other = "," if thousands != "," and decimal != "," else "." if thousands != "." and decimal != "." else ""
        if other and other in value:
            raise refuse(value, f"“{value}”不是数字", f"'{value}' is no number of that form")
        return _checked(value.replace(thousands, "\0").replace(decimal, ".").replace("\0", ","))

    return BoundStep(run, f"number {thousands} {decimal}")


def _round(node: Node) -> BoundStep:
    places = count_of(node, "round", 0, 9)
    step = Decimal(1).scaleb(-places)

    def run(value: str) -> str:
        exact = Decimal(number_value.parse(plain_number(value)))
        return number_value.plain(exact.quantize(step, rounding=ROUND_HALF_EVEN, context=number_value.EXACT))

    return BoundStep(run, f"round {places}")


def _times(node: Node) -> BoundStep:
    written = text_of(node, "times")
    try:
        factor = number_value.decimal(written)
    except InvalidValue as error:
        raise ArgumentFault(node, f"times: '{written}' is no number") from error

    def run(value: str) -> str:
        return number_value.plain(number_value.EXACT.multiply(number_value.decimal(plain_number(value)), factor))

    return BoundStep(run, f"times {written}")


STEPS = (
    Step(
        "number",
        "a number with thousands separators, without them; `{thousands: '.', decimal: ','}` where the marks are others",
        "number",
        _number,
        takes="maybe",
    ),
    Step("round", "a number to so many decimals, half to even", "round: 2", _round),
    Step("times", "a number multiplied by a constant", "times: 0.1", _times),
)
