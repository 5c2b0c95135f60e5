"""The breaker: opens at the fifth failure in a row, comes back with one probe, never before it was asked to."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical_schema.values.instant import CHINA
from gateway.domain.breaker import (
    TRANSITIONS,
    Admission,
    Breaker,
    Circuit,
    IllegalSignal,
    Patience,
    Signal,
    admitted,
    answered,
    failed,
    from_text,
    moved,
    taken_up,
)

NOON = datetime(2026, 3, 5, 12, tzinfo=CHINA)
PATIENCE = Patience(failures=5, pause=10, longest=60, probe=30)


def after_failures(count: int, *, wait: float = 0.0, draw: float = 0.5) -> Breaker:
    breaker = Breaker()
    for _ in range(count):
        breaker = failed(breaker, NOON, PATIENCE, draw=draw, wait=wait)
    return breaker


def test_four_failures_leave_it_closed_the_fifth_opens_it() -> None:
    assert after_failures(4) == Breaker(Circuit.CLOSED, failures=4)
    assert after_failures(5) == Breaker(Circuit.OPEN, failures=5, openings=1, until=NOON + timedelta(seconds=7.5))


def test_one_answer_in_between_forgets_the_failures() -> None:
    assert answered(after_failures(4)) == Breaker()


def test_an_open_breaker_admits_nothing_until_its_time_then_one_probe() -> None:
    breaker = after_failures(5)
    assert admitted(breaker, NOON + timedelta(seconds=7.4), PATIENCE) == (breaker, Admission.NONE)
    at = NOON + timedelta(seconds=7.5)
    half, admission = admitted(breaker, at, PATIENCE)
    assert (half.circuit, admission) == (Circuit.HALF_OPEN, Admission.PROBE)
    assert admitted(half, at + timedelta(seconds=29), PATIENCE) == (half, Admission.NONE)
    assert admitted(half, at + timedelta(seconds=30), PATIENCE)[1] is Admission.PROBE, "the probe is given up"


def test_the_probes_answer_closes_it_and_its_failure_doubles_the_pause() -> None:
    half, _ = admitted(after_failures(5), NOON + timedelta(seconds=8), PATIENCE)
    assert answered(half) == Breaker()
    pauses = []
    for _ in range(5):
        breaker = failed(half, NOON, PATIENCE, draw=0.0)
        assert breaker.until is not None
        pauses.append((breaker.until - NOON).total_seconds())
        half, _ = admitted(breaker, breaker.until, PATIENCE)
    assert pauses == [10, 20, 30, 30, 30], "half of 20, 40, then of the longest"


def test_retry_after_is_obeyed_when_it_opens_and_while_it_is_open() -> None:
    breaker = after_failures(5, wait=120)
    assert breaker.until == NOON + timedelta(seconds=120)
    later = failed(breaker, NOON, PATIENCE, draw=0.0, wait=300)
    assert (later.circuit, later.until) == (Circuit.OPEN, NOON + timedelta(seconds=300))
    assert failed(later, NOON, PATIENCE, draw=0.0, wait=5).until == later.until


def test_late_answers_to_what_was_under_way_dont_close_an_open_breaker() -> None:
    breaker = after_failures(5)
    assert answered(breaker) == breaker


def test_a_probe_that_nobody_has_any_more_may_be_sent_again_at_once() -> None:
    half, _ = admitted(after_failures(5), NOON + timedelta(seconds=8), PATIENCE)
    assert admitted(taken_up(half), NOON + timedelta(seconds=8), PATIENCE)[1] is Admission.PROBE
    assert taken_up(after_failures(5)) == after_failures(5), "a restart doesn't storm a target that is down"


def test_a_signal_that_the_table_doesnt_know_names_both() -> None:
    with pytest.raises(IllegalSignal, match="closed can't be cooled"):
        moved(Circuit.CLOSED, Signal.COOLED)


def test_every_state_can_be_reached_and_left() -> None:
    assert {after for (before, _), after in TRANSITIONS.items() if after is not before} == set(Circuit)
    assert {before for (before, _), after in TRANSITIONS.items() if after is not before} == set(Circuit)


steps = st.lists(
    st.tuples(st.sampled_from(["fail", "answer", "ask"]), st.floats(0, 0.999), st.floats(0, 90), st.floats(0, 40)),
    max_size=60,
)


@settings(max_examples=150, deadline=None)
@given(steps)
def test_whatever_happens_it_stays_legal_and_never_opens_early(happened: list[tuple[str, float, float, float]]) -> None:
    breaker, now, in_a_row = Breaker(), NOON, 0
    for what, draw, wait, seconds in happened:
        now += timedelta(seconds=seconds)
        before = breaker
        if what == "answer":
            breaker, in_a_row = answered(breaker), 0 if breaker.circuit is not Circuit.OPEN else in_a_row
        elif what == "fail":
            breaker, in_a_row = failed(breaker, now, PATIENCE, draw=draw, wait=wait), in_a_row + 1
            if breaker.circuit is Circuit.OPEN:
                assert in_a_row >= PATIENCE.failures or before.circuit is not Circuit.CLOSED
                assert breaker.until is not None
                assert breaker.until >= now + timedelta(seconds=wait) or before.circuit is Circuit.OPEN
        else:
            breaker, admission = admitted(breaker, now, PATIENCE)
            if admission is Admission.PROBE:
                assert admitted(breaker, now, PATIENCE)[1] is Admission.NONE, "one probe at a time"
        assert from_text(breaker.as_text()) == breaker
    assert from_text(None) == Breaker()
