"""Readers are told what they can no longer have, and how to begin anew."""

import orjson
import pytest
from sqlalchemy import select

from gateway.errors import Retired
from gateway.read import feed, manifests, told_claims, versions
from gateway.store import tables as t


def test_a_reader_behind_is_told_and_one_who_starts_anew_gets_all_that_lives(history, retired, asked):
    whole = feed.Wanted()
    retired(7)
    seq = asked.horizon(history).seq
    with history.read() as conn:
        for after in (0, seq - 1):
            with pytest.raises(Retired, match="newest=true"):
                feed.page(conn, whole, after=after, limit=10)
            with pytest.raises(Retired):
                feed.digest(conn, whole, after=after, upto=None)
        assert len(orjson.loads(feed.page(conn, whole, after=seq, limit=100).body)["changes"]) > 0
        assert orjson.loads(feed.digest(conn, whole, after=seq, upto=None))["count"] > 0
        newest = orjson.loads(feed.page(conn, feed.Wanted(newest=True), after=0, limit=100).body)
    with pytest.raises(Retired):
        list(feed.stream(history, whole, after=0, limit=None))
    assert {one["record"]["record_id"] for one in newest["changes"]} == set(asked.told_of(history))


def test_another_gateway_begins_anew_or_goes_on(history, retired, asked):
    def read(after=None, limit=1):
        found = []
        while True:
            with history.read() as conn:
                page = orjson.loads(told_claims.page(conn, after=told_claims.position(after), limit=limit))
            found += [(one["adapter"], one["source_key"], one["version"]) for one in page["claims"]]
            after = page["next"]
            if not page["more"]:
                return found, after

    before, end = read()
    retired(7)
    upto = asked.horizon(history).commit
    for after in ("1", f"{upto - 1}", f"{upto}-1"):
        with pytest.raises(Retired):
            read(after)
    assert set(read(str(upto))[0]) <= set(before)
    anew, reached = read()
    with history.read() as conn:
        c, v, d = t.claims.c, t.claim_versions.c, t.datasets.c
        stored = select(d.adapter, c.source_key, v.version).select_from(t.claim_versions)
        stored = stored.join(t.claims, c.id == v.claim).join(t.datasets, d.id == c.dataset)
        assert set(anew) == set(map(tuple, conn.execute(stored)))
    assert not reached.startswith("~")
    assert read(end)[0] == []


def test_what_was_known_then_is_not_told_as_nothing(history, retired, pages, asked):
    with history.read() as conn:
        record_id = manifests.resolve(conn, asked.NUMBERS[2])
        assert orjson.loads(versions.as_of(conn, record_id, "2026-03-06"))["known"]["version"] == 1
    retired(6)
    with history.read() as conn:
        with pytest.raises(Retired, match="the version"):
            versions.as_of(conn, record_id, "2026-03-06")
        assert orjson.loads(versions.as_of(conn, record_id, "2026-03-13"))["known"]["version"] == 4
