"""One value of a payload: where it's read, how it's written, what follows where that can't be done."""

import json

import pytest

from canonical_schema.errors import InvalidFormat
from mappings.errors import RecordRefused
from mappings.language.beside import Beside

WASTES = "  w: {each: wastes, fields: {%s}}\n"


def first(o, rule, **waste):
    made = o.sent(WASTES % f"v: {rule}", {"wastes": [{"seq": 1, "name": "废油", **waste}]})
    return made.values.get("w", [{}])[0].get("v"), [(one.fields, one.message_en) for one in made.findings]


# -- what is read


def test_values_come_from_the_content_and_the_envelope(o):
    fields = "  no: national_no\n  revision: /version\n  who: consignor/contact/phone\n  second: wastes/1/name\n"
    content = {
        "national_no": "20263205000123",
        "consignor": {"contact": {"phone": "0512"}},
        "wastes": [{"name": "a"}, {"name": "b"}],
    }
    made, entries = o.explained(fields, content)
    assert json.loads(made.text) == {"no": "20263205000123", "revision": 3, "who": "0512", "second": "b"}
    assert entries["/second"]["inputs"] == [{"document": "r1", "source": "/content/wastes/1/name", "raw": "b"}]
    assert entries["/revision"]["inputs"] == [{"document": "r1", "source": "/version", "raw": 3}]
    assert entries["/second"]["rule"] == "m.yaml:9"


def test_the_order_is_that_of_the_file_and_nothing_absent_is_written(o):
    fields = "  b: waybill_no\n  a: approval_no\n  c: {fields: {d: plan_filing_no}}\n  s: {const: 7}\n"
    assert o.sent(fields, {"approval_no": "A", "waybill_no": "W"}).text == '{"b":"W","a":"A","s":"7"}'


def test_a_field_may_have_any_name(o):
    fields = "  a/b~c: waybill_no\n  '\"\\': approval_no\n  declared: plan_filing_no\n"
    content = {"waybill_no": "W", "approval_no": "A", "plan_filing_no": "P"}
    made, entries = o.explained(fields, content)
    assert json.loads(made.text) == {"a/b~c": "W", '"\\': "A", "declared": "P"}
    assert entries["/a~1b~0c"]["inputs"][0]["raw"] == "W"


def test_of_several_paths_the_first_that_is_there_or_all_joined(o):
    fields = (
        "  a: {from: [approval_no, waybill_no]}\n  b: {from: [approval_no, waybill_no, plan_filing_no], join: '-'}\n"
    )
    assert o.sent(fields, {"waybill_no": "W", "plan_filing_no": "P"}).values == {"a": "W", "b": "W-P"}


def test_a_constant_counts_no_more_than_its_object(o):
    fields = "  a: {fields: {kind: {const: x}, no: waybill_no}}\n  b: {fields: {kind: {const: x}, no: approval_no}}\n"
    assert o.sent(fields, {"waybill_no": "W"}).values == {"a": {"kind": "x", "no": "W"}}


def test_a_function_of_the_pack_writes_what_nothing_else_can(o):
    def together(one, other):
        if other is None:
            raise InvalidFormat(one, "缺少另一个", "the other one is missing")
        return f"{one}<{other}"

    beside = Beside(functions={"together": together})
    fields = "  a: {from: [approval_no, waybill_no], call: together}\n"
    assert o.sent(fields, {"approval_no": "A", "waybill_no": "W"}, beside=beside).values == {"a": "A<W"}
    refused = o.sent(fields, {"approval_no": "A"}, beside=beside)
    assert refused.values == {}
    assert "the other one is missing" in refused.findings[0].message_en


def test_a_condition_looks_anywhere_and_is_an_input(o):
    fields = "  a: {from: waybill_no, when: {from: status, is: [voided, refused]}}\n"
    assert o.sent(fields, {"waybill_no": "W", "status": "declared"}).values == {}
    made, entries = o.explained(fields, {"waybill_no": "W", "status": "voided"})
    assert made.values == {"a": "W"}
    assert [one["source"] for one in entries["/a"]["inputs"]] == ["/content/waybill_no", "/content/status"]


