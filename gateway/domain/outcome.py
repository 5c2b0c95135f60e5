"""What an answer means for a delivery: delivered, later, or dead. Decided by code and class, never by the wording."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    DELIVERED = "delivered"
    LATER = "later"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`words` are the target's own. `wait`: seconds that the target asked for (only with `later`)."""

    verdict: Verdict
    words: str = ""
    wait: float | None = None


TRY_AGAIN = frozenset({408, 425, 429})
"""Client errors by number that speak of the moment and not of the request."""


def of_status(
    status: int,
    *,
    content_hash: str = "",
    held_hash: str | None = None,
    words: str = "",
    wait: float | None = None,
) -> Outcome:
    """From an HTTP status, of a whole answer or of one item in a batch.

    409 tells which content the target holds under that version (`held_hash`): ours, then it's delivered; any other, or
    none named, can't be mended by trying again. A redirect is dead too: we send records only where the adapter says.
    """
    if 200 <= status < 300:
        return Outcome(Verdict.DELIVERED, words)
    if status == 409:
        held = held_hash is not None and held_hash == content_hash
        return Outcome(Verdict.DELIVERED if held else Verdict.DEAD, words)
    if status >= 500 or status in TRY_AGAIN:
        return Outcome(Verdict.LATER, words, wait)
    return Outcome(Verdict.DEAD, words)


def of_error(*, retryable: bool, words: str, wait: float | None = None) -> Outcome:
    """From an adapter's typed error, whose class says whether the same request can succeed later."""
    return Outcome(Verdict.LATER, words, wait) if retryable else Outcome(Verdict.DEAD, words)
