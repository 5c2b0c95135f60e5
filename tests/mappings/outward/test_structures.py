"""Objects and lists of a payload; what of them is put into one text; XML; positional lines."""

import json

import pytest
from lxml import etree

from mappings.errors import RecordRefused

WASTES = [
    {"seq": 1, "name": "废油", "code": "900-249-08", "hazards": ["T", "I"], "quantity_t": "1.5"},
    {"seq": 2, "name": "污泥", "quantity_t": "2"},
    {"seq": 3, "name": "废油", "code": "900-217-08", "hazards": ["T"]},
]
LEGS = [
    {"seq": 1, "via": [{"name": "甲"}, {"name": "乙"}, {"name": "甲"}], "vehicle": {"plate": "苏E12345"}},
    {"seq": 2},
]


def test_objects_and_lists_nest_and_reach_outward(o):
    fields = """\
  head: {in: consignor, fields: {name: name, tel: contact/phone}}
  items:
    each: wastes
    where: {from: code, given: yes}
    fields: {no: ../national_no, name: name, legs: {each: ../legs, fields: {no: seq, waste: ../name}}}
"""
    content = {
        "national_no": "20263205000123",
        "consignor": {"name": "某厂", "contact": {"phone": "1"}},
        "wastes": WASTES,
        "legs": LEGS,
    }
    made, entries = o.explained(fields, content)
    legs = [{"no": 1, "waste": "废油"}, {"no": 2, "waste": "废油"}]
    item = {"no": "20263205000123", "name": "废油", "legs": legs}
    assert json.loads(made.text) == {"head": {"name": "某厂", "tel": "1"}, "items": [item, item]}
    sources = {one["source"] for one in entries["/items/1/legs/0/waste"]["inputs"]}
    assert sources == {"/content/wastes/2/name", "/content/wastes/2/code"}  # the condition decided too


def test_distinct_takes_the_first_of_each_and_when_the_whole_list(o):
    fields = """\
  a: {each: wastes, distinct: name, value: name}
  b: {each: wastes, value: name, when: {from: status, is: voided}}
"""
    assert o.sent(fields, {"wastes": WASTES, "status": "declared"}).values == {"a": ["废油", "污泥"]}


def test_a_list_of_values_is_written_as_it_stands(o):
    """The same place twice on the way is twice on the way; a count of 0 is a count."""
    fields = "  via: {each: legs/0/via, value: name}\n  counts: {each: wastes/0/packages, value: count}\n"
    packages = [{"count": 0}, {"type": "桶"}, {"count": 2}]
    made = o.sent(fields, {"legs": LEGS, "wastes": [{"name": "x", "packages": packages}]})
    assert made.values == {"via": ["甲", "乙", "甲"], "counts": [0, 2]}


NUMBERS = {"local_numbers": [{"system": "yy", "number": "7"}, {"system": "xx", "number": "8"}]}


def test_the_first_of_a_list_that_passes(o):
    fields = """\
  no: {first: local_numbers, where: {from: system, is: xx}, value: number}
  all: {first: local_numbers, fields: {s: system, n: number}}
  none: {first: local_numbers, where: {from: system, is: zz}, value: number}
"""
    made, entries = o.explained(fields, NUMBERS)
    assert made.text == '{"no":"8","all":{"s":"yy","n":"7"}}'
    assert [one["source"] for one in entries["/no"]["inputs"]] == [
        "/content/local_numbers/1/number",
        "/content/local_numbers/1/system",
    ]
    assert o.sent(
        "  n: {first: wastes/0/packages, value: count}\n", {"wastes": [{"packages": [{"count": 0}]}]}
    ).values == {"n": 0}


def test_embedded_json_is_a_text_in_the_payload(o):
    fields = """\
  all: {embedded: json, each: wastes, fields: {t: {from: quantity_t, as: number}, name: name}}
  who: {embedded: json, in: consignor, fields: {name: name}}
"""
    made = o.sent(fields, {"wastes": WASTES[:2], "consignor": {"name": '某"厂'}})
    told = json.loads(made.text)
    assert told["all"] == '[{"t":1.5,"name":"废油"},{"t":2,"name":"污泥"}]'
    assert json.loads(told["who"]) == {"name": '某"厂'}


# -- one text


def test_a_list_of_values_as_one_text(o):
    fields = "  v: {each: wastes, fields: {h: {from: hazards, join: '、'}}}\n"
    assert o.sent(fields, {"wastes": WASTES}).values == {"v": [{"h": "T、I"}, {"h": "T"}]}


