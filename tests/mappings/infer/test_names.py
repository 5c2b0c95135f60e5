"""A name is told in any script; whose it is may be said by the name, by what stands around it, or not at all."""

import pytest

from mappings.infer.names import match, says
from mappings.infer.readings import readings
from mappings.infer.targets import EXTRAS, targets
from mappings.infer.vocabulary import ideas


def best(name, *around):
    """The field that the name alone is nearest to."""
    scored = [(match(name, around, target.wanted), target.field) for target in targets()]
    return max(scored, key=lambda one: one[0].score * (1 if one[0].role else 0.6))[1]


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("产废单位统一社会信用代码", "consignor/uscc"),
        ("移出单位联系电话", "consignor/contact/phone"),
        ("危废代码", "wastes/code"),
        ("接收单位名称", "consignee/name"),
        ("道路运输经营许可证号", "legs/carrier/road_permit_no"),
        ("ycdwmc", "consignor/name"),
        ("jsdwmc", "consignee/name"),
        ("ysdwtyshxydm", "legs/carrier/uscc"),
        ("JHZYSJ", "planned_at"),
        ("chePaiHao", "legs/vehicle/plate"),
        ("feiwuleibie", "wastes/category"),
        ("generatorName", "consignor/name"),
        ("consignee_credit_code", "consignee/uscc"),
        ("GENERATOR_ADDRESS", "consignor/address"),
        ("drivername", "legs/driver/name"),
        ("trailerPlateNo", "legs/vehicle/trailer_plate"),
        ("transappcode", "approval_no"),
        ("transplancode", "plan_filing_no"),
        ("transunitname", "legs/carrier/name"),
        ("receivername", "consignee/name"),
        ("wasteamount", "wastes/quantity_t"),
        ("businessstate", "status"),
        ("produceEntName", "consignor/name"),
        ("isMajorDiff", "wastes/receipt/major_discrepancy"),
        ("gmtModified", "newer/time"),
        ("实际接收数量", "wastes/receipt/quantity_t"),
        ("转移开始时间", "legs/departed_at"),
        ("危险废物管理计划备案编号", "plan_filing_no"),
        ("运输车辆号牌", "legs/vehicle/plate"),
        ("撤销原因", "void/reason"),
        ("接收单位所属行政区划", "consignee/division/code"),
        ("ysdwdz", "legs/carrier/address"),
        ("dlysxkzh", "legs/carrier/road_permit_no"),
        ("yjlxdh", "consignor/emergency_phone"),
    ],
)
def test_the_best_field_of_a_name(name, field):
    assert best(name) == field


@pytest.mark.parametrize(
    ("name", "around", "field"),
    [
        ("名称", ("产生单位",), "consignor/name"),
        ("@dh", ("lxr", "接收单位"), "consignee/contact/phone"),
        ("time", ("handover",), "legs/handover/at"),
        ("licence", ("driver",), "legs/driver/licence_no"),
    ],
)
def test_what_stands_around_says_whose_it_is(name, around, field):
    assert best(name, *around) == field


def test_where_the_role_was_said_is_told():
    wanted = next(target.wanted for target in targets() if target.field == "consignor/address")
    assert match("产废单位地址", (), wanted).role == "name"
    assert match("地址", ("产废单位",), wanted).role == "around"
    assert match("地址", (), wanted).role == ""
    assert match("电话", ("产废单位",), wanted).score == 0


def test_a_letter_is_used_once():
    """`补录原因` in initials: the role takes `bl`, so that the reason can't begin with its `l`."""
    wanted = next(target.wanted for target in targets() if target.field == "backfill/reason")
    said = match("blyy", (), wanted)
    assert (said.role, said.script) == ("name", "initials")
    assert said.score > 0.85


def test_what_isnt_understood_costs():
    wanted = next(target.wanted for target in targets() if target.field == "wastes/name")
    assert match("废物名称", (), wanted).score > match("废物甲乙丙名称", (), wanted).score > 0.3


def test_english_isnt_read_as_initials():
    assert [one.script for one in readings("volume")] == ["en", "pinyin"]
    assert readings("@_1") == ()


def test_an_object_is_named_by_most_of_its_name():
    assert says("运输单位", ideas()["carrier"])
    assert not says("运输单位的上级主管部门", ideas()["carrier"])


def test_a_time_of_change_is_no_field_of_the_standard():
    assert best("lastModified") == "newer/time"
    assert best("xgsj") == "newer/time"
    assert {one.name for one in EXTRAS} >= {"newer/time", "newer/number"}
