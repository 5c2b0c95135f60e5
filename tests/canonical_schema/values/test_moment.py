import pytest

from canonical_schema.errors import InvalidFormat
from canonical_schema.values import moment


@pytest.mark.parametrize(
    ("written", "at", "precision"),
    [
        ("2026-03-05", "2026-03-05", "day"),
        ("２０２６－０３－０５", "2026-03-05", "day"),
        ("2026-03-05T08:30+08:00", "2026-03-05T08:30:00+08:00", "minute"),
        ("2026-03-05T08:30:00+08:00", "2026-03-05T08:30:00+08:00", "second"),
        ("2026-03-05T20:30:15Z", "2026-03-06T04:30:15+08:00", "second"),
        ("2026-03-05T08:30:00.999+08:00", "2026-03-05T08:30:00+08:00", "second"),
    ],
)
def test_a_moment_keeps_the_precision_it_was_written_with(written, at, precision):
    assert moment.parse(written) == {"at": at, "precision": precision}
    assert moment.valid(at, precision)


@pytest.mark.parametrize("written", ["2026-02-30", "2026-3-5", "2026-03-05T08:30", "20260305", "无", ""])
def test_what_has_no_zone_or_no_place_in_the_calendar_is_refused(written):
    with pytest.raises(InvalidFormat):
        moment.parse(written)


@pytest.mark.parametrize(
    ("at", "precision"),
    [
        ("2026-03-05", "second"),
        ("2026-03-05T08:30:00+08:00", "day"),
        ("2026-03-05T08:30:15+08:00", "minute"),
        ("2026-03-05T00:30:00Z", "second"),
        ("2026-03-05T08:30+08:00", "minute"),
        ("2026-03-05T08:30:00+08:00", "hour"),
    ],
)
def test_other_spellings_of_a_moment_arent_canonical(at, precision):
    assert not moment.valid(at, precision)
