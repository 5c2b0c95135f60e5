"""What a compiled mapping makes of single values, and how every value is explained."""

import json

import pytest
from lxml import etree

from mappings import Beside, Refused, compile_mapping, explain

WASTE = "  wastes: {each: w, fields: {name: n, quantity_t: {from: q, unit: {from: u}}}}\n"


def test_a_value_is_cleaned_and_its_origin_told(m):
    got = m.entry("  plan_filing_no: plan\n", "/plan_filing_no", plan=" ＪＨ１ ")
    assert got == {
        "field": "/plan_filing_no",
        "how": "mapped",
        "value": "JH1",
        "inputs": [{"document": "d1", "source": "/list/0/plan", "raw": " ＪＨ１ "}],
        "steps": ["nfkc", "trim"],
        "rule": "m.yaml:10",
    }


@pytest.mark.parametrize("raw", [None, "", " ", "无", "-"])
def test_what_is_blank_is_absent_and_said_to_be_blank(m, raw):
    mapped = m.one("  plan_filing_no: plan\n", plan=raw)
    assert mapped.content == {}
    assert m.entry("  plan_filing_no: plan\n", "/plan_filing_no", plan=raw)["how"] == (
        "missing" if raw is None else "blank"
    )


def test_what_is_not_told_says_where_it_was_looked_for(m):
    got = m.entry("  plan_filing_no: plan\n", "/plan_filing_no")
    assert got["how"] == "missing"
    assert got["inputs"] == [{"document": "d1", "source": "/list/0/plan"}]


def test_a_lookup_gives_our_word_and_refuses_an_unlisted_one_with_a_finding(m):
    rule = "  shipper: {from: s, lookup: {1: consignor, 2: consignee}}\n"
    assert m.one(rule, s=1).content == {"shipper": "consignor"}
    assert m.entry(rule, "/shipper", s="2")["how"] == "looked_up"
    mapped = m.one(rule, s="9")
    assert mapped.content == {}
    assert [(finding.id, finding.fields) for finding in mapped.findings] == [("M000", ("/shipper",))]
    assert "9" in mapped.findings[0].message
    refused = m.entry(rule, "/shipper", s="9")
    assert (refused["how"], refused["inputs"][0]["raw"]) == ("missing", "9")


def test_a_default_stands_where_nothing_is_told(m):
    rule = "  transport_mode: {from: m, default: road}\n"
    assert m.one(rule).content == {"transport_mode": "road"}
    assert m.entry(rule, "/transport_mode")["how"] == "defaulted"
    assert m.entry(rule, "/transport_mode", m="无")["inputs"][0]["raw"] == "无"


def test_the_first_source_that_is_not_blank_counts_and_those_before_it_are_told(m):
    rule = "  approval_no: {from: [a, b, c]}\n"
    assert m.one(rule, a="无", b="B", c="C").content == {"approval_no": "B"}
    assert [one_["raw"] for one_ in m.entry(rule, "/approval_no", a="无", b="B", c="C")["inputs"]] == ["无", "B"]
    assert m.entry(rule, "/approval_no", a="-")["how"] == "blank"


def test_joined_sources_are_all_told(m):
    got = m.entry("  approval_no: {from: [a, b, c], join: ', '}\n", "/approval_no", a="x", b="", c="y")
    assert got["value"] == "x, y"
    assert [one_["raw"] for one_ in got["inputs"]] == ["x", "", "y"]


def test_the_first_rule_that_gives_a_value_counts(m):
    rule = "  status:\n    - {from: v, when: {from: v, is: 是}, lookup: {是: voided}}\n    - {from: s, lookup: {1: declared}}\n"
    assert m.one(rule, v="是", s="1").content == {"status": "voided"}
    assert m.one(rule, v="否", s="1").content == {"status": "declared"}
    assert [one_["raw"] for one_ in m.entry(rule, "/status", v="否", s="1")["inputs"]] == ["1", "否"]


def test_a_condition_on_an_item_written_out_decides_and_is_told(m):
    rule = "  local_numbers:\n    - {when: {from: k, is: [1]}, system: {const: a}, number: p}\n    - {system: {const: b}, number: q}\n"
    assert m.one(rule, k="2", p="P", q="Q").content == {"local_numbers": [{"system": "b", "number": "Q"}]}
    both = m.entry(rule, "/local_numbers/0/number", k=1, p="P", q="Q")
    assert [one_["raw"] for one_ in both["inputs"]] == ["P", 1]
    alone = m.entry(rule, "/local_numbers/0/number", k=2, p="P", q="Q")
    assert [one_["source"] for one_ in alone["inputs"]] == ["/list/0/q"]


