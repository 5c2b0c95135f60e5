import itertools

import orjson
import pytest

from canonical_schema.digest import record_id
from gateway.domain.counts import Counts
from gateway.domain.owed import Target
from gateway.errors import StageMoved, WrongStage
from gateway.intake.commit import commit_page
from gateway.store import (
    adapters,
    changes,
    claims,
    datasets,
    deliveries,
    discrepancies,
    mappings,
    payloads,
    quarantine,
    records,
)
from gateway.store.errors import UnknownMapping

NATIONAL = (Target("national"),)
N1, N2 = "20263205000001", "20263205000002"


def feed(database):
    with database.read() as conn:
        shown, more = changes.page(conn, after=0, limit=1000)
    assert not more
    assert [seq for seq, _ in shown] == list(range(1, len(shown) + 1))
    return [orjson.loads(envelope) for _, envelope in shown]


def test_a_page_becomes_claims_records_changes_and_deliveries(ready, pages, commit):
    told = [pages.content("1.25", no=N1), pages.content("2", local="js:A1")]
    counts = commit(pages.draft("a", told[0]), pages.draft("b", told[1]), pages.damaged("c"), cursor='{"page":2}')
    assert counts == Counts(pulled=3, accepted=2, unchanged=0, quarantined=1)
    first, second = feed(ready)
    assert first["record_id"] == "d520c1c5-88c7-5410-8bf1-38a0a0e4e850"
    assert (first["version"], first["change"], first["content"]) == (1, "created", told[0])
    assert first["claims"] == [
        {
            "adapter": "js",
            "dataset": "manifests",
            "source_key": "a",
            "observed_at": "2026-03-05T08:30:00+08:00",
            "payload_hash": pages.page(body=b"page 0").exchange.payload.sha256,
            "mapping_hash": pages.MAPPING,
        }
    ]
    assert second["content"] == told[1]
    with ready.read() as conn:
        assert datasets.cursor(conn, "js", "manifests") == '{"page":2}'
        assert adapters.tallies(conn) == {"js": Counts(3, 2, 0, 1)}
        assert records.find(conn, N1) == [first["record_id"]]
        assert records.find(conn, "js:A1") == records.find(conn, second["record_id"]) == [second["record_id"]]
        assert records.find(conn, "js:A2") == []
        assert deliveries.counts(conn) == {"delivered": 0, "dead": 0, "pending": 2, "attempts": 0}
        assert records.live_counts(conn) == {"manifest": 2}
        [stored] = claims.of_record(conn, first["record_id"])
        assert orjson.loads(stored.content_bytes) == told[0]
        lineage = claims.lineage_of(conn, [stored.id])[stored.id]
        assert lineage.remainder == b'["a"]'
        assert records.newest_claims(conn, first["record_id"]) == (1, [stored.id])
        assert payloads.read(conn, stored.payload_hash) == b"page 0"
        assert payloads.exchange(conn, lineage.exchange_id).documents[0]["chain"] == ["text:utf-8", "json"]
        [item] = quarantine.rows(conn)
        assert (item.source_key, item.reasons, item.times) == ("c", ["没有废物 / no waste"], 1)


def test_the_same_page_again_is_counted_and_writes_nothing(ready, pages, commit):
    drafts = (pages.draft("a", pages.content(no=N1)), pages.damaged("c"))
    commit(*drafts, body=b"same")
    assert commit(*drafts, body=b"same") == Counts(pulled=2, accepted=0, unchanged=2, quarantined=0)
    assert len(feed(ready)) == 1
    with ready.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM exchanges").scalar() == 1
        assert conn.exec_driver_sql("SELECT count(*) FROM claim_versions").scalar() == 1
        assert conn.exec_driver_sql("SELECT count(*) FROM commits").scalar() == 1
        assert quarantine.rows(conn)[0].times == 2


def test_other_bytes_that_say_the_same_are_kept_and_change_nothing(ready, pages, commit):
    commit(pages.draft("a", pages.content(no=N1)), body=b"1")
    assert commit(pages.draft("a", pages.content(no=N1)), body=b"2").unchanged == 1
    assert len(feed(ready)) == 1
    with ready.read() as conn:
        assert payloads.read(conn, pages.page(body=b"2").exchange.payload.sha256) == b"2"


def test_a_correction_and_a_void_are_new_versions(ready, pages, commit):
    commit(pages.draft("a", pages.content("1", no=N1), newer="1"))
    commit(pages.draft("a", pages.content("2", no=N1), newer="2"))
    commit(pages.draft("a", pages.content("2", no=N1, status="voided"), newer="3"))
    versions = feed(ready)
    assert [(one["version"], one["change"]) for one in versions] == [(1, "created"), (2, "updated"), (3, "voided")]
    with ready.read() as conn:
        whole = records.versions(conn, versions[0]["record_id"])
    hashes = [__import__("hashlib").sha256(one).hexdigest() for one in whole]
    assert [one.get("previous_hash") for one in versions] == [None, *hashes[:2]]


