import json
from copy import deepcopy

import pytest

from canonical_schema.compare import compare, compare_folders, compatible
from canonical_schema.errors import Unreadable
from canonical_schema.export.json_schema import json_schema

TODAY = {"manifest": json_schema("manifest")}


def altered(change):
    schemas = deepcopy(TODAY)
    change(schemas["manifest"], schemas["manifest"]["$defs"]["Manifest"])
    return schemas


def differences(newer, older=TODAY):
    return [(one.place, one.verdict) for one in compare(older, newer)]


def test_nothing_changed_is_compatible():
    assert compare(TODAY, deepcopy(TODAY)) == []
    assert compatible([])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda _, at: at["properties"].update(new={"type": "string"}), [("/content/new", "addition")]),
        (
            lambda _, at: at["properties"].update(plan_no=at["properties"].pop("plan_filing_no")),
            [("/content/plan_filing_no", "break"), ("/content/plan_no", "addition")],
        ),
        (lambda _, at: at.update(required=["wastes", "waybill_no"]), [("/content/waybill_no", "break")]),
        (lambda _, at: at.update(required=[]), [("/content/wastes", "break")]),
        (
            lambda _, at: (at["properties"].update(new={"type": "string"}), at["required"].append("new")),
            [("/content/new", "addition"), ("/content/new", "break")],
        ),
        (lambda _, at: at["properties"]["shipper"]["enum"].remove("consignee"), [("/content/shipper", "break")]),
        (lambda _, at: at["properties"]["shipper"]["enum"].append("carrier"), [("/content/shipper", "addition")]),
        (lambda root, _: root["$defs"]["Handover"]["properties"]["at"].pop("title"), []),
        (
            lambda root, _: root["$defs"]["Leg"]["properties"]["driver"].pop("x-personal"),
            [("/content/legs[]/driver", "break")],
        ),
        (
            lambda root, _: root["$defs"]["Waste"]["anyOf"].append({"required": ["category"]}),
            [("/content/wastes[]", "addition")],
        ),
        (lambda root, _: root["$defs"]["Waste"]["anyOf"].pop(), [("/content/wastes[]", "break")]),
        (
            lambda root, _: root["$defs"]["WasteReceipt"]["properties"]["quantity_t"].update(unit="kg"),
            [("/content/wastes[]/receipt/quantity_t", "break")],
        ),
        (
            lambda root, _: root["$defs"]["Waste"]["properties"].update(seq={"type": "string"}),
            [("/content/wastes[]/seq", "break")],
        ),
    ],
)
def test_each_change_is_named_and_judged(change, told):
    found = compare(TODAY, altered(change))
    assert sorted({(one.place, one.verdict) for one in found}) == sorted(told)
    assert compatible(found) == all(verdict == "addition" for _, verdict in told)
    assert all(one.zh and one.en for one in found)


def test_a_kind_that_is_gone_breaks_and_a_new_one_adds():
    assert differences({}) == [("", "break")]
    assert differences(TODAY, {}) == [("", "addition")]


def test_a_pattern_that_changed_breaks_wherever_it_is_used():
    newer = altered(lambda root, _: root["$defs"]["plate"].update(pattern="^x$"))
    assert [place for place, verdict in differences(newer) if verdict == "break"] == [
        "/content/legs[]/vehicle/plate",
        "/content/legs[]/vehicle/trailer_plate",
    ]


def test_a_folder_that_is_no_export_is_refused(tmp_path):
    with pytest.raises(Unreadable):
        compare_folders(tmp_path, tmp_path)
    (tmp_path / "json-schema").mkdir()
    for broken in (
        "{",
        "[]",
        json.dumps({"$ref": "#/$defs/gone"}),
        json.dumps({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}}),
    ):
        (tmp_path / "json-schema" / "manifest.schema.json").write_text(broken)
        with pytest.raises(Unreadable):
            compare_folders(tmp_path, tmp_path)
