"""Each rule on an example that keeps it and on ones that break it."""

from datetime import date

import pytest

from canonical_schema.rules import REGISTRY, judge

DAY = date(2026, 11, 24)


def told(content, day=DAY):
    return [(found.id, found.fields) for found in judge("manifest", content, day=day)]


def moment(at):
    precision = {10: "day", 25: "second"}[len(at)]
    return {"at": at, "precision": precision}


def test_a_good_manifest_has_no_finding(full):
    assert told(full) == []


def test_a_kind_without_rules_has_no_finding():
    assert judge("permit", {}, day=DAY) == []


def test_every_finding_is_of_a_known_rule_with_both_languages(full):
    full["consignor"]["division"]["code"] = "44"
    del full["wastes"][0]["quantity_t"]
    full["wastes"][1]["code"] = "900-998-08"
    full["consignee"]["received_at"] = moment("2026-03-04")
    found = judge("manifest", full, day=DAY)
    assert [one.id for one in found] == ["M001", "M003", "M010", "M020"]
    for one in found:
        assert one.severity == REGISTRY[one.id].severity == "warning"
        assert one.message != one.message_en
        assert one.as_dict() == {
            "id": one.id,
            "severity": "warning",
            "fields": list(one.fields),
            "message": one.message,
            "message_en": one.message_en,
        }


def test_m001_the_numbers_province_is_the_consignors(full):
    full["consignor"]["division"]["code"] = "440100"[:4]
    assert told(full) == [("M001", ("/national_no", "/consignor/division/code"))]
    del full["consignor"]["division"]
    assert told(full) == []
    del full["consignor"]
    assert told(full) == []


def test_m003_a_count_isnt_tonnes_and_the_message_says_what_was_written(full):
    del full["wastes"][1]["quantity_t"]
    full["wastes"][1]["declared"] = {"value": "6", "unit": "桶"}
    (found,) = judge("manifest", full, day=DAY)
    assert (found.id, found.fields) == ("M003", ("/wastes/1/quantity_t",))
    assert "6 桶" in found.message
    assert "6 桶" in found.message_en


def test_m004_any_number_will_do(full):
    del full["national_no"]
    assert told(full) == []
    del full["local_numbers"]
    assert told(full) == [("M004", ("/national_no",))]


def test_m010_the_edition_in_force_on_the_removal_day_decides():
    def on(day, code, **more):
        content = {"national_no": "20263205000123", "wastes": [{"seq": 1, "code": code, "quantity_t": "1"} | more]}
        return told(content | {"consignor": {"name": "甲", "handed_over_at": moment(day)}})

    broken = [("M010", ("/wastes/0/code",))]
    assert on("2022-05-01", "900-249-08") == []
    assert on("2022-05-01", "900-250-08") == broken
    assert on("2022-05-01", "900-000-34") == []
    assert on("2026-05-01", "900-249-08") == []  # provisional: the 2025 edition isn't fully known here
    assert on("2026-05-01", "900-250-08") == broken
    assert on("2019-05-01", "900-249-08") == []
    assert on("2010-05-01", "900-250-08") == broken
    assert on("2026-05-01", "900-249-08", category="HW49") == [("M010", ("/wastes/0/category", "/wastes/0/code"))]


@pytest.mark.parametrize(
    ("content", "edition"),
    [
        ({"consignor": {"handed_over_at": moment("2023-01-01")}, "planned_at": moment("2026-01-01")}, "2021"),
        (
            {
                "legs": [
                    {"seq": 1, "carrier": {"name": "丙"}},
                    {"seq": 2, "carrier": {"name": "丁"}, "departed_at": moment("2023-01-01T08:00:00+08:00")},
                ]
            },
            "2021",
        ),
        ({"planned_at": moment("2026-01-01")}, "2025"),
        ({}, "2025"),
    ],
)
def test_m010_without_a_removal_day_the_day_of_judgement_stands(content, edition):
    wastes = [{"seq": 1, "code": "900-998-08", "quantity_t": "1"}]
    found = judge("manifest", content | {"wastes": wastes, "national_no": "20263205000123"}, day=DAY)
    assert [one.id for one in found] == ["M010"]
    assert f"({edition} 年版)" in found[0].message


def test_m020_times_stand_in_order_leg_by_leg(full):
    full["legs"][1]["departed_at"] = moment("2026-03-05T10:59:00+08:00")
    assert told(full) == [("M020", ("/legs/0/arrived_at", "/legs/1/departed_at"))]


def test_m020_a_day_equals_any_moment_in_it(full):
    for leg in full["legs"]:
        leg["departed_at"] = moment("2026-03-05")
    full["consignee"]["received_at"] = moment("2026-03-05")
    assert told(full) == []
    full["consignee"]["received_at"] = moment("2026-03-04")
    assert {fields[1] for _, fields in told(full)} == {"/consignee/received_at"}


def test_m020_a_day_between_doesnt_hide_two_moments_in_the_wrong_order():
    content = {
        "national_no": "20263205000123",
        "wastes": [{"seq": 1, "code": "900-249-08", "quantity_t": "1"}],
        "consignor": {"name": "甲", "handed_over_at": moment("2026-03-05T10:00:00+08:00")},
        "legs": [{"seq": 1, "carrier": {"name": "丙"}, "departed_at": moment("2026-03-05")}],
        "consignee": {
            "name": "乙",
            "received_at": moment("2026-03-05T09:00:00+08:00"),
            "confirmed_at": moment("2026-03-06"),
        },
    }
    (found,) = judge("manifest", content, day=DAY)
    assert found.fields == ("/consignor/handed_over_at", "/consignee/received_at")
    assert found.message == "接受时间 2026-03-05T09:00:00 早于交付时间 2026-03-05T10:00:00"
    assert found.message_en == "received at 2026-03-05T09:00:00, before handed over at 2026-03-05T10:00:00"


def test_the_same_record_on_the_same_day_has_the_same_findings(full):
    full["wastes"][0]["code"] = "900-998-08"
    assert judge("manifest", full, day=DAY) == judge("manifest", full, day=DAY) != []
