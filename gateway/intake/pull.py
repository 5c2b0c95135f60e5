"""Bytes to commit: what every exchange goes through, and the loop that pulls a dataset to its end."""

import asyncio
import gc
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from adapters.payload import Decoded, Exchange
from gateway.domain.counts import Counts
from gateway.intake.page import Page
from gateway.intake.pipeline import process
from mappings import Program

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Intake:
    """One dataset of one adapter on its way in. `commit` stores a page in one transaction."""

    decode: Callable[[Exchange], Decoded]
    program: Program
    division: str
    commit: Callable[[Page], Counts]
    today: Callable[[], date]

    def take(self, exchange: Exchange) -> Counts:
        """Decode, map, validate, commit. Synchronous: it belongs into a worker thread."""
        with paused_collector():
            decoded = self.decode(exchange)
            page = process(exchange, decoded, self.division, self.program, self.today())
            return self.commit(page)


class Takes(Protocol):
    """A way in."""

    def take(self, exchange: Exchange) -> Counts: ...


async def pull(intake: Takes, exchanges: AsyncIterator[Exchange]) -> AsyncGenerator[Counts, None]:
    """Takes every exchange in turn; the next is asked for only once the last is stored, so a cursor never runs ahead.

    What the driver raises passes through: everything before it is stored.
    """
    async with aclosing(exchanges) as source:  # type: ignore[type-var]
        async for exchange in source:
            if notes := exchange.request.get("notes"):
                log.warning("%s/%s: %s", exchange.adapter, exchange.dataset, notes)
            yield await asyncio.to_thread(intake.take, exchange)


@contextmanager
def paused_collector() -> Iterator[None]:
    """A page is a few hundred thousand fresh objects and no cycle: collecting among them costs a third of the way."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
