"""Readers behind what was retired get a 410 that says how to begin anew, over HTTP, and a gateway that reads from here too."""

from datetime import date

import pytest

from gateway import retirement
from gateway.retirement import Order

LINES = {"accept": "application/x-ndjson"}


@pytest.fixture(autouse=True)
def retired(filled):
    """All is retired that may be: nothing but what is still owed stays, and the horizon is there."""
    now = filled.clock()
    later = now.replace(year=now.year + 11)
    order = Order(date(now.year + 1, now.month, 1), "test", "ten years", 10)
    return retirement.retire(filled.database, order, lambda: later, lambda _: None)


@pytest.mark.parametrize("query", [{}, {"after": "1"}, {"since": "2001-01-01"}, {"limit": 1}])
@pytest.mark.parametrize("headers", [{}, LINES])
def test_the_feed_is_gone_for_who_is_behind(national, query, headers):
    answer = national.get("/v1/changes", params=query, headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (410, "application/problem+json")
    problem = answer.json()
    assert problem["type"] == "urn:liandan:problem:retired"
    assert "newest=true" in problem["detail"]
    assert "newest=true" in problem["detail_en"]


def test_who_starts_anew_gets_what_lives_and_goes_on_from_there(national, retired):
    page = national.get("/v1/changes", params={"newest": "true"}).json()
    assert len(page["changes"]) == retired.kept.total() > 0
    assert national.get("/v1/changes", params={"newest": "true"}, headers=LINES).text.count("\n") == len(
        page["changes"]
    )
    rest = national.get("/v1/changes", params={"after": page["next"]})
    assert (rest.status_code, rest.json()["changes"]) == (200, [])


def test_a_digest_over_what_is_gone_is_none(national, retired):
    assert national.get("/v1/changes/digest").status_code == 410
    behind = national.get("/v1/changes/digest", params={"from": str(retired.horizon.seq)})
    assert behind.json()["count"] == 0


def test_another_gateway_begins_anew(auditor, retired):
    assert auditor.get("/v1/claims", params={"after": "1"}).status_code == 410
    page = auditor.get("/v1/claims", params={"limit": 1}).json()
    assert page["next"].startswith("~")
    assert auditor.get("/v1/claims", params={"after": page["next"]}).status_code == 200
