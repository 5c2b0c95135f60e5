"""Windows, cron and intervals, by the wall clock of a zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.timetable import Schedule, cron_fault, due, quiet_from, quiet_until, window

CHINA = ZoneInfo("Asia/Shanghai")
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
TIMES = st.tuples(st.integers(0, 23), st.integers(0, 59)).map(lambda one: f"{one[0]:02}:{one[1]:02}")
DAYS = st.sampled_from(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])
DAILY = st.tuples(TIMES, TIMES).filter(lambda ends: ends[0] != ends[1]).map("-".join)
WEEKLY = st.tuples(DAYS, TIMES, DAYS, TIMES).map(lambda w: (f"{w[0]} {w[1]}", f"{w[2]} {w[3]}"))
WINDOWS = DAILY | WEEKLY.filter(lambda ends: ends[0] != ends[1]).map("-".join)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("said", "now", "until"),
    [
        ("02:00-04:30", "2026-03-05 01:59:59", None),
        ("02:00-04:30", "2026-03-05 02:00:00", "2026-03-05 04:30"),
        ("02:00-04:30", "2026-03-05 04:29:59", "2026-03-05 04:30"),
        ("02:00-04:30", "2026-03-05 04:30:00", None),
        ("22:00-01:30", "2026-03-05 23:00:00", "2026-03-06 01:30"),
        ("22:00-01:30", "2026-03-05 00:10:00", "2026-03-05 01:30"),
        ("22:00-01:30", "2026-12-31 23:59:00", "2027-01-01 01:30"),
        ("Sat 22:00-Sun 06:00", "2026-03-07 21:59:00", None),
        ("Sat 22:00-Sun 06:00", "2026-03-07 22:00:00", "2026-03-08 06:00"),
        ("Sun 22:00-Mon 06:00", "2026-03-09 05:00:00", "2026-03-09 06:00"),
        ("Sun 22:00-Mon 06:00", "2026-03-10 05:00:00", None),
    ],
)
def test_a_window_lasts_from_its_start_to_before_its_end(said, now, until):
    found = quiet_until([window(said)], at(now), CHINA)
    assert found == (at(until) if until else None)


def test_windows_that_follow_one_another_are_one_rest():
    windows = [window("02:00-03:00"), window("03:00-04:00"), window("01:30-02:10")]
    assert quiet_until(windows, at("2026-03-05 01:45"), CHINA) == at("2026-03-05 04:00")


def test_the_zone_is_the_systems_whatever_ours_is():
    now = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)  # 02:30 in China
    assert quiet_until([window("02:00-04:30")], now, CHINA) == datetime(2026, 3, 4, 20, 30, tzinfo=UTC)
    assert quiet_until([window("02:00-04:30")], now, ZoneInfo("UTC")) is None


def test_windows_that_leave_no_time_at_all_hang_nobody():
    windows = [window("00:00-12:00"), window("12:00-00:00")]
    assert quiet_until(windows, at("2026-03-05 01:00"), CHINA) > at("2026-03-11 01:00")


@given(said=st.lists(WINDOWS, min_size=1, max_size=4), now=MOMENTS)
def test_after_the_rest_no_window_rules_and_before_its_end_one_does(said, now):
    windows = [window(one) for one in said]
    until = quiet_until(windows, now, CHINA)
    ruling = [one for one in windows if one.left(now.astimezone(CHINA))]
    assert (until is not None) == bool(ruling)
    if until is not None and until - now < timedelta(days=7):
        assert not any(one.left(until.astimezone(CHINA)) for one in windows)
        assert any(one.left((until - timedelta(seconds=1)).astimezone(CHINA)) for one in windows)


@given(said=WINDOWS, now=MOMENTS)
def test_the_next_window_opens_when_it_is_said_to(said, now):
    one = window(said)
    opens = quiet_from([one], now, CHINA)
    assert opens > now - timedelta(minutes=1)
    assert one.left(opens.astimezone(CHINA)) == (one.end - one.start) % one.cycle
    assert not opens.second
    if not one.left(now.astimezone(CHINA)):
        assert not one.left((opens - timedelta(minutes=1)).astimezone(CHINA))


def test_an_interval_counts_from_the_beginning_of_the_last_run():
    every, start = Schedule(every=600, jitter=60), at("2026-03-05 08:00")
    assert due(every, None, start, 0.5) == start
    assert due(every, start, start, 0) == at("2026-03-05 08:10")
    assert due(every, start, start, 0.5) == at("2026-03-05 08:10:30")


@pytest.mark.parametrize(
    ("cron", "last", "expected"),
    [
        ("0 2 * * *", None, "2026-03-06 02:00"),
        ("0 2 * * *", "2026-03-04 02:00", "2026-03-05 02:00"),
        ("0 2 * * *", "2026-03-02 02:00", "2026-03-03 02:00"),
        ("*/10 6-22 * * *", "2026-03-05 22:50", "2026-03-06 06:00"),
        ("30 8 * * 1-5", "2026-03-06 08:30", "2026-03-09 08:30"),
        ("0 0 29 2 *", "2026-03-01 00:00", "2028-02-29 00:00"),
        ("0 1 L * *", "2026-02-03 00:00", "2026-02-28 01:00"),
    ],
)
def test_cron_goes_by_the_zone(cron, last, expected):
    """A run that was missed is due at once: what is due lies in the past, and one makes up for all."""
    begun = at("2026-03-05 08:00").astimezone(UTC)
    found = due(Schedule(0, cron), at(last) if last else None, begun, 0)
    assert (found, found.tzinfo) == (at(expected), UTC)


@given(chance=st.floats(0, 1, exclude_max=True), jitter=st.integers(0, 3600))
def test_jitter_comes_after_never_before(chance, jitter):
    plain = due(Schedule(0, "0 2 * * *"), None, at("2026-03-05 08:00"), 0)
    late = due(Schedule(0, "0 2 * * *", jitter), None, at("2026-03-05 08:00"), chance)
    assert timedelta() <= late - plain <= timedelta(seconds=jitter)


@pytest.mark.parametrize("wrong", ["", "* * * *", "60 * * * *", "* 24 * * *", "a b c d e", "@daily", "0 0 31 2 *"])
def test_what_is_no_cron_is_told(wrong):
    assert "five fields" in cron_fault(wrong) or "never" in cron_fault(wrong)


def test_what_is_cron():
    assert [cron_fault(one) for one in ("*/10 6-22 * * *", "0 2 * * MON-FRI", "15 3 1,15 * *")] == ["", "", ""]
