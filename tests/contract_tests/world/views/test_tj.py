"""What `tj` serves, read back by hand."""

from decimal import Decimal

from contract_tests.world import World
from contract_tests.world.views import tj

SIDES = list(World(7, 400).for_province("tj"))
WHOLE = [
    (tj.render(side, side.versions[-1]), tj.expected(side, side.versions[-1])) for side in SIDES if not side.damaged
]
FILLERS = {"无", "", "-"}


def told(text):
    return None if text in FILLERS else text


def test_the_misspelt_key_counts_and_the_right_one_may_say_otherwise():
    for row, wanted in WHOLE:
        assert told(row["fwycdwlxrsj"]) == wanted["consignor"]["contact"].get("phone")
    assert any(row["fwycdwlxrsj"] in FILLERS and row["wfycdwlxrsj"] not in FILLERS for row, _ in WHOLE)
    assert any(told(row["fwycdwlxrsj"]) and row["fwycdwlxrsj"] != row["wfycdwlxrsj"] for row, _ in WHOLE)


def test_every_filler_occurs_and_every_key_is_there():
    assert {row["zfrq"] for row, _ in WHOLE} >= FILLERS
    assert len({tuple(row) for row, _ in WHOLE}) == 1
    assert {leg["tjds"] for row, _ in WHOLE for leg in row["ysxx"]} >= {"无", "0-直达"}


def test_times_are_days():
    for row, wanted in WHOLE:
        assert wanted["planned_at"] == {"at": row["jhzyrq"], "precision": "day"}
        assert told(row["qrrq"]) == wanted["consignee"].get("confirmed_at", {}).get("at")


def test_quantities_are_tonnes_or_drums():
    for row, wanted in WHOLE:
        for native, waste in zip(row["wxfw"], wanted["wastes"], strict=True):
            if native["jldw"] == "桶":
                assert waste["declared"] == {"value": native["zysl"], "unit": "桶"}
            else:
                assert Decimal(native["zysl"]) == Decimal(waste["quantity_t"])
            assert told(native["lyczfs"]) is None or native["lyczfs"].split("-")[0] == waste["receipt"]["method"]
    assert any(native["jldw"] == "桶" for row, _ in WHOLE for native in row["wxfw"])


def test_damaged_rows_have_no_number():
    damaged = [side for side in SIDES if side.damaged]
    assert [side.damaged for side in damaged] == ["no_number"] * 4
    assert [tj.render(side, side.versions[0])["ldbh"] for side in damaged] == [""] * 4


def test_what_this_shape_does_not_carry_is_not_expected():
    for _, wanted in WHOLE:
        assert "attachments" not in wanted
        assert all("catalogue" not in waste and "container_ids" not in waste for waste in wanted["wastes"])
        assert all(leg["from"].keys() == {"name"} and "device_id" not in leg for leg in wanted["legs"])
