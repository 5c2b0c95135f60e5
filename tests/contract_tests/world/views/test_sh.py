"""What `sh` serves, read back by hand."""

from decimal import Decimal

from contract_tests.world import World
from contract_tests.world.views import sh

SIDES = list(World(7, 400, ("js", "tj", "gd", "sh")).for_province("sh"))
WHOLE = [
    (sh.render(side, side.versions[-1]), sh.expected(side, side.versions[-1])) for side in SIDES if not side.damaged
]
NOTHING = {None, "", "/"}


def told(row, key):
    found = row.get(key)
    return None if found in NOTHING else found


def test_one_row_per_waste_with_the_same_head_and_transport_in_each():
    for rows, wanted in WHOLE:
        assert [row["废物序号"] for row in rows] == [waste["seq"] for waste in wanted["wastes"]]
        assert {(row["联单编号"], row["更新时间"], str(row["运输"])) for row in rows} == {
            (wanted["local_numbers"][0]["number"], rows[0]["更新时间"], str(rows[0]["运输"]))
        }
    assert max(len(rows) for rows, _ in WHOLE) == 4


def test_quantities_have_separators_now_and_then_full_width_ones():
    seen = set()
    for rows, wanted in WHOLE:
        for row, waste in zip(rows, wanted["wastes"], strict=True):
            if row["单位"] == "桶":
                assert waste["declared"] == {"value": row["移出量"], "unit": "桶"}
                continue
            seen |= set(row["移出量"]) & {",", "，"}
            number = Decimal(row["移出量"].replace(",", "").replace("，", ""))
            assert number / (1000 if row["单位"] == "千克" else 1) == Decimal(waste["quantity_t"])
    assert seen == {",", "，"}


def test_void_is_a_flag_beside_the_state():
    void = [(rows[0], wanted) for rows, wanted in WHOLE if wanted["status"] == "voided"]
    assert len(void) >= 8
    for row, wanted in void:
        assert (row["作废标志"], row["状态"]) == ("Y", "已填报")
        assert row["作废原因"].replace("，", ",") == wanted["void"]["reason"]


def test_nothing_is_written_in_four_ways():
    rows = [row for rows, _ in WHOLE for row in rows]
    assert {row.get("国家联单号", "no key") for row in rows} >= NOTHING - {None} | {"no key", None}


def test_what_this_shape_does_not_carry_is_not_expected():
    for _, wanted in WHOLE:
        assert "attachments" not in wanted
        assert all("catalogue" not in waste and "container_ids" not in waste for waste in wanted["wastes"])
        assert all("device_id" not in leg and "address" not in leg["carrier"] for leg in wanted["legs"])


def test_damage_is_a_negative_weight_or_a_row_without_waste():
    damaged = {side.damaged: sh.render(side, side.versions[0]) for side in SIDES if side.damaged}
    assert set(damaged) <= {"negative_quantity", "no_waste"}
    for kind, rows in damaged.items():
        if kind == "no_waste":
            assert len(rows) == 1
            assert told(rows[0], "废物名称") is None
        else:
            assert [row["移出量"][0] for row in rows].count("-") == 1
