import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.errors import Malformed
from adapters.protocol.paging import Page
from adapters.protocol.window import window_plan
from adapters.spec import CursorSpec, PagingSpec

NOW = datetime(2026, 1, 31, tzinfo=UTC)
FIRST = date(2026, 1, 1)
CURSOR = CursorSpec(row="/d", format="yyyy-MM-dd", start="2026-01-01", window="7d", overlap="2d")


def day(offset: int) -> str:
    return (FIRST + timedelta(days=offset)).isoformat()


class Source:
    """Rows by number; a correction moves a row to a later day, so it may leave the window that is being read."""

    def __init__(self, days: list[int]) -> None:
        self.rows = {f"r{number:03}": offset for number, offset in enumerate(days)}

    def answer(self, page, size, since, until, *, by_day):
        listed = [(name, day(offset)) for name, offset in self.rows.items() if since <= day(offset) <= until]
        listed.sort(key=lambda row: (row[1], row[0]) if by_day else row[0])
        rows = tuple({"n": name, "d": told} for name, told in listed[(page - 1) * size : page * size])
        return Page(rows, tuple(row["d"] for row in rows), tuple(row["n"] for row in rows), len(listed))


def run(source, size, *, stored=None, changes=(), by_day=False, broken=()):
    plan = window_plan(PagingSpec(kind="window", rows="/l", size=size), CURSOR, stored, NOW)
    turn, kept, cursor, requests, coming = next(plan), {}, stored, 0, list(changes)
    while turn.ask is not None:
        page = source.answer(turn.ask.page, size, turn.ask.since, turn.ask.until, by_day=by_day)
        if requests in broken:
            page = Page(broken=Malformed("cut off"))
        requests += 1
        turn = plan.send(page)
        if turn.keep:
            kept.update({row["n"]: row["d"] for row in page.rows})
            cursor = turn.cursor or cursor
        if coming and source.rows:
            which, later = coming.pop()
            name = f"r{which % len(source.rows):03}"
            source.rows[name] = min(30, source.rows[name] + later)
    return kept, cursor, requests


@settings(max_examples=200)
@given(
    st.lists(st.integers(0, 30), max_size=30),
    st.integers(1, 6),
    st.lists(st.tuples(st.integers(0, 99), st.integers(1, 30)), max_size=10),
)
def test_rows_that_leave_a_window_are_met_where_they_went(days, size, changes):
    source = Source(days)
    kept, cursor, _ = run(source, size, changes=changes, by_day=True)
    later, _, _ = run(source, size, stored=cursor, by_day=True)
    assert kept.keys() | later.keys() == source.rows.keys()


@settings(max_examples=100)
@given(st.lists(st.integers(0, 30), max_size=40), st.integers(1, 6))
def test_a_quiet_source_is_read_whole(days, size):
    source = Source(days)
    kept, cursor, _ = run(source, size)
    assert kept == {name: day(offset) for name, offset in source.rows.items()}
    assert (json.loads(cursor)["from"] if cursor else None) == (day(max(days)) if days else None)


def test_the_next_run_begins_before_the_newest_row_by_the_overlap():
    plan = window_plan(PagingSpec(kind="window", rows="/l", size=5), CURSOR, '{"from": "2026-01-20"}', NOW)
    turn = next(plan)
    assert turn.ask
    assert (turn.ask.since, turn.ask.until) == ("2026-01-18", "2026-01-25")


@pytest.mark.parametrize("kept", ["2026-02-30", "2026/01/20"])
def test_a_cursor_that_is_no_moment_of_the_format_begins_anew(kept):
    turn = next(window_plan(PagingSpec(kind="window", rows="/l"), CURSOR, json.dumps({"from": kept}), NOW))
    assert turn.ask.since == CURSOR.start


def test_the_last_window_of_all_time_ends():
    cursor = CURSOR.model_copy(update={"start": "9999-12-31"})
    plan = window_plan(PagingSpec(kind="window", rows="/l"), cursor, None, datetime(9999, 12, 31, tzinfo=UTC))
    assert next(plan).ask.until == "9999-12-31"
    assert plan.send(Page(total=0)).ask is None


def test_a_page_that_cannot_be_read_holds_the_cursor_back():
    source = Source([0, 1, 2, 20])
    kept, cursor, _ = run(source, 9, broken={0})
    assert kept == {"r003": day(20)}
    assert cursor is None


def test_two_unreadable_pages_in_a_row_end_the_run():
    with pytest.raises(Malformed, match="cut off"):
        run(Source([0]), 9, broken={0, 1})


def test_a_list_that_never_rests_ends_all_the_same():
    source = Source([0] * 20)
    changes = [(number, 1) for number in range(200)]
    _, _, requests = run(source, 3, changes=changes)
    assert requests < 200


def test_a_window_that_never_rested_is_read_again_by_the_next_run():
    """What may have been missed in it lies before the newest row: the cursor must not pass it."""
    plan = window_plan(PagingSpec(kind="window", rows="/l", size=1), CURSOR, '{"from": "2026-01-30"}', NOW)
    turn, count = next(plan), 2
    while turn.ask is not None:
        count += turn.ask.page == 1
        rows = ({"n": turn.ask.page},)
        turn = plan.send(Page(rows, ("2026-01-30",), (str(turn.ask.page),), count))
        assert turn.cursor is None
    assert count > 5


@pytest.mark.parametrize("total", [None, 2])
def test_rows_without_a_total_are_told_since_pages_would_be_missed(total):
    plan = window_plan(PagingSpec(kind="window", rows="/l", size=2), CURSOR, None, NOW)
    next(plan)
    page = Page(({"n": 1}, {"n": 2}), ("2026-01-02",) * 2, ("1", "2"), total)
    if total is not None:
        assert plan.send(page).keep
        return
    with pytest.raises(Malformed, match="further pages would be missed"):
        plan.send(page)
