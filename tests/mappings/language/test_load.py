"""Faults of a mapping file: all at once, each with its line, column and the likely word."""

import pytest

from canonical_schema.problem import ProblemsFound
from mappings import compile_mapping


def problems(text):
    with pytest.raises(ProblemsFound) as found:
        compile_mapping(text, "m.yaml")
    return [(one.line, one.column, one.words, one.suggestion) for one in found.value.problems]


@pytest.mark.parametrize(
    ("fields", "line", "column", "words", "suggestion"),
    [
        ("  consignr: {name: a}\n", 10, 3, "has no field 'consignr'", "consignor"),
        ("  consignor: {nmae: a}\n", 10, 15, "has no field 'nmae'", "name"),
        ("  shipper: {frm: a}\n", 10, 13, "has no 'frm'", "from"),
        ("  shipper: {from: s, lookup: {1: consiner}}\n", 10, 34, "", "consignor"),
        ("  shipper: {from: s, lookup: nowhere}\n", 10, 30, "no table 'nowhere'", ""),
        ("  plan_filing_no: {from: a, steps: [uper]}\n", 10, 37, "no step 'uper'", "upper"),
        ("  plan_filing_no: {from: a, steps: [{call: f}]}\n", 10, 44, "no function 'f'", ""),
        ("  plan_filing_no: {from: a, steps: [{match: '('}]}\n", 10, 45, "RE2", ""),
        ("  plan_filing_no: ../a\n", 10, 19, "out of the document", ""),
        ("  plan_filing_no: {const: a, from: b}\n", 10, 19, "just one of", ""),
        ("  planned_at: {from: a, time: [yyyy]}\n", 10, 31, "lacks", ""),
        ("  planned_at: {from: a, unit: kg}\n", 10, 31, "tonnes", ""),
        ("  wastes: {each: w}\n", 10, 11, "needs 'fields'", ""),
        ("  wastes: {each_row: yes, fields: {name: n}}\n", 10, 22, "group", ""),
        ("  wastes: w\n", 10, 11, "is a list: say", ""),
        ("  transport_mode: {from: a, default: raod}\n", 10, 38, "", "road"),
        ("  local_numbers: [{system: {position: 1}, number: a}]\n", 10, 39, "none around", ""),
        ("  when: {from: a, is: [1]}\n", 10, 3, "'when' can't stand here", ""),
        (
            "  legs: {each: l, fields: {when: {from: a, is: [1]}, device_id: d}}\n",
            10,
            28,
            "'when' can't stand here",
            "",
        ),
        ("  local_numbers: [{when: {from: a, is: [1]}}]\n", 10, 19, "at least one of: system", ""),
        ("  plan_filing_no: {from: a, steps: [{match: '（.*）'}]}\n", 10, 45, "never hold （ ）", ""),
        (
            "  shipper: {from: s, lookup: {Ａ: consignor, A: consignee}}\n",
            10,
            48,
            "'A' stands in the table already",
            "",
        ),
    ],
)
def test_a_fault_is_told_with_its_place(m, fields, line, column, words, suggestion):
    (found,) = problems(m.head + "fields:\n" + fields)
    assert found[:2] == (line, column)
    assert words in found[2]
    assert found[3] == suggestion


def test_all_faults_come_at_once_in_the_order_of_the_file(m):
    found = problems(m.head.replace("system: xx", "system: xx\nsytem: y") + "fields:\n  consignr: {}\n  shiper: a\n")
    assert [(line, suggestion) for line, _, _, suggestion in found] == [
        (4, "system"),
        (11, "consignor"),
        (12, "shipper"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("kind: manifest", "kind: manifset", "no kind"),
        ("standard: 1.0-rc", "standard: 2.0", "1.0-rc"),
        ("zone: Asia/Shanghai", "zone: Mars/Base", "Mars/Base"),
        ("key: no\n", "", "key"),
        ("records: list", "records: list//", "empty"),
        ("key: no", "key: {document_name: no}", "says yes"),
        ("key: no", "key: {document_name: yes, from: no}", "has no 'from'"),
        ("key: no", "key: no\nnewer: {from: v, number: no}", "says yes"),
    ],
)
def test_the_head_is_checked(m, old, new, words):
    assert words in " ".join(found[2] for found in problems(m.head.replace(old, new) + "fields: {plan_filing_no: p}\n"))
