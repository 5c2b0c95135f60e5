"""What is ten years old goes, nothing else, and what lives answers as before."""

from dataclasses import replace
from datetime import date, timedelta

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from gateway import retirement
from gateway.domain.owed import Target
from gateway.domain.retention import Kept
from gateway.errors import UsedWrongly
from gateway.intake.commit import commit_page
from gateway.retirement import Order
from gateway.store import changes, commits, search_index
from gateway.store import tables as t
from gateway.store.database import open_database
from gateway.store.dialect import lock_feed


@pytest.mark.parametrize("day", range(12))
def test_after_any_prefix_what_lives_answers_as_before(history, retired, faults, day, asked):
    before, stood = asked.told_of(history), asked.places(history)
    tried = retired(day, dry=True)
    assert asked.told_of(history) == before
    tally = retired(day)
    assert {name: tally.gone[name] for name in tried.gone} == dict(tried.gone)
    assert (tally.kept, tally.horizon) == (tried.kept, tried.horizon)
    assert faults(history) == []
    after, seq = asked.told_of(history), asked.horizon(history).seq
    for record_id, (*same, listed) in after.items():
        *was, all_versions = before[record_id]
        assert same == was
        assert listed == {number: all_versions[number] for number in listed}
        left = asked.places(history)[record_id]
        assert set(left) >= {one for one in stood[record_id] if one > seq}
        assert left[-1] == stood[record_id][-1]
        assert left == stood[record_id] or left == [one for one in left if one > seq] or len(left) == 1
    for record_id in before.keys() - after.keys():
        assert stood[record_id][-1] <= seq
    # What is retired once isn't met again.
    again = retired(day)
    assert +again.gone == {}
    assert faults(history) == []


def test_all_can_go_and_the_places_in_the_feed_go_on(history, retired, faults, pages, store, asked):
    with history.read() as conn:
        last = changes.last(conn)
    retired(asked.DAYS)
    left = {name: count for name, count in asked.counts(history).items() if count}
    with history.read() as conn:
        # One side's word against the other's is open, and so is a refused unit: they stay with what they are about.
        kept = set(conn.scalars(select(t.discrepancies.c.record).where(t.discrepancies.c.open)))
        assert set(conn.scalars(select(t.records.c.id))) == kept
    assert left["records"] == len(kept) == 1
    assert left["leaves"] + 1 == left["commits"]
    store(asked.DAYS + 3700, pages.draft("z", pages.content("1", no=asked.NUMBERS[8])))
    with history.read() as conn:
        assert changes.last(conn) == last + 1
    assert faults(history) == []


def test_nothing_with_an_open_end_goes(ready, pages, store, retired, faults, asked):
    d, c, n = pages.draft, pages.content, asked.NUMBERS
    store(0, d("owed", c("1", no=n[0])), deliver=False)
    with ready.write() as conn:
        conn.execute(update(t.deliveries).where(t.deliveries.c.target == "other").values(state="delivered"))
    store(1, d("a", c("1", no=n[1])), deliver=False)
    with ready.write() as conn:
        first = select(t.deliveries.c.record).where(t.deliveries.c.id == 1).scalar_subquery()
        conn.execute(update(t.deliveries).where(t.deliveries.c.record != first).values(state="delivered"))
    store(2, d("a2", c("2", no=n[1]), adapter="tj"), adapter="tj", deliver=False)
    store(2, d("k", c("1", no=n[2])), deliver=False, body=b"k")
    refused = replace(pages.damaged("k2"), source_key="k")
    store(3, refused, d("dead", c("1", no=n[3])), deliver=False)
    with ready.write() as conn:
        older = t.deliveries.c.record > 1
        conn.execute(update(t.deliveries).where(older).values(state="delivered"))
        last = select(func.max(t.deliveries.c.id)).scalar_subquery()
        conn.execute(update(t.deliveries).where(t.deliveries.c.id == last).values(state="dead"))
    store(4, d("gone", c("1", no=n[4])), deliver=False)
    with ready.write() as conn:
        last = select(func.max(t.deliveries.c.record)).scalar_subquery()
        conn.execute(update(t.deliveries).where(t.deliveries.c.record == last).values(state="dropped"))
    before = asked.told_of(ready)
    tally = retired(asked.DAYS)
    assert tally.kept == {Kept.DELIVERY: 2, Kept.DISCREPANCY: 1, Kept.QUARANTINE: 1}
    assert tally.gone["records"] == 1
    after = asked.told_of(ready)
    assert after == {record_id: before[record_id] for record_id in after}
    assert len(after) == 4
    assert faults(ready) == []