def test_words_of_the_mapping_are_compared_in_the_form_that_values_have(m):
    head = m.head.replace("fillers: [无, '-']", "fillers: [／]")
    rule = (
        "  plan_filing_no: p\n  status: {from: s, lookup: {运输（中）: in_transit}}\n"
        "  approval_no: {from: a, when: {from: a, is_not: [（空）]}}\n"
    )
    row = {"no": "A", "p": "／", "s": "运输（中）", "a": "（空）"}
    for written in (row, {name: value.translate(str.maketrans("／（）", "/()")) for name, value in row.items()}):
        (mapped,) = m.run(rule, [written], head)
        assert (mapped.content, mapped.findings) == ({"status": "in_transit"}, ())


def test_a_time_among_the_steps_is_in_the_zone_of_the_file(m):
    head = m.head.replace("Asia/Shanghai", "Asia/Tokyo")
    (mapped,) = m.run(
        "  plan_filing_no: {from: t, steps: [{time: yyyy-MM-dd HH:mm}]}\n", [{"no": "A", "t": "2026-03-05 09:00"}], head
    )
    assert mapped.content == {"plan_filing_no": "2026-03-05T08:00:00+08:00"}


def test_a_condition_decides_and_is_told(m):
    rule = "  void: {when: {from: v, is_not: [0]}, reason: why}\n"
    assert m.one(rule, v="0", why="x").content == {}
    assert m.one(rule, v="1", why="x").content == {"void": {"reason": "x"}}
    assert [one_["raw"] for one_ in m.entry(rule, "/void/reason", v="1", why="x")["inputs"]] == ["x", "1"]


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
def test_a_mass_becomes_tonnes_and_is_not_repeated(m, quantity, unit, tonnes):
    mapped = m.one(WASTE, w=[{"n": "废油", "q": quantity, "u": unit}])
    assert mapped.content["wastes"] == [{"seq": 1, "name": "废油", "quantity_t": tonnes}]


def test_lost_digits_are_told_as_a_step(m):
    program = compile_mapping(m.head + "fields:\n" + WASTE, "m.yaml")
    row = {"no": "A1", "w": [{"n": "x", "q": "0.0000015", "u": "t"}, {"n": "y", "q": "1", "u": "kg"}]}
    (mapped,) = program.run({"list": [row]})
    entries = m.explained(program, mapped, json.dumps({"list": [row]}))
    assert entries["/wastes/0/quantity_t"]["steps"] == ["nfkc", "trim", "number", "unit t→t", "round 6"]
    assert entries["/wastes/1/quantity_t"]["steps"] == ["nfkc", "trim", "number", "unit kg→t"]


@pytest.mark.parametrize(("quantity", "unit"), [("12", "桶"), (480, "加仑"), ("3", "立方"), ("7", "筐")])
def test_a_count_a_volume_or_an_unknown_unit_never_becomes_tonnes(m, quantity, unit):
    mapped = m.one(WASTE, w=[{"n": "废油", "q": quantity, "u": unit}])
    assert mapped.content["wastes"] == [{"seq": 1, "name": "废油", "declared": {"value": str(quantity), "unit": unit}}]


def test_a_quantity_without_a_unit_is_refused_not_guessed(m):
    mapped = m.one(WASTE, w=[{"n": "废油", "q": "12", "u": ""}])
    assert mapped.content["wastes"] == [{"seq": 1, "name": "废油"}]
    assert mapped.findings[0].fields == ("/wastes/0/quantity_t",)


def test_what_is_no_national_number_is_a_local_one_and_m001_says_so(m):
    rule = "  national_no: g\n  local_numbers: [{system: {const: xx}, number: no}]\n"
    mapped = m.one(rule, g="LX2025-1001")
    assert mapped.content == {
        "local_numbers": [{"system": "xx", "number": "A1"}, {"system": "xx", "number": "LX2025-1001"}]
    }
    assert [finding.id for finding in mapped.findings] == ["M001"]
    assert m.one(rule, g="A1").content == {"local_numbers": [{"system": "xx", "number": "A1"}]}
    assert m.one(rule, g="20263201000017").content["national_no"] == "20263201000017"


