"""What a compiled mapping makes of documents, and how every value is explained. JSON and XML alike."""

import json
from decimal import Decimal

import pytest
from lxml import etree

from contract_tests.lineage_check import fault, leaves, reader
from mappings import Mapped, Refused, compile_mapping, decode_remainder, encode_remainder, explain

HEAD = """\
kind: manifest
standard: 1.0-rc
system: xx
zone: Asia/Shanghai
times: [yyyy-MM-dd HH:mm:ss, yyyy-MM-dd]
fillers: [无, '-']
records: list
key: no
"""

WASTE = "  wastes: {each: w, fields: {name: n, quantity_t: {from: q, unit: {from: u}}}}\n"


def run(fields, rows, head=HEAD):
    """Maps JSON rows; every lineage entry is checked on the way. The text is parsed again, as a reader would have it."""
    program = compile_mapping(head + "fields:\n" + fields, "m.yaml")
    text = json.dumps({"list": rows}, ensure_ascii=False)
    out = program.run(json.loads(text, parse_float=Decimal))
    for one in out:
        if isinstance(one, Mapped):
            explained(program, one, text)
    return out


def run_xml(fields, text, head=None):
    head = (head or HEAD.replace("records: list", "records: r/row")) + "document: xml\n"
    program = compile_mapping(head + "fields:\n" + fields, "m.yaml")
    out = program.run(etree.fromstring(text))
    for one in out:
        if isinstance(one, Mapped):
            explained(program, one, text, xml=True)
    return out


def explained(program, mapped, text, *, xml=False):
    remainder = decode_remainder(encode_remainder(mapped.remainder))
    entries = explain(program.template, remainder, mapped.content, "d1")
    find = {"d1": reader("application/xml" if xml else "application/json", text)}
    assert [(entry, wrong) for entry in entries if (wrong := fault(entry, find))] == []
    told = {entry["field"]: entry["value"] for entry in entries if "value" in entry}
    assert told == leaves(mapped.content)
    return {entry["field"]: entry for entry in entries}


def one(fields, **row):
    (mapped,) = run(fields, [{"no": "A1", **row}])
    return mapped


def entry(fields, field, **row):
    row = {"no": "A1", **row}
    program = compile_mapping(HEAD + "fields:\n" + fields, "m.yaml")
    (mapped,) = program.run({"list": [row]})
    return explained(program, mapped, json.dumps({"list": [row]}, ensure_ascii=False))[field]


def test_a_value_is_cleaned_and_its_origin_told():
    got = entry("  plan_filing_no: plan\n", "/plan_filing_no", plan=" ＪＨ１ ")
    assert got == {
        "field": "/plan_filing_no",
        "how": "mapped",
        "value": "JH1",
        "inputs": [{"document": "d1", "source": "/list/0/plan", "raw": " ＪＨ１ "}],
        "steps": ["nfkc", "trim"],
        "rule": "m.yaml:10",
    }


@pytest.mark.parametrize("raw", [None, "", " ", "无", "-"])
def test_what_is_blank_is_absent_and_said_to_be_blank(raw):
    mapped = one("  plan_filing_no: plan\n", plan=raw)
    assert mapped.content == {}
    assert entry("  plan_filing_no: plan\n", "/plan_filing_no", plan=raw)["how"] == (
        "missing" if raw is None else "blank"
    )


def test_what_is_not_told_says_where_it_was_looked_for():
    got = entry("  plan_filing_no: plan\n", "/plan_filing_no")
    assert got["how"] == "missing"
    assert got["inputs"] == [{"document": "d1", "source": "/list/0/plan"}]


def test_a_lookup_gives_our_word_and_refuses_an_unlisted_one_with_a_finding():
    rule = "  shipper: {from: s, lookup: {1: consignor, 2: consignee}}\n"
    assert one(rule, s=1).content == {"shipper": "consignor"}
    assert entry(rule, "/shipper", s="2")["how"] == "looked_up"
    mapped = one(rule, s="9")
    assert mapped.content == {}
    assert [(finding.id, finding.fields) for finding in mapped.findings] == [("M000", ("/shipper",))]
    assert "9" in mapped.findings[0].message
    refused = entry(rule, "/shipper", s="9")
    assert (refused["how"], refused["inputs"][0]["raw"]) == ("missing", "9")


