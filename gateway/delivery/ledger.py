"""What the worker asks of the store: one turn, one transaction, in the one thread that writes.

A turn acknowledges all that was answered since the last one, gives back what won't be sent, and claims what is due:
however many deliveries are ready, that is a handful of statements and one commit.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from gateway.delivery.attempt import Settlement
from gateway.domain.breaker import Breaker, from_text
from gateway.store import deliveries, meta
from gateway.store.database import Database
from gateway.store.deliveries import Due, Mark

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Turn:
    """`due`: what is ours until `leased_until`. `next_at`: when the next one is due, None if nothing waits at all."""

    due: tuple[Due, ...]
    leased_until: datetime
    next_at: datetime | None


class Ledger:
    """The deliveries of all targets. `executor` has one thread: our own transactions never wait for each other half
    done, and the loop never waits for the disk."""

    def __init__(self, database: Database, executor: Executor) -> None:
        self._database = database
        self._executor = executor

    async def turn(
        self,
        target: str,
        settlements: Sequence[Settlement],
        *,
        now: datetime,
        limit: int,
        lease_s: float,
        breaker: Breaker | None,
    ) -> Turn:
        """Settles, then claims up to `limit`. `breaker` is written with it, where it has changed."""
        return await self._in_thread(lambda: self._turn(target, settlements, now, limit, lease_s, breaker))

    async def breaker(self, target: str) -> Breaker:
        """The target's breaker as the last run left it."""

        def stored() -> Breaker:
            with self._database.read() as conn:
                return from_text(meta.get(conn, _row(target)))

        return await self._in_thread(stored)

    async def recover(self, target: str, now: datetime) -> None:
        """Takes back what a killed run had leased, without waiting for the leases to end: on SQLite, where this
        process is the only one. On PostgreSQL others may be at work on them."""

        def recovered() -> None:
            if self._database.is_sqlite:
                with self._database.write() as conn:
                    deliveries.recover(conn, target, now)

        await self._in_thread(recovered)

    def _turn(
        self,
        target: str,
        settlements: Sequence[Settlement],
        now: datetime,
        limit: int,
        lease_s: float,
        breaker: Breaker | None,
    ) -> Turn:
        with self._database.write() as conn:
            marks = [Mark(one.due.id, one.due.fence, one.event, one.at, one.words, one.next_at) for one in settlements]
            deliveries.mark(conn, marks)
            if breaker is not None:
                meta.put(conn, _row(target), breaker.as_text())
            due = deliveries.claim_due(conn, target, now, limit, lease_s) if limit > 0 else []
            next_at = deliveries.next_due_at(conn, target)
        return Turn(tuple(due), now + timedelta(seconds=lease_s), next_at)

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, call)


def _row(target: str) -> str:
    return f"breaker/{target}"
