"""Pages counted by number or offset while rows come, go and move: whatever was there before is met."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.errors import Malformed
from adapters.protocol.paging import Page, digest
from adapters.protocol.plans import plan_of
from adapters.spec import PagingSpec

NOW = datetime(2026, 6, 1, tzinfo=UTC)


class Source:
    """A list of names; changes are (what, where), one after each answer."""

    def __init__(self, count: int, cap: int, changes, *, total: bool, beyond: str = "empty") -> None:
        self.rows = [f"r{number}" for number in range(count)]
        self.there = set(self.rows)
        self.cap, self.changes, self.total, self.beyond = cap, list(changes), total, beyond
        self.new = 0

    def answer(self, ask) -> Page:
        size = min(ask.size, self.cap)
        start = (ask.page - 1) * size
        if self.beyond == "last":
            start = min(start, max(0, (len(self.rows) - 1) // size * size))
        if self.beyond == "by offset":
            start = ask.offset
        rows = self.rows[start : start + size]
        page = Page(tuple({"n": name} for name in rows), ("",) * len(rows), tuple(rows), total=self._told())
        if self.changes:
            self._change(*self.changes.pop(0))
        return page

    def _told(self):
        return len(self.rows) if self.total else None

    def _change(self, what: str, where: int) -> None:
        if what == "insert first":
            self.new += 1
            self.rows.insert(0, f"new{self.new}")
        elif self.rows:
            name = self.rows.pop(where % len(self.rows))
            # a row that is changed meanwhile is the next run's business: its value lies behind this one's start
            self.there.discard(name)
            if what == "to end":
                self.rows.append(name)
            elif what == "to front":
                self.rows.insert(0, name)


def run(source: Source, size: int):
    """(names met, notes, requests)."""
    plan = plan_of(PagingSpec(kind="pages", rows="/l", size=size), None, None, NOW)
    turn, met, notes, requests = next(plan), set(), [], 0
    while turn.ask is not None:
        page = source.answer(turn.ask)
        requests += 1
        assert requests < 1000
        turn = plan.send(page)
        notes += turn.notes
        if turn.keep:
            met |= {row["n"] for row in page.rows}
    return met, notes, requests


def changes(*kinds):
    return st.lists(st.tuples(st.sampled_from(kinds), st.integers(0, 60)), max_size=60)


SHAPE = (
    st.integers(0, 40),
    st.integers(2, 7),
    st.integers(2, 7),
    st.booleans(),
    st.sampled_from(["empty", "last", "by offset"]),
)


def _sensible(beyond, size, cap, total):
    """Nobody can tell one full page, given again beyond the end and without a total, from a system that doesn't count."""
    return "empty" if beyond == "last" and (cap < size or not total) else beyond


@settings(max_examples=1000)
@given(*SHAPE, changes("remove", "to end"))
def test_rows_that_are_drawn_forward_are_not_missed(count, size, cap, total, beyond, moves):
    source = Source(count, cap, moves, total=total, beyond=_sensible(beyond, size, cap, total))
    met, _, _ = run(source, size)
    assert source.there <= met


@settings(max_examples=1000)
@given(*SHAPE, changes("insert first", "to front"))
def test_rows_that_are_pushed_back_are_not_missed(count, size, cap, total, beyond, moves):
    source = Source(count, cap, moves, total=total, beyond=_sensible(beyond, size, cap, total))
    met, _, _ = run(source, size)
    assert source.there <= met


@settings(max_examples=1000)
@given(*SHAPE[:3], st.data())
def test_whatever_happens_on_the_first_way_nothing_is_missed(count, size, cap, data):
    source = Source(count, cap, (), total=True)
    first_way = -(-count // min(size, cap))
    kinds = ("insert first", "to front", "remove", "to end")
    source.changes = data.draw(
        st.lists(st.tuples(st.sampled_from(kinds), st.integers(0, 60)), max_size=max(0, first_way - 1))
    )
    met, _, _ = run(source, size)
    assert source.there <= met


def test_a_list_at_rest_is_read_there_and_back_and_nothing_is_said():
    met, notes, requests = run(Source(7, 9, (), total=True), 3)
    assert (len(met), notes, requests) == (7, [], 6)


def test_one_page_is_one_request_where_the_total_says_so():
    assert run(Source(2, 9, (), total=True), 3) == ({"r0", "r1"}, [], 1)


def test_a_row_that_shifted_is_met_and_the_shift_told():
    source = Source(9, 9, [("remove", 0)], total=True)
    met, notes, _ = run(source, 3)
    assert "r3" in met
    assert any("the total went from 9 to 8" in note for note in notes)
    assert any("1 were met only when these were read again" in note for note in notes)


def test_a_list_that_never_rests_is_left_to_the_next_run():
    moves = [(what, 3) for _ in range(100) for what in ("insert first", "remove")]
    met, notes, requests = run(Source(12, 9, moves, total=True), 3)
    assert requests < 80
    assert any("didn't come to rest in 8 readings" in note for note in notes)
    assert met


@pytest.mark.parametrize(("total", "size", "count"), [(None, 3, 3), (9, 3, 3), (9, 5, 3)])
def test_a_system_that_gives_page_1_for_ever_is_told(total, size, count):
    plan = plan_of(PagingSpec(kind="pages", rows="/l", size=size), None, None, NOW)
    names = tuple(f"r{number}" for number in range(count))
    page = Page(tuple({"n": name} for name in names), ("",) * count, names, total=total)
    next(plan)
    plan.send(page)
    plan.send(page)
    with pytest.raises(Malformed, match="3 pages in a row are the same"):
        plan.send(page)


def test_a_short_page_that_comes_again_without_a_total_was_the_whole_list():
    plan = plan_of(PagingSpec(kind="pages", size=5), None, None, NOW)
    page = Page(({"n": 1},), ("",), (digest({"n": 1}),))
    turn, asked = next(plan), []
    while turn.ask is not None:
        asked.append(turn.ask.page)
        turn = plan.send(page)
    assert asked == [1, 2, 3, 1]


def test_a_last_page_that_comes_again_beyond_the_end_is_the_end():
    met, notes, _ = run(Source(6, 9, (), total=False, beyond="last"), 2)
    assert (len(met), notes) == (6, [])


def test_pages_may_count_from_0():
    plan = plan_of(PagingSpec(kind="pages", first="0", size=2), None, None, NOW)
    assert next(plan).ask.page == 0
