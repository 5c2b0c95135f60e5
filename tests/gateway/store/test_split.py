"""Claims that turn out to be about different manifests: their record is split, and every reader is told by versions."""

from itertools import permutations

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canonical_schema.digest import canonical_bytes
from gateway.domain.claim import Claim
from gateway.domain.consolidate import consolidate
from gateway.domain.identity import group, link_numbers
from gateway.store import changes, claims, deliveries, records
from gateway.store.database import open_database

N1, N2 = "20263205000001", "20263205000002"


def feed(database):
    with database.read() as conn:
        return [orjson.loads(one) for _, one in changes.page(conn, after=0, limit=1000)[0]]


def live(database):
    """record_id → newest envelope of those that weren't merged away."""
    newest = {one["record_id"]: one for one in feed(database)}
    return {key: one for key, one in newest.items() if one["change"] != "merged"}


def systems(record):
    return sorted(claim["source_key"] for claim in record["claims"])


def on(database, record_id):
    with database.read() as conn:
        return {one.source_key for one in claims.of_record(conn, record_id)}


def shares(database):
    """Which claims are on one record, also those that say nothing new there."""
    return sorted(sorted(on(database, record_id)) for record_id in live(database))


@pytest.fixture
def said(pages, commit):
    """said(adapter, key, newer, quantity, no=, local=) commits one claim."""

    def say(adapter, key, newer, quantity="1", **known_by):
        commit(pages.draft(key, pages.content(quantity, **known_by), adapter=adapter, newer=newer), adapter=adapter)

    return say


def test_a_record_that_was_merged_away_is_one_again_when_the_link_was_wrong(ready, said, faults):
    said("gd", "g7", "1", "7", local="gd:7")
    ((old, _),) = live(ready).items()
    said("js", "j", "1", no=N1)
    said("tj", "t", "1", no=N1, local="gd:7")
    ((both, _),) = live(ready).items()
    said("tj", "t", "2", no=N1, local="gd:8")
    found = live(ready)
    assert {key: (one["change"], systems(one)) for key, one in found.items()} == {
        both: ("split", ["j", "t"]),
        old: ("split", ["g7"]),
    }
    assert [one["change"] for one in feed(ready) if one["record_id"] == old] == ["created", "merged", "split"]
    assert [one["version"] for one in feed(ready) if one["record_id"] == old] == [1, 2, 3]
    assert found[old]["content"]["local_numbers"] == [{"system": "gd", "number": "7"}]
    assert (on(ready, old), on(ready, both)) == ({"g7"}, {"j", "t"})
    with ready.read() as conn:
        assert (records.find(conn, "gd:7"), records.find(conn, "gd:8"), records.find(conn, N1)) == (
            [old],
            [both],
            [both],
        )
        assert records.live_counts(conn) == {"manifest": 2}
        assert deliveries.counts(conn)["pending"] == len(feed(ready))
    assert faults(ready) == []


def test_merging_and_splitting_may_go_on(ready, said):
    said("gd", "g7", "1", local="gd:7")
    said("gd", "g8", "1", local="gd:8")
    for turn in range(6):
        said("tj", "t", str(turn + 1), no=N1, local=f"gd:{7 + turn % 2}")
        found = live(ready)
        assert sorted(systems(one) for one in found.values()) == sorted(
            [["g7", "t"], ["g8"]] if turn % 2 == 0 else [["g7"], ["g8", "t"]]
        )
    assert len({one["record_id"] for one in feed(ready)}) == 3


def test_whoever_leaves_goes_where_his_other_links_lead(ready, said):
    said("gd", "g7", "1", local="gd:7")
    said("js", "j", "1", no=N1, local="gd:7")
    said("tj", "t", "1", no=N2, local="gd:7")  # two claim it: the smaller number has it
    assert shares(ready) == [["g7", "j"], ["t"]]
    said("js", "j", "2", no=N1, local="gd:9")
    assert shares(ready) == [["g7", "t"], ["j"]]