def test_a_default_stands_where_nothing_is_told():
    rule = "  transport_mode: {from: m, default: road}\n"
    assert one(rule).content == {"transport_mode": "road"}
    assert entry(rule, "/transport_mode")["how"] == "defaulted"
    assert entry(rule, "/transport_mode", m="无")["inputs"][0]["raw"] == "无"


def test_the_first_source_that_is_not_blank_counts_and_those_before_it_are_told():
    rule = "  approval_no: {from: [a, b, c]}\n"
    assert one(rule, a="无", b="B", c="C").content == {"approval_no": "B"}
    assert [one_["raw"] for one_ in entry(rule, "/approval_no", a="无", b="B", c="C")["inputs"]] == ["无", "B"]
    assert entry(rule, "/approval_no", a="-")["how"] == "blank"


def test_joined_sources_are_all_told():
    got = entry("  approval_no: {from: [a, b, c], join: ', '}\n", "/approval_no", a="x", b="", c="y")
    assert got["value"] == "x, y"
    assert [one_["raw"] for one_ in got["inputs"]] == ["x", "", "y"]


def test_the_first_rule_that_gives_a_value_counts():
    rule = "  status:\n    - {from: v, when: {from: v, is: 是}, lookup: {是: voided}}\n    - {from: s, lookup: {1: declared}}\n"
    assert one(rule, v="是", s="1").content == {"status": "voided"}
    assert one(rule, v="否", s="1").content == {"status": "declared"}
    assert [one_["raw"] for one_ in entry(rule, "/status", v="否", s="1")["inputs"]] == ["1", "否"]


def test_a_condition_on_an_item_written_out_decides_and_is_told():
    rule = "  local_numbers:\n    - {when: {from: k, is: [1]}, system: {const: a}, number: p}\n    - {system: {const: b}, number: q}\n"
    assert one(rule, k="2", p="P", q="Q").content == {"local_numbers": [{"system": "b", "number": "Q"}]}
    both = entry(rule, "/local_numbers/0/number", k=1, p="P", q="Q")
    assert [one_["raw"] for one_ in both["inputs"]] == ["P", 1]
    alone = entry(rule, "/local_numbers/0/number", k=2, p="P", q="Q")
    assert [one_["source"] for one_ in alone["inputs"]] == ["/list/0/q"]


def test_words_of_the_mapping_are_compared_in_the_form_that_values_have():
    head = HEAD.replace("fillers: [无, '-']", "fillers: [／]")
    rule = (
        "  plan_filing_no: p\n  status: {from: s, lookup: {运输（中）: in_transit}}\n"
        "  approval_no: {from: a, when: {from: a, is_not: [（空）]}}\n"
    )
    row = {"no": "A", "p": "／", "s": "运输（中）", "a": "（空）"}
    for written in (row, {name: value.translate(str.maketrans("／（）", "/()")) for name, value in row.items()}):
        (mapped,) = run(rule, [written], head)
        assert (mapped.content, mapped.findings) == ({"status": "in_transit"}, ())


def test_a_time_among_the_steps_is_in_the_zone_of_the_file():
    head = HEAD.replace("Asia/Shanghai", "Asia/Tokyo")
    (mapped,) = run(
        "  plan_filing_no: {from: t, steps: [{time: yyyy-MM-dd HH:mm}]}\n", [{"no": "A", "t": "2026-03-05 09:00"}], head
    )
    assert mapped.content == {"plan_filing_no": "2026-03-05T08:00:00+08:00"}


def test_a_condition_decides_and_is_told():
    rule = "  void: {when: {from: v, is_not: [0]}, reason: why}\n"
    assert one(rule, v="0", why="x").content == {}
    assert one(rule, v="1", why="x").content == {"void": {"reason": "x"}}
    assert [one_["raw"] for one_ in entry(rule, "/void/reason", v="1", why="x")["inputs"]] == ["x", "1"]


