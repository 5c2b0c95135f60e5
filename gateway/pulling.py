"""Pulling beside the API: each adapter in a loop of its own, so that one that is down or slow stops no other."""

import asyncio
import logging
import random
from collections.abc import Awaitable

from sqlalchemy.exc import OperationalError

from adapters.errors import AdapterError
from adapters.spec import DriverName
from canonical_schema.problem import ProblemsFound
from gateway.errors import GatewayError
from gateway.gateway import Gateway
from gateway.lifecycle import TAKES_DATA

log = logging.getLogger(__name__)


async def keep_pulling(gateway: Gateway) -> None:
    """Pulls every adapter that takes data, again and again, until it is cancelled."""
    async with asyncio.TaskGroup() as group:
        for name in sorted(gateway.packs.provinces):
            group.create_task(_one(gateway, name), name=f"pulling {name}")


async def _one(gateway: Gateway, name: str) -> None:
    """One adapter's loop. Its files, stage and secrets are looked at anew each time: an operator mends them meanwhile.
    A file that wasn't there at the start is found by the next start."""
    told = await _trouble(name, _down(gateway, name))  # `serve` has said it
    while True:
        words = await _trouble(name, _run(gateway, name))
        if words and words != told:
            log.warning("adapter %s: %s", name, words)
        elif told and not words:
            log.info("adapter %s is back", name)
        told = words
        # Not all at once: a whole nation's adapters would wake in the same second for ever.
        await asyncio.sleep(gateway.settings.pull_seconds * random.uniform(0.9, 1.1))  # noqa: S311 - spreads load


async def _trouble(name: str, work: Awaitable[str]) -> str:
    """What went wrong in the work, or what it says itself, as a sentence. The database may be away too."""
    try:
        return await work
    except (AdapterError, GatewayError, ProblemsFound, OperationalError) as error:
        return str(error)
    except Exception as error:
        log.exception("pulling %s has failed", name)
        return f"{type(error).__name__}: {error}"


async def _down(gateway: Gateway, name: str) -> str:
    return (await asyncio.to_thread(gateway.adapters.state, name)).words


async def _run(gateway: Gateway, name: str) -> str:
    """One run, if there can be one: else why not."""
    state = await asyncio.to_thread(gateway.adapters.state, name)
    if state.stage not in TAKES_DATA or state.driver == DriverName.FILE or not state.up:
        return state.words
    counts = await gateway.pull(name)
    if counts.accepted or counts.quarantined:
        log.info("adapter %s: %s accepted, %s quarantined", name, counts.accepted, counts.quarantined)
    return ""
