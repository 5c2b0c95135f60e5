"""Lineage of what several rules for one field leave behind."""

import pytest


def test_a_count_that_a_rule_left_as_declared_has_its_entries(m):
    rule = "  wastes: {each: w, fields: {name: n, quantity_t: [{from: q, unit: {from: u}}, {from: z, unit: t}]}}\n"
    row = [{"n": "a", "q": "2", "u": "桶", "z": "1"}]
    assert m.one(rule, w=row).content["wastes"] == [
        {"seq": 1, "name": "a", "quantity_t": "1", "declared": {"value": "2", "unit": "桶"}}
    ]
    assert m.entry(rule, "/wastes/0/declared/unit", w=row)["inputs"] == [
        {"document": "d1", "source": "/list/0/w/0/u", "raw": "桶"}
    ]


def test_a_number_that_a_rule_sent_elsewhere_has_its_entries(m):
    rule = "  national_no: [a, b]\n"
    row = {"a": "LX1", "b": "20263201000017"}
    assert m.one(rule, **row).content == {
        "national_no": "20263201000017",
        "local_numbers": [{"system": "xx", "number": "LX1"}],
    }
    assert m.entry(rule, "/local_numbers/0/number", **row)["inputs"] == [
        {"document": "d1", "source": "/list/0/a", "raw": "LX1"}
    ]


def test_refused_numbers_of_several_rules_stand_behind_the_list_that_is_mapped(m):
    rules = """\
  national_no: [a, {from: b}]
  local_numbers: {each: list, fields: {system: {const: xx}, number: .}}
"""
    mapped = m.one(rules, a="S-1", b="S-2", list=["L-1"])
    assert [one["number"] for one in mapped.content["local_numbers"]] == ["L-1", "S-1", "S-2"]
    assert m.entry(rules, "/local_numbers/2/number", a="S-1", b="S-2", list=["L-1"])["inputs"] == [
        {"document": "d1", "source": "/list/0/b", "raw": "S-2"}
    ]


def test_of_two_counts_the_first_stands_and_is_explained(m):
    rules = "  wastes: {each: w, fields: {name: n, quantity_t: [{from: q, unit: 桶}, {from: r, unit: 个}]}}\n"
    mapped = m.one(rules, w=[{"n": "a", "q": "3", "r": "4"}])
    assert mapped.content["wastes"][0]["declared"] == {"value": "3", "unit": "桶"}


@pytest.mark.parametrize(
    ("fields", "row", "place"),
    [
        ("  plan_filing_no: {from: [p, q], required: yes}\n", {}, "/list/0/p, /list/0/q"),
        ("  wastes: {each: w, fields: {name: {from: n, required: yes}}}\n", {"w": [{"n": "油"}, {}]}, "/list/0/w/1/n"),
        ("  wastes: [{name: a}, {each: w, fields: {code: {from: c, refused: reject}}}]\n", {"a": "油", "w": [{"c": "x"}]}, "/list/0/w/0/c"),
        ("  legs: {each: l, fields: {driver: {first: p, fields: {name: {from: n, required: yes}}}}}\n", {"l": [{}, {"p": [{}]}]}, "/list/0/l/1/p/0/n"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_place_where_the_value_was_looked_for(m, fields, row, place):
    (refused,) = m.run(fields, [{"no": "A1", **row}])
    assert refused.place == place
    assert "m.yaml:10" in refused.reasons[-1]


def test_in_xml_it_is_an_xpath(m):
    rule = "  wastes: {each: w, fields: {name: {from: '@n', required: yes}}}\n"
    (refused,) = m.run_xml(rule, "<r><row><no>A1</no><w n='1'/><w/></row></r>")
    assert refused.place.endswith("/*[local-name()='row'][1]/*[local-name()='w'][2]/@*[local-name()='n']")
