"""Ten years, to the day, and what of a group may go."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.retention import Group, HeldRecord, Kept, going, latest_day


@pytest.mark.parametrize(
    ("today", "years", "latest"),
    [
        (date(2036, 3, 5), 10, date(2026, 3, 5)),
        (date(2036, 2, 29), 10, date(2026, 2, 28)),
        (date(2036, 2, 29), 12, date(2024, 2, 28)),
        (date(2037, 3, 1), 11, date(2026, 3, 1)),
    ],
)
def test_the_latest_day_is_so_many_years_ago(today, years, latest):
    assert latest_day(today, years) == latest


@given(st.dates(date(2000, 1, 1)), st.integers(10, 60))
def test_it_is_never_younger_than_ten_years(today, years):
    latest = latest_day(today, years)
    assert (latest.year + years, latest.month, latest.day) <= (today.year, today.month, today.day)


@given(st.integers(max_value=9))
def test_less_than_ten_years_is_no_setting(years):
    with pytest.raises(ValueError, match="10 years"):
        latest_day(date(2036, 3, 5), years)


OLD = HeldRecord(1, {1: 1, 2: 3})
LIVES = HeldRecord(2, {1: 2, 2: 4, 3: 9})
MERGED = HeldRecord(3, {2: 5})


def test_all_old_goes_whole():
    found = going(Group([OLD, MERGED]), 5)
    assert (found.records, found.places, found.kept) == ({1, 3}, set(), None)


def test_one_that_lives_keeps_its_group_and_each_keeps_its_newest_version():
    found = going(Group([OLD, LIVES, MERGED]), 5)
    assert (found.records, found.places) == (set(), {1, 2, 4})


def test_a_claim_that_was_told_something_later_keeps_the_newest():
    assert going(Group([OLD], young=True), 5).places == {1}


@pytest.mark.parametrize("end", Kept)
def test_nothing_with_an_open_end_goes(end):
    found = going(Group([OLD, HeldRecord(4, {1: 6}, {end})]), 5)
    assert (found.records, found.places, found.kept) == (set(), set(), end)
    assert going(Group([HeldRecord(4, {1: 6}, {end})]), 5).kept is None
