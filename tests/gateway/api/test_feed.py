import hashlib
import json

import pytest


def pages(client, **query):
    """All changes, page by page, as an outside reader asks for them."""
    found = []
    while True:
        page = client.get("/v1/changes", params=query).json()
        assert len(page["changes"]) <= min(query["limit"], 1000)
        found += page["changes"]
        query["after"] = page["next"]
        if not page["more"]:
            return found


def test_every_version_comes_once_in_order_with_the_hash_of_its_content(national):
    changes = pages(national, limit=1)
    cursors = [change["cursor"] for change in changes]
    assert len(set(cursors)) == len(changes) >= 4
    seen = {}
    for change in changes:
        record = change["record"]
        assert record["version"] == seen.get(record["record_id"], 0) + 1
        seen[record["record_id"]] = record["version"]
        form = json.dumps(record["content"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert record["content_hash"] == hashlib.sha256(form.encode()).hexdigest()
    assert max(seen.values()) >= 2


@pytest.mark.parametrize("limit", [1, 2, 3, 100, 5000])
def test_the_size_of_pages_changes_nothing(national, limit):
    assert pages(national, limit=limit) == pages(national, limit=2)


def test_after_a_cursor_come_just_the_later_changes(national):
    changes = pages(national, limit=100)
    assert pages(national, limit=1, after=changes[1]["cursor"]) == changes[2:]
    last = national.get("/v1/changes", params={"after": changes[-1]["cursor"]}).json()
    assert last == {"changes": [], "next": changes[-1]["cursor"], "more": False}


def test_the_feed_can_be_narrowed_to_a_kind_and_a_province(national):
    changes = pages(national, limit=100)
    assert pages(national, limit=100, kind="manifest") == changes
    assert pages(national, limit=100, kind="track") == []
    concerned = pages(national, limit=100, province="44")
    assert 0 < len(concerned) < len(changes)
    assert all("bb" in {claim["adapter"] for claim in change["record"]["claims"]} for change in concerned)


def test_lines_are_the_same_changes(national):
    changes = pages(national, limit=100)
    answer = national.get("/v1/changes", headers={"Accept": "application/x-ndjson"})
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line) for line in answer.text.splitlines()] == changes
    some = national.get("/v1/changes?limit=2&after=1", headers={"Accept": "application/x-ndjson"})
    assert [json.loads(line) for line in some.text.splitlines()] == changes[1:3]


def test_a_stream_of_many_chunks_is_whole(national, monkeypatch):
    monkeypatch.setattr("gateway.read.feed.CHUNK", 1)
    answer = national.get("/v1/changes", headers={"Accept": "application/x-ndjson"})
    assert [json.loads(line) for line in answer.text.splitlines()] == pages(national, limit=100)


def told(changes):
    """The digest as a reader makes it from what it kept."""
    lines = [
        f"{change['cursor']} {r['record_id']} {r['version']} {r['content_hash']}\n"
        for change in changes
        for r in [change["record"]]
    ]
    return len(lines), hashlib.sha256("".join(lines).encode()).hexdigest()


def test_a_reader_can_prove_that_it_has_every_change_of_a_range(national):
    changes = pages(national, limit=100)
    last = changes[-1]["cursor"]
    whole = national.get("/v1/changes/digest").json()
    count, digest = told(changes)
    assert whole == {"from": "0", "to": last, "count": count, "sha256": digest, "last": last}
    begin, end = changes[0]["cursor"], changes[-2]["cursor"]
    part = national.get("/v1/changes/digest", params={"from": begin, "to": end}).json()
    assert (part["count"], part["sha256"]) == told(changes[1:-1])
    narrow = national.get("/v1/changes/digest?province=44").json()
    assert (narrow["count"], narrow["sha256"]) == told(pages(national, limit=100, province="44"))
    assert (narrow["count"], narrow["sha256"]) != told(changes)


def test_a_digest_beyond_the_end_says_where_the_feed_ends(national):
    changes = pages(national, limit=100)
    beyond = national.get("/v1/changes/digest?to=900000").json()
    assert (beyond["to"], beyond["last"]) == ("900000", changes[-1]["cursor"])
    assert beyond["count"] == len(changes)
    answer = national.get("/v1/changes/digest?from=x")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


@pytest.mark.parametrize(
    "query",
    ["after=x", "after=-1", "after=9999999999999999999", "after=１", "limit=0", "limit=x", "province=3", "kind=A"],
)
def test_what_was_never_given_out_is_refused_with_a_problem(national, query):
    answer = national.get(f"/v1/changes?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].startswith("urn:liandan:problem:")