@pytest.mark.parametrize(
    ("quantity", "unit", "tonnes"),
    [
        ("1,250", "kg", "1.25"),
        (1250, "公斤", "1.25"),
        (1.250, "吨", "1.25"),
        ("１２．５", "Ｔ", "12.5"),
        ("0.0000015", "t", "0.000002"),
        ("100", "lb", "0.045359"),
    ],
)
def test_a_mass_becomes_tonnes_and_is_not_repeated(quantity, unit, tonnes):
    mapped = one(WASTE, w=[{"n": "废油", "q": quantity, "u": unit}])
    assert mapped.content["wastes"] == [{"seq": 1, "name": "废油", "quantity_t": tonnes}]


def test_lost_digits_are_told_as_a_step():
    program = compile_mapping(HEAD + "fields:\n" + WASTE, "m.yaml")
    row = {"no": "A1", "w": [{"n": "x", "q": "0.0000015", "u": "t"}, {"n": "y", "q": "1", "u": "kg"}]}
    (mapped,) = program.run({"list": [row]})
    entries = explained(program, mapped, json.dumps({"list": [row]}))
    assert entries["/wastes/0/quantity_t"]["steps"] == ["nfkc", "trim", "number", "unit t→t", "round 6"]
    assert entries["/wastes/1/quantity_t"]["steps"] == ["nfkc", "trim", "number", "unit kg→t"]


@pytest.mark.parametrize(("quantity", "unit"), [("12", "桶"), (480, "加仑"), ("3", "立方"), ("7", "筐")])
def test_a_count_a_volume_or_an_unknown_unit_never_becomes_tonnes(quantity, unit):
    mapped = one(WASTE, w=[{"n": "废油", "q": quantity, "u": unit}])
    assert mapped.content["wastes"] == [{"seq": 1, "name": "废油", "declared": {"value": str(quantity), "unit": unit}}]


def test_a_quantity_without_a_unit_is_refused_not_guessed():
    mapped = one(WASTE, w=[{"n": "废油", "q": "12", "u": ""}])
    assert mapped.content["wastes"] == [{"seq": 1, "name": "废油"}]
    assert mapped.findings[0].fields == ("/wastes/0/quantity_t",)


def test_what_is_no_national_number_is_a_local_one_and_m001_says_so():
    rule = "  national_no: g\n  local_numbers: [{system: {const: xx}, number: no}]\n"
    mapped = one(rule, g="LX2025-1001")
    assert mapped.content == {
        "local_numbers": [{"system": "xx", "number": "A1"}, {"system": "xx", "number": "LX2025-1001"}]
    }
    assert [finding.id for finding in mapped.findings] == ["M001"]
    assert one(rule, g="A1").content == {"local_numbers": [{"system": "xx", "number": "A1"}]}
    assert one(rule, g="20263201000017").content["national_no"] == "20263201000017"


def test_a_uscc_that_fails_its_check_is_another_id_and_m002_says_so():
    mapped = one("  consignor: {name: n, uscc: u}\n", n="甲", u="91110000600037341X")
    assert mapped.content["consignor"] == {"name": "甲", "other_ids": [{"system": "xx", "id": "91110000600037341X"}]}
    assert [finding.id for finding in mapped.findings] == ["M002"]


def test_items_stand_in_the_order_of_their_seq_and_lineage_follows_them():
    rule = "  legs: {each: l, fields: {seq: s, device_id: d}}\n"
    mapped = one(rule, l=[{"s": 2, "d": "b"}, {}, {"s": 1, "d": "a"}])
    assert mapped.content["legs"] == [{"seq": 1, "device_id": "a"}, {"seq": 2, "device_id": "b"}]
    got = entry(rule, "/legs/0/device_id", l=[{"s": 2, "d": "b"}, {}, {"s": 1, "d": "a"}])
    assert got["inputs"] == [{"document": "d1", "source": "/list/0/l/2/d", "raw": "a"}]


def test_a_finding_names_the_place_that_an_item_has_at_the_end():
    mapped = one(
        "  legs: {each: l, fields: {seq: s, vehicle: {plate: p}, device_id: d}}\n",
        l=[{"s": 2, "p": "?", "d": "b"}, {"s": 1, "d": "a"}],
    )
    assert [(finding.id, finding.fields) for finding in mapped.findings] == [("M050", ("/legs/1/vehicle/plate",))]