def test_an_older_word_that_comes_late_is_kept_but_does_not_count(ready, pages, commit):
    commit(pages.draft("a", pages.content("2", no=N1), newer="2"))
    assert commit(pages.draft("a", pages.content("1", no=N1), newer="1")).accepted == 1
    assert commit(pages.draft("a", pages.content("1", no=N1), newer="1")).unchanged == 1
    [only] = feed(ready)
    assert only["content"]["wastes"][0]["quantity_t"] == "2"
    with ready.read() as conn:
        stored = claims.of_record(conn, only["record_id"])
        assert records.newest_claims(conn, only["record_id"])[1] == [stored[0].id]
    assert [one.version for one in stored] == [1, 2]


def test_without_a_declared_order_the_last_to_arrive_counts(ready, pages, commit):
    for quantity in ("1", "2", "1"):
        assert commit(pages.draft("a", pages.content(quantity, no=N1))).accepted == 1
    assert [one["content"]["wastes"][0]["quantity_t"] for one in feed(ready)] == ["1", "2", "1"]


def test_the_same_word_seen_again_later_outdates_what_lies_between(ready, pages, commit):
    commit(pages.draft("a", pages.content("1", no=N1), newer="1"))
    assert commit(pages.draft("a", pages.content("1", no=N1), newer="3")).unchanged == 1
    commit(pages.draft("a", pages.content("2", no=N1), newer="2"))
    assert len(feed(ready)) == 1


def test_a_mended_mapping_counts_at_the_same_value(ready, pages, commit):
    commit(pages.draft("a", pages.content("1", no=N1), newer="1"))
    commit(pages.draft("a", pages.content("1.5", no=N1), newer="1", mapping=pages.MENDED))
    assert feed(ready)[-1]["content"]["wastes"][0]["quantity_t"] == "1.5"


def test_other_findings_alone_are_a_new_version(ready, pages, commit):
    finding = {"id": "M003", "severity": "warning", "fields": ["/x"], "message": "数量", "message_en": "quantity"}
    commit(pages.draft("a", pages.content(no=N1)))
    commit(pages.draft("a", pages.content(no=N1), findings=(finding,)))
    first, second = feed(ready)
    assert first["content_hash"] == second["content_hash"]
    assert finding in second["quality"]["findings"]


def test_two_sides_make_one_record_and_their_difference_is_kept(ready, pages, commit):
    both = {"consignor": {"name": "甲"}, "consignee": {"name": "乙"}}
    commit(pages.draft("a", pages.content("1", no=N1, **both)))
    commit(pages.draft("x", pages.content("1.1", no=N1, **both), adapter="tj"), adapter="tj")
    first, second = feed(ready)
    assert first["record_id"] == second["record_id"]
    assert [one["adapter"] for one in second["claims"]] == ["js", "tj"]
    assert second["content"]["wastes"][0]["quantity_t"] == "1"
    with ready.read() as conn:
        [found] = discrepancies.of_record(conn, first["record_id"])
        assert found["open"] is True
        assert [side["value"] for side in found["sides"]] == ["1", "1.1"]
    commit(pages.draft("x", pages.content("1", no=N1, **both), adapter="tj"), adapter="tj")
    with ready.read() as conn:
        [found] = discrepancies.of_record(conn, first["record_id"])
        assert found["open"] is False
        assert len(claims.of_record(conn, first["record_id"])) == 3


def test_a_second_side_that_says_the_same_makes_no_version(ready, pages, commit):
    commit(pages.draft("a", pages.content("1", no=N1)))
    assert commit(pages.draft("x", pages.content("1", no=N1), adapter="tj"), adapter="tj").accepted == 1
    versions = feed(ready)
    assert len(versions) == 1
    with ready.read() as conn:
        assert len(claims.of_record(conn, versions[0]["record_id"])) == 2


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0)])
def test_records_are_merged_when_the_link_becomes_known(ready, pages, commit, order):
    said = [
        ("js", pages.draft("a", pages.content("1", no=N1))),
        ("gd", pages.draft("b", pages.content("1", local="gd:77"), adapter="gd")),
        ("tj", pages.draft("c", pages.content("1", no=N1, local="gd:77"), adapter="tj")),
    ]
    for place in order:
        adapter, one = said[place]
        commit(one, adapter=adapter)
    newest = {one["record_id"]: one for one in feed(ready)}
    with ready.read() as conn:
        assert records.live_counts(conn) == {"manifest": 1}
        [alive] = records.find(conn, N1)
        assert records.find(conn, "gd:77") == [alive]
        assert len(claims.of_record(conn, alive)) == 3
    merged = [one for one in newest.values() if one["change"] == "merged"]
    assert all(one["merged_into"] == alive for one in merged)
    assert len(newest) == 1 + len(merged)
    assert newest[alive]["content"]["national_no"] == N1
    assert newest[alive]["content"]["local_numbers"] == [{"system": "gd", "number": "77"}]


