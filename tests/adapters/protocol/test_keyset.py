"""A list that changes while it is read: whatever happens between two requests, no row's newest state is missed."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.errors import Malformed
from adapters.protocol.keyset import keyset_plan
from adapters.protocol.paging import Page
from adapters.spec import CursorSpec, PagingSpec

NOW = datetime(2026, 6, 1, tzinfo=UTC)
CURSOR = CursorSpec(row="/t", format="yyyy-MM-dd HH:mm:ss", start="2020-01-01 00:00:00", overlap="0s")


def at(second: int) -> str:
    return f"2026-01-01 {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


class Source:
    """Rows ordered by (time, name); `change` gives a row a later time, as a correction does."""

    def __init__(self, times: list[int], cap: int) -> None:
        self.rows = {f"r{number:03}": time for number, time in enumerate(times)}
        self.clock = max(times, default=0)
        self.cap = cap

    def change(self, which: int, *, same_second: bool) -> None:
        self.clock += 0 if same_second else 1
        self.rows[f"r{which:03}"] = self.clock

    def answer(self, page: int, size: int, since: str, *, total: bool) -> Page:
        size = min(size, self.cap)
        listed = sorted((time, name) for name, time in self.rows.items() if at(time) >= since)
        rows = tuple({"n": name, "t": at(time)} for time, name in listed[(page - 1) * size : page * size])
        return Page(rows, tuple(row["t"] for row in rows), (), len(listed) if total else None)


def run(source, size, *, stored=None, total=True, changes=(), broken=()):
    """(rows kept, cursor last kept, count of requests) of one run."""
    plan = keyset_plan(PagingSpec(kind="keyset", rows="/l", size=size), CURSOR, stored, NOW)
    turn, kept, cursor, requests, coming = next(plan), {}, stored, 0, list(changes)
    while turn.ask is not None:
        page = source.answer(turn.ask.page, turn.ask.size, turn.ask.since, total=total)
        if requests in broken:
            page = Page(broken=Malformed("cut off"))
        requests += 1
        assert requests < 500
        turn = plan.send(page)
        if turn.keep:
            kept.update({row["n"]: row["t"] for row in page.rows})
            cursor = turn.cursor or cursor
        if coming and source.rows:
            which, same = coming.pop()
            source.change(which % len(source.rows), same_second=same)
    return kept, cursor, requests


@settings(max_examples=300)
@given(
    st.lists(st.integers(0, 6), max_size=30),
    st.integers(1, 6),
    st.integers(1, 8),
    st.lists(st.tuples(st.integers(0, 99), st.booleans()), max_size=25),
    st.booleans(),
)
def test_nothing_is_missed_while_rows_move(times, size, cap, changes, total):
    source = Source(times, cap)
    kept, cursor, _ = run(source, size, total=total, changes=changes)
    # what changed after the last look comes with the next run; no overlap helps here
    later, _, _ = run(source, size, stored=cursor, total=total)
    assert {**kept, **later} == {name: at(time) for name, time in source.rows.items()}


@settings(max_examples=100)
@given(st.lists(st.integers(0, 5000), min_size=1, max_size=40), st.integers(1, 6), st.integers(0, 12))
def test_a_run_that_stops_anywhere_goes_on_from_its_cursor(times, size, stop):
    source, cursor, kept = Source(times, 99), None, {}
    for limit in (stop, 500):
        plan = keyset_plan(PagingSpec(kind="keyset", rows="/l", size=size), CURSOR, cursor, NOW)
        turn = next(plan)
        for _ in range(limit):
            if turn.ask is None:
                break
            page = source.answer(turn.ask.page, turn.ask.size, turn.ask.since, total=True)
            turn = plan.send(page)
            if turn.keep:
                kept.update({row["n"]: row["t"] for row in page.rows})
                cursor = turn.cursor or cursor
    assert kept == {name: at(time) for name, time in source.rows.items()}


def test_a_quiet_source_takes_few_requests():
    source = Source(list(range(95)), 500)
    kept, cursor, requests = run(source, 10)
    assert len(kept) == 95
    # each page begins with the last row of the one before
    assert requests == 11
    assert json.loads(cursor or "") == {"from": at(94)}


def test_a_page_that_cannot_be_read_holds_the_cursor_back_and_nothing_else():
    source = Source(list(range(40)), 500)
    kept, cursor, _ = run(source, 10, broken={1})
    assert json.loads(cursor or "") == {"from": at(9)}
    again, cursor, _ = run(source, 10, stored=cursor)
    assert {**kept, **again} == {name: at(time) for name, time in source.rows.items()}
    assert json.loads(cursor or "") == {"from": at(39)}


def test_two_unreadable_pages_in_a_row_end_the_run():
    with pytest.raises(Malformed, match="cut off"):
        run(Source(list(range(40)), 500), 10, broken={1, 2})


def test_a_source_that_ignores_the_parameter_is_told_so():
    plan = keyset_plan(PagingSpec(kind="keyset", rows="/l", size=2), CURSOR, None, NOW)
    next(plan)
    first = Page(({"t": at(1)}, {"t": at(2)}), (at(1), at(2)), (), 4)
    assert plan.send(first).keep
    with pytest.raises(Malformed, match="'from' isn't kept to"):
        plan.send(first)


def test_rows_out_of_order_are_told_so():
    plan = keyset_plan(PagingSpec(kind="keyset", rows="/l", size=2), CURSOR, None, NOW)
    next(plan)
    with pytest.raises(Malformed, match="ascending"):
        plan.send(Page(({}, {}), (at(2), at(1)), (), 2))


def test_a_row_of_the_future_does_not_carry_the_cursor_away():
    plan = keyset_plan(PagingSpec(kind="keyset", rows="/l", size=5), CURSOR, None, NOW)
    next(plan)
    turn = plan.send(Page(({}, {}), (at(2), "2099-01-01 00:00:00"), (), 2))
    assert turn.keep
    assert json.loads(turn.cursor or "") == {"from": "2026-06-01 08:00:00"}


def test_an_empty_source_gives_nothing():
    assert run(Source([], 9), 10) == ({}, None, 1)


def test_a_foreign_cursor_is_refused():
    with pytest.raises(Malformed, match="cursor"):
        next(keyset_plan(PagingSpec(kind="keyset", rows="/l"), CURSOR, "2026-01-01", NOW))


def test_the_next_run_begins_before_the_cursor_by_the_overlap():
    cursor = CURSOR.model_copy(update={"overlap": 600})
    turn = next(keyset_plan(PagingSpec(kind="keyset", rows="/l"), cursor, '{"from": "2026-03-05 00:05:00"}', NOW))
    assert turn.ask
    assert turn.ask.since == "2026-03-04 23:55:00"


@pytest.mark.parametrize("total", [None, 4])
def test_a_full_page_that_comes_again_ends_the_run_in_words(total):
    plan = keyset_plan(PagingSpec(kind="keyset", rows="/l", size=2), CURSOR, None, NOW)
    next(plan)
    same = Page(({"n": 1}, {"n": 2}), ("", ""), (), total)
    assert plan.send(same).ask.page == 2
    with pytest.raises(Malformed, match="page 2 is page 1 again"):
        plan.send(same)


def test_a_short_page_that_comes_again_without_a_total_is_the_end():
    plan = keyset_plan(PagingSpec(kind="keyset", rows="/l", size=9), CURSOR, f'{{"from": "{at(5)}"}}', NOW)
    next(plan)
    same = Page(({"n": 1},), (at(5),), ())
    asked = [plan.send(same).ask, plan.send(same).ask, plan.send(same).ask]
    assert [ask.page if ask else None for ask in asked] == [2, 1, None]


@pytest.mark.parametrize("kept", ['"2026-03-05T00:05:00Z"', '"2026-02-30 00:00:00"', "20260305", "null"])
def test_a_cursor_that_is_no_moment_of_the_format_begins_anew(kept):
    turn = next(keyset_plan(PagingSpec(kind="keyset", rows="/l"), CURSOR, f'{{"from": {kept}}}', NOW))
    assert turn.ask.since == CURSOR.start
