"""The end of the feed, looked at for all who wait for it: one small question at a time, however many wait.

It's asked and not told: what another process commits is seen as well, on either database.
"""

import asyncio
from typing import Final

from starlette.concurrency import run_in_threadpool

from gateway.store import changes
from gateway.store.database import Database

PAUSE: Final = 0.2
"""Seconds between two looks, while somebody waits."""


class Tail:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._last = 0
        self._waiting = 0
        self._looking: asyncio.Task[None] | None = None
        self._moved = asyncio.Event()

    async def beyond(self, place: int, seconds: float) -> bool:
        """Waits until there is a change behind `place`, at most so long; whether there is one."""
        self._waiting += 1
        try:
            async with asyncio.timeout(seconds):
                while self._last <= place:
                    if self._looking is None:
                        self._looking = asyncio.create_task(self._look())
                    await self._moved.wait()
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1
        return True

    async def _look(self) -> None:
        try:
            while self._waiting:
                last = await run_in_threadpool(self._ask)
                if last > self._last:
                    self._last = last
                    self._tell()
                await asyncio.sleep(PAUSE)
        finally:
            self._looking = None
            self._tell()  # whoever still waits looks for himself, and meets what went wrong

    def _tell(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()

    def _ask(self) -> int:
        with self._database.read() as conn:
            return changes.last(conn)
