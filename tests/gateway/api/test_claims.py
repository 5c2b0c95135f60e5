"""What another gateway is told: each claim once, in the feed's order, with all that proves it."""

import hashlib
import json
from base64 import b64decode

import pytest

from canonical_schema.digest import canonical_bytes
from mappings import decode_remainder, explain
from tests.gateway.conftest import FULL, NUMBER, OTHER, row


def all_pages(client, limit):
    after, pages = "", []
    while True:
        page = client.get("/v1/claims", params={"limit": limit} | ({"after": after} if after else {})).json()
        pages.append(page)
        after = page["next"]
        if not page["more"]:
            return pages


def told(pages):
    return [(one["adapter"], one["source_key"], one["version"]) for page in pages for one in page["claims"]]


THIRD = "20263201000003"
EVERY = [("aa", "A-1", 1), ("aa", "A-2", 1), ("bb", "B-7", 1), ("aa", "A-2", 2)]


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_each_claim_version_is_told_once_in_the_order_of_the_feed(auditor, limit):
    pages = all_pages(auditor, limit)
    assert told(pages) == EVERY
    assert len({page["gateway"] for page in pages}) == 1
    again = auditor.get("/v1/claims", params={"after": pages[-1]["next"]}).json()
    assert (again["claims"], again["next"], again["more"]) == ([], pages[-1]["next"], False)


def test_a_claim_comes_with_hashes_document_and_lineage_that_hold(auditor):
    (page,) = all_pages(auditor, 100)
    claim = page["claims"][0]
    assert (claim["kind"], claim["division"], claim["partial"], claim["newer"]) == ("manifest", "32", False, None)
    assert claim["content"]["national_no"] == NUMBER
    assert claim["content_hash"] == hashlib.sha256(canonical_bytes(claim["content"])).hexdigest()
    exchange = page["exchanges"][claim["exchange"]]
    assert (exchange["source_name"], exchange["received_at"]) == ("first.json", claim["observed_at"])
    assert (exchange["forwarded"], [one["id"] for one in exchange["documents"]]) == ([], [claim["document"]])
    body = auditor.get(f"/v1/payloads/{claim['payload_hash']}")
    assert body.headers["content-type"] == "application/octet-stream"
    assert hashlib.sha256(body.content).hexdigest() == claim["payload_hash"]
    assert json.loads(body.content)["rows"][0] == FULL
    template = page["mappings"][claim["mapping_hash"]]["template"]
    entries = explain(template, decode_remainder(b64decode(claim["remainder"])), claim["content"], claim["document"])
    (read,) = [one["inputs"] for one in entries if one["field"] == "/national_no"]
    assert [(one["document"], one["source"], one["raw"]) for one in read] == [("d1", "/rows/0/no", NUMBER)]


def test_what_came_in_shadow_is_told_when_it_comes_into_a_record(filled, auditor, page):
    before = all_pages(auditor, 100)[-1]["next"]
    filled.adapters.stage("aa", "shadow", who="test", why="a test")
    filled.ingest("aa", "manifests", [page("shadow.json", row("A-9"))])
    hidden = auditor.get("/v1/claims", params={"after": before}).json()
    assert hidden["claims"] == []
    filled.adapters.stage("aa", "live", who="test", why="a test")
    filled.ingest("aa", "manifests", [page("live.json", row("A-9"))])
    for after in (before, hidden["next"]):
        assert told([auditor.get("/v1/claims", params={"after": after}).json()]) == [("aa", "A-9", 1)]


def test_a_claim_that_changes_nothing_in_its_record_is_told_too(filled, auditor, page):
    """The other system now says what its record had already: no new record version, and yet it has said so."""
    filled.ingest("aa", "manifests", [page("one.json", row("A-8", no=THIRD))])
    filled.ingest("bb", "manifests", [page("two.json", row("B-8", no=THIRD, planned=""))])
    before = all_pages(auditor, 100)[-1]["next"]
    feed = auditor.get("/v1/changes").json()["next"]
    filled.ingest("bb", "manifests", [page("three.json", row("B-8", no=THIRD))])
    assert auditor.get("/v1/changes").json()["next"] == feed
    assert told([auditor.get("/v1/claims", params={"after": before}).json()]) == [("bb", "B-8", 2)]


def test_a_version_that_never_counted_is_not_told(filled, auditor, page):
    """Late: when it came, a later word was known, and had been seen again later still."""
    at = "2026-03-05 {}:00"
    before = all_pages(auditor, 100)[-1]["next"]
    for number, (hour, why) in enumerate([("10", "first"), ("12", "second"), ("15", "second"), ("14", "late")]):
        seen = row("A-7", changed=at.format(hour), voided="2026-03-05 09:00", why=why)
        filled.ingest("aa", "manifests", [page(f"{number}.json", seen)])
    versions = auditor.get("/v1/manifests/aa:A-7/claims").json()["claims"]
    assert [one["content"]["void"]["reason"] for one in versions] == ["first", "second", "late"]
    fresh = auditor.get("/v1/claims", params={"after": before}).json()["claims"]
    assert [(one["version"], one["newer"]) for one in fresh] == [
        (1, "2026-03-05T10:00:00+08:00"),
        (2, "2026-03-05T15:00:00+08:00"),
    ]


def test_whole_documents_are_for_operators_and_auditors(as_role):
    for path in ("/v1/claims", "/v1/payloads/00"):
        assert as_role("national").get(path).status_code == 403
        assert as_role(None).get(path).status_code == 401
    assert as_role("operator").get("/v1/claims").status_code == 200


@pytest.mark.parametrize("digest", ["0" * 64, "nonsense", "00"])
def test_a_payload_that_is_not_there(auditor, digest):
    answer = auditor.get(f"/v1/payloads/{digest}")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:liandan:problem:not-found")


def test_a_cursor_that_was_never_given_out(auditor):
    for cursor in ("x", "1-", "-1", "1-2-3", "9" * 30, "١"):
        assert auditor.get("/v1/claims", params={"after": cursor}).status_code == 422


def test_a_claim_whose_record_is_merged_is_told_with_its_new_version_and_no_other(filled, auditor, page):
    before = all_pages(auditor, 100)[-1]["next"]
    filled.ingest("aa", "manifests", [page("more.json", row("A-2", no=NUMBER, changed="3"))])
    fresh = auditor.get("/v1/claims", params={"after": before}).json()
    assert told([fresh]) == [("aa", "A-2", 3)]
    assert OTHER not in json.dumps(fresh["claims"])
