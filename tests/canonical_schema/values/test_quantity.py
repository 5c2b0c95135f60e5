from decimal import Decimal

import pytest

from canonical_schema.errors import UnknownCode
from canonical_schema.values import quantity


@pytest.mark.parametrize(
    ("value", "unit", "tonnes"),
    [
        ("1.25", "吨", "1.25"),
        ("1.25", "T", "1.25"),
        ("1.25", "公吨", "1.25"),
        ("1250", "kg", "1.25"),
        ("1250", "ＫＧ", "1.25"),
        ("1250", "㎏", "1.25"),
        ("1250", "千克", "1.25"),
        ("1250", "公斤", "1.25"),
        ("1250", "g", "0.00125"),
        ("1250", "克", "0.00125"),
        ("1", "lb", "0.00045359237"),
        ("1", "short_ton", "0.90718474"),
        ("2", "斤", "0.001"),
    ],
)
def test_a_mass_becomes_tonnes_exactly(value, unit, tonnes):
    assert quantity.to_tonnes(Decimal(value), unit) == Decimal(tonnes)


@pytest.mark.parametrize("unit", ["桶", "个", "只", "立方", "立方米", "m³", "升", "L", "gallon", "加仑", "袋", "车"])
def test_a_count_or_volume_is_known_and_never_becomes_tonnes(unit):
    assert quantity.to_tonnes(Decimal(3), unit) is None


@pytest.mark.parametrize("unit", ["", "担子", "5"])
def test_an_unknown_unit_is_no_guess(unit):
    with pytest.raises(UnknownCode):
        quantity.to_tonnes(Decimal(3), unit)


def test_thirty_digits_stay_exact():
    value = Decimal("123456789012345678901234567890.123456789")
    assert quantity.to_tonnes(value, "lb") == Decimal("55999057520699835752069983.57520699835751509993")
    assert quantity.to_tonnes(value, "kg") == Decimal("123456789012345678901234567.890123456789")
