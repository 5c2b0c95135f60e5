from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from canonical_schema.values import instant as value
from gateway.clock import instant

MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
EDGES = st.builds(lambda at, micro: at.replace(microsecond=micro), MOMENTS, st.sampled_from([0, 1, 999, 1000, 999_999]))


@given(MOMENTS | EDGES)
def test_the_clocks_word_is_the_standards_own_spelling(at):
    assert value.parse(instant(at)) == instant(at)


@given(MOMENTS | EDGES, st.timedeltas(timedelta(milliseconds=1), timedelta(days=1)))
def test_what_is_later_is_greater_as_text(at, more):
    assert instant(at) < instant(at + more)
