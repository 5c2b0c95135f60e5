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


def of_error(*, retryable: bool, words: str, wait: float | None = None) -> Outcome:
    """From an adapter's typed error, whose class says whether the same request can succeed later."""
    return Outcome(Verdict.LATER, words, wait) if retryable else Outcome(Verdict.DEAD, words)