def test_what_differed_on_a_record_that_is_merged_away_is_closed(ready, pages, commit):
    stays, goes = sorted((N1, N2), key=lambda number: record_id("manifest", number))
    commit(pages.draft("a", pages.content("1", no=stays)))
    two = [("b", "2"), ("c", "3")]
    commit(*(pages.draft(key, pages.content(quantity, no=goes), newer="1") for key, quantity in two))
    with ready.read() as conn:
        assert [one["open"] for one in discrepancies.of_record(conn, record_id("manifest", goes))] == [True]
    commit(*(pages.draft(key, pages.content(quantity, no=stays), newer="2") for key, quantity in two))
    with ready.read() as conn:
        assert [one["open"] for one in discrepancies.of_record(conn, record_id("manifest", goes))] == [False]
        assert records.live_counts(conn) == {"manifest": 1}


def test_who_reads_a_provinces_changes_is_told_of_a_merge(ready, pages, commit):
    commit(pages.draft("b", pages.content("2", local="gd:7"), adapter="gd"), adapter="gd")
    commit(pages.draft("a", pages.content("1", no=N1), adapter="js"))
    commit(pages.draft("c", pages.content("1", no=N1, local="gd:7"), adapter="tj"), adapter="tj")
    with ready.read() as conn:
        shown, _ = changes.page(conn, after=0, limit=10, province="44")
    told = [orjson.loads(envelope) for _, envelope in shown]
    assert [one["change"] for one in told if one["record_id"] == told[0]["record_id"]] == ["created", "merged"]


@pytest.mark.parametrize("order", list(itertools.permutations("abc")))
def test_two_national_numbers_stay_two_manifests_whatever_links_them(ready, pages, commit, order):
    """A manifest was voided and issued anew under the same local number; a third system knows only that."""
    told = {
        "a": pages.draft("a", pages.content("1", no=N1, local="gd:7"), adapter="js"),
        "b": pages.draft("b", pages.content("2", local="gd:7"), adapter="gd"),
        "c": pages.draft("c", pages.content("3", no=N2, local="gd:7"), adapter="tj"),
    }
    for key in order:
        commit(told[key], adapter=told[key].adapter)
    with ready.read() as conn:
        assert records.live_counts(conn) == {"manifest": 2}
        homes = {number: records.find(conn, number) for number in (N1, N2)}
        keys = {number: [one.source_key for one in claims.of_record(conn, *home)] for number, home in homes.items()}
    assert keys == {N1: ["b", "a"], N2: ["c"]}
    newest = {one["record_id"]: one["content"] for one in feed(ready)}
    assert newest[homes[N1][0]]["wastes"][0]["quantity_t"] == "1"
    assert newest[homes[N2][0]]["wastes"][0]["quantity_t"] == "3"


def test_a_claim_whose_number_is_mended_leaves_the_record_of_the_other(ready, pages, commit):
    commit(pages.draft("a", pages.content("1", no=N1), newer="1"))
    commit(pages.draft("b", pages.content("2", no=N1)), adapter="js")
    commit(pages.draft("a", pages.content("1", no=N2), newer="2"))
    newest = {one["record_id"]: one["content"] for one in feed(ready)}
    assert sorted((one["national_no"], one["wastes"][0]["quantity_t"]) for one in newest.values()) == [
        (N1, "2"),
        (N2, "1"),
    ]


def test_a_number_that_was_corrected_away_links_no_more(ready, pages, commit):
    commit(pages.draft("a", pages.content("1", no=N1), newer="1"))
    commit(pages.draft("a", pages.content("1", no=N2), newer="2"))
    commit(pages.draft("b", pages.content("7", no=N1)))
    with ready.read() as conn:
        assert records.live_counts(conn) == {"manifest": 2}
        [first], [second] = records.find(conn, N1), records.find(conn, N2)
        assert first != second


