"""Steps on numbers."""

from decimal import Decimal, InvalidOperation

from canonical_schema.declared import Node
from canonical_schema.values import number as number_value
from mappings.steps.step import ArgumentFault, BoundStep, Step, refuse, text_of


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


def _number(_: Node) -> BoundStep:
    return BoundStep(plain_number, "number")


def _times(node: Node) -> BoundStep:
    written = text_of(node, "times")
    try:
        factor = Decimal(written)
    except InvalidOperation as error:
        raise ArgumentFault(node, f"times: '{written}' is no number") from error

    def run(value: str) -> str:
        return str(number_value.parse(str(Decimal(number_value.parse(plain_number(value))) * factor)))

    return BoundStep(run, f"times {written}")


STEPS = (
    Step("number", "a number with thousands separators, without them", "number", _number),
    Step("times", "a number multiplied by a constant", "times: 0.1", _times),
)
