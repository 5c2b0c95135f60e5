"""Dates and times by declared formats."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical_schema.errors import InvalidValue
from canonical_schema.values.instant import CHINA
from mappings.steps.times import time_step, zone_of


@pytest.mark.parametrize(
    ("form", "written", "at", "precision"),
    [
        ("yyyy-MM-dd", "2026-03-05", "2026-03-05", "day"),
        ("yyyy/MM/dd", "2026/3/5", "2026-03-05", "day"),
        ("yyyyMMdd", "20260305", "2026-03-05", "day"),
        ("yyyy-MM-dd HH:mm", "2026-03-05 08:30", "2026-03-05T08:30:00+08:00", "minute"),
        ("yyyy-MM-dd HH:mm:ss", "2026-03-05 08:30:59", "2026-03-05T08:30:59+08:00", "second"),
        ("yyyy-MM-ddTHH:mm:ss.SSSZ", "2018-03-18T04:00:00.000+0000", "2018-03-18T12:00:00+08:00", "second"),
        ("yyyy-MM-ddTHH:mm:ssZ", "2018-03-18T23:00:00-05:00", "2018-03-19T12:00:00+08:00", "second"),
    ],
)
def test_a_time_keeps_the_precision_of_its_format(form, written, at, precision):
    assert time_step((form,), CHINA, as_moment=True).run(written) == {"at": at, "precision": precision}
    assert time_step((form,), CHINA).run(written) == at


def test_the_first_format_that_fits_is_used_and_a_zone_without_offset_is_converted():
    step = time_step(("yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd"), zone_of("UTC"), as_moment=True)
    assert step.run("2026-03-05 20:00:00") == {"at": "2026-03-06T04:00:00+08:00", "precision": "second"}
    assert step.run("2026-03-05") == {"at": "2026-03-05", "precision": "day"}


@pytest.mark.parametrize("written", ["2026-02-30", "2026-13-01", "2026-3", "5 March 2026", "2026-03-05 10:00"])
def test_what_is_no_date_is_refused_with_the_value_and_the_formats(written):
    with pytest.raises(InvalidValue) as refused:
        time_step(("yyyy-MM-dd",), CHINA).run(written)
    assert written in refused.value.en
    assert written in refused.value.zh


@pytest.mark.parametrize(
    "written",
    ["2026-03-05 08:30+08", "2026-03-05 08+08", "2026-03-05 0830Z", "2026-03-05 083000.1", "2026-03-05T08:30:00"],
)
def test_iso_forms_that_are_as_long_as_a_declared_one_are_not_taken_for_it(written):
    with pytest.raises(InvalidValue):
        time_step(("yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm"), CHINA).run(written)


@pytest.mark.parametrize("form", ["yyyy-MM", "yyyy-MM-dd hh:mm", "DD.MM.YYYY", ""])
def test_a_format_with_an_unknown_token_or_without_a_day_is_no_format(form):
    with pytest.raises(ValueError, match="token|lacks"):
        time_step((form,), CHINA)


@given(st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_any_instant_is_shown_at_plus_eight_hours(local, minutes):
    zone = timezone(timedelta(minutes=minutes))
    at = local.replace(tzinfo=zone, microsecond=0)
    shown = time_step(("yyyy-MM-ddTHH:mm:ssZ",), CHINA).run(at.isoformat())
    assert shown.endswith("+08:00")
    assert datetime.fromisoformat(shown).astimezone(UTC) == at.astimezone(UTC)