def test_a_uscc_that_fails_its_check_is_another_id_and_m002_says_so(m):
    mapped = m.one("  consignor: {name: n, uscc: u}\n", n="甲", u="91110000600037341X")
    assert mapped.content["consignor"] == {"name": "甲", "other_ids": [{"system": "xx", "id": "91110000600037341X"}]}
    assert [finding.id for finding in mapped.findings] == ["M002"]


def test_where_some_items_give_a_seq_the_others_have_one_entry_each_that_says_it_is_the_position(m):
    fields = "  legs: {each: l, fields: {seq: s, device_id: d}}\n"
    rows = [{"no": "A", "l": [{"s": 1, "d": "a"}, {}, {"d": "b"}, {"s": "", "d": "c"}, {"s": "x", "d": "e"}]}]
    program, text = compile_mapping(m.head + "fields:\n" + fields, "m.yaml"), json.dumps({"list": rows})
    (mapped,) = program.run(json.loads(text))
    m.explained(program, mapped, text)
    told = [
        (one_["value"], one_["how"], [read["raw"] for read in one_["inputs"]])
        for one_ in explain(program.template, mapped.remainder, mapped.content, "d1")
        if one_["field"].endswith("/seq")
    ]
    assert told == [(1, "mapped", [1]), (2, "derived", []), (3, "derived", [""]), (4, "derived", ["x"])]


def test_items_written_out_have_a_seq_too(m):
    rule = "  legs:\n    - {device_id: a}\n    - {device_id: b}\n    - {seq: s, device_id: c}\n"
    assert m.one(rule, b="B", c="C").content["legs"] == [{"seq": 1, "device_id": "B"}, {"seq": 2, "device_id": "C"}]
    assert m.one(rule, a="A", b="B", c="C", s=1).content["legs"] == [
        {"seq": 1, "device_id": "A"},
        {"seq": 1, "device_id": "C"},
        {"seq": 2, "device_id": "B"},
    ]
    assert m.entry(rule, "/legs/1/seq", a="A", b="B", c="C", s=1)["how"] == "mapped"
    assert m.entry(rule, "/legs/2/seq", a="A", b="B", c="C", s=1)["how"] == "derived"


def test_a_required_value_that_is_missing_refuses_its_record_alone(m):
    rule = "  plan_filing_no: {from: p, required: yes}\n"
    first, second, third = m.run(rule, [{"no": "A", "p": "1"}, {"no": "B"}, {"no": "C", "p": "3"}])
    assert isinstance(second, Refused)
    assert (second.source_key, second.place) == ("B", "/list/1/p")
    assert "/plan_filing_no" in second.reasons[0]
    assert "m.yaml:10" in second.reasons[0]
    assert [first.content, third.content] == [{"plan_filing_no": "1"}, {"plan_filing_no": "3"}]


def test_a_record_without_its_key_is_refused(m):
    (refused,) = m.run("  plan_filing_no: p\n", [{"no": "无", "p": "1"}])
    assert isinstance(refused, Refused)
    assert refused.source_key is None


def test_versions_are_ordered_as_declared(m):
    by_number = m.head + "newer: {from: v, number: yes}\n"
    ordered = [
        one_.newer for one_ in m.run(WASTE, [{"no": "A", "v": "9"}, {"no": "A", "v": "10"}, {"no": "A"}], by_number)
    ]
    assert ordered[0] < ordered[1]
    assert ordered[2] is None
    (unreadable,) = m.run(WASTE, [{"no": "A", "v": "v2"}], by_number)
    assert unreadable.newer is None
    assert "'v2' is no version number" in unreadable.findings[0].message_en
    (timed,) = m.run(WASTE, [{"no": "A", "v": "2026-03-05 01:02:03"}], m.head + "newer: v\n")
    assert timed.newer == "2026-03-05T01:02:03+08:00"


def test_elements_of_one_name_are_reached_by_their_position(m):
    fields = "  plan_filing_no: p/0\n  approval_no: p/1\n  waybill_no: a/1/b\n  consignor: {name: c/0, address: c/1, emergency_phone: a/2/b}\n"
    (mapped,) = m.run_xml(fields, "<r><row><no>A</no><p>1</p><p>2</p><a/><a><b>3</b></a><c>甲</c></row></r>")
    assert mapped.content == {
        "plan_filing_no": "1",
        "approval_no": "2",
        "waybill_no": "3",
        "consignor": {"name": "甲"},
    }
    assert mapped.findings == ()


