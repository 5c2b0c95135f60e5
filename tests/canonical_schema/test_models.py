import copy

import pytest
from pydantic import ValidationError

from canonical_schema.kinds.manifest import Manifest


def refused(content):
    with pytest.raises(ValidationError) as caught:
        Manifest.model_validate(content)
    return str(caught.value)


def put(content, pointer, value):
    *way, last = [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]
    for step in way:
        content = content[step]
    content[last] = value


def test_a_full_manifest_comes_back_as_it_was(full):
    assert Manifest.model_validate(full).canonical() == full


def test_the_smallest_manifest():
    assert Manifest.model_validate({"wastes": [{"seq": 1, "name": "废油"}]}).canonical() == {
        "wastes": [{"seq": 1, "name": "废油"}]
    }


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/national_no", "2026-3205-000123"),
        ("/consignor/uscc", "91320500ma1dem20xx"),
        ("/consignor/uscc", "91320500MA1DEM20XA"),
        ("/consignor/name", " 甲"),
        ("/consignor/name", "甲（乙）"),
        ("/consignor/name", ""),
        ("/consignor/division/code", "320500"),
        ("/wastes/0/code", "HW08 900-249-08"),
        ("/wastes/0/category", "08"),
        ("/wastes/0/quantity_t", "1.250"),
        ("/wastes/0/quantity_t", "1.2345678"),
        ("/wastes/0/quantity_t", "-1"),
        ("/wastes/0/quantity_t", 1.25),
        ("/wastes/0/seq", "1"),
        ("/wastes/0/seq", True),
        ("/wastes/0/receipt/major_discrepancy", "false"),
        ("/wastes/0/catalogue", 2021),
        ("/legs/0/vehicle/plate", "苏E·12345"),
        ("/legs/0/departed_at", "2026-03-05"),
        ("/planned_at", {"at": "2026-03-05T00:00:00+08:00", "precision": "day"}),
        ("/planned_at", {"at": "2026-03-05", "precision": "second"}),
        ("/status", "done"),
        ("/status", None),
        ("/legs", []),
        ("/void", {}),
        ("/surprise", "x"),
        ("/legs/0/from_", {"name": "甲"}),
    ],
)
def test_whatever_isnt_the_one_spelling_is_refused(full, pointer, value):
    changed = copy.deepcopy(full)
    put(changed, pointer, value)
    last = pointer.rpartition("/")[2]
    assert last in refused(changed) or pointer.split("/")[-2] in refused(changed)


def test_a_record_cant_be_changed(full):
    manifest = Manifest.model_validate(full)
    with pytest.raises(ValidationError):
        manifest.status = "voided"
