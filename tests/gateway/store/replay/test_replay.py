"""Stored payloads mapped once more: only what really changes becomes new versions and deliveries."""

import signal
import subprocess
import sys

import pytest
from sqlalchemy import func, select

from contract_tests.lineage_check import claim_faults, parse_json
from gateway.errors import NoSuchAdapter, WrongStage
from gateway.intake.reread import Tally
from gateway.read.answer import encode
from gateway.read.lineage import lineage
from gateway.read.manifests import envelope, resolve
from gateway.store import deliveries
from gateway.store import tables as t

N1, N2 = "20263201000001", "20263201000002"
WAYBILL = ("  planned_at: planned\n", "  planned_at: planned\n  waybill_no: bill\n")

KILLED = """
import os, signal, sys
from pathlib import Path
from gateway.gateway import Gateway
from gateway.intake import write
from gateway.settings import Settings

url, data, pack = sys.argv[1:]
feed, calls = write.feed, []

def fatal(*args, **more):
    feed(*args, **more)
    calls.append(1)
    if len(calls) == 3:
        os.kill(os.getpid(), signal.SIGKILL)  # all is written, nothing is committed

write.feed = fatal
with Gateway(Settings(data=data, database=url, packs=(Path(pack),)), environment={}) as gateway:
    list(gateway.replay("aa", "manifests"))
"""


def told(gateway):
    """All that is stored and can change, each part countable."""
    with gateway.database.read() as conn:
        sizes = {
            one.name: conn.scalar(select(func.count()).select_from(one))
            for one in (t.payloads, t.exchanges, t.mappings)
        }
        versions = conn.execute(select(t.claims.c.source_key, t.claims.c.newest).order_by(t.claims.c.source_key)).all()
        stored = conn.scalar(select(func.count()).select_from(t.claim_versions))
        return sizes, dict(map(tuple, versions)), stored, len(deliveries.rows(conn, target="national"))


def of(gateway, no):
    with gateway.database.read() as conn:
        return parse_json(encode(lineage(conn, resolve(conn, no), documents=True)).decode())


def test_only_what_really_changed_becomes_a_new_version_and_a_new_delivery(gateway, take, mend, content, replayed, row):
    take(row("A-1", bill="W-1"), row("A-2"), row("A-3", bill="W-3"))
    take(row("A-4"), row("A-5", bill="W-5"))
    mend(WAYBILL)
    before = told(gateway)
    expected = Tally(exchanges=2, remapped=5, changed=3, unchanged=2)
    assert replayed(gateway, dry=True) == expected
    assert told(gateway) == before
    assert replayed(gateway) == expected
    sizes, versions, stored, owed = told(gateway)
    assert versions == {"A-1": 2, "A-2": 1, "A-3": 2, "A-4": 1, "A-5": 2}
    assert (stored, owed) == (before[2] + 3, before[3] + 3)
    assert sizes == before[0] | {"mappings": 2}
    assert content(gateway, "A-3")["waybill_no"] == "W-3"


def test_a_second_replay_changes_nothing_also_from_the_beginning(gateway, take, mend, forget, replayed, row):
    take(row("A-1", bill="W-1"), row("A-2"))
    mend(WAYBILL)
    replayed(gateway)
    before = told(gateway)
    assert replayed(gateway) == Tally()
    forget(gateway)
    assert replayed(gateway) == Tally(exchanges=1, remapped=2, unchanged=2)
    assert told(gateway) == before


def test_the_new_version_leads_to_the_old_payload_and_the_new_mapping(gateway, take, mend, replayed, row):
    take(row("A-1", no=N1, bill="W-1"))
    (old,) = of(gateway, N1)["claims"]
    mend(WAYBILL)
    replayed(gateway)
    (new,) = of(gateway, N1)["claims"]
    assert claim_faults(new) == []
    (bill,) = [one for one in new["entries"] if one["field"] == "/waybill_no"]
    assert bill["inputs"] == [{"document": "d1", "source": "/rows/0/bill", "raw": "W-1"}]
    assert new["documents"] == old["documents"]
    assert new["mapping_hash"] == gateway.programs.program("aa", "manifests").hash != old["mapping_hash"]


