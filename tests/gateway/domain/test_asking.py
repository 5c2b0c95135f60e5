"""When a system is asked next, on simulated time: by schedule, in quiet hours, and through a long outage."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.errors import Busy, Denied, Malformed, Misconfigured, Rejected, Unreachable
from adapters.spec import AdapterSpec
from gateway.domain.asking import (
    Asked,
    answered,
    begins,
    from_text,
    is_probe,
    next_run,
    plan_of,
    quiet_begins,
    resting_until,
    went_well,
    went_wrong,
)
from gateway.domain.breaker import Circuit

START = datetime(2026, 3, 5, 0, 0, tzinfo=UTC)  # 08:00 in China
DATASET = {"title": "联单", "title_en": "Manifests", "decode": ("text:utf-8", "json")}
DOWN = Unreachable("refused")


def plan(rest=300.0, **more):
    head = {"id": "xx", "title": "某省", "title_en": "A province", "driver": "file", "datasets": {"m": DATASET}}
    return plan_of(AdapterSpec.model_validate(head | more), rest)


def seconds(value):
    return timedelta(seconds=value)


class Simulated:
    """A system asked whenever `next_run` says; `fails(now)` is its error, None while it is well. A run takes a second."""

    def __init__(self, made, fails, seed=1):
        self.plan, self.fails, self.dice = made, fails, random.Random(seed)
        self.now, self.asked, self.runs, self.probes = START, Asked(), [], []

    def until(self, end):
        while True:
            at = next_run(self.asked, self.plan, START, self.dice.random())
            if max(at, self.now) >= end:
                return self
            self.now = max(at, self.now)
            self.runs.append(self.now)
            # as it is after a restart at any moment
            self.asked = begins(from_text(self.asked.as_text()), self.plan, self.now)
            self.probes.append(is_probe(self.asked))
            error, began = self.fails(self.now), self.now
            self.now += seconds(1)
            if error is None:
                self.asked = went_well(began, self.now)
            else:
                self.asked = went_wrong(self.asked, began, self.now, error, self.plan, self.dice.random())

    def gaps(self):
        return [(later - one).total_seconds() for one, later in zip(self.runs, self.runs[1:], strict=False)]


def test_a_system_that_is_well_is_asked_by_the_setting_or_by_its_file():
    by_setting = Simulated(plan(300), lambda _: None).until(START + timedelta(hours=6))
    assert all(270 <= gap - 1 <= 330 for gap in by_setting.gaps())
    by_file = Simulated(plan(300, schedule={"every": "10m", "jitter": "0s"}), lambda _: None)
    assert set(by_file.until(START + timedelta(hours=6)).gaps()) == {600.0}
    by_cron = Simulated(plan(300, schedule={"cron": "0 2 * * *", "jitter": "10m"}), lambda _: None)
    runs = by_cron.until(START + timedelta(days=9)).runs
    local = [run.astimezone(ZoneInfo("Asia/Shanghai")) for run in runs]
    assert [run.day for run in local] == list(range(6, 15))
    assert all((run.hour, run.minute < 10) == (2, True) for run in local)
    assert len({run.minute * 60 + run.second for run in local}) > 5


def test_a_restart_begins_no_declared_schedule_anew_but_asks_at_once_without_one():
    asked = went_well(START, START + seconds(5))
    later = START + timedelta(minutes=1)
    assert next_run(asked, plan(300), later, 0) == later
    assert next_run(asked, plan(schedule={"every": "1h"}), later, 0) == START + timedelta(hours=1)
    missed = next_run(asked, plan(schedule={"cron": "0 2 * * *"}), START + timedelta(days=3), 0)
    assert missed == datetime(2026, 3, 5, 18, 0, tzinfo=UTC), "due long ago, so it begins at once"


def test_a_province_that_is_down_for_a_day_is_asked_seldom_and_is_back_within_the_hour():
    """F20: the breaker opens after five failures, then each run is one probe, an hour apart in the end."""
    back = START + timedelta(hours=24)
    system = Simulated(plan(60), lambda now: DOWN if now < back else None).until(START + timedelta(hours=27))
    down = [run for run in system.runs if run < back]
    assert len(down) <= 5 + 4 + 2 * 24
    assert [probe for probe, run in zip(system.probes, system.runs, strict=True) if run < back] == [False] * 5 + [
        True
    ] * (len(down) - 5)
    first = system.runs[len(down)]
    assert first - back <= timedelta(hours=1)
    assert system.probes[len(down) + 1 :].count(True) == 0
    assert all(54 <= gap - 1 <= 66 for gap in system.gaps()[len(down) :])
    assert (system.asked.breaker.circuit, system.asked.words) == (Circuit.CLOSED, "")


def test_a_short_outage_costs_a_daily_system_minutes_not_a_day():
    back = START + timedelta(hours=18, minutes=4)  # 02:04 in China
    system = Simulated(plan(schedule={"cron": "0 2 * * *"}), lambda now: DOWN if now < back else None)
    system.until(START + timedelta(days=1))
    assert system.runs[0] == START + timedelta(hours=18)
    assert back <= system.runs[-1] <= back + timedelta(minutes=10)
    assert system.asked.well_at is not None


def test_six_that_ask_us_to_wait_are_asked_after_that_and_not_together():
    """F21: 503 with Retry-After: nobody comes before it, and they don't come in one second."""
    busy = Busy("not now", wait=1800)
    systems = [Simulated(plan(30), lambda _: busy, seed).until(START + timedelta(hours=12)) for seed in range(6)]
    for system in systems:
        assert all(gap >= 1800 for gap in system.gaps())
        assert len(system.runs) <= 25
        assert system.probes[5:] == [True] * (len(system.runs) - 5)
    assert len({system.runs[-1] for system in systems}) == 6
    assert resting_until(systems[0].asked) >= systems[0].now + seconds(1790)


