"""Partial claims: what they add to a record, and what they never take away."""

from itertools import permutations

import pytest

from gateway.domain.consolidate import consolidate

NO = "20263205000001"


def at(day):
    return {"at": day, "precision": "day"}


@pytest.fixture
def whole(claim):
    content = {
        "national_no": NO,
        "status": "in_transit",
        "plan_filing_no": "P1",
        "consignor": {"name": "甲", "division": {"code": "3205"}},
        "wastes": [{"seq": 1, "name": "废油", "code": "900-249-08", "quantity_t": "5"}],
        "legs": [{"seq": 1, "carrier": {"name": "丙"}, "vehicle": {"plate": "苏E12345"}}],
        "consignee": {"name": "乙", "division": {"code": "1201"}, "permit_no": "X1"},
    }
    return claim("js", content)


def told(content, *claims):
    """The record's content, the same whatever the order of the claims."""
    made = [consolidate("manifest", order).content for order in permutations([content, *claims])]
    assert all(one == made[0] for one in made)
    return made[0]


def test_a_void_notice_voids_and_leaves_the_rest(claim, whole):
    notice = {"national_no": NO, "status": "voided", "void": {"at": at("2026-03-06"), "reason": "错填"}}
    content = told(whole, claim("js", notice, dataset="voids", partial=True))
    assert content == whole.content | {"status": "voided", "void": notice["void"]}


def test_a_confirmation_of_transport_fills_what_its_side_left_open(claim, whole):
    leg = {"seq": 1, "vehicle": {"plate": "苏E99999"}, "departed_at": at("2026-03-05")}
    notice = {"national_no": NO, "waybill_no": "W1", "legs": [leg]}
    content = told(whole, claim("js", notice, dataset="transports", newer="9", partial=True))
    assert content["legs"] == [whole.content["legs"][0] | {"departed_at": at("2026-03-05")}]
    assert (content["waybill_no"], content["plan_filing_no"]) == ("W1", "P1")


def test_the_receiving_sides_notice_speaks_for_the_receipt_on_what_the_other_side_told(claim, whole):
    receipt = {"quantity_t": "4.9", "opinion": "accepted"}
    notice = {
        "national_no": NO,
        "status": "received",
        "consignee": {"received_at": at("2026-03-07"), "permit_no": "X2"},
        "wastes": [{"seq": 1, "code": "900-249-08", "receipt": receipt}],
    }
    content = told(whole, claim("tj", notice, partial=True))
    assert content["consignee"] == whole.content["consignee"] | notice["consignee"]
    assert content["wastes"] == [whole.content["wastes"][0] | {"receipt": receipt}]
    assert content["status"] == "received"


def test_a_notice_of_another_side_adds_nothing_to_a_section_that_isnt_its_own(claim, whole):
    notice = {"national_no": NO, "legs": [{"seq": 1, "departed_at": at("2026-03-05")}]}
    assert told(whole, claim("gd", notice, partial=True)) == whole.content


def test_a_record_of_another_kind_is_its_newest_claim(claim):
    old, new = ({"permit_no": "X1", "holder": {"name": name}, "scope": []} for name in ("旧", "新"))
    claims = [claim("js", old, kind="permit", newer="1"), claim("js", new, "2", kind="permit", newer="2")]
    found = consolidate("permit", claims)
    assert (found.content, found.sections, found.discrepancies) == (new, {}, ())
