"""A remembered value is the one that reading it again would give, whatever was read before."""

import pytest

from mappings import compile_mapping
from mappings.compiler import remembered
from mappings.program import Mapped

MAPPING = """\
kind: manifest
standard: 1.0-rc
system: xx
records: list
key: no
fillers: ['-']
fields:
  status: {from: s, lookup: {1: declared, 已办结: completed}}
  consignor: {uscc: u, division: {code: {from: d, steps: [{before: "|"}]}}}
"""


def read(program, *rows):
    made = program.run({"list": [{"no": str(place)} | row for place, row in enumerate(rows)]})
    assert all(isinstance(one, Mapped) for one in made)
    return [(one.content, [finding.id for finding in one.findings], one.remainder[2]) for one in made]


@pytest.fixture
def program():
    return compile_mapping(MAPPING, "m.yaml")


ROWS = (
    {"s": "1", "u": "91110000600037341L", "d": "320500|苏州"},
    {"s": 1, "u": "９１110000600037341l", "d": 320500},
    {"s": True, "u": "-", "d": "|"},
    {"s": "9", "u": "911100006000373410", "d": {"a": 1}},
    {"s": " 已办结 ", "u": "", "d": "-"},
    {"s": [], "u": None, "d": "32"},
)


def test_a_second_reading_says_the_same_with_the_same_findings_and_notes(program):
    first = read(program, *ROWS)
    assert read(program, *ROWS) == first
    assert [one for row in reversed(ROWS) for one in read(program, row)][::-1] == [
        one for row in ROWS for one in read(compile_mapping(MAPPING, "m.yaml"), row)
    ]
    assert first[0][0] == {
        "status": "declared",
        "consignor": {"uscc": "91110000600037341L", "division": {"code": "3205"}},
    }
    assert first[1][0] == first[0][0]
    assert sorted(first[3][1]) == ["M000", "M000", "M002"]


def test_what_strangers_write_fills_no_memory(monkeypatch):
    monkeypatch.setattr(remembered, "MOST", 10)
    program = compile_mapping(MAPPING, "m.yaml")
    rows = [{"s": "1", "d": f"{number:06}"} for number in range(110000, 110100)]
    assert read(program, *rows) == read(program, *rows)
    kept = [one for one in program._compiled.record.__globals__.values() if isinstance(one, remembered.Remembered)]
    assert [len(one) <= 10 for one in kept] == [True, True, True]
    assert any(kept)


def test_a_refused_text_is_not_remembered(program):
    read(program, {"s": "9", "u": "x", "d": "y"})
    kept = [one for one in program._compiled.record.__globals__.values() if isinstance(one, remembered.Remembered)]
    assert [dict(one) for one in kept] == [{}, {}, {}]
