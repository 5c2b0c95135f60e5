import pytest

from canonical_schema.fields import field_tree
from gateway.domain.authority import SECTIONS, STEPS, VOIDED, number_speaker, says, sides_of, status_speaker, voices

NO = "20263201000001"  # removed from 32
FROM_JS = {"consignor": {"division": {"code": "320100"}}}
TO_TJ = {"consignee": {"division": {"code": "120000"}}}


def speakers(sides):
    return {section: claims[0] for section, claims in voices(sides).items()}


def adapters(claims):
    return [claim.adapter for claim in claims]


def test_every_field_of_a_manifest_is_in_exactly_one_section():
    told = [field for fields in SECTIONS.values() for field in fields]
    assert sorted(told) == sorted(field_tree("manifest").fields)
    assert SECTIONS["movement"] == {"consignor", "wastes"}
    assert SECTIONS["receipt"] == {"consignee"}
    assert SECTIONS["legs"] == {"legs"}
    assert {"national_no", "status", "attachments", "planned_at"} < SECTIONS["head"]


def test_every_status_is_a_step_or_the_void():
    words = field_tree("manifest").fields["status"].type.words
    assert sorted([*STEPS, VOIDED]) == sorted(words)


def test_the_number_says_where_it_was_removed_before_the_consignors_division_does(claim):
    content = {"national_no": NO, "consignor": {"division": {"code": "12"}}} | TO_TJ
    sides = sides_of([claim("tj", content), claim("js", content)])
    assert (adapters(sides.removal), adapters(sides.receiving), sides.others) == (["js"], ["tj"], ())


def test_without_a_number_the_consignors_division_says_it(claim):
    sides = sides_of([claim("tj", FROM_JS | TO_TJ), claim("js", {}), claim("gd", {})])
    assert [adapters(group) for group in (sides.removal, sides.receiving, sides.others)] == [["js"], ["tj"], ["gd"]]


def test_without_a_known_consignee_any_system_but_the_removal_sides_receives(claim):
    sides = sides_of([claim("tj", {"national_no": NO}), claim("js", {}), claim("gd", {}, newer="1")])
    assert [adapters(group) for group in (sides.removal, sides.receiving, sides.others)] == [["js"], ["gd", "tj"], []]


def test_within_one_province_both_sides_are_the_same_claims(claim):
    content = FROM_JS | {"consignee": {"division": {"code": "32"}}}
    sides = sides_of([claim("js", content), claim("tj", content)])
    assert [adapters(group) for group in (sides.removal, sides.receiving, sides.others)] == [["js"], ["js"], ["tj"]]


def test_where_no_side_is_known_the_smallest_identity_decides_everything(claim):
    whole = {
        "planned_at": {},
        "void": {},
        "wastes": [{"receipt": {}}],
        "legs": [{}],
        "consignee": {},
        "status": "arrived",
    }
    first = claim("gd", whole, "2", newer="1")
    claims = [claim("js", whole, newer="9"), first, claim("gd", whole, "3", newer="8")]
    speaking = speakers(sides_of(claims))
    assert set(speaking) == set(SECTIONS)
    assert set(map(id, speaking.values())) == {id(first)}
    assert status_speaker(sides_of(claims)) is first


def test_where_systems_name_different_provinces_the_one_that_names_its_own_is_believed(claim):
    wrong = {"consignee": {"division": {"code": "33"}}}
    sides = sides_of([claim("gd", wrong), claim("js", wrong | {"national_no": NO}), claim("tj", TO_TJ)])
    assert adapters(sides.receiving) == ["tj"]


def test_each_section_is_its_sides_and_falls_to_the_other_side_only_where_its_own_is_silent(claim):
    js = claim(
        "js", {"national_no": NO, "consignee": {"name": "接受人"} | TO_TJ["consignee"], "wastes": [{"name": "废油"}]}
    )
    tj = claim(
        "tj", {"legs": [{"seq": 1}], "void": {"reason": "x"}, "wastes": [{"name": "废油", "receipt": {"note": "x"}}]}
    )
    speaking = speakers(sides_of([js, tj]))
    assert {section: claim.adapter for section, claim in speaking.items()} == {
        "head": "js",
        "movement": "js",
        "receipt": "tj",
        "legs": "tj",
        "void": "tj",
    }


def test_a_receipt_inside_the_wastes_is_a_word_on_the_receipt():
    assert says("receipt", {"wastes": [{"name": "a"}, {"name": "b", "receipt": {"note": "x"}}]})
    assert not says("receipt", {"wastes": [{"name": "a"}]})


def test_the_newest_claim_of_a_side_speaks_for_it_if_it_says_anything_there(claim):
    old = claim(
        "js",
        {"national_no": NO, "legs": [{"seq": 1}], "consignor": {}, "wastes": [{}], "shipper": "consignor"},
        "1",
        newer="1",
    )
    new = claim("js", {"national_no": NO, "consignor": {}, "wastes": [{}], "shipper": "consignee"}, "2", newer="2")
    speaking = speakers(sides_of([old, new]))
    assert (speaking["head"], speaking["movement"], speaking["legs"]) == (new, new, old)


def test_a_notice_that_only_names_the_manifest_takes_over_neither_head_nor_movement(claim):
    whole = claim("js", {"national_no": NO, "shipper": "consignor", "wastes": [{}]}, "1", newer="1")
    notice = claim("js", {"national_no": NO, "status": "voided", "void": {}, "consignor": {}}, "2", newer="2")
    speaking = speakers(sides_of([whole, notice]))
    assert (speaking["head"], speaking["movement"], speaking["void"]) == (whole, whole, notice)


@pytest.mark.parametrize(
    ("removal", "receiving", "told"),
    [
        ({"status": "in_transit"}, {"status": "received"}, "received"),
        ({"status": "completed"}, {"status": "partly_received"}, "completed"),
        ({"status": "refused"}, {"status": "received"}, "received"),
        ({"status": "received"}, {"status": "refused"}, "refused"),
        ({}, {"status": "arrived"}, "arrived"),
        ({"status": "voided"}, {"status": "completed"}, "voided"),
        ({"status": "in_transit"}, {"status": "voided"}, "in_transit"),
        ({}, {"status": "voided"}, "voided"),
        ({"void": {}}, {"status": "voided"}, "voided"),
        ({"void": {}, "status": "arrived"}, {}, "arrived"),
        ({}, {}, None),
    ],
)
def test_the_status_is_the_furthest_step_an_authority_reports(claim, removal, receiving, told):
    sides = sides_of([claim("tj", TO_TJ | receiving), claim("js", {"national_no": NO} | removal)])
    speaker = status_speaker(sides)
    assert (speaker.content["status"] if speaker else None) == told


def test_a_bystanders_status_counts_only_where_no_authority_has_one(claim):
    js, tj = claim("js", {"national_no": NO}), claim("tj", TO_TJ)
    gd = claim("gd", {"status": "completed"})
    assert status_speaker(sides_of([js, tj, gd])) is gd
    tj = claim("tj", TO_TJ | {"status": "declared"})
    assert status_speaker(sides_of([js, tj, gd])) is tj


def test_a_side_that_knows_only_its_local_number_does_not_take_away_the_national_one(claim):
    js = claim("js", FROM_JS | {"local_numbers": [{"system": "js", "number": "7"}]})
    tj = claim("tj", {"national_no": NO})
    assert number_speaker(sides_of([js, tj]), js) is tj
    assert number_speaker(sides_of([js]), js) is None