def test_a_seq_that_the_source_lacks_is_the_position_and_derived():
    got = entry("  legs: {each: l, fields: {device_id: d}}\n", "/legs/1/seq", l=[{"d": "a"}, {"d": "b"}])
    assert (got["value"], got["how"], got["inputs"]) == (2, "derived", [])


def test_where_some_items_give_a_seq_the_others_have_one_entry_each_that_says_it_is_the_position():
    fields = "  legs: {each: l, fields: {seq: s, device_id: d}}\n"
    rows = [{"no": "A", "l": [{"s": 1, "d": "a"}, {}, {"d": "b"}, {"s": "", "d": "c"}, {"s": "x", "d": "e"}]}]
    program, text = compile_mapping(HEAD + "fields:\n" + fields, "m.yaml"), json.dumps({"list": rows})
    (mapped,) = program.run(json.loads(text))
    explained(program, mapped, text)
    told = [
        (one_["value"], one_["how"], [read["raw"] for read in one_["inputs"]])
        for one_ in explain(program.template, mapped.remainder, mapped.content, "d1")
        if one_["field"].endswith("/seq")
    ]
    assert told == [(1, "mapped", [1]), (2, "derived", []), (3, "derived", [""]), (4, "derived", ["x"])]


def test_items_written_out_have_a_seq_too():
    rule = "  legs:\n    - {device_id: a}\n    - {device_id: b}\n    - {seq: s, device_id: c}\n"
    assert one(rule, b="B", c="C").content["legs"] == [{"seq": 1, "device_id": "B"}, {"seq": 2, "device_id": "C"}]
    assert one(rule, a="A", b="B", c="C", s=1).content["legs"] == [
        {"seq": 1, "device_id": "A"},
        {"seq": 1, "device_id": "C"},
        {"seq": 2, "device_id": "B"},
    ]
    assert entry(rule, "/legs/1/seq", a="A", b="B", c="C", s=1)["how"] == "mapped"
    assert entry(rule, "/legs/2/seq", a="A", b="B", c="C", s=1)["how"] == "derived"


def test_an_object_of_constants_alone_does_not_exist():
    assert one("  local_numbers: [{system: {const: xx}, number: other}]\n").content == {}


def test_scalars_lists_and_parts_of_a_text():
    fields = (
        "  wastes: {each: w, fields: {name: n, hazards: {from: h, split: ',，'}, container_ids: {each: c, value: .}}}\n"
    )
    mapped = one(fields, w=[{"n": "x", "h": "T，I,T"}])
    assert mapped.content["wastes"][0]["hazards"] == ["T", "I"]
    mapped = one(fields, w=[{"n": "x", "h": "T,Q"}])
    assert mapped.content["wastes"][0]["hazards"] == ["T"]
    assert [finding.fields for finding in mapped.findings] == [("/wastes/0/hazards",)]
    via = one("  legs: {each: l, fields: {via: {from: v, split: 、, into: name}}}\n", l=[{"v": "甲、乙"}])
    assert via.content["legs"][0]["via"] == [{"name": "甲"}, {"name": "乙"}]


def test_a_required_value_that_is_missing_refuses_its_record_alone():
    rule = "  plan_filing_no: {from: p, required: yes}\n"
    first, second, third = run(rule, [{"no": "A", "p": "1"}, {"no": "B"}, {"no": "C", "p": "3"}])
    assert isinstance(second, Refused)
    assert (second.source_key, second.place) == ("B", "/list/1")
    assert "/plan_filing_no" in second.reasons[0]
    assert "m.yaml:10" in second.reasons[0]
    assert [first.content, third.content] == [{"plan_filing_no": "1"}, {"plan_filing_no": "3"}]


def test_a_record_without_its_key_is_refused():
    (refused,) = run("  plan_filing_no: p\n", [{"no": "无", "p": "1"}])
    assert isinstance(refused, Refused)
    assert refused.source_key is None


@pytest.mark.parametrize("row", [{"no": "A", "w": {"n": "x"}}, {"no": "A", "w": "x"}, {"no": "A", "w": 3}])
def test_what_is_no_list_is_told_and_not_guessed(row):
    (mapped,) = run(WASTE, [row])
    assert mapped.content == {}
    assert [finding.fields for finding in mapped.findings] == [("/wastes",)]


