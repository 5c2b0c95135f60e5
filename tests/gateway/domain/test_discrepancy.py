import pytest

from gateway.domain.discrepancy import Discrepancy, compare


def day(text):
    return {"at": text, "precision": "day"}


def minute(text):
    return {"at": f"{text}:00+08:00", "precision": "minute"}


def second(text):
    return {"at": f"{text}+08:00", "precision": "second"}


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        (day("2026-03-05"), second("2026-03-05T23:59:59"), True),
        (day("2026-03-05"), day("2026-03-06"), False),
        (minute("2026-03-05T08:30"), second("2026-03-05T08:30:59"), True),
        (minute("2026-03-05T08:30"), second("2026-03-05T08:31:00"), False),
        (second("2026-03-05T08:30:01"), second("2026-03-05T08:30:02"), False),
    ],
)
def test_moments_agree_as_far_as_the_coarser_one_goes(left, right, same):
    expected = [] if same else [("/planned_at", left, right)]
    assert compare("head", {"planned_at": left}, {"planned_at": right}) == expected
    swapped = [] if same else [("/planned_at", right, left)]
    assert compare("head", {"planned_at": right}, {"planned_at": left}) == swapped


@pytest.mark.parametrize(
    ("field", "left", "right", "same"),
    [
        ("address", " 江宁区1号 ", "江宁区1号", True),
        ("address", "1.0", "1", False),
        ("other_ids", [{"system": "js", "id": "1"}], [{"system": "tj", "id": "2"}], True),
    ],
)
def test_parties_are_compared_each_type_in_its_own_way(field, left, right, same):
    found = compare("movement", {"consignor": {field: left}}, {"consignor": {field: right}})
    assert found == ([] if same else [(f"/consignor/{field}", left, right)])


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("32", "320115", True),
        ("3201", "320115", True),
        ("3201", "3202", False),
        ("3201", "320215", False),
        ("32", "12", False),
    ],
)
def test_a_division_agrees_with_its_parts_whatever_they_are_called(left, right, same):
    ours, theirs = {"code": left, "name": "江苏"}, {"code": right, "name": "江宁区"}
    found = compare("movement", {"consignor": {"division": ours}}, {"consignor": {"division": theirs}})
    assert found == ([] if same else [("/consignor/division/code", left, right)])


def test_numbers_are_equal_as_numbers():
    point = {"lon": "118.80", "lat": "32.06"}
    other = {"lon": "118.8", "lat": "32.07"}
    found = compare("receipt", {"consignee": {"point": point}}, {"consignee": {"point": other}})
    assert found == [("/consignee/point/lat", "32.06", "32.07")]


def test_only_what_both_say_is_compared():
    assert compare("head", {"shipper": "consignor"}, {"transport_mode": "road"}) == []
    assert compare("movement", {"consignor": {"name": "a"}}, {"consignor": {"address": "b"}}) == []


def test_personal_fields_are_words_like_any_other():
    left, right = {"contact": {"phone": "1", "name": "李"}}, {"contact": {"phone": "2", "name": "李"}}
    assert compare("receipt", {"consignee": left}, {"consignee": right}) == [("/consignee/contact/phone", "1", "2")]


def test_a_sections_own_fields_are_compared_and_no_others():
    left = {"status": "arrived", "planned_at": day("2026-03-05"), "consignor": {"name": "a"}, "void": {"reason": "x"}}
    right = {"status": "received", "planned_at": day("2026-03-06"), "consignor": {"name": "b"}, "void": {"reason": "y"}}
    assert [found[0] for found in compare("head", left, right)] == ["/planned_at"]
    assert [found[0] for found in compare("movement", left, right)] == ["/consignor/name"]
    assert [found[0] for found in compare("void", left, right)] == ["/void/reason"]
    assert compare("status", left, right) == [("/status", "arrived", "received")]
    assert compare("receipt", left, right) == compare("legs", left, right) == []


def test_ids_of_one_system_contradict_each_other_wherever_they_stand():
    left = [{"system": "old", "id": "1"}, {"system": "tax", "id": "9"}]
    right = [{"system": "tax", "id": "8"}, {"system": "old", "id": "1"}]
    found = compare("movement", {"consignor": {"other_ids": left}}, {"consignor": {"other_ids": right}})
    assert found == [("/consignor/other_ids/1/id", "9", "8")]
    twice = [{"system": "tax", "id": "8"}, {"system": "tax", "id": "9"}]
    found = compare("movement", {"consignor": {"other_ids": twice}}, {"consignor": {"other_ids": twice[::-1]}})
    assert found == []
    found = compare("movement", {"consignor": {"other_ids": left}}, {"consignor": {"other_ids": twice}})
    assert found == [("/consignor/other_ids", left, twice)]


WASTES = [
    {"seq": 1, "code": "900-249-08", "quantity_t": "1.25", "hazards": ["T", "I"], "receipt": {"quantity_t": "1.2"}},
    {"seq": 2, "code": "336-064-17", "quantity_t": "3", "container_ids": ["a", "b"]},
]


def test_wastes_are_compared_with_their_match_at_the_contents_own_place():
    other = [
        {"seq": 1, "code": "336-064-17", "quantity_t": "3.5", "container_ids": ["b"]},
        {
            "seq": 2,
            "code": "900-249-08",
            "quantity_t": "1.250",
            "hazards": ["I", "T"],
            "receipt": {"quantity_t": "1.1"},
        },
    ]
    assert sorted(compare("movement", {"wastes": WASTES}, {"wastes": other})) == [
        ("/wastes/1/container_ids", ["a", "b"], ["b"]),
        ("/wastes/1/quantity_t", "3", "3.5"),
    ]
    assert compare("receipt", {"wastes": WASTES}, {"wastes": other}) == [("/wastes/0/receipt/quantity_t", "1.2", "1.1")]


def test_a_waste_that_one_list_lacks_is_a_difference_of_the_lists():
    found = compare("movement", {"wastes": WASTES}, {"wastes": WASTES[1:]})
    assert found == [("/wastes", ["900-249-08", "336-064-17"], ["336-064-17"])]


def test_legs_are_compared_by_their_number_and_may_be_told_in_part():
    left = [{"seq": 1, "vehicle": {"plate": "苏A12345"}}, {"seq": 2, "vehicle": {"plate": "津B54321"}}]
    right = [{"seq": 2, "vehicle": {"plate": "津B54322"}}]
    assert compare("legs", {"legs": left}, {"legs": right}) == [("/legs/1/vehicle/plate", "津B54321", "津B54322")]


def test_lists_of_things_agree_in_any_order_and_with_what_they_leave_out():
    full = [{"type": "桶", "count": 3}, {"type": "袋", "material": "塑料"}]
    brief = [{"type": "袋"}, {"type": "桶"}]
    wastes = [{"seq": 1, "name": "废油", "packages": full}]
    assert compare("movement", {"wastes": wastes}, {"wastes": [wastes[0] | {"packages": brief}]}) == []
    found = compare("movement", {"wastes": wastes}, {"wastes": [wastes[0] | {"packages": brief[:1]}]})
    assert found == [("/wastes/0/packages", full, brief[:1])]


def test_a_discrepancy_as_others_read_it():
    found = Discrepancy("/status", (("js", "arrived"), ("tj", "received")))
    assert found.as_dict() == {
        "field": "/status",
        "sides": [{"adapter": "js", "value": "arrived"}, {"adapter": "tj", "value": "received"}],
    }
