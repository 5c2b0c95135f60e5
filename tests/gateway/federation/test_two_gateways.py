"""Two real gateways on loopback, one of which takes the other's claims: the same records, and a trace that shows both."""

import asyncio

import pytest

from adapters.errors import Denied
from contract_tests.lineage_check import claim_faults, parse_json
from gateway.read.answer import encode
from gateway.read.lineage import lineage
from gateway.read.manifests import resolve
from gateway.read.trace import trace
from gateway.store import integrity, told_claims
from tests.gateway.conftest import FULL, NUMBER, OTHER, row
from tests.gateway.federation.conftest import ADAPTER, records


def of(gateway, number, ask, **more):
    with gateway.database.read() as conn:
        return ask(conn, resolve(conn, number, "manifest"), **more)


def newest(gateway):
    """record_id → newest envelope, without what only that gateway knows."""
    local = ("version", "change", "previous_hash", "recorded_at")
    return {one["record_id"]: {k: v for k, v in one.items() if k not in local} for one in records(gateway)}


@pytest.mark.parametrize("size", [1, 2, 100])
def test_the_records_are_the_same_with_the_same_claims_hashes_and_ids(filled, opened, peer, size):
    south = peer(*opened(filled), size=size)
    counts = south.pull()
    assert (counts.accepted, counts.unchanged, counts.quarantined) == (4, 0, 0)
    assert newest(south.gateway) == newest(filled)
    assert {one["adapter"] for record in records(south.gateway) for one in record["claims"]} == {"aa", "bb"}
    assert south.feed() == [
        (one["content"].get("national_no"), one["version"], one["content_hash"], one["claims"])
        for one in records(filled)
    ]


def test_what_is_pulled_again_is_nothing_and_what_is_new_comes_once(filled, opened, peer, page):
    south = peer(*opened(filled))
    south.pull()
    assert south.pull().pulled == 0
    filled.ingest("aa", "manifests", [page("fourth.json", FULL | {"kg": 1, "planned": "2026-03-01 09:00"})])
    counts = south.pull()
    assert (counts.pulled, counts.accepted) == (1, 1)
    assert newest(south.gateway) == newest(filled)


@pytest.mark.parametrize("stop_after", [1, 2, 3])
def test_a_run_that_is_cut_short_goes_on_behind_the_last_claim_that_was_stored(filled, opened, peer, stop_after):
    """Exactly once, also of claims that nothing but their order of arrival orders."""
    south = peer(*opened(filled), size=2)
    commit, done = south.gateway._woken, []

    def breaks(counts):
        done.append(counts)
        if len(done) == stop_after:
            raise ConnectionAbortedError("the machine dies behind a commit")
        return commit(counts)

    south.gateway._woken = breaks
    with pytest.raises(ConnectionAbortedError):
        south.pull()
    south.gateway._woken = commit
    counts = south.pull()
    assert sum(one.accepted for one in done) + counts.accepted == 4
    assert counts.unchanged == 0
    assert newest(south.gateway) == newest(filled)
    assert len(records(south.gateway)) == len(records(filled))


def test_from_the_beginning_again_nothing_counts_twice(filled, opened, peer):
    """A-2 goes by arrival: its first version, told again, must not go before its second."""
    south = peer(*opened(filled), size=1)
    south.pull()
    before = records(south.gateway)
    with south.gateway.database.write() as conn:
        conn.exec_driver_sql("UPDATE datasets SET cursor = NULL")
    counts = south.pull()
    assert (counts.pulled, counts.unchanged) == (4, 4)
    assert records(south.gateway) == before


def test_a_trace_shows_who_said_it_and_which_gateway_brought_it(filled, opened, peer):
    south = peer(*opened(filled))
    south.pull()
    with filled.database.read() as conn:
        name = told_claims.first_entry(conn)
    there, here = of(filled, NUMBER, trace)["steps"], of(south.gateway, NUMBER, trace)["steps"]
    forwarded = [one for one in here if one["step"] == "forwarded"]
    assert [one for one in here if one["step"] != "forwarded"] == there
    assert sorted((one["adapter"], one["by"]) for one in forwarded) == [
        ("aa", f"north {name[:16]}"),
        ("bb", f"north {name[:16]}"),
    ]
    observed = {one["adapter"]: one["at"] for one in here if one["step"] == "observed"}
    assert all(one["at"] > observed[one["adapter"]] for one in forwarded)


