"""Is this answer a failure, and which? Also where HTTP says 200. Decided by status and declared codes, never by words."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from adapters.decode.places import value_at
from adapters.errors import AdapterError, Busy, Denied, Malformed, Rejected
from adapters.spec import AnswerSpec

LONGEST_WAIT = 7 * 86_400.0
"""Seconds: nobody's Retry-After is believed beyond a week."""
NOT_NOW = frozenset({408, 425, 429})


class TokenRefused(Denied):
    """The system says that our token isn't valid (any more): a new login may help, once."""


def http_failure(status: int, headers: Mapping[str, str], words: str, now: datetime) -> AdapterError | None:
    """What an HTTP status other than 2xx means."""
    code = str(status)
    if 200 <= status < 300:
        return None
    if status == 401:
        return TokenRefused(words, code=code)
    if status == 403:
        return Denied(words, code=code)
    if status in NOT_NOW or status >= 500:
        return Busy(words, wait=retry_after(headers, now), code=code)
    if 300 <= status < 400:
        return Rejected("a redirect, which isn't followed (不跟随重定向)", code=code)
    return Rejected(words, code=code)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait, from Retry-After (RFC 9110 §10.2.3) in either form; None where it says nothing that can be read."""
    told = headers.get("retry-after", "").strip()
    if told.isascii() and told.isdigit():
        # Digits beyond any calendar are a broken clock, not a wish.
        return min(float(told), LONGEST_WAIT) if len(told) <= 10 else None
    moment = http_date(told)
    return None if moment is None else min(max(0.0, (moment - now).total_seconds()), LONGEST_WAIT)


def http_date(told: str) -> datetime | None:
    """The moment that a header names (RFC 9110 §5.6.7); None where it names none. One without a zone is GMT, as in asctime."""
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def business_failure(spec: AnswerSpec, *trees: Any) -> AdapterError | None:
    """What an answer's own code means: that of the outermost of its documents which has one. Raises Malformed for none."""
    if spec.code is None:
        return None
    found = ((tree, value_at(tree, spec.code)) for tree in trees)
    tree, code = next((one for one in found if one[1] is not None), (None, None))
    if code is None or isinstance(code, dict | list):
        raise Malformed(f"no code at {spec.code} (应答中没有状态码)")
    told = str(code).lower() if isinstance(code, bool) else str(code)
    if told == spec.success:
        return None
    words = value_at(tree, spec.words) if spec.words else None
    return of_code(spec, told, str(words) if words is not None else "")


def short_failure(spec: AnswerSpec, result: str) -> AdapterError | None:
    """What a result means that is either data or a short code in the same string."""
    if spec.short_code is None or len(result.strip()) > spec.short_code:
        return None
    return of_code(spec, result.strip(), "")


def is_empty(spec: AnswerSpec, result: str) -> bool:
    """Whether it is the code for "there is nothing"."""
    return spec.short_code is not None and result.strip() in spec.empty


def of_code(spec: AnswerSpec, code: str, words: str) -> AdapterError:
    told = words or spec.meanings.get(code, "a code that the adapter file doesn't explain (未说明的错误码)")
    if code in spec.token_invalid:
        return TokenRefused(told, code=code)
    if code in spec.denied:
        return Denied(told, code=code)
    if code in spec.busy:
        return Busy(told, code=code)
    return Rejected(told, code=code)
