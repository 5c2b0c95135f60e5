from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.backoff import Schedule, bound, delay, next_attempt

NOW = datetime(2026, 3, 5, 8, 30, tzinfo=UTC)
SCHEDULE = Schedule(base=2.0, cap=60.0, deadline=600.0)
chances = st.floats(0, 1, exclude_max=True)


@given(st.integers(1, 5_000), chances)
def test_a_delay_is_within_the_exponential_bound_and_the_cap(attempt, chance):
    waited = delay(SCHEDULE, attempt, chance)
    assert 0 <= waited <= bound(SCHEDULE, attempt) <= SCHEDULE.cap
    assert bound(SCHEDULE, attempt) <= 2 * 2 ** (attempt - 1)


def test_the_bound_doubles_until_the_cap_and_jitter_is_full():
    assert [delay(SCHEDULE, n, 0.5) for n in range(1, 8)] == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
    assert delay(SCHEDULE, 5, 0.0) == 0.0


@pytest.mark.parametrize(("attempt", "chance"), [(0, 0.5), (1, 1.0), (1, -0.1)])
def test_what_is_no_attempt_or_no_chance_is_refused(attempt, chance):
    with pytest.raises(ValueError):
        delay(SCHEDULE, attempt, chance)


@pytest.mark.parametrize("parts", [{"base": 0}, {"base": 10, "cap": 5}, {"deadline": 0}])
def test_a_schedule_that_makes_no_sense_cannot_be_built(parts):
    with pytest.raises(ValueError):
        Schedule(**parts)


@given(st.integers(1, 60), chances, st.floats(0, 599), st.none() | st.floats(0, 2_000))
def test_the_next_attempt_is_never_before_the_target_asked_nor_after_the_deadline(attempt, chance, gone, wait):
    owed_at = NOW - timedelta(seconds=gone)
    at = next_attempt(SCHEDULE, attempt, chance, now=NOW, owed_at=owed_at, wait=wait)
    deadline = owed_at + timedelta(seconds=600)
    if at is None:
        assert wait is not None
        assert NOW + timedelta(seconds=wait) >= deadline
    else:
        # timedelta counts whole microseconds
        assert at >= NOW + timedelta(seconds=wait or 0) - timedelta(microseconds=1)
        assert NOW <= at <= deadline


def test_a_wish_longer_than_the_cap_is_obeyed():
    at = next_attempt(SCHEDULE, 1, 0.9, now=NOW, owed_at=NOW, wait=120)
    assert at == NOW + timedelta(seconds=120)


def test_the_last_attempt_is_at_the_deadline_and_then_it_is_given_up():
    owed_at = NOW - timedelta(seconds=599)
    assert next_attempt(SCHEDULE, 20, 0.9, now=NOW, owed_at=owed_at) == NOW + timedelta(seconds=1)
    assert next_attempt(SCHEDULE, 20, 0.0, now=NOW, owed_at=NOW - timedelta(seconds=600)) is None
    assert next_attempt(SCHEDULE, 20, 0.0, now=NOW, owed_at=owed_at, wait=2) is None
