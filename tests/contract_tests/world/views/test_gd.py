"""What `gd` drops, read back by hand."""

import unicodedata
from decimal import Decimal

from contract_tests.world import World
from contract_tests.world.views import gd

SIDES = [side for side in World(7, 400).for_province("gd") if not side.damaged]
WHOLE = [(gd.render(side, side.versions[-1]), gd.expected(side, side.versions[-1])) for side in SIDES]


def narrow(text):
    return unicodedata.normalize("NFKC", text)


def test_one_row_for_each_waste_with_the_same_head():
    for rows, wanted in WHOLE:
        assert [row.findtext("废物/废物名称") for row in rows] == [
            waste["name"].replace("(", "（").replace(")", "）") for waste in wanted["wastes"]
        ]
        assert {row.findtext("广东省联单号") for row in rows} == {wanted["local_numbers"][0]["number"]}
        assert all((row.findtext("国家联单号") or None) == wanted.get("national_no") for row in rows)
    assert any("national_no" not in wanted for _, wanted in WHOLE)
    assert max(len(rows) for rows, _ in WHOLE) == 4


def test_quantities_come_back_whatever_unit_and_width():
    units, wide = set(), 0
    for rows, wanted in WHOLE:
        for row, waste in zip(rows, wanted["wastes"], strict=True):
            written, unit = row.findtext("废物/计划数量"), row.findtext("废物/计量单位")
            units.add(unit)
            wide += narrow(written) != written
            if unit == "桶":
                assert waste["declared"] == {"value": written, "unit": "桶"}
            else:
                assert Decimal(narrow(written)) / (1000 if unit == "千克" else 1) == Decimal(waste["quantity_t"])
    assert units == {"吨", "千克", "桶"}
    assert 0 < wide < 300


def test_status_is_the_stage_unless_voided():
    stages = {"待发运": "declared", "运输中": "in_transit", "已接收": "received", "已完结": "completed"}
    for rows, wanted in WHOLE:
        voided = rows[0].findtext("是否作废") == "是"
        assert wanted["status"] == ("voided" if voided else stages[rows[0].findtext("当前阶段")])
        assert ("void" in wanted) == voided
    assert {wanted["status"] for _, wanted in WHOLE} == {*stages.values(), "voided"}


def test_the_carrier_here_is_a_person():
    rows, wanted = WHOLE[0]
    assert rows[0].findtext("运输段/承运人") == wanted["legs"][0]["driver"]["name"]
    assert rows[0].findtext("运输段/运输单位") == wanted["legs"][0]["carrier"]["name"]


def test_times_are_minutes_or_days():
    precisions = {
        wanted["consignee"]["received_at"]["precision"] for _, wanted in WHOLE if "received_at" in wanted["consignee"]
    }
    assert precisions == {"day", "minute"}
    for rows, wanted in WHOLE:
        written = rows[0].findtext("接收单位/接收日期")
        assert not written or written.replace("/", "-").replace(" ", "T") in wanted["consignee"]["received_at"]["at"]


def test_divisions_have_six_digits_even_where_the_canonical_code_has_four():
    codes = {row.find("产生单位").get("xzqh") for rows, _ in WHOLE for row in rows}
    assert "441900" in codes
    assert all(len(code) == 6 for code in codes)
    assert any(wanted["consignor"]["division"] == {"code": "4419"} for _, wanted in WHOLE)
