from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from canonical_schema.fields import ObjectType, ScalarType, field_tree
from canonical_schema.kinds.manifest import Manifest
from canonical_schema.structure import faults

VALUES = {
    "text": "甲",
    "string": "a/b",
    "number": "1.5",
    "int": 1,
    "boolean": True,
    "moment": {"at": "2026-03-05", "precision": "day"},
    "manifest_no": "20263205000123",
    "uscc": "91320500MA1DEM20XX",
    "division": "3205",
    "waste_code": "900-249-08",
    "category": "HW08",
    "hazard": "T",
    "form": "L",
    "method": "R9",
    "plate": "苏E12345",
    "permit_no": "JS0508",
    "container_id": "C1",
}


def an_object(part, wrong, chance):
    """An object of the type; of what must be there, `wrong` in a hundred is left out or empty."""
    out = {}
    for field in part.fields.values():
        wanted = field.required or field.name in part.any_of[:1]
        if chance.randrange(100) < (wrong if wanted else 70):
            continue
        if field.many:
            count = 0 if chance.randrange(100) < wrong else chance.randint(1, 2)
            out[field.name] = [a_value(field.type, wrong, chance) for _ in range(count)]
        else:
            out[field.name] = a_value(field.type, wrong, chance)
    if not out and chance.randrange(100) >= wrong:
        field = next(field for field in part.fields.values() if isinstance(field.type, ScalarType) and not field.many)
        out[field.name] = a_value(field.type, wrong, chance)
    return out


def a_value(kind, wrong, chance):
    if isinstance(kind, ObjectType):
        return an_object(kind, wrong, chance)
    if kind.name == "tonnes":
        return "-1.25" if chance.randrange(100) < wrong else "1.25"
    return kind.words[0] if kind.words else VALUES[kind.name]


def pydantic_refuses(content):
    try:
        Manifest.model_validate(content)
    except ValidationError:
        return True
    return False


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([0, 1, 5]))
def test_structure_agrees_with_the_model_on_presence(seed, wrong):
    content = an_object(field_tree("manifest"), wrong, Random(seed))
    assert bool(faults("manifest", content)) == pydantic_refuses(content)


def test_a_full_manifest_has_no_fault_and_neither_has_the_smallest(full):
    assert faults("manifest", full) == []
    assert faults("manifest", {"wastes": [{"seq": 1, "code": "900-249-08"}]}) == []


@pytest.mark.parametrize(
    ("content", "pointer", "zh", "en"),
    [
        ({}, "/wastes", "没有危险废物(至少一项)", "no wastes (at least one)"),
        ({"wastes": []}, "/wastes", "列表为空", "the list is empty"),
        ({"wastes": {"seq": 1}}, "/wastes", "此处应为列表", "a list is expected here"),
        ({"wastes": ["x"]}, "/wastes/0", "此处应为对象", "an object is expected here"),
    ],
)
def test_no_waste_is_told(content, pointer, zh, en):
    assert [(fault.pointer, fault.zh, fault.en) for fault in faults("manifest", content)] == [(pointer, zh, en)]


def test_all_faults_come_at_once_with_their_places(full):
    del full["wastes"][1]["seq"]
    full["wastes"][0]["receipt"]["quantity_t"] = "-0.5"
    full["legs"][1]["from"] = {}
    full["consignee"] = {"opinion": "accepted"}
    full["legs"][0]["driver"] = {}
    full["legs"][0]["via"] = []
    told = {fault.pointer: fault.en for fault in faults("manifest", full)}
    assert told == {
        "/wastes/0/receipt/quantity_t": "quantity received is negative: -0.5",
        "/wastes/1/seq": "number is missing",
        "/legs/0/driver": "has no field at all",
        "/legs/0/via": "the list is empty",
        "/legs/1/from": "at least one of name, division, point is needed",
        "/consignee": "at least one of name, uscc, other_ids is needed",
    }


def test_a_waste_needs_a_name_or_a_code():
    (fault,) = faults("manifest", {"wastes": [{"seq": 1, "quantity_t": "1"}]})
    assert (fault.pointer, fault.zh) == ("/wastes/0", "废物名称、废物代码 至少应有一项")
