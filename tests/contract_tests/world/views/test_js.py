"""What `js` serves, read back by hand: enough to know that `expected` says what stands there."""

from collections import Counter
from decimal import Decimal

from contract_tests.world import World
from contract_tests.world.views import js

SIDES = list(World(7, 400).for_province("js"))
WHOLE = [(side, version) for side in SIDES if not side.damaged for version in side.versions]
KILOGRAMS = {"kg", "KG", "千克", "公斤"}


def tonnes(qty, unit):
    value = Decimal(str(qty).replace(",", ""))
    return value / 1000 if unit in KILOGRAMS else value


def test_quantities_come_back_as_tonnes_whatever_the_unit():
    units = Counter()
    for side, version in WHOLE:
        for native, wanted in zip(
            js.render(side, version)["wastes"], js.expected(side, version)["wastes"], strict=True
        ):
            units[native["unit"]] += 1
            if "declared" in wanted:
                assert wanted["declared"] == {"value": str(native["qty"]), "unit": native["unit"]}
                assert "quantity_t" not in wanted
            else:
                assert tonnes(native["qty"], native["unit"]) == Decimal(wanted["quantity_t"])
            received = wanted["receipt"].get("quantity_t")
            if received is not None:
                assert tonnes(native["recvQty"], native["recvUnit"]) == Decimal(received)
    assert set(units) == KILOGRAMS | {"t", "T", "吨", "桶"}


def test_quantities_are_numbers_or_text_with_and_without_separators():
    written = [waste["qty"] for side, version in WHOLE for waste in js.render(side, version)["wastes"]]
    assert {type(qty) for qty in written} == {int, float, str}
    assert any("," in qty for qty in written if isinstance(qty, str))


def test_times_have_the_precision_that_is_written():
    for side, version in WHOLE:
        row, wanted = js.render(side, version), js.expected(side, version)
        moment = wanted["planned_at"]
        assert (len(row["planTime"]) == 19) == side.style.seconds == (moment["precision"] == "second")
        assert row["planTime"] == moment["at"][: len(row["planTime"])].replace("T", " ")


def test_nothing_is_null_or_empty_or_no_key():
    rows = [js.render(side, version) for side, version in WHOLE]
    wanted = [js.expected(side, version) for side, version in WHOLE]
    blanks = {
        repr(row.get("approvalNo", "no key"))
        for row, content in zip(rows, wanted, strict=True)
        if "approval_no" not in content
    }
    assert blanks == {"None", "''", "'no key'"}


def test_damaged_rows_have_no_waste_or_a_negative_quantity():
    sides = [side for seed in range(3) for side in World(seed, 400).for_province("js") if side.damaged]
    assert {side.damaged for side in sides} == {"no_waste", "negative_quantity"}
    for side in sides:
        wastes = js.render(side, side.versions[0])["wastes"]
        if side.damaged == "no_waste":
            assert wastes == []
        else:
            assert sum(str(waste["qty"]).startswith("-") for waste in wastes) == 1


def test_codes_are_written_in_four_ways():
    codes = [waste["code"] for side, version in WHOLE for waste in js.render(side, version)["wastes"]]
    assert {(len(code), code[:2] == "HW", " " in code) for code in codes} == {
        (10, False, False),
        (8, False, False),
        (15, True, True),
        (15, True, False),
    }
