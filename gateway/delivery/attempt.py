"""One attempt at a batch of deliveries, as a pipe: posted → weighed → decided. I/O only in the first step.

Nothing here waits, retries or stores: what must outlive this process is in the settlements, which go into the rows.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from adapters.errors import AdapterError, Busy, Denied, Malformed, Misconfigured, Rejected, Unreachable
from adapters.sending import Receipt
from adapters.targets.national import Item
from gateway.clock import Clock
from gateway.domain.backoff import Schedule, next_attempt
from gateway.domain.outcome import Outcome, Verdict, of_error
from gateway.store.deliveries import Due

Answer = Receipt | AdapterError | None
"""What came back for one delivery; None: it was never sent."""


class Recipient(Protocol):
    """A target as one sender holds it: one client, one connection."""

    async def send(self, envelope: bytes, *, kind: str, record_id: str, version: int, key: str) -> Receipt:
        """Hands over one record version. Raises AdapterError."""

    async def send_batch(self, items: Sequence[Item]) -> Sequence[Receipt | AdapterError]:
        """Hands over many, each judged for itself. Raises AdapterError when the request as a whole failed."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What becomes of a delivery: `event` is one of the table in `gateway.domain.delivery`; `next_at` with `retry`."""

    due: Due
    event: str
    at: datetime
    words: str = ""
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attempted:
    """The settlements of one batch, and what it showed of the target as a whole.

    `up`: it answered; False: it failed; None: nothing was sent. `wait`: the longest Retry-After it gave, in seconds.
    """

    settlements: tuple[Settlement, ...]
    up: bool | None
    wait: float = 0.0


async def attempt(
    batch: Sequence[Due],
    recipient: Recipient,
    *,
    seconds: float,
    schedule: Schedule,
    clock: Clock,
    chance: Callable[[], float],
) -> Attempted:
    """Sends the batch within `seconds` and says what becomes of each delivery in it."""
    answers = await posted(batch, recipient, seconds)
    outcomes = [weighed(answer) for answer in answers]
    now = clock()
    settlements = tuple(
        decided(due, outcome, schedule, now, chance()) for due, outcome in zip(batch, outcomes, strict=True)
    )
    return Attempted(settlements, up=standing(answers), wait=max((o.wait or 0.0 for o in outcomes if o), default=0.0))


async def posted(batch: Sequence[Due], recipient: Recipient, seconds: float) -> list[Answer]:
    """The answer to each delivery of the batch, in its order. Never longer than `seconds`: the lease must outlast it."""
    answers: list[Answer] = []
    asked = len(batch)
    try:
        async with asyncio.timeout(seconds):
            if len(batch) > 1:
                answers.extend(await _together(batch, recipient))
            asked = 1
            for due in batch[len(answers) :]:
                answers.append(await _alone(due, recipient))
                if _failed_whole(answers[-1]):
                    break
    except TimeoutError:
        answers.extend([Unreachable(f"no answer within {seconds:g} s")] * asked)
    return answers + [None] * (len(batch) - len(answers))


async def _alone(due: Due, recipient: Recipient) -> Answer:
    try:
        return await recipient.send(
            due.envelope, kind=due.kind, record_id=due.record_id, version=due.version, key=due.key
        )
    except AdapterError as error:
        return error


async def _together(batch: Sequence[Due], recipient: Recipient) -> Sequence[Answer]:
    """All answers, or none where the target refused the batch as such: then each is sent alone, so that the one that
    made it refuse takes no other with it."""
    items = [Item(due.envelope, due.kind, due.record_id, due.version, due.key) for due in batch]
    try:
        return await recipient.send_batch(items)
    except Rejected:
        return []
    except AdapterError as error:
        return [error] * len(batch)


def weighed(answer: Answer) -> Outcome | None:
    """What the answer means for the delivery; None for one that was never sent.

    A credential that isn't accepted, a missing secret and an unreadable answer say nothing about the record: it waits.
    """
    if answer is None:
        return None
    if isinstance(answer, AdapterError):
        waits = answer.retryable or isinstance(answer, Denied | Misconfigured | Malformed)
        return of_error(retryable=waits, words=_words(answer), wait=answer.wait if isinstance(answer, Busy) else None)
    return Outcome(Verdict.DELIVERED, answer.words)


def decided(due: Due, outcome: Outcome | None, schedule: Schedule, now: datetime, chance: float) -> Settlement:
    """The row's next state. What the target said stays beside it in the target's own words."""
    if outcome is None:
        return Settlement(due, "release", now)
    if outcome.verdict is Verdict.DELIVERED:
        return Settlement(due, "deliver", now, outcome.words)
    if outcome.verdict is Verdict.DEAD:
        return Settlement(due, "refuse", now, outcome.words)
    next_at = next_attempt(schedule, due.attempts + 1, chance, now=now, owed_at=due.owed_at, wait=outcome.wait)
    if next_at is None:
        return Settlement(due, "give_up", now, outcome.words)
    return Settlement(due, "retry", now, outcome.words, next_at)


def standing(answers: Sequence[Answer]) -> bool | None:
    """Is the target up? One verdict on one record is enough to say so; only failures say it isn't."""
    sent = [answer for answer in answers if answer is not None]
    if not sent:
        return None
    return not all(_failed_whole(answer) for answer in sent)


def batches(due: Sequence[Due], size: int) -> Iterator[list[Due]]:
    """Pieces of at most `size`, in order."""
    for start in range(0, len(due), size):
        yield list(due[start : start + size])


def _failed_whole(answer: Answer) -> bool:
    return isinstance(answer, AdapterError) and not isinstance(answer, Rejected)


def _words(error: AdapterError) -> str:
    return f"{error.code} {error.words}".strip() or error.kind
