"""Corners where a value could be lost, mixed up or shared, each once found by looking for it."""

import json

import pytest

from canonical_schema import codes
from canonical_schema.problem import ProblemsFound
from mappings import Beside, Mapped, Refused, compile_mapping, decode_remainder, encode_remainder, explain

GROUPED = "kind: manifest\nstandard: 1.0-rc\nsystem: xx\nrecords: {records}\ngroup: no\nkey: no\n{more}fields:\n"


def run(text, tree):
    program = compile_mapping(text, "m.yaml")
    return program, program.run(tree)


def test_a_row_of_a_group_sees_what_is_around_itself(m):
    head = GROUPED.format(records="firms/*/list", more="")
    rule = "  attachments: {each_row: yes, fields: {name: w, uri: ../../firm}}\n"
    tree = {"firms": [{"firm": "A", "list": [{"no": "N", "w": "1"}]}, {"firm": "B", "list": [{"no": "N", "w": "2"}]}]}
    program, (mapped,) = run(head + rule, tree)
    assert mapped.content["attachments"] == [{"name": "1", "uri": "A"}, {"name": "2", "uri": "B"}]
    m.explained(program, mapped, json.dumps(tree))


def test_a_row_of_another_page_sees_its_own_root():
    program = compile_mapping(GROUPED.format(records="list", more="") + "  attachments: {each_row: yes, fields: {name: w, uri: /batch}}\n", "m.yaml")  # fmt: skip
    pages = [("d1", {"batch": "P1", "list": [{"no": "N", "w": "1"}]}, ""), ("d2", {"batch": "P2", "list": [{"no": "N", "w": "2"}]}, "")]  # fmt: skip
    ((_, mapped),) = program.run_spread(pages)
    assert [one["uri"] for one in mapped.content["attachments"]] == ["P1", "P2"]
    entries = explain(program.template, decode_remainder(encode_remainder(mapped.remainder)), mapped.content, "d1")
    told = {entry["field"]: entry["inputs"][0]["document"] for entry in entries if entry["inputs"]}
    assert (told["/attachments/0/uri"], told["/attachments/1/uri"]) == ("d1", "d2")


def test_the_newest_row_orders_a_group_and_rows_that_differ_are_told_wherever_they_go():
    head = GROUPED.format(records="list", more="newer: {from: v, number: yes}\n")
    rule = "  local_numbers: [{system: {const: a}, number: n}]\n  plan_filing_no: {from: p, when: {from: k, is: 1}}\n"
    rows = [{"no": "N", "v": "1", "n": "1", "k": "1", "p": "P"}, {"no": "N", "v": "9", "n": "2", "k": "2", "p": "P"}]
    _, (mapped,) = run(head + rule, {"list": rows})
    assert mapped.newer.lstrip("0") == "9"
    assert {one.fields for one in mapped.findings} == {("/local_numbers",), ("/plan_filing_no",)}


@pytest.mark.parametrize("error", [AssertionError, RuntimeError, RecursionError, Exception])
def test_whatever_a_function_of_the_pack_raises_costs_its_value_alone(m, error):
    def own(text):
        if text == "bad":
            raise error("no")
        return text

    text = m.head + "fields:\n  plan_filing_no: {from: p, steps: [{call: own}]}\n"
    bad, good = compile_mapping(text, "m.yaml", Beside({"own": own})).run(
        {"list": [{"no": "1", "p": "bad"}, {"no": "2", "p": "x"}]}
    )
    assert (bad.content, [one.id for one in bad.findings], good.content) == ({}, ["M000"], {"plan_filing_no": "x"})


def test_a_source_key_is_never_empty_nor_anothers(m):
    text = m.head.replace("key: no", "key: {from: no, steps: [{after: ':'}]}") + "fields:\n  plan_filing_no: p\n"
    _, found = run(text, {"list": [{"no": "A:", "p": "1"}, {"no": "A:7", "p": "2"}]})
    assert [isinstance(one, Refused) for one in found] == [True, False]
    for key in ("{const: Z}", "{from: no, default: Z}", "{from: no, when: {from: k, is: y}}"):
        with pytest.raises(ProblemsFound):
            compile_mapping(m.head.replace("key: no", f"key: {key}") + "fields:\n  plan_filing_no: p\n", "m.yaml")


@pytest.mark.parametrize("firms", [["oops", {"list": [{"no": "1"}]}], [{"list": {"no": "1"}}, {"list": [{"no": "2"}]}]])
def test_what_is_no_list_where_records_are_due_is_told(m, firms):
    text = m.head.replace("records: list", "records: firms/*/list") + "fields:\n  plan_filing_no: p\n"
    _, found = run(text, {"firms": firms})
    assert sorted(type(one).__name__ for one in found) == ["Mapped", "Refused"]


def test_the_hash_covers_the_standards_code_lists(m, monkeypatch):
    text = m.head + "fields:\n  plan_filing_no: p\n"
    before = compile_mapping(text, "m.yaml").hash
    monkeypatch.setattr("mappings.language.fingerprint.fingerprint", lambda: "another edition")
    assert compile_mapping(text, "m.yaml").hash != before
    assert len(codes.fingerprint()) == 64


def test_records_share_no_value_that_could_be_changed(m):
    _, (one, other) = run(
        m.head + "fields:\n  planned_at: {from: t, default: 2026-03-05}\n", {"list": [{"no": "1"}, {"no": "2"}]}
    )
    assert one.content == other.content
    assert one.content["planned_at"] is not other.content["planned_at"]


@pytest.mark.parametrize(
    ("rule", "row", "content"),
    [
        ("{each: w, distinct: k, fields: {name: n}}", [{"k": 1, "n": "a"}, {"k": 1, "n": "a"}, {"k": 2, "n": "b"}], ["a", "b"]),
        ("{from: h, split: ',', into: name}", "a,b", ["a", "b"]),
    ],
)  # fmt: skip
def test_lists_made_in_other_ways_are_numbered_too(m, rule, row, content):
    program, (mapped,) = run(m.head + f"fields:\n  wastes: {rule}\n", {"list": [{"no": "1", "w": row, "h": row}]})
    assert isinstance(mapped, Mapped)
    assert [(one["seq"], one["name"]) for one in mapped.content["wastes"]] == list(enumerate(content, 1))
    m.explained(program, mapped, json.dumps({"list": [{"no": "1", "w": row, "h": row}]}))


def test_a_long_list_of_refused_values_takes_no_longer_than_its_length(m):
    legs = [{"t": "no time", "v": [""]} for _ in range(3000)]
    rule = "fields:\n  legs: {each: l, fields: {departed_at: t, device_id: d, via: {each: v, fields: {name: .}}}}\n"
    _, (mapped,) = run(m.head + rule, {"list": [{"no": "1", "l": [leg | {"d": "x"} for leg in legs]}]})
    assert len(mapped.findings) == 3000
    assert mapped.findings[-1].fields == ("/legs/2999/departed_at",)


def test_one_object_where_records_should_be_a_list_is_told_with_what_to_write():
    text = "kind: manifest\nstandard: 1.0-rc\nsystem: xx\nrecords: answer/data\nkey: no\nfields:\n  national_no: no\n"
    _, (refused,) = run(text, {"answer": {"data": {"no": "1"}}})
    assert "/answer/data is one object" in refused.reasons[0]
    assert "'records: .'" in refused.reasons[0]
    assert "data/…" in refused.reasons[0]
