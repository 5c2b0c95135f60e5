"""The way back as data: records of the standard written in a system's own form, case by case."""

import json
import re
from pathlib import Path

import pytest

from canonical_schema.export.samples import sample
from canonical_schema.problem import ProblemsFound
from contract_tests.lineage_check import fault, leaves, pointer
from mappings import Beside, decode_remainder, encode_remainder, explain
from mappings.errors import RecordRefused
from mappings.outward import compile_outward
from tests.mappings.conformance_notation import FUNCTIONS, cases, listed, param

FOLDER = Path(__file__).parent / "conformance" / "outward"
HEAD = {"kind": "manifest", "standard": "1.0-rc", "system": "xx", "to": "json"}


def mapping(case):
    own = case.get("head", "")
    keys = re.findall(r"^\w+", own, re.MULTILINE)
    above = "".join([*(f"{key}: {word}\n" for key, word in HEAD.items() if key not in keys), own, "fields:\n"])
    return above + re.sub(r"(?m)^(?=.)", "  ", case["fields"]), above.count("\n")


def envelope(case):
    """The full sample with the case's own content, if it has one, through JSON as the store gives it."""
    whole = sample("manifest", "full")
    return json.loads(json.dumps({**whole, "content": case.get("content", whole["content"])}))


def check_lineage(case, program, sent, record):
    entries = explain(program.template, decode_remainder(encode_remainder(sent.remainder)), sent.content, "d1")
    find = {"d1": lambda path: pointer(record, path)}
    assert [told for entry in entries if (told := fault(entry, find))] == []
    assert {entry["field"]: entry["value"] for entry in entries if "value" in entry} == leaves(sent.content)
    told = {entry["field"][1:]: entry for entry in entries}
    for field, want in case.get("some", {}).items():
        if "from" in want:
            given = [next(iter(one.items())) if isinstance(one, dict) else (one,) for one in want["from"]]
            assert told[field]["inputs"] == [
                {"document": "d1", "source": path, **({"raw": raw[0]} if raw else {})} for path, *raw in given
            ]
        for key in want.keys() - {"from"}:
            assert told[field][key] == want[key]


@pytest.mark.parametrize(("case", "kind"), [param(name, case, "out") for name, case in cases(FOLDER)])
def test_outward(case, kind):
    text, lines = mapping(case)
    beside = Beside(functions={name: FUNCTIONS[name] for name in case.get("functions", [])})
    if "faults" in case:
        with pytest.raises(ProblemsFound) as raised:
            compile_outward(text, "o.yaml", beside)
        for fault_, problem in zip(case["faults"], raised.value.problems, strict=True):
            assert (problem.line - lines, problem.column - 2) == tuple(fault_["at"])
            assert str(fault_.get("words", "")) in problem.words
            assert problem.suggestion == fault_.get("suggestion", "")
        return
    program, record = compile_outward(text, "o.yaml", beside), envelope(case)
    if "refused" in case:
        with pytest.raises(RecordRefused) as refused:
            program.run(record)
        assert [word for word in listed(case["refused"]) if word not in str(refused.value)] == []
        return
    sent = program.run(record)
    assert sent.text == case["text"]
    assert sorted(f"{one.id} {' '.join(field[1:] for field in one.fields)}" for one in sent.findings) == sorted(
        case.get("findings", [])
    )
    check_lineage(case, program, sent, record)
