"""Steps on text and numbers, by table."""

import pytest

from canonical_schema.declared import read
from canonical_schema.errors import InvalidValue
from mappings.steps.registry import STEPS
from mappings.steps.step import ArgumentFault


def bound(name, argument=None):
    node = read(f"x: {argument if argument is not None else name}", "t.yaml").entries["x"]
    return STEPS[name].bind(node)


@pytest.mark.parametrize(
    ("name", "argument", "value", "wanted"),
    [
        ("match", "'NO-(\\d+)'", "NO-17", "17"),
        ("match", "'[0-9]{9}[A-Z]{3}'", "100000001ELC", "100000001ELC"),
        ("before", "'-'", "R4-再循环", "R4"),
        ("before", "'-'", "R4", "R4"),
        ("after", "':'", "GD:17", "17"),
        ("after", "':'", "17", "17"),
        ("replace", "{／: '-', 吨: t}", "1/吨", "1-t"),
        ("before", "：", "甲:乙", "甲"),
        ("after", "（", "甲(乙", "乙"),
        ("prefix", "HW", "08", "HW08"),
        ("upper", None, "hw08", "HW08"),
        ("category", None, "HW08 900-249-08", "HW08"),
        ("number", None, "1,250.50", "1250.50"),
        ("number", None, "12", "12"),
        ("times", "0.1", "1,255", "125.5"),
        ("time", "[yyyy-MM-dd]", "2026-03-05", "2026-03-05"),
        ("lookup", "{1: road}", "1", "road"),
    ],
)
def test_a_step_gives(name, argument, value, wanted):
    assert bound(name, argument).run(value) == wanted


@pytest.mark.parametrize(
    ("name", "argument", "value"),
    [
        ("match", "'\\d{3}'", "CHANGE ME"),
        ("number", None, "1,25"),
        ("number", None, ",250"),
        ("times", "2", "three"),
        ("category", None, "900-249-99"),
        ("lookup", "{1: road}", "2"),
    ],
)
def test_a_step_refuses_with_the_value_in_both_languages(name, argument, value):
    with pytest.raises(InvalidValue) as refused:
        bound(name, argument).run(value)
    assert value[:3] in refused.value.en
    assert value[:3] in refused.value.zh


@pytest.mark.parametrize(
    ("name", "argument"),
    [("match", "'('"), ("times", "much"), ("replace", "text"), ("lookup", "[a]"), ("time", "nonsense")],
)
def test_a_wrong_argument_is_a_fault_of_the_file(name, argument):
    with pytest.raises(ArgumentFault):
        bound(name, argument)


def test_every_step_has_an_example_that_its_own_name_begins():
    assert all(step.example.startswith(name) for name, step in STEPS.items())
    assert all(step.summary for step in STEPS.values())
