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
    assert auditor.get("/v1/claims", params={"after": before}).json()["claims"] == []
    filled.adapters.stage("aa", "live", who="test", why="a test")
    filled.ingest("aa", "manifests", [page("live.json", row("A-9"))])
    assert told([auditor.get("/v1/claims", params={"after": before}).json()]) == [("aa", "A-9", 1)]


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
    assert auditor.get("/v1/claims", params={"after": "x"}).status_code == 422


def test_a_claim_whose_record_is_merged_is_told_with_its_new_version_and_no_other(filled, auditor, page):
    before = all_pages(auditor, 100)[-1]["next"]
    filled.ingest("aa", "manifests", [page("more.json", row("A-2", no=NUMBER, changed="3"))])
    fresh = auditor.get("/v1/claims", params={"after": before}).json()
    assert told([fresh]) == [("aa", "A-2", 3)]
    assert OTHER not in json.dumps(fresh["claims"])
