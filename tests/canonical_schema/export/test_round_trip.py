"""Any record of any kind: its models, both schemas and both forms agree on it."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from canonical_schema.kinds.registry import KINDS
from canonical_schema.record_file import as_json, read
from canonical_schema.validate import faults
from canonical_schema.xml_form import to_xml

FEW = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("kind", KINDS)
def test_json_to_xml_to_json_is_the_same_record(judges, records, kind):
    judge = judges(kind)

    @FEW
    @given(records(kind))
    def holds(record):
        assert KINDS[kind].model_validate(record["content"]).canonical() == record["content"]
        assert [error.message for error in judge.json.iter_errors(record)] == []
        xml = to_xml(record)
        assert judge.lxml.validate(etree.fromstring(xml)), judge.lxml.error_log
        found = read(xml)
        assert found.faults == ()
        assert json.dumps(found.record, sort_keys=True) == json.dumps(record, sort_keys=True)
        assert read(as_json(record)).record == record

    holds()


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_schema_refuses_validation_refuses(judges, records, kind):
    """One value or name of a record is replaced: whatever either schema says no to has a fault."""
    judge = judges(kind)
    bad = st.sampled_from([None, "", 1, -1, 1.5, True, "x", " x", [], {}, ["x"], {"x": "y"}, "1.250", "***"])

    @FEW
    @given(records(kind), st.data())
    def holds(record, data):
        places = list(_places(record))
        holder, key = places[data.draw(st.integers(0, len(places) - 1))]
        if data.draw(st.booleans()) and isinstance(holder, dict):
            holder[key + "x"] = holder.pop(key)
        else:
            holder[key] = data.draw(bad)
        if not judge.json.is_valid(record):
            assert faults(record)

    holds()


@pytest.mark.parametrize("kind", KINDS)
def test_an_altered_xml_that_the_xsd_refuses_has_a_fault(judges, records, kind):
    judge = judges(kind)

    @FEW
    @given(records(kind), st.data())
    def holds(record, data):
        root = etree.fromstring(to_xml(record))
        every = list(root.iter())[1:]
        element = every[data.draw(st.integers(0, len(every) - 1))]
        match data.draw(st.sampled_from(["gone", "twice", "word", "renamed", "moved"])):
            case "gone":
                element.getparent().remove(element)
            case "twice":
                element.addnext(etree.fromstring(etree.tostring(element)))
            case "word":
                element.text = "x"
            case "renamed":
                element.tag += "x"
            case "moved":
                element.getparent().insert(0, element)
        altered = etree.tostring(root)
        if not judge.lxml.validate(etree.fromstring(altered)):
            assert read(altered).faults

    holds()


def _places(value):
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield value, key
        yield from _places(inner)
