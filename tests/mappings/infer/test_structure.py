"""Where the records stand, which of the lists are wastes and legs, and when rows belong together."""

from itertools import product

import pytest
from lxml import etree

from mappings.document import plain
from mappings.infer import infer
from mappings.infer.structure import skeleton
from mappings.infer.tree import gather

HEAD = {"联单编号": "20263205000123", "产废单位名称": "甲公司", "接收单位名称": "乙公司", "联单状态": "1"}
WASTE = {"废物名称": "废油", "废物代码": "900-249-08", "转移量": "1.5"}
LEG = {"运输单位": "丙公司", "车牌号": "苏A12345", "起运时间": "2026-03-05"}


def bones(*trees, xml=False):
    return skeleton(gather(trees), trees, xml=xml)


@pytest.mark.parametrize("path", [("data", "list"), ("rows",), ("a", "b", "c")])
def test_records_are_found_wherever_they_stand(path):
    tree = [HEAD | {"明细": [WASTE, WASTE]}, HEAD | {"明细": [WASTE]}]
    for name in reversed(path):
        tree = {name: tree, "msg": "ok", "codes": [{"n": 1}, {"n": 2}, {"n": 3}]}
    found = bones(tree)
    assert found.records == path
    assert found.lists == {(*path, "明细"): "wastes"}


def test_a_document_is_one_record_where_there_is_no_list_of_them():
    found = bones({"data": HEAD | {"废物": [WASTE, WASTE], "运输信息": [LEG]}})
    assert found.records == ()
    assert found.lists == {("data", "废物"): "wastes", ("data", "运输信息"): "legs"}


def test_in_xml_one_element_is_a_list_of_one():
    text = "<r><联单><联单编号>1</联单编号><产废单位名称>甲公司</产废单位名称><接收单位名称>乙公司</接收单位名称><运输信息><车牌号>苏A12345</车牌号><驾驶员>王强</驾驶员></运输信息></联单></r>"
    found = bones(plain(etree.fromstring(text)), xml=True)
    assert found.records == ("r", "联单")
    assert found.lists == {("r", "联单", "运输信息"): "legs"}


def test_rows_of_one_number_are_one_record():
    rows = [
        HEAD | {"联单编号": no} | WASTE | {"废物名称": name}
        for no, name in product(("LD-0001", "LD-0002"), ("废油", "废酸"))
    ]
    found = bones({"rows": rows})
    assert found.group == ("rows", "联单编号")
    assert "wastes" in found.virtual


def test_rows_that_are_the_same_throughout_are_no_group():
    assert bones({"rows": [HEAD, HEAD]}).group is None


def test_rows_that_agree_in_nothing_are_no_group():
    rows = [
        {"联单编号": "LD-0001", "产废单位名称": name, "接收单位名称": name, "废物名称": name}
        for name in ("甲厂", "乙厂")
    ]
    assert bones({"rows": rows}).group is None


def test_a_list_that_is_none_of_the_standards_holds_no_source():
    found = bones({"rows": [HEAD | {"审批记录": [{"节点": "初审", "意见": "同意"}, {"节点": "复审", "意见": "同意"}]}]})
    assert [source.path for source in found.sources] == [("rows", name) for name in HEAD]


def test_a_place_knows_the_lists_and_names_around_it():
    found = bones({"rows": [HEAD | {"废物": [WASTE | {"包装": [{"包装方式": "桶", "包装数量": 2}]}]}]})
    by_name = {source.place.name: source for source in found.sources}
    assert by_name["包装数量"].lists == ("wastes", "wastes/packages")
    assert by_name["转移量"].around == ()
    assert by_name["转移量"].list_name == "废物"


def test_repeated_elements_with_text_and_attributes_are_a_list_and_hold_a_value():
    row = "<行><联单编号>1</联单编号><产废单位>甲厂</产废单位><接收单位>乙厂</接收单位><废物><废物名称>废油</废物名称>{}</废物></行>"
    packs = '<包装方式 包装数量="2">铁桶</包装方式><包装方式 包装数量="3">吨袋</包装方式>'
    trees = [plain(etree.fromstring(f"<r>{row.format(packs) * 2}</r>"))]
    draft = infer(trees, xml=True)
    assert "packages:\n        each: 包装方式\n        fields:\n          type: .  # " in draft.text
    assert "          count: '@包装数量'  # " in draft.text
