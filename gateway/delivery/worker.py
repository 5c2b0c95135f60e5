"""The delivery worker: a lane for each target, woken by commits, stopped gracefully.

On SQLite it lives in the one process that writes, and every commit that owes something wakes it. On PostgreSQL any
number of workers run side by side; what another process owes is found at the next fallback tick.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from gateway.clock import Clock, system_clock
from gateway.delivery.lane import Destination, Lane
from gateway.delivery.ledger import Ledger
from gateway.store.database import Database


class Worker:
    """Delivers to all destinations until `stop()`. One `run()` at a time.

    `tick` (seconds) is the fallback for a wake-up that never came, `grace` how long `stop` waits for answers.
    """

    def __init__(
        self,
        database: Database,
        destinations: Sequence[Destination],
        *,
        clock: Clock = system_clock,
        chance: Callable[[], float] = random.random,
        tick: float = 1.0,
        grace: float = 10.0,
    ) -> None:
        self._database = database
        self._destinations = tuple(destinations)
        self._clock = clock
        self._chance = chance
        self._tick = tick
        self._grace = grace
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lanes: tuple[Lane, ...] = ()
        self._stopped = False

    async def run(self, *, until_empty: bool = False) -> None:
        """Returns after `stop()`, or with `until_empty` as soon as every delivery is delivered or dead."""
        # One thread: our own transactions never wait for each other half done.
        writer = ThreadPoolExecutor(1, thread_name_prefix="deliveries")
        ledger = Ledger(self._database, writer)
        self._loop = asyncio.get_running_loop()
        self._lanes = tuple(
            Lane(
                destination,
                ledger,
                clock=self._clock,
                tick=self._tick,
                grace=self._grace,
                chance=self._chance,
                until_empty=until_empty,
            )
            for destination in self._destinations
        )
        try:
            if self._stopped:
                return
            async with asyncio.TaskGroup() as group:
                for lane in self._lanes:
                    group.create_task(lane.run())
        finally:
            self._loop, self._lanes = None, ()
            writer.shutdown()

    def wake(self) -> None:
        """Something was committed that may owe a delivery. From any thread, at any time; before and after a run, nothing."""
        self._tell(Lane.wake)

    def stop(self) -> None:
        """Ends the run within the grace. From any thread."""
        self._stopped = True
        self._tell(Lane.stop)

    def _tell(self, word: Callable[[Lane], None]) -> None:
        loop, lanes = self._loop, self._lanes
        if loop is None:
            return
        try:
            for lane in lanes:
                loop.call_soon_threadsafe(word, lane)
        except RuntimeError:
            # The loop was closed between the look and the call: the run is over, nobody is left to be told.
            return
