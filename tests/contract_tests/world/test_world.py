"""The world is the same for the same seed, consistent in itself, and canonical to the letter."""

import tracemalloc
import unicodedata
from collections import Counter
from datetime import datetime

import pytest

from canonical_schema.kinds.manifest import Manifest
from canonical_schema.values import division, uscc, waste_code
from contract_tests.world import USUAL, World
from contract_tests.world.companies import consignee
from contract_tests.world.places import PLACES, WASTES
from contract_tests.world.views import expected

SMALL = World(7, 300)
JOURNEYS = list(SMALL.journeys())


def texts(value):
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return [value] if isinstance(value, str) else []
    return [text for part in value for text in texts(part)]


def test_the_same_seed_gives_the_same_world_and_another_one_another():
    assert list(World(7, 20).journeys()) == list(World(7, 20).journeys())
    assert list(World(7, 20).journeys()) != list(World(8, 20).journeys())


def test_a_journey_does_not_depend_on_how_many_there_are():
    assert list(World(7, 10).journeys()) == JOURNEYS[:30]
    assert SMALL.journey(123) == JOURNEYS[123]


def test_every_version_of_every_side_is_canonical_to_the_letter():
    for journey in JOURNEYS:
        for side in journey.sides:
            for version in side.versions:
                told = Manifest.model_validate(version.content).model_dump(
                    mode="json", by_alias=True, exclude_none=True
                )
                assert told == version.content
                assert all(unicodedata.normalize("NFKC", text) == text for text in texts(version.content))


def test_what_each_system_carries_is_canonical_to_the_letter():
    for journey in JOURNEYS:
        for side in journey.sides:
            content = expected(side)
            assert Manifest.model_validate(content).model_dump(mode="json", by_alias=True, exclude_none=True) == content


def test_numbers_are_unique():
    national = Counter(journey.national_no for journey in JOURNEYS if journey.national_no)
    local = Counter((side.adapter, side.number) for journey in JOURNEYS for side in journey.sides)
    assert set(national.values()) == {1} == set(local.values())


def test_national_numbers_carry_the_removal_sides_province():
    for journey in JOURNEYS:
        content = journey.sides[0].versions[0].content
        if journey.national_no:
            assert len(journey.national_no) == 14
            assert journey.national_no[4:6] == content["consignor"]["division"]["code"][:2]
        else:
            assert content["transfer_type"] == "intra_province"


def test_some_manifests_cross_a_border_and_both_sides_know_the_same_number():
    for adapter in USUAL:
        sides = list(SMALL.for_province(adapter))
        crossing = sum(side.versions[0].content["transfer_type"] == "cross_province" for side in sides)
        assert 0.10 < crossing / len(sides) < 0.22
    shared = [journey for journey in JOURNEYS if len(journey.sides) == 2]
    assert len(shared) > 30
    for journey in shared:
        assert [side.role for side in journey.sides] == ["removal", "receiving"]
        assert {side.versions[0].content["national_no"] for side in journey.sides} == {journey.national_no}


def test_now_and_then_the_two_sides_differ():
    def word(side):
        content = side.versions[0].content
        return content["wastes"][0]["name"], content["legs"][0].get("vehicle", {}).get("plate")

    shared = [journey.sides for journey in World(7, 1500).journeys() if len(journey.sides) == 2]
    differing = sum(word(first) != word(second) for first, second in shared)
    assert 0.03 * len(shared) < differing < 0.3 * len(shared)


def test_what_happens_to_manifests():
    newest = Counter(side.versions[-1].content["status"] for journey in JOURNEYS for side in journey.sides)
    reasons = Counter(v.reason for journey in JOURNEYS for side in journey.sides for v in side.versions)
    assert {"completed", "voided", "in_transit", "declared", "received"} <= set(newest)
    assert min(reasons[reason] for reason in ("moved_on", "corrected", "voided")) > 10
    assert any("backfill" in side.versions[-1].content for journey in JOURNEYS for side in journey.sides)
    assert Counter(len(journey.sides[0].versions[0].content["wastes"]) for journey in JOURNEYS).keys() == {1, 2, 3, 4}
    assert Counter(len(journey.sides[0].versions[0].content["legs"]) for journey in JOURNEYS).keys() == {1, 2, 3}


