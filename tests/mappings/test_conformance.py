"""The mapping language as data: every case of `conformance/`, as JSON and as XML where both apply.

Whatever a case expects, lineage is checked by the outsider's evaluator too, and its values are the content's leaves.
"""

import re
from pathlib import Path

import pytest

from canonical_schema.problem import ProblemsFound
from contract_tests.lineage_check import fault, leaves
from mappings import Beside, Mapped, compile_mapping, decode_remainder, encode_remainder, explain
from tests.mappings.conformance_notation import FUNCTIONS, cases, documents, listed, param, placed, tree

FOLDER = Path(__file__).parent / "conformance"
HEAD = {"kind": "manifest", "standard": "1.0-rc", "system": "xx", "records": "data/list", "key": "no"}


def runs():
    for name, case in cases(FOLDER):
        given = [kind for kind in ("json", "xml") if kind in case]
        only = case.get("for", "both")
        for kind in given or (["json", "xml"] if only == "both" else [only]):
            yield param(name, case, kind)


def mapping(case, kind):
    """The mapping's text, and where a case's own part of it begins: lines above it, columns left of it."""
    if "mapping" in case:
        return case["mapping"].replace("document: any", f"document: {kind}"), (0, 0)
    own = case.get("head", "")
    keys = re.findall(r"^\w+", own, re.MULTILINE)
    head = [f"{key}: {word}\n" for key, word in {**HEAD, "document": kind}.items() if key not in keys]
    above = "".join([*head, own, "fields:\n"])
    return above + re.sub(r"(?m)^(?=.)", "  ", case["fields"]), (above.count("\n"), 2)


def compiled(case, kind):
    functions = {name: FUNCTIONS[name] for name in case.get("functions", [])}
    shared = ("_shared.yaml", case["shared"]) if "shared" in case else None
    text, _ = mapping(case, kind)
    return compile_mapping(text, "m.yaml", Beside(functions=functions, shared=shared, tables=case.get("tables", {})))


def check_lineage(expected, program, one, root, at, kind):
    entries = explain(program.template, decode_remainder(encode_remainder(one.remainder)), one.content, "d1")
    find = documents(root, kind, entries)
    assert [told for entry in entries if (told := fault(entry, find))] == []
    assert {entry["field"]: entry["value"] for entry in entries if "value" in entry} == leaves(one.content)
    told = {}
    for entry in entries:
        told.setdefault(entry["field"][1:], []).append(entry)
    if "lineage" in expected:
        assert sorted(told) == sorted(expected["lineage"])
    for field, wanted in {**expected.get("lineage", {}), **expected.get("some", {})}.items():
        for want, entry in zip(listed(wanted), told.get(field, []), strict=True):
            if "from" in want:
                assert entry["inputs"] == [placed(each, at, kind) for each in want["from"]]
            for key in want.keys() - {"from"}:
                assert entry[key] == want[key]


def check_result(expected, program, one, root, at, kind):
    if "refused" in expected:
        assert not isinstance(one, Mapped)
        assert [word for word in listed(expected["refused"]) if word not in " ".join(one.reasons)] == []
        return
    assert isinstance(one, Mapped), one
    assert one.content == expected["content"]
    found = sorted(f"{each.id} {' '.join(field[1:] for field in each.fields)}" for each in one.findings)
    assert found == sorted(expected.get("findings", []))
    words = " ".join(f"{each.message} {each.message_en}" for each in one.findings)
    for word in listed(expected.get("says", [])):
        assert word in words
    for word in listed(expected.get("unsaid", [])):
        assert word not in words
    for key in ("newer", "source_key"):
        assert getattr(one, key) == expected.get(key, getattr(one, key))
    check_lineage(expected, program, one, root, at, kind)


@pytest.mark.parametrize(("case", "kind"), [*runs()])
def test_conformance(case, kind):
    if "faults" in case:
        with pytest.raises(ProblemsFound) as raised:
            compiled(case, kind)
        _, (lines, columns) = mapping(case, kind)
        for fault_, problem in zip(case["faults"], raised.value.problems, strict=True):
            beside = problem.file != "m.yaml"
            assert problem.file == fault_.get("file", "m.yaml")
            assert [problem.line - lines * (not beside), problem.column - columns * (not beside)] == fault_["at"]
            assert str(fault_.get("words", "")) in problem.words
            assert problem.suggestion == fault_.get("suggestion", "")
        return
    program, root = compiled(case, kind), tree(case, kind)
    results = case.get("results", [case] if {"content", "refused"} & case.keys() else None)
    for at, (expected, one) in enumerate(zip(results, program.run(root, case.get("document_name", "")), strict=True)):
        check_result(expected, program, one, root, at, kind)
