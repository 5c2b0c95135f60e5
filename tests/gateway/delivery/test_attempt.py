"""One attempt: every kind of answer becomes the right settlement, and nothing else is touched."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from adapters.errors import AdapterError, Busy, Denied, Malformed, Misconfigured, Rejected, Unreachable
from adapters.sending import Receipt
from adapters.targets.national import Item
from canonical_schema.values.instant import CHINA
from gateway.delivery.attempt import Attempted, attempt, batches
from gateway.domain.backoff import Schedule
from gateway.store.deliveries import Due

NOON = datetime(2026, 3, 5, 12, tzinfo=CHINA)
HELD = Receipt(201, already_held=False, words="held")


class Scripted:
    """Answers by record: a receipt, an error, or "hang". `whole` is the fate of a batch as such."""

    def __init__(self, *, whole: AdapterError | str | None = None, **said: object) -> None:
        self.whole, self.said, self.alone = whole, said, []

    async def send(self, envelope: bytes, *, kind: str, record_id: str, version: int, key: str) -> Receipt:
        self.alone.append((record_id, version, key, kind, envelope))
        answer = self.said.get(record_id, HELD)
        if answer == "hang":
            await asyncio.sleep(3600)
        if isinstance(answer, AdapterError):
            raise answer
        return answer

    async def send_batch(self, items: Sequence[Item]) -> list[Receipt | AdapterError]:
        if self.whole == "hang":
            await asyncio.sleep(3600)
        if isinstance(self.whole, AdapterError):
            raise self.whole
        return [self.said.get(item.record_id, HELD) for item in items]


def due(name: str, *, attempts: int = 0, owed_at: datetime = NOON) -> Due:
    return Due(1, "manifest", name, 2, f"key-{name}", attempts, owed_at, 3, b"{}")


def tried(batch: list[Due], recipient: Scripted, **more: object) -> Attempted:
    settings = {"seconds": 0.05, "schedule": Schedule(base=10, cap=60, deadline=3600), "clock": lambda: NOON}
    return asyncio.run(attempt(batch, recipient, chance=lambda: 0.5, **(settings | more)))


def events(attempted: Attempted) -> list[str]:
    return [one.event for one in attempted.settlements]


def test_a_single_one_goes_out_as_it_is() -> None:
    recipient = Scripted()
    done = tried([due("a")], recipient)
    assert recipient.alone == [("a", 2, "key-a", "manifest", b"{}")]
    assert (events(done), done.up, done.settlements[0].words) == (["deliver"], True, "held")


@pytest.mark.parametrize(
    ("error", "event", "up"),
    [
        (Unreachable("cut"), "retry", False),
        (Busy("later", wait=40), "retry", False),
        (Denied("who are you"), "retry", False),
        (Misconfigured("no secret"), "retry", False),
        (Malformed("a login page"), "retry", False),
        (Rejected("no such code", code="422"), "refuse", True),
    ],
)
def test_the_class_of_the_error_decides(error: AdapterError, event: str, up: bool) -> None:
    done = tried([due("a")], Scripted(a=error))
    assert (events(done), done.up) == ([event], up)


def test_backoff_grows_with_the_attempts_and_never_undercuts_retry_after() -> None:
    at = [tried([due("a", attempts=n)], Scripted(a=Unreachable("cut"))).settlements[0].next_at for n in (0, 1, 2, 3)]
    assert [(one - NOON).total_seconds() for one in at if one] == [5, 10, 20, 30]
    asked = tried([due("a")], Scripted(a=Busy("later", wait=90)))
    assert asked.settlements[0].next_at == NOON + timedelta(seconds=90)
    assert asked.wait == 90


def test_past_its_deadline_it_is_given_up_with_the_last_words() -> None:
    late = due("a", attempts=9, owed_at=NOON - timedelta(hours=1))
    done = tried([late], Scripted(a=Busy("busy", code="503")))
    assert [(one.event, one.words) for one in done.settlements] == [("give_up", "503 busy")]


def test_each_item_of_a_batch_is_judged_for_itself() -> None:
    said = {"b": Rejected("no", code="422"), "c": Busy("later", code="503")}
    recipient = Scripted(**said)
    done = tried([due(name) for name in "abcd"], recipient)
    assert events(done) == ["deliver", "refuse", "retry", "deliver"]
    assert (done.up, recipient.alone) == (True, [])


def test_a_batch_whose_every_item_must_wait_counts_as_a_failure_of_the_target() -> None:
    assert tried([due("a"), due("b")], Scripted(a=Busy("x"), b=Busy("y"))).up is False


def test_a_batch_refused_as_such_goes_one_by_one() -> None:
    recipient = Scripted(whole=Rejected("too large", code="413"), b=Rejected("no", code="422"))
    done = tried([due(name) for name in "abc"], recipient)
    assert events(done) == ["deliver", "refuse", "deliver"]
    assert [one[0] for one in recipient.alone] == ["a", "b", "c"]


def test_when_the_target_goes_down_between_single_ones_the_rest_is_given_back_untried() -> None:
    recipient = Scripted(whole=Rejected("no batches", code="404"), b=Unreachable("cut"))
    done = tried([due(name) for name in "abcd"], recipient)
    assert events(done) == ["deliver", "retry", "release", "release"]


def test_a_batch_that_gets_no_answer_was_tried_whole_and_never_outlasts_its_time() -> None:
    done = tried([due("a"), due("b")], Scripted(whole="hang"))
    assert [(one.event, one.words) for one in done.settlements] == [("retry", "no answer within 0.05 s")] * 2
    assert done.up is False


def test_a_single_one_that_hangs_after_a_refused_batch() -> None:
    done = tried([due(name) for name in "abc"], Scripted(whole=Rejected("no", code="404"), b="hang"))
    assert events(done) == ["deliver", "retry", "release"]


def test_batches_keep_the_order() -> None:
    several = [due(name) for name in "abcde"]
    assert [[one.record_id for one in piece] for piece in batches(several, 2)] == [["a", "b"], ["c", "d"], ["e"]]
