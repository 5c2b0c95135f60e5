"""Records written by small outward mappings; every lineage entry is checked on the way, by a checker that shares no code."""

import json
from types import SimpleNamespace

import pytest

from canonical_schema.problem import ProblemsFound
from contract_tests.lineage_check import fault, leaves, reader
from mappings import decode_remainder, encode_remainder, explain
from mappings.language.beside import ALONE
from mappings.outward import compile_outward

HEAD = "kind: manifest\nstandard: 1.0-rc\nsystem: xx\n"
JSON = HEAD + "to: json\n"
XML = HEAD + "to: xml\nroot: 联单\n"


def sent(fields, content, head=JSON, beside=ALONE):
    return explained(fields, content, head, beside)[0]


def explained(fields, content, head=JSON, beside=ALONE):
    """(what is sent, its lineage entries by field)."""
    outward = compile_outward(f"{head}fields:\n{fields}", "out/m.yaml", beside)
    record = {"version": 3, "recorded_at": "2026-03-12T09:30:00.120+08:00", "content": content}
    made = outward.run(record)
    entries = explain(outward.template, decode_remainder(encode_remainder(made.remainder)), made.content, "r1")
    find = {"r1": reader("application/json", json.dumps(record))}
    assert [(entry, wrong) for entry in entries if (wrong := fault(entry, find))] == []
    assert {entry["field"]: entry["value"] for entry in entries if "value" in entry} == leaves(made.content)
    return made, {entry["field"]: entry for entry in entries}


def faults(fields, head=JSON, after="", beside=ALONE):
    """(line, column, words, suggestion) of every fault; the fields begin in line 1 of what is given."""
    with pytest.raises(ProblemsFound) as found:
        compile_outward(f"{head}fields:\n{fields}{after}", "m.yaml", beside)
    above = head.count("\n") + 1
    return [(one.line - above, one.column, one.words, one.suggestion) for one in found.value.problems]


@pytest.fixture
def o():
    """`sent` writes a record, `explained` gives the lineage too, `faults` what is wrong with a mapping."""
    return SimpleNamespace(sent=sent, explained=explained, faults=faults, head=HEAD, json=JSON, xml=XML)
