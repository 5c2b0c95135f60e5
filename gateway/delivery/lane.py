"""One target's lane: several senders with one connection each, and one loop that acknowledges and claims for them.

Every target has a lane of its own, so a slow one, or one that hangs, takes no sender from another.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gateway.clock import Clock
from gateway.delivery.attempt import Attempted, Recipient, Settlement, attempt, batches
from gateway.delivery.ledger import Ledger, Turn
from gateway.domain.backoff import Schedule
from gateway.domain.breaker import Admission, Breaker, Circuit, Patience, admitted, answered, failed, taken_up
from gateway.store.deliveries import Due

# While senders still have work at hand, answers are gathered this long (seconds) before they are written.
_GATHER = 0.05
# What is due now but not to be had is in another worker's hands at this moment: look again soon, not at once.
_SHORTEST_REST = 0.01


@dataclass(frozen=True, slots=True)
class Destination:
    """A target as the worker needs it. `open` gives a sender its own client; `batch` 1 means one by one.

    `attempt_s` bounds one attempt; a lease lasts twice as long, so nobody else sends what is being sent.
    """

    id: str
    open: Callable[[], AbstractAsyncContextManager[Recipient]]
    batch: int = 1
    senders: int = 4
    attempt_s: float = 60.0
    schedule: Schedule = field(default_factory=Schedule)
    patience: Patience = field(default_factory=Patience)

    @property
    def lease_s(self) -> float:
        return 2 * self.attempt_s

    @property
    def ahead(self) -> int:
        """How many deliveries are claimed at most: enough that no sender waits for a commit."""
        return self.senders * (3 * self.batch if self.batch > 1 else 32)


@dataclass(frozen=True, slots=True)
class _Batch:
    due: Sequence[Due]
    leased_until: datetime


class Lane:
    """Runs until it is told to stop or, with `until_empty`, until nothing waits for its target any more."""

    def __init__(
        self,
        destination: Destination,
        ledger: Ledger,
        *,
        clock: Clock,
        tick: float,
        grace: float,
        chance: Callable[[], float],
        until_empty: bool,
    ) -> None:
        self._destination = destination
        self._ledger = ledger
        self._clock = clock
        self._tick = tick
        self._grace = grace
        self._chance = chance
        self._until_empty = until_empty
        self._breaker = Breaker()
        self._stored_breaker = self._breaker
        self._ready: asyncio.Queue[_Batch] = asyncio.Queue()
        self._sending: dict[int, _Batch] = {}
        self._settled: list[Settlement] = []
        self._in_hand = 0
        self._wake = asyncio.Event()
        self._gathering: asyncio.TimerHandle | None = None
        self._senders: list[asyncio.Task[None]] = []
        self._stop_by: datetime | None = None

    def wake(self) -> None:
        """Something may be due. Call it from the loop's own thread."""
        self._wake.set()

    def stop(self) -> None:
        """No more claims; what is being sent may end within the grace; everything else goes back at once."""
        if self._stop_by is None:
            self._stop_by = self._clock() + timedelta(seconds=self._grace)
            self._give_back_ready()
            self._wake.set()

    async def run(self) -> None:
        await self._ledger.recover(self._destination.id, self._clock())
        self._breaker = self._stored_breaker = taken_up(await self._ledger.breaker(self._destination.id))
        async with asyncio.TaskGroup() as group:
            self._senders = [group.create_task(self._send(number)) for number in range(self._destination.senders)]
            await self._turns()
            self._cancel_senders()

    async def _turns(self) -> None:
        while True:
            self._wake.clear()
            turn = await self._turn()
            self._hand_out(turn)
            if self._stop_by is not None and self._in_hand and self._clock() >= self._stop_by:
                self._cut_off()
            elif self._in_hand:
                await self._rest(turn)
            elif self._stop_by is not None or (self._until_empty and turn.next_at is None):
                return
            else:
                await self._rest(turn)

    async def _turn(self) -> Turn:
        now = self._clock()
        settlements, self._settled = self._settled, []
        self._in_hand -= len(settlements)
        limit, probing = self._room(now)
        changed = self._breaker if self._breaker != self._stored_breaker else None
        self._stored_breaker = self._breaker
        turn = await self._ledger.turn(
            self._destination.id, settlements, now=now, limit=limit, lease_s=self._destination.lease_s, breaker=changed
        )
        if probing and turn.due:
            self._breaker, _ = admitted(self._breaker, now, self._destination.patience)
        return turn

    def _room(self, now: datetime) -> tuple[int, bool]:
        """How many may be claimed, and whether that one is the breaker's probe."""
        if self._stop_by is not None:
            return 0, False
        _, admission = admitted(self._breaker, now, self._destination.patience)
        if admission is Admission.PROBE:
            return 1, True
        return (self._destination.ahead - self._in_hand if admission is Admission.ALL else 0), False

    def _hand_out(self, turn: Turn) -> None:
        self._in_hand += len(turn.due)
        for due in batches(turn.due, self._destination.batch):
            self._ready.put_nowait(_Batch(due, turn.leased_until))
        # The target may have failed, or the worker been stopped, while the claim was on its way.
        if self._stop_by is not None or self._breaker.circuit is Circuit.OPEN:
            self._give_back_ready()

    async def _rest(self, turn: Turn) -> None:
        """Until an answer, a wake-up, the next due time, the breaker's, or the fallback tick."""
        next_at, until = turn.next_at, self._breaker.until
        if self._breaker.circuit is Circuit.CLOSED:
            next_at = next_at if self._in_hand < self._destination.ahead else None
        elif next_at is not None and until is not None:
            # An open breaker whose pause is over stays open until something is due.
            next_at = max(next_at, until)
        moments = [next_at, self._stop_by]
        now = self._clock()
        waits = [max(_SHORTEST_REST, (at - now).total_seconds()) for at in moments if at is not None]
        try:
            async with asyncio.timeout(min([self._tick, *waits])):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _send(self, number: int) -> None:
        destination = self._destination
        async with destination.open() as recipient:
            while True:
                batch = await self._ready.get()
                left = batch.leased_until - self._clock()
                if left.total_seconds() < destination.attempt_s:
                    # It waited too long behind slow answers: another worker may have it before ours would come.
                    self._give_back(batch)
                    continue
                self._sending[number] = batch
                attempted = await attempt(
                    batch.due,
                    recipient,
                    seconds=destination.attempt_s,
                    schedule=destination.schedule,
                    clock=self._clock,
                    chance=self._chance,
                )
                del self._sending[number]
                self._take(attempted)

    def _take(self, attempted: Attempted) -> None:
        self._settled.extend(attempted.settlements)
        if attempted.up:
            self._breaker = answered(self._breaker)
        elif attempted.up is False:
            self._breaker = failed(
                self._breaker,
                self._clock(),
                self._destination.patience,
                draw=self._chance(),
                wait=attempted.wait,
            )
            if self._breaker.circuit is Circuit.OPEN:
                self._give_back_ready()
        if self._ready.qsize() < self._destination.senders or self._in_hand < 2 * len(self._settled):
            self._wake.set()
        elif self._gathering is None:
            self._gathering = asyncio.get_running_loop().call_later(_GATHER, self._gathered)

    def _gathered(self) -> None:
        self._gathering = None
        self._wake.set()

    def _give_back_ready(self) -> None:
        while not self._ready.empty():
            self._give_back(self._ready.get_nowait())

    def _give_back(self, batch: _Batch) -> None:
        now = self._clock()
        self._settled.extend(Settlement(due, "release", now) for due in batch.due)
        self._breaker = taken_up(self._breaker)
        self._wake.set()

    def _cut_off(self) -> None:
        """The grace is over: whoever hasn't answered by now is asked again after the next start."""
        self._cancel_senders()
        now = self._clock()
        for batch in self._sending.values():
            self._settled.extend(
                Settlement(due, "retry", now, "stopped before the answer came", now) for due in batch.due
            )
        self._sending.clear()

    def _cancel_senders(self) -> None:
        for sender in self._senders:
            sender.cancel()
        if self._gathering is not None:
            self._gathering.cancel()