def test_a_value_that_holds_the_mark_is_refused_for_it_would_be_two(o):
    rule = "  v: {from: wastes/0/constituents, join: '、'%s}\n"
    content = {"wastes": [{"name": "x", "constituents": ["苯", "甲、乙"]}]}
    made = o.sent(rule % "", content)
    assert made.values == {}
    assert "'甲、乙' holds the mark '、'" in made.findings[0].message_en
    with pytest.raises(RecordRefused, match="甲、乙"):
        o.sent(rule % ", refused: reject", content)
    touching = {"wastes": [{"name": "x", "constituents": ["a|", "b"]}]}
    assert o.sent("  v: {from: wastes/0/constituents, join: '||'}\n", touching).values == {}


LINE = "  no: national_no\n  plan: plan_filing_no\n  approval: approval_no\n  day: {from: planned_at, time: yyyyMMdd}\n"


def test_a_positional_line_keeps_the_place_of_what_is_absent(o):
    head = o.head + "to: text\nmark: '|'\n"
    content = {"national_no": "20263205000123", "approval_no": "环〔2026〕1号"}
    made = o.sent(LINE, content, head)
    assert made.text == "20263205000123||环〔2026〕1号|"
    assert made.content == {"no": "20263205000123", "approval": "环〔2026〕1号"}
    with pytest.raises(RecordRefused, match=r"“a\|b”中有分隔符.*m\.yaml:7"):
        o.sent(LINE, {"plan_filing_no": "a|b"}, head)


def test_an_object_and_lists_put_into_one_text(o):
    fields = """\
  permit: {mark: '|', fields: {approval: approval_no, filing: plan_filing_no}}
  signs: {each: wastes/0/hazards, value: {from: ., lookup: {T: 毒性, I: 易燃性}}, mark: 、}
  items: {each: wastes, fields: {code: code, name: name}, mark: [',', ';']}
"""
    made = o.sent(fields, {"plan_filing_no": "P", "wastes": WASTES})
    assert made.values == {"permit": "|P", "signs": "毒性、易燃性", "items": "900-249-08,废油;,污泥;900-217-08,废油"}


@pytest.mark.parametrize(("name", "mark"), [("a,b", ","), ("a;b", ";")])
def test_either_mark_in_a_value_refuses_the_record_with_its_place(o, name, mark):
    fields = "  items: {each: wastes, fields: {code: code, name: name}, mark: [',', ';']}\n"
    with pytest.raises(RecordRefused, match=f"/items(/name)?：.*'.*{name}' holds the mark '{mark}'"):
        o.sent(fields, {"wastes": [{"name": "x"}, {"name": name}]})


# -- XML


def test_xml_attributes_text_lists_and_namespace(o):
    fields = """\
  '@版本': /version
  编号: national_no
  单位: {in: consignor, fields: {'@代码': uscc, .: name}}
  废物: {each: wastes, fields: {'@序号': seq, 名称: name, 特性: {each: hazards, value: .}}}
"""
    content = {
        "national_no": "20263205000123",
        "consignor": {"name": "甲<乙>&\n丙", "uscc": "9<1"},
        "wastes": WASTES[:2],
    }
    head = o.xml + "namespace: urn:x\n"
    root = etree.fromstring(o.sent(fields, content, head).text)
    space = {"x": "urn:x"}
    assert {one.tag.partition("}")[0] for one in root.iter()} == {"{urn:x"}
    assert dict(root.attrib) == {"版本": "3"}
    assert root.xpath("string(x:单位)", namespaces=space) == "甲<乙>&\n丙"
    assert root.xpath("string(x:单位/@代码)", namespaces=space) == "9<1"
    assert root.xpath("x:废物[1]/x:特性/text()", namespaces=space) == ["T", "I"]
    assert [one.get("序号") for one in root.findall("x:废物", space)] == ["1", "2"]
    assert [one.tag for one in root] == ["{urn:x}编号", "{urn:x}单位", "{urn:x}废物", "{urn:x}废物"]
    assert o.sent(fields, {"wastes": WASTES[1:2]}, o.xml).text == (
        '<联单 版本="3"><废物 序号="2"><名称>污泥</名称></废物></联单>'
    )


def test_json_or_marks_within_xml_may_name_anything(o):
    fields = "  '@all': {mark: '|', fields: {1: approval_no, 2: waybill_no}}\n  废物: {embedded: json, each: wastes, fields: {1st: name}}\n"
    made = o.sent(fields, {"waybill_no": "W", "wastes": WASTES[1:2]}, o.xml)
    assert made.text == '<联单 all="|W"><废物>[{"1st":"污泥"}]</废物></联单>'
