from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from adapters.auth.expiry import good_until
from adapters.errors import Malformed
from adapters.spec import ExpirySpec

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "told", "until"),
    [
        ("seconds", 7200, NOON + timedelta(hours=2)),
        ("seconds", "7200", NOON + timedelta(hours=2)),
        ("seconds", Decimal("7200.0"), NOON + timedelta(hours=2)),
        ("unix", 1772629200, datetime(2026, 3, 4, 13, tzinfo=UTC)),
        ("unix_ms", "1772629200500", datetime(2026, 3, 4, 13, 0, 0, 500_000, tzinfo=UTC)),
        ("yyyy-MM-dd HH:mm:ss", "2026-03-04 21:00:00", datetime(2026, 3, 4, 13, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_as_declared(written, told, until):
    assert good_until(ExpirySpec(at="/until", format=written), {"until": told}, NOON) == until


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("seconds", None),
        ("seconds", True),
        ("seconds", -5),
        ("seconds", "soon"),
        ("seconds", [7200]),
        ("seconds", 10**14),
        ("unix_ms", 10**16),
        ("yyyy-MM-dd", "2026-02-30"),
        ("yyyy-MM-dd", ""),
    ],
)
def test_what_is_no_moment_is_never_guessed(written, told):
    with pytest.raises(Malformed, match="/until is no moment written as"):
        good_until(ExpirySpec(at="/until", format=written), {"until": told}, NOON)