def test_who_merely_tells_a_number_no_more_stays(ready, said):
    said("gd", "g7", "1", local="gd:7")
    said("tj", "t", "1", no=N1, local="gd:7")
    said("tj", "t", "2", no=N1)
    (record,) = live(ready).values()
    assert systems(record) == ["g7", "t"]


def test_the_numbers_of_the_side_that_left_are_gone_from_the_content(ready, said):
    said("gd", "g7", "1", "7", local="gd:7")
    said("tj", "t", "1", "1", no=N1, local="gd:7")
    (record,) = live(ready).values()
    assert any(one["id"] == "X001" for one in record["quality"]["findings"])
    said("tj", "t", "2", "1", no=N1, local="gd:8")
    parted = {systems(one)[0]: one for one in live(ready).values()}
    assert parted["t"]["content"]["local_numbers"] == [{"system": "gd", "number": "8"}]
    assert all(one["id"] != "X001" for side in parted.values() for one in side["quality"]["findings"])


WORDS = [
    ("gd", "g7", "1", "7", {"local": "gd:7"}),
    ("gd", "g8", "1", "8", {"local": "gd:8"}),
    ("js", "j", "1", "1", {"no": N1}),
    ("tj", "t", "1", "1", {"no": N1, "local": "gd:7"}),
    ("tj", "t", "2", "1", {"no": N1, "local": "gd:8"}),
]


def test_the_order_of_arrival_makes_no_difference(new_url, pages, commit_on):
    outcomes = set()
    for order in list(permutations(WORDS))[::7]:
        database = open_database(new_url())
        pages.prepare(database)
        commit = commit_on(database)
        for adapter, key, newer, quantity, known_by in order:
            commit(pages.draft(key, pages.content(quantity, **known_by), adapter=adapter, newer=newer), adapter=adapter)
        outcomes.add(tuple(sorted(canonical_bytes([one["content"], systems(one)]) for one in live(database).values())))
        database.dispose()
    ((one, other),) = outcomes
    assert b'"g7"' in one + other


KEYS = [("js", 0), ("js", 1), ("tj", 0), ("tj", 1), ("gd", 0), ("gd", 1), ("gd", 2)]
MOVES = st.lists(st.tuples(st.sampled_from(KEYS), st.integers(1, 3), st.integers(0, 2)), min_size=1, max_size=12)


def word(pages, adapter, place, time, link):
    """Two systems tell which of a third's numbers their manifests have, and change their minds."""
    if adapter == "gd":
        return pages.content(str(time), local=f"gd:{place}")
    return pages.content(str(time), no=(N1, N2)[place], local=f"gd:{link}")


@pytest.mark.slow
@given(moves=MOVES)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_records_are_what_the_newest_words_link(new_url, pages, commit_on, moves):
    database = open_database(new_url())
    pages.prepare(database)
    commit, newest = commit_on(database), {}
    told = {}
    for (adapter, place), time, link in moves:
        content = told.setdefault((adapter, place, time), word(pages, adapter, place, time, link))
        key = f"{adapter}{place}"
        commit(pages.draft(key, content, adapter=adapter, newer=str(time)), adapter=adapter)
        if time >= newest.get(key, (0,))[0]:
            newest[key] = (time, adapter, content)
    keys = sorted(newest)
    linked = group([link_numbers("manifest", newest[key][2]) for key in keys])
    expected = [
        consolidate(
            "manifest", [as_claim(pages, key, *newest[key]) for key in (keys[one] for one in positions)]
        ).content
        for positions in linked
    ]
    found = [one["content"] for one in live(database).values()]
    assert sorted(map(canonical_bytes, found)) == sorted(map(canonical_bytes, expected))
    database.dispose()


def as_claim(pages, key, time, adapter, content):
    return Claim(
        kind="manifest",
        adapter=adapter,
        division=pages.DIVISIONS[adapter],
        dataset="manifests",
        source_key=key,
        content=content,
        newer=str(time),
        arrival=(time, 0),
        observed_at="",
        payload_hash="",
        mapping_hash="",
    )