def test_times_are_in_order_and_in_the_first_quarter():
    for journey in JOURNEYS:
        for side in journey.sides:
            modified = [version.modified_at for version in side.versions]
            assert modified == sorted(set(modified))
            for version in side.versions:
                content = version.content
                told = [content["planned_at"]["at"], content["consignor"].get("handed_over_at", {}).get("at")]
                for leg in content["legs"]:
                    told += [leg.get(key, {}).get("at") for key in ("departed_at", "arrived_at")]
                    told.append(leg.get("handover", {}).get("at", {}).get("at"))
                told += [content["consignee"].get(key, {}).get("at") for key in ("received_at", "confirmed_at")]
                told = [datetime.fromisoformat(at).replace(tzinfo=None) for at in told if at]
                assert told == sorted(told)
                assert datetime(2026, 1, 1) <= told[0]
                assert told[-1] <= version.modified_at < datetime(2026, 4, 1)


def test_late_versions_come_after_all_that_was_there():
    versions = [version for journey in JOURNEYS for side in journey.sides for version in side.versions]
    late = [version.modified_at for version in versions if version.late]
    assert len(late) > 50
    assert max(version.modified_at for version in versions if not version.late) < min(late)


def test_companies_have_valid_codes_and_take_only_what_their_permit_covers():
    for journey in JOURNEYS[:200]:
        content = journey.sides[0].versions[0].content
        for party in (content["consignor"], content["consignee"], *(leg["carrier"] for leg in content["legs"])):
            assert uscc.parse(party["uscc"]) == party["uscc"]
    found = consignee(7, 3, 1)
    assert len(found.permit.scope) >= 4
    assert found.permit.annual_capacity_t >= 10_000


def test_the_tables_agree_with_the_catalogue():
    assert {waste_code.parse(waste.code) for waste in WASTES} == {waste.code for waste in WASTES}
    assert all(division.parse(place.code) == place.division()["code"] for place in PLACES)


def test_one_in_each_hundred_is_damaged_and_stays_as_it_is():
    damaged = [side for journey in World(3, 400).journeys() for side in journey.sides if side.damaged]
    assert Counter(side.adapter for side in damaged) == {"js": 4, "tj": 4, "gd": 2}
    assert all(len(side.versions) == 1 for side in damaged)


def test_truth_counts_what_a_gateway_can_know():
    records = sum(any(side.damaged is None for side in journey.sides) for journey in JOURNEYS)
    assert SMALL.truth().records == {"manifest": records}
    assert SMALL.truth().damaged == 3 + 3 + 1
    assert World(7, 1).truth().damaged == sum(
        side.damaged is not None for j in World(7, 1).journeys() for side in j.sides
    )


def test_a_province_sees_its_own_and_what_comes_to_it():
    for adapter in USUAL:
        keys = [(journey.key, side.number) for journey in JOURNEYS for side in journey.sides if side.adapter == adapter]
        assert [(side.journey, side.number) for side in SMALL.for_province(adapter)] == keys
        assert len(keys) > 300


def test_one_province_alone_shares_with_nobody():
    alone = World(7, 100, ("js",))
    assert {side.adapter for journey in alone.journeys() for side in journey.sides} == {"js"}


def test_a_world_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="zz"):
        World(1, 1, ("zz",))
    with pytest.raises(ValueError, match="999,999"):
        World(1, 1_000_000)


@pytest.mark.slow
def test_memory_stays_constant_however_many_there_are():
    def peak(count):
        tracemalloc.reset_peak()
        for _ in World(5, count).journeys():
            pass
        return tracemalloc.get_traced_memory()[1]

    tracemalloc.start()
    try:
        peak(300)
        few, many = peak(300), peak(4000)
    finally:
        tracemalloc.stop()
    assert many < few + 2_000_000
