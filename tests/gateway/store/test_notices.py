"""Partial claims in the store: they wait for a whole one, and found no record."""

from dataclasses import replace
from itertools import permutations

import orjson
import pytest

from gateway.intake.settle import settle
from gateway.store import adapters, changes

N1 = "20263205000001"
VOID = {"status": "voided", "void": {"reason": "错填"}}


@pytest.fixture
def notice(pages):
    def make(key, **known_by):
        content = {name: value for name, value in pages.content(**known_by).items() if name != "wastes"} | VOID
        return replace(pages.draft(key, content), partial=True)

    return make


def live(database):
    """The contents of the records that are, in the order of their numbers."""
    with database.read() as conn:
        shown, _ = changes.page(conn, after=0, limit=1000)
    last = {one["record_id"]: one for one in (orjson.loads(envelope) for _, envelope in shown)}
    return [one["content"] for one in last.values() if one["change"] != "merged"]


def test_a_notice_alone_is_accepted_and_makes_no_record(ready, commit, notice):
    counts = commit(notice("v1", no=N1))
    assert (counts.accepted, counts.quarantined, live(ready)) == (1, 0, [])
    assert commit(notice("v1", no=N1)).unchanged == 1
    assert live(ready) == []


def test_one_that_waits_already_is_not_settled_again_by_a_page_that_shows_it(
    database, pages, notice, monkeypatch, commit_on
):
    pages.prepare(database, stage="shadow")
    touched = []

    def noted(conn, kind, members, **said):
        touched.append([one.claim.source_key for one in members])
        return settle(conn, kind, members, **said)

    monkeypatch.setattr("gateway.intake.commit.settle", noted)
    commit = commit_on(database)
    commit(notice("v1", no=N1))
    with database.write() as conn:
        adapters.set_stage(conn, "js", "live", who="test", why="test", at=pages.START)
    commit(notice("v1", no=N1))  # in shadow it carried no number yet
    commit(notice("v1", no=N1))
    assert touched == [[], ["v1"], []]
    commit(pages.draft("a", pages.content(no=N1)))
    assert live(database) == [pages.content(no=N1) | VOID]


@pytest.mark.parametrize("first", ["notice", "whole", "together"])
def test_it_counts_as_soon_as_there_is_a_whole_claim_whichever_came_first(ready, pages, commit, notice, first):
    drafts = [notice("v1", no=N1), pages.draft("a", pages.content(no=N1))]
    for order in {"notice": [drafts[:1], drafts[1:]], "whole": [drafts[1:], drafts[:1]], "together": [drafts]}[first]:
        commit(*order)
    (content,) = live(ready)
    assert content == pages.content(no=N1) | VOID


def test_a_notice_by_local_number_belongs_to_the_claim_of_that_number(ready, pages, commit, notice):
    commit(notice("v1", local="js:A1"))
    commit(pages.draft("b", pages.content(local="js:A2")))
    assert len(live(ready)) == 1
    commit(pages.draft("a", pages.content(local="js:A1")))
    assert sorted(one.get("status", "-") for one in live(ready)) == ["-", "voided"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_notices_that_link_each_other_all_come_to_the_record(ready, pages, commit, notice, order):
    linking = replace(
        pages.draft("link", {"national_no": N1, "local_numbers": [{"system": "js", "number": "A1"}]}), partial=True
    )
    drafts = [notice("void", local="js:A1"), linking, pages.draft("a", pages.content(no=N1))]
    for place in order:
        commit(drafts[place])
    (content,) = live(ready)
    assert content == pages.content(no=N1, local="js:A1") | VOID


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_notice_never_makes_two_manifests_one(ready, pages, commit, notice, order):
    """Two manifests that share a local number: the notice goes to the one of the smaller identity, whatever came first."""
    drafts = [
        pages.draft("a", pages.content("1", local="js:A1")),
        pages.draft("b", pages.content("2", local="js:A1")),
        notice("v", local="js:A1"),
    ]
    for place in order:
        commit(drafts[place])
    assert sorted((one["wastes"][0]["quantity_t"], one.get("status", "-")) for one in live(ready)) == [
        ("1", "voided"),
        ("2", "-"),
    ]


def test_a_corrected_notice_leaves_the_one_and_goes_to_the_other(ready, pages, commit, notice):
    commit(pages.draft("a", pages.content("1", local="js:A1")), pages.draft("b", pages.content("2", local="js:A2")))
    commit(notice("v", local="js:A1"))
    commit(notice("v", local="js:A2"))
    assert sorted((one["wastes"][0]["quantity_t"], one.get("status", "-")) for one in live(ready)) == [
        ("1", "-"),
        ("2", "voided"),
    ]


def test_a_manifest_that_leaves_its_number_leaves_the_notice_to_the_next(ready, pages, commit, notice):
    commit(pages.draft("a", pages.content("1", local="js:A1")), notice("v", local="js:A1"))
    commit(pages.draft("a", pages.content("1", local="js:A9")))
    commit(pages.draft("b", pages.content("2", local="js:A1")))
    assert sorted((one["wastes"][0]["quantity_t"], one.get("status", "-")) for one in live(ready)) == [
        ("1", "-"),
        ("2", "voided"),
    ]


def test_what_was_a_whole_claim_and_is_a_notice_now_counts_as_one(ready, pages, commit, notice):
    commit(pages.draft("a", pages.content("1", no=N1)), pages.draft("z", pages.content("9", no=N1, waybill_no="W")))
    commit(notice("z", no=N1))
    commit(pages.draft("a", pages.content("3", no=N1)))
    (content,) = live(ready)
    assert (content["wastes"][0]["quantity_t"], content["status"]) == ("3", "voided")
    assert "waybill_no" not in content
