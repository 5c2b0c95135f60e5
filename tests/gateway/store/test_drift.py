"""What is known of a source is kept with the page that showed it, on both databases."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import event

from gateway.intake.commit import commit_page
from gateway.read import drift as read
from gateway.store import drift
from mappings import compile_mapping
from mappings.drift import Look

MAPPING = "kind: manifest\nstandard: 1.0-rc\nsystem: js\nrecords: list\nkey: no\nfields:\n  status: {from: s, lookup: {1: declared}}\n  plan_filing_no: p\n"


@pytest.fixture
def bring(ready, pages):
    """bring(rows…): a page whose source looked like these rows, committed; the statements that told of drift."""
    program = compile_mapping(MAPPING, "m.yaml")
    state = {"minutes": 0}

    def one(*rows, body=None):
        state["minutes"] += 1
        look = Look(program.detector)
        for mapped in program.run({"list": list(rows)}, look=look):
            look.record(mapped.unlisted, [])
        drafts = [pages.draft(str(place), pages.content()) for place in range(len(rows))]
        page = pages.page(*drafts, body=body or f"{rows}".encode(), minutes=state["minutes"])
        sent = []

        def note(_conn, _cursor, statement, *_):
            if any(name in statement for name in ("drifts", "source_tallies", "source_places")):
                sent.append(" ".join(statement.split()[:3]))

        event.listen(ready.engine, "before_cursor_execute", note)
        try:
            commit_page(ready, replace(page, sight=look.sight()), pages.clock(state["minutes"]))
        finally:
            event.remove(ready.engine, "before_cursor_execute", note)
        return page.exchange.payload.sha256, sent

    return one


def listed(ready, **how):
    with ready.read() as conn:
        return read.listing(conn, **how)


def test_drift_names_the_payload_that_showed_it_first(ready, bring):
    bring({"no": "A", "s": "1"})
    payload, _ = bring({"no": "A", "s": "7", "new": 1})
    bring({"no": "A", "s": "7", "new": 2}, {"no": "B", "new": 3})
    told = {one["kind"]: one for one in listed(ready)}
    assert told.keys() == {"new_place", "unseen_code"}
    assert {one["payload_hash"] for one in told.values()} == {payload}
    assert (told["new_place"]["place"], told["new_place"]["example"], told["new_place"]["count"]) == (
        "/list/*/new",
        "1",
        3,
    )
    assert (told["unseen_code"]["detail"], told["unseen_code"]["count"]) == ("7", 2)
    assert told["new_place"]["first_at"] < told["new_place"]["last_at"]


def test_a_page_without_news_costs_one_look_and_one_update(bring):
    bring({"no": "A", "s": "1"})
    _, sent = bring({"no": "B", "s": "1"})
    assert [one.split()[0] for one in sent] == ["SELECT", "UPDATE"]


def test_the_same_page_again_only_counts(ready, bring):
    bring({"no": "A", "p": "1"}, body=b"first")
    for _ in range(3):
        bring({"no": "A", "p": "1"}, body=b"first")
    with ready.read() as conn:
        known = drift.known(conn, drift.dataset_row(conn, "js", "manifests"))
    assert known.places["/list/*/p"].types == {"string": 4}
    assert listed(ready) == []


def test_the_same_page_again_is_no_further_sign_that_a_place_has_vanished(ready, bring):
    bring(*[{"no": "A", "p": "1"}] * 100)
    for _ in range(3):
        bring(*[{"no": "A"}] * 30, body=b"bare")
    assert listed(ready) == []


def test_a_place_that_returns_ends_its_drift_and_vanishing_again_opens_it(ready, bring):
    full, bare = {"no": "A", "p": "1"}, {"no": "A"}
    bring(*[full] * 100)
    gone, _ = bring(*[bare] * 60)
    assert [(one["kind"], one["place"], one["count"], one["payload_hash"]) for one in listed(ready)] == [
        ("vanished_place", "/list/*/p", 60, gone)
    ]
    bring(*[full] * 20, body=b"back")
    assert listed(ready) == []
    assert [one["state"] for one in listed(ready, closed=True)] == ["ended"]
    bring(*[full] * 2000, body=b"long")
    again, _ = bring(*[bare] * 70)
    assert [(one["state"], one["count"], one["payload_hash"]) for one in listed(ready)] == [("open", 70, again)]


def test_what_is_acknowledged_is_no_longer_listed_and_keeps_its_reason(ready, bring, pages):
    bring({"no": "A"})
    bring({"no": "A", "new": 1})
    (one,) = listed(ready)
    with ready.write() as conn:
        read.acknowledge(conn, str(one["id"]), "known", pages.clock(9)())
    assert listed(ready) == []
    assert [(item["state"], item["why"]) for item in listed(ready, closed=True)] == [("acknowledged", "known")]
    with pytest.raises(read.NoSuchDrift), ready.write() as conn:
        read.acknowledge(conn, str(one["id"]), "again", pages.clock(9)())


def test_what_isn_t_committed_is_not_known(ready, bring, monkeypatch):
    bring({"no": "A"})
    with monkeypatch.context() as patch:
        patch.setattr(drift, "keep", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            bring({"no": "A", "new": 1})
    assert listed(ready) == []
    payload, _ = bring({"no": "A", "new": 2})
    assert [one["payload_hash"] for one in listed(ready)] == [payload]


@pytest.mark.parametrize(
    "strange",
    [
        {"k\0\ud800": "v\0\ud800"},
        {"长" * 5000: "x"},
        {"a": {"长" * 390: {"b" * 390: {"c" * 390: "x"}}}},
        {"deep": json.loads("[" * 400 + "1" + "]" * 400)},
    ],
)
def test_whatever_a_source_names_its_places_the_page_is_stored(ready, bring, strange):
    bring({"no": "A"})
    bring({"no": "A"} | strange, body=b"strange")
    assert [one["kind"] for one in listed(ready)] == ["new_place"]
