"""The strategies give records of the standard, all of it, and the ways of a record keep it as it is."""

import json
from datetime import date

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canonical_schema import structure
from canonical_schema.digest import canonical_bytes, content_hash
from canonical_schema.export.scalars import objects
from canonical_schema.fields import field_tree
from canonical_schema.kinds.registry import KINDS
from canonical_schema.masking import masked, personal_fields
from canonical_schema.record import MASK
from canonical_schema.rules import judge
from canonical_schema.validate import faults
from contract_tests.world.records import parts, records

FEW = settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def leaves(value, at=""):
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, f"{at}/{key}")
    else:
        yield at, value


@pytest.mark.parametrize("kind", KINDS)
def test_what_holds_of_any_record(kind):
    personal = tuple(personal_fields(kind))

    @FEW
    @given(records(kind), st.dates(date(2022, 1, 1), date(2040, 1, 1)))
    def holds(record, day):
        content = record["content"]
        kept = canonical_bytes(record)
        comes_back_from_json_and_model(kind, content)
        has_one_hash(content)
        is_judged_alike_each_time(kind, content, day)
        is_masked_where_personal(record, personal)
        assert canonical_bytes(record) == kept

    holds()


def comes_back_from_json_and_model(kind, content):
    assert json.loads(canonical_bytes(content)) == content
    assert KINDS[kind].model_validate(content).canonical() == content
    assert structure.faults(kind, content) == []


def has_one_hash(content):
    assert canonical_bytes(content) == rfc8785.dumps(content)
    assert content_hash(dict(reversed(content.items()))) == content_hash(content)


def is_judged_alike_each_time(kind, content, day):
    found = judge(kind, content, day=day)
    assert found == judge(kind, content, day=day)
    assert all(one.message and one.message_en for one in found)


def is_masked_where_personal(record, personal):
    unmasked = {name: value for name, value in record.items() if name != "masked"}
    hidden = masked(unmasked)
    assert faults(hidden) == []
    listed, shown = set(hidden.get("masked", ())), dict(leaves(hidden["content"]))
    for pointer, value in leaves(record["content"]):
        bare = "/".join(step for step in pointer.split("/") if not step.isdigit())
        is_personal = any(bare == one or bare.startswith(f"{one}/") for one in personal)
        assert (pointer in listed) == is_personal
        assert shown[pointer] == (MASK if is_personal else value)


PARTS = {name: part for kind in ("permit", "track", "enterprise") for name, part in objects(field_tree(kind)).items()}


@pytest.mark.parametrize("name", PARTS)
def test_every_field_of_an_object_comes_up(name):
    met = set()

    @settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(parts(PARTS[name]))
    def gather(value):
        met.update(value)

    gather()
    assert met == PARTS[name].fields.keys()
