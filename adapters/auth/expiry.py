"""Until when a token is good, by what its answer says."""

from datetime import UTC, datetime, timedelta
from typing import Any

from adapters.decode.pointer import point
from adapters.errors import Malformed
from adapters.protocol import moments
from adapters.spec import ExpirySpec

NUMBERS = ("seconds", "unix", "unix_ms")
LONGEST = 15  # digits: milliseconds beyond any calendar


def good_until(spec: ExpirySpec, tree: Any, now: datetime) -> datetime:
    """The moment that the answer names. Raises Malformed where it names none: to guess would mean to ask with a dead token."""
    found = point(tree, spec.at)
    told = "" if isinstance(found, bool | dict | list | None) else str(found).strip()
    until = _number(spec.format, told, now) if spec.format in NUMBERS else _moment(spec, told)
    if until is None:
        raise Malformed(f"{spec.at} is no moment written as {spec.format} (令牌有效期无法识别)")
    return until


def _number(unit: str, told: str, now: datetime) -> datetime | None:
    digits = told.partition(".")[0]  # some write 7200.0
    if not (digits.isascii() and digits.isdigit() and len(digits) <= LONGEST):
        return None
    seconds = int(digits) / (1000 if unit == "unix_ms" else 1)
    try:
        return now + timedelta(seconds=seconds) if unit == "seconds" else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _moment(spec: ExpirySpec, told: str) -> datetime | None:
    return moments.read(told, spec.format, spec.zone) if moments.fits(told, spec.format) else None