@pytest.mark.parametrize("driver", ["张三", ["a"], 3, True])
def test_what_is_no_object_is_told(driver):
    (mapped,) = run(
        "  legs: {each: l, fields: {device_id: d, driver: {name: drv/name}}}\n",
        [{"no": "A", "l": [{"d": "1", "drv": driver}]}],
    )
    assert mapped.content == {"legs": [{"seq": 1, "device_id": "1"}]}
    if driver != ["a"]:
        assert [finding.fields for finding in mapped.findings] == [("/legs/0/driver/name",)]


@pytest.mark.parametrize("rows", [None, {}, "x"])
def test_a_document_without_records_is_refused_whole(rows):
    program = compile_mapping(HEAD + "fields:\n" + WASTE, "m.yaml")
    (refused,) = program.run({"list": rows})
    assert isinstance(refused, Refused)
    assert "/list" in refused.reasons[0]


@pytest.mark.parametrize("row", ["x", 3, None, ["no"]])
def test_a_record_that_is_no_object_is_refused(row):
    (refused,) = run(WASTE, [row])
    assert isinstance(refused, Refused)


def test_outer_scopes_and_the_document_are_reached():
    fields = "  legs: {each: l, fields: {device_id: d, carrier: {name: ../who, road_permit_no: /permit}}}\n"
    program = compile_mapping(HEAD + "fields:\n" + fields, "m.yaml")
    text = json.dumps({"permit": "P", "list": [{"no": "A", "who": "W", "l": [{"d": "1"}]}]})
    (mapped,) = program.run(json.loads(text))
    entries = explained(program, mapped, text)
    assert mapped.content["legs"][0]["carrier"] == {"name": "W", "road_permit_no": "P"}
    assert entries["/legs/0/carrier/name"]["inputs"][0]["source"] == "/list/0/who"
    assert entries["/legs/0/carrier/road_permit_no"]["inputs"][0]["source"] == "/permit"


def test_versions_are_ordered_as_declared():
    by_number = HEAD + "newer: {from: v, number: yes}\n"
    ordered = [
        one_.newer for one_ in run(WASTE, [{"no": "A", "v": "9"}, {"no": "A", "v": "10"}, {"no": "A"}], by_number)
    ]
    assert ordered[0] < ordered[1]
    assert ordered[2] is None
    (unreadable,) = run(WASTE, [{"no": "A", "v": "v2"}], by_number)
    assert unreadable.newer is None
    assert "'v2' is no version number" in unreadable.findings[0].message_en
    (timed,) = run(WASTE, [{"no": "A", "v": "2026-03-05 01:02:03"}], HEAD + "newer: v\n")
    assert timed.newer == "2026-03-05T01:02:03+08:00"


def test_xml_attributes_elements_and_repeated_ones():
    fields = (
        "  plan_filing_no: p\n  void: {reason: v, by: v/@by}\n"
        "  wastes: {each: w, fields: {seq: '@i', name: n, constituents: {each: c, value: .}}}\n"
    )
    text = (
        "<r xmlns='urn:x'><row><no>A</no><p/><v by='甲'> 错 </v>"
        "<w i='2'><n>乙</n></w><w i='1'><n>甲</n><c>铅</c><c>汞</c></w></row></r>"
    )
    (mapped,) = run_xml(fields, text)
    assert mapped.content == {
        "void": {"reason": "错", "by": "甲"},
        "wastes": [{"seq": 1, "name": "甲", "constituents": ["铅", "汞"]}, {"seq": 2, "name": "乙"}],
    }


def test_rows_of_one_group_make_one_record_wherever_they_stand():
    head = HEAD.replace("records: list", "records: r/row\ngroup: no")
    text = (
        "<r>"
        + "".join(f"<row><no>{no}</no><h>{no}h</h><n>{n}</n></row>" for no, n in (("A", 1), ("B", 2), ("A", 3)))
        + "</r>"
    )
    fields = "  plan_filing_no: h\n  wastes: {each_row: yes, fields: {name: n}}\n"
    first, second = run_xml(fields, text, head)
    assert first.content == {"plan_filing_no": "Ah", "wastes": [{"seq": 1, "name": "1"}, {"seq": 2, "name": "3"}]}
    assert second.content["wastes"] == [{"seq": 1, "name": "2"}]