def test_lineage_holds_from_the_payloads_bytes_and_names_the_gateway(filled, opened, peer):
    south = peer(*opened(filled))
    south.pull()
    there = of(filled, NUMBER, lineage, documents=True, with_payloads=True)
    here = of(south.gateway, NUMBER, lineage, documents=True, with_payloads=True)
    hops = [claim.pop("forwarded") for claim in here["claims"]]
    assert here == there
    with filled.database.read() as conn:
        name = told_claims.first_entry(conn)
    assert [[(hop["gateway"], hop["via"]) for hop in one] for one in hops] == [[(name, "north")]] * 2
    assert [claim_faults(parse_json(encode(claim).decode())) for claim in here["claims"]] == [[], []]


def test_the_store_that_takes_them_is_sound(filled, opened, peer):
    south = peer(*opened(filled))
    south.pull()
    assert list(integrity.check(south.gateway.database, lambda part, count: None)) == []


def test_a_third_gateway_knows_the_whole_way(filled, opened, peer):
    south = peer(*opened(filled))
    south.pull()
    far = peer(*opened(south.gateway), name="south")
    assert far.pull().accepted == 4
    assert newest(far.gateway) == newest(filled)
    claim = of(far.gateway, OTHER, lineage, documents=False)["claims"][0]
    assert [hop["via"] for hop in claim["forwarded"]] == ["north", "south"]
    assert len({hop["gateway"] for hop in claim["forwarded"]}) == 2


def test_in_a_ring_nothing_comes_back(filled, opened, peer, tmp_path):
    """The first gateway takes from the second what that has from it: nothing of it counts anew."""
    south = peer(*opened(filled), size=1)
    south.pull()
    before = records(filled)
    url, key = opened(south.gateway)
    file = tmp_path / "pack/adapters/provinces/ring.yaml"
    file.write_text(ADAPTER.format(id="ring", size=1), "utf-8")
    filled.__dict__.pop("packs", None)
    filled.__dict__.pop("adapters", None)
    filled.environment = {"PEER_URL": url, "PEER_KEY": key}
    filled.adapters.stage("ring", "live", who="test", why="a test")
    counts = asyncio.run(filled.pull("ring"))
    assert (counts.pulled, counts.unchanged) == (4, 4)
    assert records(filled) == before


def test_only_the_origins_that_are_named_are_taken(filled, opened, peer):
    text = ADAPTER.replace("{{size: {size}}}", "{{origins: [bb], size: {size}}}")
    south = peer(*opened(filled), size=1, text=text)
    assert south.pull().accepted == 1
    (record,) = records(south.gateway)
    assert [one["adapter"] for one in record["claims"]] == ["bb"]


def test_in_shadow_they_stay_out_of_records_and_live_they_come_in(filled, opened, peer):
    south = peer(*opened(filled))
    south.gateway.adapters.stage("north", "shadow", who="test", why="a test")
    assert south.pull().accepted == 4
    assert records(south.gateway) == []
    south.gateway.adapters.stage("north", "live", who="test", why="a test")
    south.pull()
    assert newest(south.gateway) == newest(filled)


def test_a_key_that_isnt_good_is_denied_and_told_by_the_probe(filled, opened, peer):
    url, _ = opened(filled)
    south = peer(url, "ldn_wrong")
    with pytest.raises(Denied, match="401"):
        south.pull()
    steps = south.probe()
    assert (steps["reach"].outcome, steps["credential"].outcome) == ("ok", "failed")
    assert "PEER_KEY" in steps["credential"].todo[1]


def test_the_probe_of_a_gateway_that_is_well(filled, opened, peer):
    south = peer(*opened(filled))
    steps = south.probe()
    assert {name: step.outcome for name, step in steps.items() if name != "clock"} == {
        "settings": "ok",
        "reach": "ok",
        "credential": "ok",
        "read": "ok",
        "map": "ok",
    }
    assert records(south.gateway) == []


def test_the_adapter_needs_no_mapping_and_takes_no_files(filled, opened, peer, page):
    south = peer(*opened(filled))
    assert south.gateway.adapters.check("north").problems == []
    with pytest.raises(Exception, match="come by pulling"):
        south.gateway.ingest("north", "claims", [page("x.json", row("A-1"))])
