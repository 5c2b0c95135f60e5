"""What a reader without the right to personal data sees."""

import copy
import json

import pytest

from canonical_schema.export.samples import sample
from canonical_schema.kinds.registry import KINDS
from canonical_schema.masking import is_personal, masked, personal_fields
from canonical_schema.validate import faults

SECRETS = ("张三", "13900001234", "025-110", "李四", "13811112222")


def envelope(full, *findings):
    content = copy.deepcopy(full)
    content["consignor"] |= {
        "contact": {"name": "张三", "phone": "13900001234"},
        "emergency_phone": "025-110",
    }
    content["legs"][0]["driver"] = {"name": "李四", "phone": "13811112222"}
    return {"kind": "manifest", "content": content, "quality": {"rule_set": "1.0-rc", "findings": list(findings)}}


def finding(*fields):
    return {
        "id": "X001",
        "severity": "warning",
        "fields": list(fields),
        "message": "js 为 张三",
        "message_en": "js says 张三",
    }


def test_personal_values_are_replaced_and_listed_and_all_else_stays(full):
    before = envelope(full)
    kept = copy.deepcopy(before)
    after = masked(before)
    assert before == kept
    assert not any(secret in json.dumps(after, ensure_ascii=False) for secret in SECRETS)
    assert {
        "/consignor/contact/name",
        "/consignor/contact/phone",
        "/consignor/emergency_phone",
        "/legs/0/driver/name",
        "/legs/0/driver/phone",
    } <= set(after["masked"])
    assert after["content"]["consignor"]["contact"] == {"name": "***", "phone": "***"}
    for pointer in after["masked"]:
        before_at, after_at = before["content"], after["content"]
        *steps, last = [int(step) if step.isdigit() else step for step in pointer.split("/")[1:]]
        for step in steps:
            before_at, after_at = before_at[step], after_at[step]
        after_at[last] = before_at[last]
    assert after["content"] == before["content"]


def test_a_finding_that_quotes_personal_data_keeps_its_place_and_loses_its_words(full):
    after = masked(envelope(full, finding("/consignor/contact/name"), finding("/legs/0"), finding("/consignor/name")))
    personal, whole, other = after["quality"]["findings"]
    assert (personal["fields"], "张三" in personal["message"] + personal["message_en"]) == (
        ["/consignor/contact/name"],
        False,
    )
    assert "张三" not in whole["message"]
    assert "张三" in other["message"]


def test_what_holds_nothing_personal_is_handed_on_as_it_is():
    bare = {"kind": "manifest", "content": {"wastes": [{"seq": 1, "name": "废油"}]}, "quality": {"findings": []}}
    assert masked(bare) is bare
    assert "masked" not in masked(bare)


@pytest.mark.parametrize(
    ("kind", "pointer", "wanted"),
    [
        ("manifest", "/consignor/contact/name", True),
        ("manifest", "/consignor", True),
        ("manifest", "/consignor/name", False),
        ("manifest", "/wastes/0/code", False),
        ("manifest", "/legs/3/escort", True),
        ("inspection", "/officers/0/name", True),
        ("enterprise", "/contact/phone", True),
        ("track", "/positions/0/lon", False),
        ("manifest", "/nowhere", False),
    ],
)
def test_which_places_are_personal(kind, pointer, wanted):
    assert is_personal(kind, pointer) is wanted


def test_every_person_of_every_kind_is_personal():
    found = {kind: sorted(personal_fields(kind)) for kind in KINDS}
    assert found["manifest"] == [
        "/consignee/contact",
        "/consignee/handler",
        "/consignor/contact",
        "/consignor/emergency_phone",
        "/consignor/handler",
        "/legs/carrier/contact",
        "/legs/driver",
        "/legs/escort",
    ]
    assert found["inspection"] == ["/officers", "/target/contact"]
    assert found["track"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_masked_record_is_still_one_of_the_standard(kind):
    record = sample(kind, "full")
    hidden = masked(record)
    assert faults(record) == []
    assert faults(hidden) == []
    assert ("masked" in hidden) == bool(list(personal_fields(kind)))
    assert masked(hidden)["content"] == hidden["content"]


def test_a_refused_value_is_quoted_to_nobody_without_the_right(full):
    quoting = {
        "id": "M050",
        "severity": "warning",
        "fields": ["/legs/0/vehicle/plate"],
        "message": "苏E12345 李四",
        "message_en": "李四",
    }
    (hidden,) = masked(envelope(full, quoting))["quality"]["findings"]
    assert "李四" not in hidden["message"] + hidden["message_en"]
    assert hidden["fields"] == ["/legs/0/vehicle/plate"]