def test_rows_of_a_group_that_differ_where_one_value_is_expected_are_told():
    head = HEAD.replace("records: list", "records: r/row\ngroup: no")
    text = "<r><row><no>A</no><h>1</h><n>x</n></row><row><no>A</no><h>2</h><n>y</n></row></r>"
    (mapped,) = run_xml("  plan_filing_no: h\n  wastes: {each_row: yes, fields: {name: n}}\n", text, head)
    assert [(finding.id, finding.fields) for finding in mapped.findings] == [("M000", ("/plan_filing_no",))]
    assert "2" in mapped.findings[0].message


def test_an_element_that_is_there_twice_where_one_is_expected_is_told():
    (mapped,) = run_xml(
        "  plan_filing_no: p\n  approval_no: a/b\n", "<r><row><no>A</no><p>1</p><p>2</p><a><b>1</b></a><a/></row></r>"
    )
    assert mapped.content == {}
    assert [finding.fields for finding in mapped.findings] == [("/plan_filing_no",), ("/approval_no",)]


def test_elements_of_one_name_are_reached_by_their_position():
    fields = "  plan_filing_no: p/0\n  approval_no: p/1\n  waybill_no: a/1/b\n  consignor: {name: c/0, address: c/1, emergency_phone: a/2/b}\n"
    (mapped,) = run_xml(fields, "<r><row><no>A</no><p>1</p><p>2</p><a/><a><b>3</b></a><c>甲</c></row></r>")
    assert mapped.content == {
        "plan_filing_no": "1",
        "approval_no": "2",
        "waybill_no": "3",
        "consignor": {"name": "甲"},
    }
    assert mapped.findings == ()


def test_a_document_of_the_other_form_is_refused_naming_the_key():
    (refused,) = compile_mapping(HEAD + "fields:\n" + WASTE, "m.yaml").run(etree.fromstring("<list/>"))
    assert isinstance(refused, Refused)
    assert "document is json, but XML came" in refused.reasons[0]


def test_an_empty_xml_list_is_no_fault_but_another_root_is():
    assert run_xml("  plan_filing_no: p\n", "<r/>") == []
    (refused,) = run_xml("  plan_filing_no: p\n", "<other/>")
    assert isinstance(refused, Refused)


def test_a_document_can_be_a_record_named_by_its_file():
    head = HEAD.replace("records: list", "records: .").replace("key: no", "key: {document_name: yes}")
    program = compile_mapping(head + "fields:\n  plan_filing_no: p\n", "m.yaml")
    (mapped,) = program.run({"p": "1"}, "one.json")
    assert mapped.source_key == "one.json"
    assert explained(program, mapped, '{"p": "1"}')["/plan_filing_no"]["inputs"][0]["source"] == "/p"


def test_the_hash_covers_text_and_pack_code_and_nothing_else():
    text = HEAD + "fields:\n  plan_filing_no: p\n"
    same = [compile_mapping(text, "a.yaml").hash, compile_mapping(text, "b.yaml").hash]
    assert same[0] == same[1]
    assert compile_mapping(text + "  approval_no: a\n", "a.yaml").hash != same[0]
    assert compile_mapping(text, "a.yaml", pack_code=b"def f(): ...").hash != same[0]


def test_a_function_of_the_pack_is_a_step():
    program = compile_mapping(
        HEAD + "fields:\n  plan_filing_no: {from: p, steps: [{call: twice}]}\n",
        "m.yaml",
        functions={"twice": lambda value: value * 2},
    )
    (mapped,) = program.run({"list": [{"no": "A", "p": "ab"}]})
    assert mapped.content == {"plan_filing_no": "abab"}


def test_a_step_that_leaves_nothing_gives_no_empty_text():
    mapped = one("  plan_filing_no: {from: p, steps: [{before: '-'}]}\n", p="-17")
    assert mapped.content == {}
    assert [finding.fields for finding in mapped.findings] == [("/plan_filing_no",)]
