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
    if spec.code is None or spec.success is None:
        return None
    code, words = told_by(spec, *trees)
    if not code and "" not in spec.success:
        raise Malformed(f"no code at {spec.code} (应答中没有状态码)")
    return None if code in spec.success or code in spec.empty else of_code(spec, code, words)


def told_by(spec: AnswerSpec, *trees: Any) -> tuple[str, str]:
    """(code, words) of the outermost document that has a code, else of the innermost; "" where there is none."""
    tree = next((one for one in trees if _plain(one, spec.code)), trees[-1])
    return _plain(tree, spec.code), _plain(tree, spec.words)


def says_empty(spec: AnswerSpec, *trees: Any) -> bool:
    """Whether an answer's code is one for "there is nothing"."""
    return bool(spec.empty) and told_by(spec, *trees)[0] in spec.empty


def refused(spec: AnswerSpec, failure: AdapterError, tree: Any) -> AdapterError:
    """What an HTTP status means, in the system's own words; a code that the adapter file explains counts more."""
    code, words = told_by(spec, tree)
    told = f"{words or spec.meanings.get(code, failure.words)} (HTTP {failure.code})"
    if code in {*spec.token_invalid, *spec.denied, *spec.busy}:
        return of_code(spec, code, told)
    if code or words:
        failure.words, failure.code = told, code or failure.code
        failure.args = (told,)
    return failure


def _plain(tree: Any, place: str | None) -> str:
    found = value_at(tree, place) if place else None
    if found is None or isinstance(found, dict | list):
        return ""
    return str(found).lower() if isinstance(found, bool) else str(found).strip()


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
