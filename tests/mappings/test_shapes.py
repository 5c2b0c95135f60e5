"""What a compiled mapping makes of lists, groups and shapes, in JSON and XML."""

import json

import pytest
from lxml import etree

from mappings import Refused, compile_mapping

WASTE = "  wastes: {each: w, fields: {name: n, quantity_t: {from: q, unit: {from: u}}}}\n"


def test_items_stand_in_the_order_of_their_seq_and_lineage_follows_them(m):
    rule = "  legs: {each: l, fields: {seq: s, device_id: d}}\n"
    mapped = m.one(rule, l=[{"s": 2, "d": "b"}, {}, {"s": 1, "d": "a"}])
    assert mapped.content["legs"] == [{"seq": 1, "device_id": "a"}, {"seq": 2, "device_id": "b"}]
    got = m.entry(rule, "/legs/0/device_id", l=[{"s": 2, "d": "b"}, {}, {"s": 1, "d": "a"}])
    assert got["inputs"] == [{"document": "d1", "source": "/list/0/l/2/d", "raw": "a"}]


def test_a_finding_names_the_place_that_an_item_has_at_the_end(m):
    mapped = m.one(
        "  legs: {each: l, fields: {seq: s, vehicle: {plate: p}, device_id: d}}\n",
        l=[{"s": 2, "p": "?", "d": "b"}, {"s": 1, "d": "a"}],
    )
    assert [(finding.id, finding.fields) for finding in mapped.findings] == [("M050", ("/legs/1/vehicle/plate",))]


def test_a_seq_that_the_source_lacks_is_the_position_and_derived(m):
    got = m.entry("  legs: {each: l, fields: {device_id: d}}\n", "/legs/1/seq", l=[{"d": "a"}, {"d": "b"}])
    assert (got["value"], got["how"], got["inputs"]) == (2, "derived", [])


def test_an_object_of_constants_alone_does_not_exist(m):
    assert m.one("  local_numbers: [{system: {const: xx}, number: other}]\n").content == {}


def test_scalars_lists_and_parts_of_a_text(m):
    fields = (
        "  wastes: {each: w, fields: {name: n, hazards: {from: h, split: ',，'}, container_ids: {each: c, value: .}}}\n"
    )
    mapped = m.one(fields, w=[{"n": "x", "h": "T，I,T"}])
    assert mapped.content["wastes"][0]["hazards"] == ["T", "I"]
    mapped = m.one(fields, w=[{"n": "x", "h": "T,Q"}])
    assert mapped.content["wastes"][0]["hazards"] == ["T"]
    assert [finding.fields for finding in mapped.findings] == [("/wastes/0/hazards",)]
    via = m.one("  legs: {each: l, fields: {via: {from: v, split: 、, into: name}}}\n", l=[{"v": "甲、乙"}])
    assert via.content["legs"][0]["via"] == [{"name": "甲"}, {"name": "乙"}]


@pytest.mark.parametrize("row", [{"no": "A", "w": {"n": "x"}}, {"no": "A", "w": "x"}, {"no": "A", "w": 3}])
def test_what_is_no_list_is_told_and_not_guessed(m, row):
    (mapped,) = m.run(WASTE, [row])
    assert mapped.content == {}
    assert [finding.fields for finding in mapped.findings] == [("/wastes",)]


@pytest.mark.parametrize("driver", ["张三", ["a"], 3, True])
def test_what_is_no_object_is_told(m, driver):
    (mapped,) = m.run(
        "  legs: {each: l, fields: {device_id: d, driver: {name: drv/name}}}\n",
        [{"no": "A", "l": [{"d": "1", "drv": driver}]}],
    )
    assert mapped.content == {"legs": [{"seq": 1, "device_id": "1"}]}
    if driver != ["a"]:
        assert [finding.fields for finding in mapped.findings] == [("/legs/0/driver/name",)]


@pytest.mark.parametrize("rows", [None, {}, "x"])
def test_a_document_without_records_is_refused_whole(m, rows):
    program = compile_mapping(m.head + "fields:\n" + WASTE, "m.yaml")
    (refused,) = program.run({"list": rows})
    assert isinstance(refused, Refused)
    assert "/list" in refused.reasons[0]


@pytest.mark.parametrize("row", ["x", 3, None, ["no"]])
def test_a_record_that_is_no_object_is_refused(m, row):
    (refused,) = m.run(WASTE, [row])
    assert isinstance(refused, Refused)


def test_outer_scopes_and_the_document_are_reached(m):
    fields = "  legs: {each: l, fields: {device_id: d, carrier: {name: ../who, road_permit_no: /permit}}}\n"
    program = compile_mapping(m.head + "fields:\n" + fields, "m.yaml")
    text = json.dumps({"permit": "P", "list": [{"no": "A", "who": "W", "l": [{"d": "1"}]}]})
    (mapped,) = program.run(json.loads(text))
    entries = m.explained(program, mapped, text)
    assert mapped.content["legs"][0]["carrier"] == {"name": "W", "road_permit_no": "P"}
    assert entries["/legs/0/carrier/name"]["inputs"][0]["source"] == "/list/0/who"
    assert entries["/legs/0/carrier/road_permit_no"]["inputs"][0]["source"] == "/permit"