def test_shadow_claims_are_kept_out_and_come_in_when_the_adapter_goes_live(database, pages):
    pages.prepare(database, stage="shadow")
    one = pages.page(pages.draft("a", pages.content("1", no=N1)))
    assert commit_page(database, one, pages.clock(), targets=NATIONAL).accepted == 1
    assert commit_page(database, one, pages.clock(), targets=NATIONAL).unchanged == 1
    assert feed(database) == []
    pages.prepare(database, stage="live")
    assert commit_page(database, one, pages.clock(), targets=NATIONAL).unchanged == 1
    assert [one["change"] for one in feed(database)] == ["created"]
    with database.read() as conn:
        assert len(records.find(conn, N1)) == 1


def test_a_page_of_a_run_that_began_before_the_stage_was_moved_is_refused_whole(database, pages):
    """Leaving shadow rewinds the cursor: that run's next page would carry it past what must be read once more."""
    pages.prepare(database, stage="shadow")
    with database.read() as conn:
        before = adapters.last_move(conn, "js")
    page = pages.page(pages.draft("a", pages.content("1", no=N1)), cursor="1")
    assert commit_page(database, page, pages.clock(), moved=before).accepted == 1
    pages.prepare(database, stage="live")
    with database.write() as conn:
        adapters.rewind(conn, "js")
    with pytest.raises(StageMoved):
        commit_page(database, page, pages.clock(), moved=before)
    with database.read() as conn:
        assert datasets.cursor(conn, "js", "manifests") is None
        assert commit_page(database, page, pages.clock(), moved=adapters.last_move(conn, "js")).unchanged == 1
    assert len(feed(database)) == 1


def test_what_an_earlier_page_brought_keeps_its_origin(database, pages):
    """The envelope names the payload and mapping that lineage leads to, not those of the page that let the claim in."""
    pages.prepare(database, stage="shadow")
    told = pages.content("1", no=N1)
    commit_page(database, pages.page(pages.draft("a", told), body=b"first"), pages.clock())
    pages.prepare(database, stage="live")
    again = pages.page(pages.draft("a", told, mapping=pages.MENDED), body=b"second", minutes=5)
    commit_page(database, again, pages.clock(5))
    [shown] = feed(database)
    with database.read() as conn:
        [stored] = claims.of_record(conn, shown["record_id"])
    assert shown["claims"] == [
        {
            "adapter": "js",
            "dataset": "manifests",
            "source_key": "a",
            "observed_at": stored.observed_at,
            "payload_hash": stored.payload_hash,
            "mapping_hash": pages.MAPPING,
        }
    ]


def test_an_adapter_back_in_shadow_goes_on_saying_what_it_said(ready, pages, commit):
    commit(pages.draft("a", pages.content("1", no=N1), newer="1"))
    pages.prepare(ready, stage="shadow")
    later = pages.draft("a", pages.content("2", no=N1), newer="2")
    assert [commit(later).accepted for _ in range(2)] == [1, 0]
    assert len(feed(ready)) == 1
    pages.prepare(ready, stage="live")
    commit(later)
    assert feed(ready)[-1]["content"]["wastes"][0]["quantity_t"] == "2"


@pytest.mark.parametrize("stage", ["draft", "tested", "suspended"])
def test_other_stages_take_no_data(database, pages, stage):
    pages.prepare(database, stage=stage)
    with pytest.raises(WrongStage):
        commit_page(database, pages.page(pages.draft("a", pages.content())), pages.clock())


def test_a_claim_of_an_unknown_mapping_is_refused_whole(ready, pages, commit):
    with pytest.raises(UnknownMapping):
        commit(pages.draft("a", pages.content(no=N1)), pages.draft("b", pages.content(), mapping="ab" * 32))
    assert feed(ready) == []
    with ready.read() as conn:
        assert datasets.cursor(conn, "js", "manifests") is None


def test_a_template_is_read_back(ready, pages):
    with ready.read() as conn:
        assert mappings.template(conn, pages.MAPPING) == {"lines": [1]}


def test_the_feed_can_be_read_by_province_and_in_pieces(ready, pages, commit):
    to_tianjin = pages.content("1", no=N1, consignee={"name": "乙", "division": {"code": "120000"}})
    commit(pages.draft("a", to_tianjin), pages.draft("b", pages.content("2", no=N2)))
    with ready.read() as conn:
        shown, more = changes.page(conn, after=0, limit=1)
        assert ([seq for seq, _ in shown], more) == ([1], True)
        assert [seq for seq, _ in changes.page(conn, after=0, limit=9, province="12")[0]] == [1]
        assert [seq for seq, _ in changes.page(conn, after=0, limit=9, province="32")[0]] == [1, 2]
        assert changes.page(conn, after=0, limit=9, kind="track") == ([], False)