def test_a_document_of_the_other_form_is_refused_naming_the_key(m):
    (refused,) = compile_mapping(m.head + "fields:\n" + WASTE, "m.yaml").run(etree.fromstring("<list/>"))
    assert isinstance(refused, Refused)
    assert "document is json, but XML came" in refused.reasons[0]


def test_the_hash_covers_text_and_pack_code_and_nothing_else(m):
    text = m.head + "fields:\n  plan_filing_no: p\n"
    same = [compile_mapping(text, "a.yaml").hash, compile_mapping(text, "b.yaml").hash]
    assert same[0] == same[1]
    assert compile_mapping(text + "  approval_no: a\n", "a.yaml").hash != same[0]
    assert compile_mapping(text, "a.yaml", Beside(code=b"def f(): ...")).hash != same[0]


def test_a_function_of_the_pack_is_a_step(m):
    program = compile_mapping(
        m.head + "fields:\n  plan_filing_no: {from: p, steps: [{call: twice}]}\n",
        "m.yaml",
        Beside({"twice": lambda value: value * 2}),
    )
    (mapped,) = program.run({"list": [{"no": "A", "p": "ab"}]})
    assert mapped.content == {"plan_filing_no": "abab"}


def test_what_steps_leave_empty_is_blank(m):
    rule = "  plan_filing_no: {from: p, steps: [{before: '-'}]%s}\n"
    mapped = m.one(rule % "", p="-17")
    assert (mapped.content, mapped.findings) == ({}, ())
    assert m.one(rule % ", default: X", p="-17").content == {"plan_filing_no": "X"}


@pytest.mark.parametrize("told", [{"x": 1}, ["20263205000001"], []])
def test_what_is_no_scalar_goes_nowhere_and_costs_that_value_alone(m, told):
    rules = "  national_no: a\n  consignor: {name: c, uscc: u}\n"
    mapped = m.one(rules, a=told, u=told, c="甲")
    assert mapped.content == {"consignor": {"name": "甲"}}
    assert sorted(finding.id for finding in mapped.findings) == ["M001", "M002"]
    assert m.one("  national_no: {from: [a, b]}\n", a=told, b="20263205000001").content == {}


@pytest.mark.parametrize(
    ("rule", "number"), [("{from: [a, b]}", "S-1"), ("{from: [b, a]}", "S-1"), ("{from: [b, b], join: /}", "S-1/S-1")]
)
def test_of_several_sources_the_one_that_was_chosen_is_refused(m, rule, number):
    mapped = m.one(f"  national_no: {rule}\n", a="无", b="S-1")
    assert mapped.content == {"local_numbers": [{"system": "xx", "number": number}]}
    assert number in mapped.findings[0].message


def test_what_a_rule_declares_of_a_count_goes_before_what_a_quantity_leaves(m):
    rules = "  wastes: {each: w, fields: {name: n, quantity_t: {from: q, unit: {from: u}}, declared: {value: d, unit: e}}}\n"
    mapped = m.one(rules, w=[{"n": "a", "q": "3", "u": "桶", "d": "4", "e": "个"}, {"n": "b", "q": "3", "u": "桶"}])
    assert [waste["declared"] for waste in mapped.content["wastes"]] == [
        {"value": "4", "unit": "个"},
        {"value": "3", "unit": "桶"},
    ]


def test_a_whole_number_beyond_what_json_holds_exactly_is_refused(m):
    fields = "  legs: {each: l, fields: {seq: s, device_id: d}}\n"
    for seq in (2**53, 12345678901234567890123, -(2**53)):
        mapped = m.one(fields, l=[{"s": seq, "d": "1"}])
        assert mapped.content == {"legs": [{"seq": 1, "device_id": "1"}]}
        assert [finding.fields for finding in mapped.findings] == [("/legs/0/seq",)]
    assert m.one(fields, l=[{"s": 2**53 - 1, "d": "1"}]).content["legs"][0]["seq"] == 2**53 - 1


def test_a_number_that_no_text_can_hold_is_absent_and_told(m):
    mapped = m.one("  national_no: g\n", g="2026\x00")
    assert mapped.content == {}
    assert [finding.id for finding in mapped.findings] == ["M001"]
