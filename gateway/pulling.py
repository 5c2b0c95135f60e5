"""Pulling beside the API: each adapter in a loop of its own, so that one that is down or slow stops no other. When it is
asked is decided by `gateway.domain.asking`; here it's done, and what came of it kept."""

import asyncio
import logging
import random
from collections.abc import Awaitable
from datetime import datetime
from typing import Final

from sqlalchemy.exc import OperationalError

from adapters.errors import AdapterError
from adapters.spec import DriverName
from canonical_schema.problem import ProblemsFound
from gateway.domain import asking
from gateway.domain.asking import Asked, Plan
from gateway.domain.counts import Counts
from gateway.errors import GatewayError
from gateway.gateway import Gateway, Told
from gateway.lifecycle import TAKES_DATA

log = logging.getLogger(__name__)

LOOK: Final = 30.0
"""Seconds after which a loop looks anew at the file, the stage and the store: an operator may have changed what it waits for."""

SHORTEST: Final = 0.01


class _QuietBegins(Exception):
    """The quiet hours of the system have begun in the middle of a run."""


async def keep_pulling(gateway: Gateway) -> None:
    """Pulls every adapter that takes data, again and again, until it is cancelled: what is being stored is still stored."""
    async with asyncio.TaskGroup() as group:
        for name in sorted(gateway.packs.provinces):
            group.create_task(_Loop(gateway, name).run(), name=f"pulling {name}")


async def pull_once(gateway: Gateway, name: str, dataset: str | None = None, told: Told | None = None) -> Counts:
    """One run now, whatever schedule and quiet hours say: a person asks. What came of it counts for the next one. Raises
    as `Gateway.pull` does."""
    return await _Run(gateway, name, await _plan(gateway, name), told).over(dataset)


class _Run:
    """One run, and what is kept of it. `ends`: when it is to stop after the page it is at."""

    def __init__(
        self, gateway: Gateway, name: str, plan: Plan, told: Told | None = None, *, ends: datetime | None = None
    ) -> None:
        self._gateway = gateway
        self._name = name
        self._plan = plan
        self._told = told
        self._ends = ends
        self._asked = Asked()
        self._taken = Counts()

    async def over(self, dataset: str | None = None) -> Counts:
        """Pulls, and keeps what is known then. A run over one dataset alone doesn't count for the schedule."""
        state = await asyncio.to_thread(self._gateway.adapters.state, self._name)
        now = self._gateway.clock()
        began = now if dataset is None else state.asked.began
        self._asked = asking.begins(state.asked, self._plan, now)
        once = asking.is_probe(self._asked)
        try:
            await self._gateway.pull(self._name, dataset, self._page, once=once)
        except _QuietBegins:
            await self._keep(asking.went_well(began, self._gateway.clock(), cut=True))
        except AdapterError as error:
            draw = random.random()  # noqa: S311 - spreads load
            now = self._gateway.clock()
            await self._keep(asking.went_wrong(self._asked, began, now, error, self._plan, draw))
            raise
        else:
            await self._keep(asking.went_well(began, self._gateway.clock()))
        return self._taken

    def _page(self, counts: Counts) -> None:
        self._asked = asking.answered(self._asked)
        self._taken += counts
        if self._told is not None:
            self._told(counts)
        if self._ends is not None and self._gateway.clock() >= self._ends:
            raise _QuietBegins

    async def _keep(self, asked: Asked) -> None:
        await asyncio.to_thread(self._gateway.adapters.keep_asked, self._name, asked)


class _Loop:
    """One adapter's. Its file, stage and secrets are looked at anew each time: an operator mends them meanwhile.
    A file that wasn't there at the start is found by the next start."""

    def __init__(self, gateway: Gateway, name: str) -> None:
        self._gateway = gateway
        self._name = name
        self._started = gateway.clock()
        self._chance = random.random()  # noqa: S311 - spreads load
        self._rest = 0.0

    async def run(self) -> None:
        told = await self._trouble(self._down())  # `serve` has said it
        while True:
            self._rest = min(LOOK, self._gateway.settings.pull_seconds * random.uniform(0.9, 1.1))  # noqa: S311
            words = await self._trouble(self._turn())
            if words and words != told:
                log.warning("adapter %s: %s", self._name, words)
            elif told and not words:
                log.info("adapter %s is back", self._name)
            told = words
            await asyncio.sleep(max(self._rest, SHORTEST))

    async def _trouble(self, work: Awaitable[str]) -> str:
        """What went wrong in the work, or what it says itself, as a sentence. The database may be away too."""
        try:
            return await work
        except (AdapterError, GatewayError, ProblemsFound, OperationalError) as error:
            return str(error)
        except Exception as error:
            log.exception("pulling %s has failed", self._name)
            return f"{type(error).__name__}: {error}"

    async def _down(self) -> str:
        return (await asyncio.to_thread(self._gateway.adapters.state, self._name)).words

    async def _turn(self) -> str:
        """One run, if there can be one and it is due: else why not. Sets `_rest` to how long nothing is to be done."""
        state = await asyncio.to_thread(self._gateway.adapters.state, self._name)
        if state.stage not in TAKES_DATA or state.driver == DriverName.FILE or not state.up:
            return state.words
        plan = await _plan(self._gateway, self._name)
        if (left := self._left(state.asked, plan)) > 0:
            self._rest = min(LOOK, left)
            return state.asked.words
        self._chance = random.random()  # noqa: S311 - spreads load
        try:
            ends = asking.quiet_begins(plan, self._gateway.clock())
            counts = await _Run(self._gateway, self._name, plan, ends=ends).over()
        finally:
            asked = (await asyncio.to_thread(self._gateway.adapters.state, self._name)).asked
            if asked != state.asked:  # it was kept: when it is asked next stands in there
                self._rest = min(LOOK, self._left(asked, plan))
        if counts.accepted or counts.quarantined:
            log.info("adapter %s: %s accepted, %s quarantined", self._name, counts.accepted, counts.quarantined)
        return ""

    def _left(self, asked: Asked, plan: Plan) -> float:
        now = self._gateway.clock()
        return (asking.next_run(asked, plan, self._started, self._chance) - now).total_seconds()


async def _plan(gateway: Gateway, name: str) -> Plan:
    spec = await asyncio.to_thread(gateway.adapters.spec, name)
    return asking.plan_of(spec, gateway.settings.pull_seconds)
