"""What `sc` serves, read back by hand."""

from decimal import Decimal

from contract_tests.world import World
from contract_tests.world.views import sc

SIDES = list(World(7, 400, ("js", "tj", "gd", "sc")).for_province("sc"))
WHOLE = [
    (sc.render(side, side.versions[-1]), sc.expected(side, side.versions[-1])) for side in SIDES if not side.damaged
]
NOTHING = {None, "-"}


def values(row, path):
    return [value.text for value in row.findall(f"{path}/v")]


def test_lists_keep_their_places_whatever_is_told():
    for row, _ in WHOLE:
        assert len(values(row, "cs")) == 10
        assert len(values(row, "js")) == 13
        assert {len(waste) for waste in row.findall("fw")} == {14}
        assert {len(leg.findall("v")) for leg in row.findall("ys")} == {14}
    assert {row.findall("js/v")[9].text for row, _ in WHOLE} >= NOTHING


def test_quantities_are_tonnes_kilograms_or_drums():
    seen = set()
    for row, wanted in WHOLE:
        for native, waste in zip(row.findall("fw"), wanted["wastes"], strict=True):
            quantity, unit = native[7].text, native[8].text
            seen.add(unit)
            if unit == "桶":
                assert waste["declared"] == {"value": quantity, "unit": "桶"}
            else:
                assert Decimal(quantity) / (1000 if unit == "kg" else 1) == Decimal(waste["quantity_t"])
    assert seen == {"t", "kg", "桶"}


def test_most_manifests_are_filed_under_the_local_number_alone():
    numbered = [side for side in SIDES if "national_no" in side.versions[-1].content and not side.damaged]
    without = [side for side in numbered if "national_no" not in side.versions[0].content]
    assert 0.5 * len(numbered) < len(without) < 0.7 * len(numbered)
    for side in without:
        first, second = (sc.render(side, version) for version in side.versions[:2])
        assert first.get("gjh", "") == ""
        assert second.get("gjh") == side.versions[-1].content["national_no"]
        assert first.get("bh") == second.get("bh") == side.number
    assert {version.reason for side in without for version in side.versions} >= {"filed", "numbered", "voided"}


def test_times_are_minutes():
    for row, wanted in WHOLE:
        at = wanted["planned_at"]["at"]
        assert wanted["planned_at"]["precision"] == "minute"
        assert row.get("jh") == at[:16].replace("-", "").replace("T", "").replace(":", "")


def test_damaged_elements_have_no_number():
    damaged = [side for side in SIDES if side.damaged]
    assert [side.damaged for side in damaged] == ["no_number"] * 4
    assert {sc.render(side, side.versions[0]).get("bh") for side in damaged} == {""}