# -- how it is written


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("{from: seq, as: text}", '"1"'),
        ("seq", "1"),
        ("{from: receipt/major_discrepancy, as: text}", '"true"'),
        ("receipt/major_discrepancy", "true"),
        ("{from: quantity_t, as: number}", "1.25"),
        ("quantity_t", '"1.25"'),
        ("{from: name, steps: [{match: '.*?([0-9]+)'}], as: integer}", "12"),
        ("{const: 3, as: integer}", "3"),
        ("{const: 'true', as: boolean}", "true"),
        ("{position: 1}", "1"),
        ("{position: 0, as: text}", '"0"'),
    ],
)
def test_how_json_writes_a_value(o, rule, text):
    waste = {"seq": 1, "name": "废油12", "quantity_t": "1.25", "receipt": {"major_discrepancy": True}}
    made = o.sent(WASTES % f"n: name, v: {rule}", {"wastes": [waste]})
    assert made.text == f'{{"w":[{{"n":"废油12","v":{text}}}]}}'


@pytest.mark.parametrize(("form", "words"), [("integer", "no whole number"), ("boolean", "neither true nor false")])
def test_what_isnt_of_that_form_is_refused(o, form, words):
    value, [(fields, told)] = first(o, f"{{from: quantity_t, as: {form}}}", quantity_t="1.5")
    assert value is None
    assert fields == ("/w",)  # the item that would have it says nothing else
    assert words in told


@pytest.mark.parametrize(
    ("rule", "tonnes", "value"),
    [
        ("{from: quantity_t, unit: kg}", "1.25", "1250"),
        ("{from: quantity_t, unit: 千克}", "0.000001", "0.001"),
        ("{from: quantity_t, unit: lb, round: 2}", "1.25", "2755.78"),
        ("{from: quantity_t, unit: t, round: 1}", "0.25", "0.2"),
        ("{from: quantity_t, unit: t, round: 1}", "0.35", "0.4"),
        ("{from: quantity_t, unit: kg, round: 0}", "0.0005", "0"),
    ],
)
def test_tonnes_in_another_unit(o, rule, tonnes, value):
    assert first(o, rule, quantity_t=tonnes) == (value, [])


def test_what_cant_be_written_exactly_needs_round(o):
    value, [(_, told)] = first(o, "{from: quantity_t, unit: lb}", quantity_t="1")
    assert value is None
    assert "say 'round'" in told


DAY, MINUTE = {"at": "2026-03-05", "precision": "day"}, {"at": "2026-03-05T08:30:00+08:00", "precision": "minute"}
SECOND = {"at": "2026-03-05T00:30:15+08:00", "precision": "second"}


@pytest.mark.parametrize(
    ("forms", "moment", "text"),
    [
        ("[yyyy-MM-dd HH:mm:ss, yyyy-MM-dd HH:mm, yyyyMMdd]", SECOND, "2026-03-05 00:30:15"),
        ("[yyyy-MM-dd HH:mm:ss, yyyy-MM-dd HH:mm, yyyyMMdd]", MINUTE, "2026-03-05 08:30"),
        ("[yyyy-MM-dd HH:mm:ss, yyyy-MM-dd HH:mm, yyyyMMdd]", DAY, "20260305"),
        ("'yyyy-MM-dd HH:mm:00'", MINUTE, "2026-03-05 08:30:00"),
        ("yyyy-MM-dd", SECOND, "2026-03-05"),
        ("yyyy-MM-ddTHH:mm:ssZ", SECOND, "2026-03-05T00:30:15+0800"),
        ("yy年MM月dd日", DAY, "26年03月05日"),
        ("unix", SECOND, "1772641815"),
        ("unix_ms", SECOND, "1772641815000"),
    ],
)
def test_a_moment_in_the_first_form_that_needs_no_more_than_it_tells(o, forms, moment, text):
    assert o.sent(f"  v: {{from: planned_at, time: {forms}}}\n", {"planned_at": moment}).values == {"v": text}