def test_records_that_were_merged_stay_while_one_of_them_lives(ready, pages, store, retired, faults, asked):
    d, c = pages.draft, pages.content
    store(0, d("g", c("1", local="gd:7"), adapter="gd"), adapter="gd")
    store(1, d("c", c("1", no=asked.NUMBERS[0])))
    store(2, d("g", c("1", no=asked.NUMBERS[0], local="gd:7"), adapter="gd"), adapter="gd")
    store(8, d("c", c("1", no=asked.NUMBERS[0], consignor={"name": "乙"})))
    before = asked.told_of(ready)
    retired(5)
    assert {one: told[:-1] for one, told in asked.told_of(ready).items()} == {
        one: told[:-1] for one, told in before.items()
    }
    assert sorted(orjson.loads(one[0])["change"] for one in before.values()) == ["merged", "updated"]
    assert [len(one[-1]) for one in asked.told_of(ready).values()] == [1, 1]
    store(9, d("g", c("1", no=asked.NUMBERS[1], local="gd:7"), adapter="gd"), adapter="gd")
    assert faults(ready) == []


def test_a_replayed_exchange_is_as_young_as_its_last_commit(ready, pages, store, retired, faults, history, asked):
    with history.write() as conn:
        # As a replay leaves it: one more commit of the first exchange, on the last day.
        first = conn.execute(select(t.commits).where(t.commits.c.id == 1)).one()
        lock_feed(conn)
        item = b"payload\n" + conn.scalar(select(t.payloads.c.hash).where(t.payloads.c.id == 1)).hex().encode()
        last = changes.last(conn)
        commits.append(
            conn, [item], exchange=first.exchange, claims=0, units=0, seqs=range(last + 1, last + 1),
            at=pages.clock(asked.DAYS * 24 * 60)(),
        )  # fmt: skip
    before = asked.told_of(history)
    retired(6)
    assert faults(history) == []
    with history.read() as conn:
        rows = select(func.count()).select_from(t.claim_versions).where(t.claim_versions.c.exchange == first.exchange)
        assert conn.scalar(rows) == first.claims
    retired(asked.DAYS)
    assert faults(history) == []
    for record_id, told in asked.told_of(history).items():
        assert told[:-1] == before[record_id][:-1]


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_nothing_younger_than_ten_years_goes(history, pages, days, asked):
    now = pages.clock(0)
    young = pages.START.date().replace(year=pages.START.year - 10) + timedelta(days=1 + max(days, 0))
    before = asked.counts(history)
    for years in (10, 11):
        order = Order(young, "test", "too early", years)
        with pytest.raises(UsedWrongly, match="kept for"):
            retirement.retire(history, order, now, lambda _: None)
    with pytest.raises(ValueError, match="10 years"):
        retirement.retire(history, Order(date(1999, 1, 1), "test", "", 9), now, lambda _: None)
    assert asked.counts(history) == before


OBSERVED = st.tuples(st.sampled_from(["js", "tj", "gd"]), st.integers(0, 2), st.integers(0, 3))


def said(asked, pages, adapter, journey, day, shape):
    """A system's word on a journey: gd learns the link late, numbers are corrected, words come back."""
    number = asked.NUMBERS[journey if shape < 3 else 5 + journey]
    local = f"gd:{journey}" if adapter == "gd" else None
    unlinked = adapter == "gd" and shape == 0
    content = pages.content(str(shape % 2 + 1), no=None if unlinked else number, local=local)
    return pages.draft(f"{adapter}{journey}", content, adapter=adapter, newer=str(100 + day))


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.lists(OBSERVED, min_size=1, max_size=3), min_size=2, max_size=10),
    st.integers(0, 10),
    st.lists(st.lists(OBSERVED, min_size=1, max_size=3), max_size=3),
)
def test_of_any_history_any_prefix_can_go(asked, new_url, pages, faults, past, day, future):
    database = open_database(new_url())
    pages.prepare(database)

    def live(observations, first):
        for at, observed in enumerate(observations, first):
            adapter, body = observed[0][0], f"{at}".encode()
            drafts = [
                said(asked, pages, adapter, journey, at, shape)
                for other, journey, shape in observed
                if other == adapter
            ]
            page = pages.page(*drafts, adapter=adapter, minutes=at * 24 * 60, body=body)
            commit_page(database, page, pages.clock(at * 24 * 60), targets=(Target("national"),))
        with database.write() as conn:
            conn.execute(update(t.deliveries).values(state="delivered"))
            conn.execute(update(t.discrepancies).values(open=False))
        search_index.catch_up(database)

    live(past, 0)
    before, stood = asked.told_of(database), asked.places(database)
    order = Order(asked.day_of(pages, day), "test", "any", 10)
    retirement.retire(database, order, pages.clock(60 * 24 * 4000), lambda _: None)
    assert faults(database) == []
    seq, after = asked.horizon(database).seq, asked.told_of(database)
    for record_id, told in after.items():
        assert told[:-1] == before[record_id][:-1]
        assert told[-1] == {number: before[record_id][-1][number] for number in told[-1]}
    assert {one for one, all_places in stood.items() if all_places[-1] > seq} <= after.keys()
    live(future, 4000)
    assert faults(database) == []
    asked.told_of(database)
    database.dispose()
