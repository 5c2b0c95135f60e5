"""The demo: start the mocks, pull, let a night pass, pull again, deliver until nothing is owed, compare with the truth.

Everything is kept in one folder. A run that was killed goes on there: cursors, deliveries and the mocks' own state are on
disk, and what happens twice is harmless.
"""

import asyncio
import contextlib
import json
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from adapters.errors import AdapterError
from contract_tests.demo.children import Child, finish, report, running
from contract_tests.demo.progress import Bars
from contract_tests.demo.summary import Summary
from contract_tests.demo.truth import compare
from contract_tests.mocks.registry import PROVINCES
from contract_tests.world import USUAL, World
from gateway.errors import UsedWrongly
from gateway.gateway import Gateway
from gateway.settings import Settings, load_settings
from gateway.store import adapters, claims, deliveries, discrepancies, meta, records

DATASET = "manifests"
IDENTITY = "demo"
TRIES = 5


def run(manifests: int, seed: int, keep: Path | None, bars: Bars, provinces: tuple[str, ...] = ()) -> Summary:
    """`provinces`: those that take part; none named: those of the kept folder, or in a new one all there are.

    Raises UsedWrongly for a folder of another demo, or of something else, and for provinces that can't be simulated.
    """
    started = time.monotonic()
    _check(provinces)
    with _folder(keep) as folder, bars.showing():
        settings = _settings(folder)
        with Gateway(settings) as gateway:
            gateway.database.acquire_single_writer()
            with gateway.database.write() as conn:
                world = _claim_folder(conn, manifests, seed, provinces)
        return asyncio.run(_Demo(settings, world, folder, bars).run(started))


def _check(provinces: tuple[str, ...]) -> None:
    if unknown := ", ".join(name for name in provinces if name not in PROVINCES):
        known = ", ".join(PROVINCES)
        raise UsedWrongly(
            f"没有这样的模拟省份：{unknown}；可选 {known}", f"no such mock province: {unknown}; there are {known}"
        )


@contextlib.contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="liandan-demo-") as folder:
        yield Path(folder)


def _settings(folder: Path) -> Settings:
    """The user's settings, but data in this folder and only our own pack: the demo shows what's here."""
    return load_settings().model_copy(update={"data": folder, "packs": ()})


def _claim_folder(conn: Connection, manifests: int, seed: int, provinces: tuple[str, ...]) -> World:
    """The folder's world, which is that of its first run."""
    held = meta.get(conn, IDENTITY)
    if held is None:
        if not meta.is_empty(conn):
            raise UsedWrongly(
                "该数据库里有演示之外的数据；请另选 --keep 目录",
                "this database holds what no demo put there; choose another --keep folder",
            )
        world = World(seed, manifests, provinces or tuple(PROVINCES))
        meta.put(conn, IDENTITY, _told(world))
        return world
    own = tuple(json.loads(held).get("provinces", USUAL))
    world = World(seed, manifests, provinces or own)
    asked = _told(world)
    if held != asked:
        raise UsedWrongly(
            f"该目录属于另一次演示 {held}，此次为 {asked}",
            f"the folder belongs to the demo {held}, and this one is {asked}",
        )
    return world


def _told(world: World) -> str:
    return json.dumps({key: value for key, value in world.identity.items() if value is not None})


class _Demo:
    def __init__(self, settings: Settings, world: World, folder: Path, bars: Bars) -> None:
        self.settings, self.world, self.folder, self.bars = settings, world, folder, bars

    async def run(self, started: float) -> Summary:
        self.bars.say(f"启动模拟系统 · starting {', '.join(self.world.provinces)} and the national system")
        async with running((*self.world.provinces, "national"), self.folder / "mocks", self.world) as children:
            environment = dict(os.environ)
            for child in children.values():
                environment |= child.environment
            with Gateway(self.settings, environment=environment) as gateway:
                gateway.database.acquire_single_writer()
                self._go_live(gateway)
                await self._move(gateway, [children[name] for name in self.world.provinces])
                return self._summary(gateway, await report(children["national"]), started)

    def _go_live(self, gateway: Gateway) -> None:
        for name in self.world.provinces:
            if gateway.adapters.state(name).stage != "live":
                gateway.adapters.stage(name, "live", who="demo", why="the demo connects its mock provinces")

    async def _move(self, gateway: Gateway, provinces: Sequence[Child]) -> None:
        worker = gateway.worker()
        delivering = asyncio.create_task(worker.run())
        try:
            await self._pull_all(gateway, "拉取 · pulling")
            self.bars.say("夜间过去：更正、作废、新文件 · a night passes: corrections, voids, new files")
            await finish(provinces)
            await self._pull_all(gateway, "再次拉取 · pulling again")
        finally:
            worker.stop()
            await delivering
        self.bars.say("等待全部送达 · delivering what is still owed")
        await gateway.worker().run(until_empty=True)

    async def _pull_all(self, gateway: Gateway, words: str) -> None:
        async with asyncio.TaskGroup() as group:
            for name in self.world.provinces:
                group.create_task(self._pull(gateway, name, words))

    async def _pull(self, gateway: Gateway, name: str, words: str) -> None:
        told = self.bars.counter(f"{name}  {words}")
        trying = AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, AdapterError) and error.retryable),
            stop=stop_after_attempt(TRIES), wait=wait_random_exponential(0.1, max=2), reraise=True,
        )  # fmt: skip
        async for attempt in trying:
            with attempt:
                await gateway.pull(name, DATASET, told)

    def _summary(self, gateway: Gateway, national: dict[str, Any], started: float) -> Summary:
        self.bars.say("逐值与真值核对 · comparing every value with the world's truth")
        with gateway.database.read() as conn:
            comparison = compare(self.world, lambda adapter, keys: _held(conn, adapter, keys))
            tallies = adapters.tallies(conn)
            return Summary(
                adapters={name: _counts(tallies[name]) for name in self.world.provinces},
                records=records.live_counts(conn),
                discrepancies=discrepancies.open_count(conn),
                deliveries=deliveries.counts(conn),
                national=national,
                truth=self.world.truth(),
                comparison=comparison,
                elapsed_s=time.monotonic() - started,
            )


def _held(conn: Connection, adapter: str, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    newest = claims.newest_contents(conn, adapter, DATASET, keys)
    return {key: orjson.loads(body) for key, body in newest.items()}


def _counts(tally: Any) -> dict[str, int]:
    return {name: getattr(tally, name) for name in ("pulled", "accepted", "unchanged", "quarantined")}