@pytest.mark.parametrize("error", [Rejected("no"), Malformed("what"), Misconfigured("none")])
def test_what_is_no_outage_goes_by_the_schedule_and_is_told(error):
    system = Simulated(plan(schedule={"every": "10m"}), lambda _: error).until(START + timedelta(hours=2))
    assert set(system.gaps()) == {600.0}
    assert (system.asked.breaker.failures, system.asked.words) == (0, str(error))


def test_a_credential_that_is_denied_is_not_shown_again_and_again():
    system = Simulated(plan(10), lambda _: Denied("wrong password")).until(START + timedelta(hours=24))
    assert len(system.runs) < 60


def test_a_run_that_got_pages_before_it_broke_is_soon_taken_up():
    made = plan(3600)
    asked = Asked()
    for _ in range(20):
        asked = went_wrong(answered(begins(asked, made, START)), START, START, DOWN, made, 0.5)
    assert (asked.breaker.circuit, asked.breaker.failures) == (Circuit.CLOSED, 1)
    assert next_run(asked, made, START - seconds(1), 0.5) <= START + seconds(30)


def test_a_run_by_hand_while_the_breaker_is_open_makes_no_pause_longer_and_closes_it_when_well():
    made = plan(300)
    asked = Asked()
    for _ in range(5):
        asked = went_wrong(begins(asked, made, START), START, START, DOWN, made, 0.5)
    assert asked.breaker.circuit is Circuit.OPEN
    again = begins(asked, made, START + seconds(1))
    assert not is_probe(again)
    until = resting_until(asked)
    assert resting_until(went_wrong(again, START, START + seconds(2), DOWN, made, 0.5)) == until
    assert went_well(START, START + seconds(2)).breaker.circuit is Circuit.CLOSED


@given(
    quiet=st.lists(st.sampled_from(["02:00-04:30", "22:00-01:00", "Sat 20:00-Sun 12:00", "08:00-08:05"]), min_size=1),
    outage=st.integers(0, 48),
    every=st.sampled_from(["1m", "17m", "3h"]),
)
def test_no_run_begins_in_quiet_hours_whatever_happens(quiet, outage, every):
    made = plan(quiet=quiet, schedule={"every": every})
    back = START + timedelta(hours=outage)
    system = Simulated(made, lambda now: DOWN if now < back else None).until(START + timedelta(hours=60))
    for run in system.runs:
        local = run.astimezone(ZoneInfo("Asia/Shanghai"))
        assert not any(window.left(local) for window in made.quiet)
    assert system.asked.well_at is not None


def test_a_run_that_quiet_hours_cut_goes_on_right_after_them():
    made = plan(quiet=["10:00-12:00"], schedule={"cron": "0 8 * * *"})
    assert quiet_begins(made, START) == START + timedelta(hours=2)
    asked = went_well(START, START + timedelta(hours=2, seconds=5), cut=True)
    assert next_run(asked, made, START, 0.5) == START + timedelta(hours=4)
    assert quiet_begins(plan(), START) is None