def test_xml_attributes_elements_and_repeated_ones(m):
    fields = (
        "  plan_filing_no: p\n  void: {reason: v, by: v/@by}\n"
        "  wastes: {each: w, fields: {seq: '@i', name: n, constituents: {each: c, value: .}}}\n"
    )
    text = (
        "<r xmlns='urn:x'><row><no>A</no><p/><v by='甲'> 错 </v>"
        "<w i='2'><n>乙</n></w><w i='1'><n>甲</n><c>铅</c><c>汞</c></w></row></r>"
    )
    (mapped,) = m.run_xml(fields, text)
    assert mapped.content == {
        "void": {"reason": "错", "by": "甲"},
        "wastes": [{"seq": 1, "name": "甲", "constituents": ["铅", "汞"]}, {"seq": 2, "name": "乙"}],
    }


def test_rows_of_one_group_make_one_record_wherever_they_stand(m):
    head = m.head.replace("records: list", "records: r/row\ngroup: no")
    text = (
        "<r>"
        + "".join(f"<row><no>{no}</no><h>{no}h</h><n>{n}</n></row>" for no, n in (("A", 1), ("B", 2), ("A", 3)))
        + "</r>"
    )
    fields = "  plan_filing_no: h\n  wastes: {each_row: yes, fields: {name: n}}\n"
    first, second = m.run_xml(fields, text, head)
    assert first.content == {"plan_filing_no": "Ah", "wastes": [{"seq": 1, "name": "1"}, {"seq": 2, "name": "3"}]}
    assert second.content["wastes"] == [{"seq": 1, "name": "2"}]


def test_rows_of_a_group_that_differ_where_one_value_is_expected_are_told(m):
    head = m.head.replace("records: list", "records: r/row\ngroup: no")
    text = "<r><row><no>A</no><h>1</h><n>x</n></row><row><no>A</no><h>2</h><n>y</n></row></r>"
    (mapped,) = m.run_xml("  plan_filing_no: h\n  wastes: {each_row: yes, fields: {name: n}}\n", text, head)
    assert [(finding.id, finding.fields) for finding in mapped.findings] == [("M000", ("/plan_filing_no",))]
    assert "2" in mapped.findings[0].message


def test_rows_of_a_group_that_differ_where_several_rules_give_one_value_are_told(m):
    head = m.head.replace("records: list", "records: list\ngroup: no")
    fields = "  status: [{from: a, lookup: {1: declared}}, {from: b, lookup: {2: received, 3: completed}}]\n"
    (mapped,) = m.run(fields, [{"no": "A", "b": "2"}, {"no": "A", "b": "3"}], head)
    assert mapped.content == {"status": "received"}
    assert [finding.fields for finding in mapped.findings] == [("/status",)]


def test_an_element_that_is_there_twice_where_one_is_expected_is_told(m):
    (mapped,) = m.run_xml(
        "  plan_filing_no: p\n  approval_no: a/b\n", "<r><row><no>A</no><p>1</p><p>2</p><a><b>1</b></a><a/></row></r>"
    )
    assert mapped.content == {}
    assert [finding.fields for finding in mapped.findings] == [("/plan_filing_no",), ("/approval_no",)]


def test_an_empty_xml_list_is_no_fault_but_another_root_is(m):
    assert m.run_xml("  plan_filing_no: p\n", "<r/>") == []
    (refused,) = m.run_xml("  plan_filing_no: p\n", "<other/>")
    assert isinstance(refused, Refused)


def test_a_document_can_be_a_record_named_by_its_file(m):
    head = m.head.replace("records: list", "records: .").replace("key: no", "key: {document_name: yes}")
    program = compile_mapping(head + "fields:\n  plan_filing_no: p\n", "m.yaml")
    (mapped,) = program.run({"p": "1"}, "one.json")
    assert mapped.source_key == "one.json"
    assert m.explained(program, mapped, '{"p": "1"}')["/plan_filing_no"]["inputs"][0]["source"] == "/p"


XML = "kind: manifest\nstandard: 1.0-rc\nsystem: xx\ndocument: xml\nrecords: r/row\nkey: '@no'\nfields:\n"


@pytest.mark.parametrize("position", [0, 1])
def test_a_position_in_what_stands_several_times_is_told_whichever_it_is(position):
    program = compile_mapping(XML + f"  consignee: {{name: js/v/{position}}}\n", "m.yaml")
    row = "<js><v>A</v><v>B</v></js>"
    (mapped,) = program.run(etree.fromstring(f"<r><row no='1'>{row}</row></r>"))
    assert mapped.content == {"consignee": {"name": "AB"[position]}}
    (mapped,) = program.run(etree.fromstring(f"<r><row no='1'>{row}{row}</row></r>"))
    assert mapped.content == {}
    assert [(finding.id, finding.fields) for finding in mapped.findings] == [("M000", ("/consignee/name",))]