def test_the_hash_chain_is_whole_after_it(gateway, take, mend, faults, replayed, row):
    mend(("  planned_at: planned\n", "  planned_at: {from: planned, required: yes}\n"))
    take(row("A-1", planned="2026-03-01 08:00"), row("A-2"))
    mend(("{from: planned, required: yes}\n", "planned\n  waybill_no: {from: bill, required: yes}\n"))
    replayed(gateway)
    mend(("{from: bill, required: yes}", "bill"))
    assert replayed(gateway).newly_accepted == 1
    with gateway.database.read() as conn:
        assert conn.scalar(select(func.count()).select_from(t.commits)) == 3
    assert faults(gateway.database) == []


def test_killed_in_the_middle_it_goes_on_where_it_was(
    gateway, opened, take, mend, tmp_path, url, pack, content, replayed, row
):
    for number in range(5):
        take(row(f"A-{number}", bill="W"))
    mend(WAYBILL)
    done = subprocess.run([sys.executable, "-c", KILLED, url, str(tmp_path / "data"), str(pack)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert [content(gateway, f"A-{number}").get("waybill_no") for number in range(5)] == ["W", "W", None, None, None]
    assert replayed(opened()) == Tally(exchanges=3, remapped=3, changed=3)
    assert told(gateway)[1] == {f"A-{number}": 2 for number in range(5)}


@pytest.mark.parametrize("ordered", [True, False])
def test_an_old_exchange_never_overwrites_a_newer_observation(
    gateway, take, mend, ordered, content, forget, replayed, row
):
    if not ordered:
        mend(("newer: changed\n", ""))
    take(row("A-1", at=1, bill="W-1"), row("A-1", at=2, bill="W-2"))
    take(row("A-1", at=3, bill="W-3", to="乙处置厂"))
    if ordered:
        take(row("A-1", at=2, bill="late"))
    mend(WAYBILL)
    before = told(gateway)[2]
    assert replayed(gateway).changed == 1
    assert told(gateway)[2] == before + 1
    assert (content(gateway, "A-1")["waybill_no"], content(gateway, "A-1")["consignee"]["name"]) == ("W-3", "乙处置厂")
    forget(gateway)
    assert replayed(gateway).changed == 0


@pytest.mark.parametrize("ordered", [True, False])
def test_what_the_old_mapping_saw_no_change_in_is_read_from_the_exchange_that_told_it_last(
    gateway, take, mend, ordered, content, replayed, row
):
    if not ordered:
        mend(("newer: changed\n", ""))
    take(row("A-1", at=1))
    take(row("A-1", at=2, bill="W-2"))
    mend(WAYBILL)
    assert replayed(gateway).changed == 1
    assert content(gateway, "A-1")["waybill_no"] == "W-2"
    assert of(gateway, "aa:A-1")["claims"][0]["documents"][0]["text"].count("W-2") == 1


def test_of_two_rows_for_one_key_the_last_word_counts(gateway, take, mend, content, forget, replayed, row):
    mend(("newer: changed\n", ""))
    take(row("A-1", bill="W-1", to="甲处置厂"), row("A-1", bill="W-2", to="乙处置厂"))
    mend(WAYBILL)
    assert replayed(gateway).changed == 1
    assert content(gateway, "A-1")["waybill_no"] == "W-2"
    forget(gateway)
    assert replayed(gateway).changed == 0


def test_of_two_claims_without_an_order_the_later_one_still_speaks(gateway, take, mend, replayed, row):
    mend(("newer: changed\n", ""))
    take(row("A-1", no=N1, planned="2026-03-01", bill="W-1"))
    take(row("A-2", no=N1, planned="2026-03-02 08:00", to="乙处置厂"))
    mend(("times: yyyy-MM-dd HH:mm", "times: [yyyy-MM-dd HH:mm, yyyy-MM-dd]"))
    assert replayed(gateway).changed == 1
    with gateway.database.read() as conn:
        newest = envelope(conn, resolve(conn, N1))
    assert newest["content"]["planned_at"]["at"].startswith("2026-03-02")


def test_a_mapping_that_is_taken_back_takes_its_changes_back(gateway, take, mend, content, replayed, row):
    take(row("A-1", bill="W-1"))
    take(row("A-1", bill="W-2", at=2))
    mend(WAYBILL)
    replayed(gateway)
    mend(WAYBILL[::-1])
    assert replayed(gateway).changed == 1
    assert "waybill_no" not in content(gateway, "A-1")


def test_an_order_that_was_mended_holds_for_what_comes_later(gateway, take, mend, content, replayed, row):
    take(row("A-1", at=9, version="1"))
    mend(("newer: changed", "newer: {from: version, number: yes}"))
    assert replayed(gateway) == Tally(exchanges=1, remapped=1, unchanged=1)
    assert take(row("A-1", at=9, version="2", to="乙处置厂")).accepted == 1
    assert content(gateway, "A-1")["consignee"]["name"] == "乙处置厂"


def test_only_exchanges_since_a_time(gateway, take, mend, content, replayed, row):
    take(row("A-1", bill="W-1"))
    take(row("A-2", bill="W-2"))
    mend(WAYBILL)
    with gateway.database.read() as conn:
        last = conn.scalar(select(func.max(t.exchanges.c.received_at)))
    assert replayed(gateway, since=last) == Tally(exchanges=1, remapped=1, changed=1)
    assert "waybill_no" not in content(gateway, "A-1")
    assert replayed(gateway) == Tally(exchanges=2, remapped=2, changed=1, unchanged=1)


def test_the_adapters_stage_decides(gateway, take, mend, replayed, row):
    take(row("A-1", bill="W-1"))
    mend(WAYBILL)
    for stage in ("suspended", "draft"):
        gateway.adapters.stage("aa", stage, who="test", why="a test")
        with pytest.raises(WrongStage):
            replayed(gateway)
    gateway.adapters.stage("aa", "live", who="test", why="a test")
    gateway.adapters.stage("aa", "shadow", who="test", why="a test")
    owed = told(gateway)[3]
    assert replayed(gateway).changed == 1
    assert told(gateway)[3] == owed
    with pytest.raises(NoSuchAdapter):
        list(gateway.replay("aa", "tracks"))


def test_what_a_replay_did_in_shadow_counts_once_the_adapter_is_live_and_replays_again(
    gateway, take, mend, content, replayed, row
):
    take(row("A-1", no=N1, bill="W-1"))
    mend(WAYBILL)
    gateway.adapters.stage("aa", "shadow", who="test", why="a test")
    assert replayed(gateway).changed == 1
    assert replayed(gateway) == Tally()
    assert "waybill_no" not in content(gateway, "A-1")
    gateway.adapters.stage("aa", "live", who="test", why="a test")
    assert replayed(gateway, dry=True) == replayed(gateway) == Tally(exchanges=1, remapped=1, changed=1)
    assert content(gateway, "A-1")["waybill_no"] == "W-1"
    assert replayed(gateway) == Tally()


@pytest.mark.parametrize("ordered", [True, False])
def test_what_came_in_shadow_for_a_known_record_counts_once_it_is_replayed_live(
    gateway, take, mend, ordered, content, forget, replayed, row
):
    if not ordered:
        mend(("newer: changed\n", ""))
    take(row("A-1", no=N1, at=1))
    gateway.adapters.stage("aa", "shadow", who="test", why="a test")
    take(row("A-1", no=N1, at=2, to="乙处置厂"))
    take(row("A-1", no=N1, at=3, to="丙处置厂"))
    assert replayed(gateway).changed == 0
    gateway.adapters.stage("aa", "live", who="test", why="a test")
    before = told(gateway)
    assert replayed(gateway, dry=True).changed == 1
    assert replayed(gateway).changed == 2
    assert content(gateway, "A-1")["consignee"]["name"] == "丙处置厂"
    assert of(gateway, N1)["claims"][0]["documents"][0]["text"].count("丙处置厂") == 1
    after = told(gateway)
    assert (after[1], after[2]) == ({"A-1": 3}, before[2])
    forget(gateway)
    assert replayed(gateway).changed == 0


def test_beside_a_running_serve_both_write_whole_pages(gateway, opened, take, mend, content, row):
    for number in range(3):
        take(row(f"A-{number}", bill="W"))
    gateway.database.acquire_single_writer()  # as `serve` does
    mend(WAYBILL)
    run = opened().replay("aa", "manifests")
    assert next(run)[0].changed == 1
    take(row("A-1", bill="W-9", at=2))
    rest = sum((tally for tally, _ in run), Tally())
    assert (rest.changed, rest.unchanged) == (1, 2)
    assert [content(gateway, f"A-{number}")["waybill_no"] for number in range(3)] == ["W", "W-9", "W"]
