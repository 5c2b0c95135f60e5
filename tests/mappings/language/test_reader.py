"""A pack's own functions as steps: one that fails on a value costs that value alone."""

import pytest

from mappings import Beside, compile_mapping

TEXT = """\
kind: manifest
standard: 1.0-rc
system: xx
records: list
key: no
fields:
  plan_filing_no: {from: p, steps: [{call: own}]}
  approval_no: a
"""


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda value: value[99], "own fails on 'ab' (IndexError: string index out of range)"),
        (lambda _: None, "own gives no text for 'ab'"),
    ],
)
def test_a_function_that_fails_on_a_value_costs_that_value_alone(function, words):
    program = compile_mapping(TEXT, "m.yaml", Beside({"own": function}))
    (mapped,) = program.run({"list": [{"no": "A", "p": "ab", "a": "1"}]})
    assert mapped.content == {"approval_no": "1"}
    (finding,) = mapped.findings
    assert (finding.id, finding.fields) == ("M000", ("/plan_filing_no",))
    assert words in finding.message_en
