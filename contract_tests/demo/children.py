"""The mocks as child processes. Each ends when the pipe to its standard input closes, so none outlives us, even after kill -9."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from contract_tests.world import World

READY_SECONDS = 60
END_SECONDS = 10


class ChildFailed(Exception):
    """A mock didn't start; its own words say why."""


@dataclass(frozen=True, slots=True)
class Child:
    """A running mock: where it listens, and the settings with which the gateway finds it."""

    name: str
    url: str
    environment: dict[str, str]


@asynccontextmanager
async def running(names: Sequence[str], folder: Path, world: World) -> AsyncIterator[dict[str, Child]]:
    """Starts the mocks side by side and ends them on leaving. ChildFailed when one doesn't come up."""
    async with AsyncExitStack() as stack:
        starting = (stack.enter_async_context(_child(name, folder / name, world)) for name in names)
        yield {child.name: child for child in await asyncio.gather(*starting)}


@asynccontextmanager
async def _child(name: str, folder: Path, world: World) -> AsyncIterator[Child]:
    told = {"dir": folder, "seed": world.seed, "manifests": world.manifests_per_province}
    options = [text for key, value in told.items() for text in (f"--{key}", str(value))]
    options += ["--provinces", ",".join(world.provinces), "--stop-with-stdin"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway.cli.main", "mock", name, *options,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield await _ready(name, process)
    finally:
        await _end(process)


async def _ready(name: str, process: asyncio.subprocess.Process) -> Child:
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), READY_SECONDS)
    except TimeoutError as error:
        raise ChildFailed(f"the mock {name} isn't ready after {READY_SECONDS} s") from error
    if not line:
        raise ChildFailed(f"the mock {name} ended with {await process.wait()} before it was ready")
    told = json.loads(line)
    return Child(name, told["url"], told["environment"])


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        await asyncio.wait_for(process.wait(), END_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()


async def finish(children: Sequence[Child]) -> None:
    """The night passes: every mock reveals what it still held back."""
    async with httpx.AsyncClient(trust_env=False) as client:
        for child in children:
            (await client.post(f"{child.url}/_mock/finish", timeout=60)).raise_for_status()


async def report(national: Child) -> dict[str, object]:
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"{national.url}/report", timeout=60)
        answer.raise_for_status()
        found: dict[str, object] = answer.json()
        return found