@pytest.mark.parametrize(("forms", "moment"), [("yyyy-MM-dd HH:mm:ss", MINUTE), ("[HH:mm, unix]", DAY)])
def test_nothing_finer_is_invented(o, forms, moment):
    made = o.sent(f"  v: {{from: planned_at, time: {forms}}}\n", {"planned_at": moment})
    assert made.values == {}
    assert f"is told to the {moment['precision']}" in made.findings[0].message_en


def test_a_moment_is_written_by_their_clock_and_a_day_stays_the_day(o):
    head = o.json + "zone: Asia/Tokyo\ntimes: [yyyy-MM-dd HH:mm, yyyy-MM-dd]\n"
    fields = "  a: planned_at\n  b: consignor/handed_over_at\n  c: {from: /recorded_at, time: HH:mm:ss.SSS}\n"
    content = {"planned_at": MINUTE, "consignor": {"handed_over_at": DAY}}
    assert o.sent(fields, content, head).values == {"a": "2026-03-05 09:30", "b": "2026-03-05", "c": "10:30:00.120"}


# -- tables

HEAD_TABLES = "tables:\n  opinions: {接受: accepted, 接收: accepted, 拒收: refused}\n"


def test_a_table_is_read_backwards_and_the_first_of_two_words_counts(o):
    rule = "  v: {from: consignee/opinion, reverse: opinions}\n"
    made, entries = o.explained(rule, {"consignee": {"opinion": "accepted"}}, o.json + HEAD_TABLES)
    assert made.values == {"v": "接受"}
    assert entries["/v"]["how"] == "looked_up"
    unlisted = o.sent(rule, {"consignee": {"opinion": "partly_accepted"}}, o.json + HEAD_TABLES)
    assert unlisted.values == {}
    assert "'partly_accepted' isn't in the table opinions reversed" in unlisted.findings[0].message_en


def test_else_takes_what_no_table_lists_and_default_what_isnt_there(o):
    rule = "  v: {from: status, lookup: {voided: 是}, else: 否, default: 不详}\n"
    values = [o.sent(rule, content).values["v"] for content in ({"status": "voided"}, {"status": "arrived"}, {})]
    assert values == ["是", "否", "不详"]


def test_a_truth_value_by_their_words(o):
    rule = "{from: receipt/major_discrepancy, reverse: {是: true, 否: false}}"
    assert first(o, rule, receipt={"major_discrepancy": False}) == ("否", [])


# -- what can't be written


def test_a_refused_value_is_absent_rejected_or_the_default(o):
    rule = "  v: {from: approval_no, steps: [{match: '[0-9]+'}]%s}\n"
    content = {"approval_no": "环2026"}
    absent = o.sent(rule % "", content)
    assert (absent.values, len(absent.findings)) == ({}, 1)
    default = o.sent(rule % ", default: '0', refused: default", content)
    assert (default.values, len(default.findings)) == ({"v": "0"}, 1)
    with pytest.raises(RecordRefused, match=r"/v：.*'环2026'.*out/m\.yaml:6"):
        o.sent(rule % ", refused: reject", content)


def test_a_required_value_that_isnt_there_refuses_the_record(o):
    rule = "  v: {from: approval_no, required: yes}\n"
    with pytest.raises(RecordRefused, match="/v：缺少必需的值（来源 approval_no） / required"):
        o.sent(rule, {})
    assert o.sent(rule, {"approval_no": "1"}).values == {"v": "1"}


def test_of_several_rules_the_first_that_gives_a_value(o):
    rule = "[{from: quantity_t, unit: kg, as: number}, declared/value, {const: '-'}]"
    assert first(o, rule, quantity_t="0.5") == (500, [])
    assert first(o, rule, declared={"value": "3", "unit": "桶"}) == ("3", [])
    assert first(o, rule) == ("-", [])
