"""Mappings run on small documents; every lineage entry is checked on the way, by a checker that shares no code with ours."""

import json
from decimal import Decimal
from types import SimpleNamespace

import pytest
from lxml import etree

from contract_tests.lineage_check import fault, leaves, reader
from mappings import Mapped, compile_mapping, decode_remainder, encode_remainder, explain

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


@pytest.fixture
def m():
    """`run` and `run_xml` map documents, `one` a single row, `entry` gives the lineage of one of its fields."""
    return SimpleNamespace(run=run, run_xml=run_xml, one=one, entry=entry, explained=explained, head=HEAD)
