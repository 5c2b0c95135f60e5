"""The composition root: settings → packs → database → programs. CLI, API, console and demo all start here.

It hands out its parts (`packs`, `database`, `programs`); what can be asked of a part is asked there. A method stands
here only where parts must be joined.
"""

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Self

from adapters.description import Descriptions, Forgotten
from adapters.driver import Driver, Probe
from adapters.errors import AdapterError, Denied, Malformed, Misconfigured
from adapters.payload import Exchange
from adapters.registry import open_adapter
from adapters.sending import Outgoing, Receipt
from adapters.spec import AdapterSpec, DriverName, TargetSpec
from adapters.targets.national import open_target
from canonical_schema.problem import ProblemsFound
from canonical_schema.values.instant import CHINA
from gateway.clock import Clock, system_clock
from gateway.delivery.attempt import Recipient
from gateway.delivery.lane import Destination
from gateway.delivery.worker import Worker
from gateway.described import StoredDescriptions
from gateway.domain.asking import AWAY
from gateway.domain.backoff import Schedule
from gateway.domain.counts import Counts
from gateway.domain.owed import Target
from gateway.errors import NoSuchAdapter, StageMoved
from gateway.intake import replay as replaying
from gateway.intake.commit import commit_page
from gateway.intake.forwarded import ForwardedIntake, checked, commit_forwarded
from gateway.intake.page import Page
from gateway.intake.pipeline import process
from gateway.intake.pull import Intake, Takes
from gateway.intake.pull import pull as pull_exchanges
from gateway.intake.replay import Shelf
from gateway.intake.reread import Tally
from gateway.packs import Packs, find_packs
from gateway.probed import ADAPTER_STEPS, Mapped, Step, adapter_steps, dataset_steps
from gateway.programs import Programs, outward
from gateway.read import manifests
from gateway.readiness import missing
from gateway.registration import Registration
from gateway.sending import hand_over, outgoing
from gateway.settings import Settings
from gateway.store import adapters as stored
from gateway.store.database import Database, open_database
from mappings import Program

Told = Callable[[Counts], None]


class Gateway:
    """One process's gateway. Nothing is opened before it is needed; `close` ends what was."""

    def __init__(
        self, settings: Settings, *, clock: Clock = system_clock, environment: Mapping[str, str] = os.environ
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.environment = environment
        self._worker: Worker | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if "database" in self.__dict__:
            self.database.dispose()

    @cached_property
    def packs(self) -> Packs:
        return find_packs(self.settings.packs)

    @cached_property
    def database(self) -> Database:
        self.settings.prepare()
        return open_database(self.settings.database_url)

    @cached_property
    def programs(self) -> Programs:
        return Programs(self.packs)

    @cached_property
    def adapters(self) -> Registration:
        return Registration(self.packs, self.database, self.clock, self.environment)

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """Every record version is owed to all targets of the loaded packs, also to one that is down at the moment."""
        return tuple(Target(name) for name in sorted(self.packs.targets))

    async def pull(
        self, adapter: str, dataset: str | None = None, told: Told | None = None, *, once: bool = False
    ) -> Counts:
        """One run over one dataset, or all of the adapter's, to their end. `told` hears of each page. `once` is for a
        system that is down: what fails isn't tried again within the run.

        Raises WrongStage before the adapter takes data, and AdapterError: what was stored until then stands. A dataset
        that fails for itself (an answer that can't be read, say) stops no other; the first such error is raised then. Who is
        denied twice asks no further: it's the credential.
        """
        spec = await asyncio.to_thread(lambda: self.adapters.taking_data(adapter))
        if once:
            spec = spec.model_copy(update={"limits": spec.limits.model_copy(update={"tries": 1})})
        total, failures = Counts(), list[AdapterError]()
        async with self._driver(spec, StoredDescriptions(lambda: self.database, spec.id)) as driver:
            for name in [dataset] if dataset is not None else spec.reading:
                try:
                    async with aclosing(self._run(spec, name, driver)) as pages:
                        async for counts in pages:
                            total += counts
                            if told is not None:
                                told(counts)
                except AdapterError as error:
                    denied = sum(isinstance(one, Denied) for one in failures)
                    if isinstance(error, AWAY) or (isinstance(error, Denied) and denied):
                        raise
                    failures.append(error)
        if failures:
            raise failures[0]
        return total

    async def probe(self, adapter: str, dataset: str | None = None) -> list[Step]:
        """One look at a system, whatever its stage: nothing is stored. Raises ProblemsFound for a file with faults,
        NoSuchAdapter for a dataset that isn't there."""
        spec = self.adapters.spec(adapter)
        asked = [_known(spec, dataset)] if dataset is not None else spec.reading
        names = [name for name in asked if name in spec.reading]
        only_sent = "" if names else "nothing is read there: what it has is only sent (仅发送, 不读取)"
        if words := missing(spec, self.environment) or only_sent:
            return list(adapter_steps(spec, Probe(error=Misconfigured(words))))
        steps: list[Step] = []
        async with self._driver(spec, Forgotten()) as driver:
            for name in names:
                probe = await driver.probe(name)
                if not steps:
                    steps += adapter_steps(spec, probe)
                mapped = None
                if probe.error is None and probe.exchange is not None and probe.rows != 0:
                    mapped = await asyncio.to_thread(self._mapped, spec, driver, probe, probe.exchange)
                steps += dataset_steps(spec, name, probe, mapped)
                if any(one.outcome == "failed" for one in steps[:ADAPTER_STEPS]):
                    break  # what holds for the system holds for its other datasets
        return steps

    def _mapped(self, spec: AdapterSpec, driver: Driver, probe: Probe, exchange: Exchange) -> Mapped:
        began = perf_counter()
        if exchange.forwarded is not None:
            try:
                page = checked(exchange, self._today(), self.clock(), spec.limits.bounds(), self.programs.ours)
            except Malformed as error:
                return Mapped(faults=(str(error),))
            return Mapped(page, (probe.read or 0.0) + perf_counter() - began)
        try:
            program = self.programs.program(spec.id, exchange.dataset)
        except ProblemsFound as found:
            return Mapped(faults=tuple(map(str, found.problems)))
        except NoSuchAdapter as missing:
            return Mapped(faults=(f"{missing.zh} · {missing.en}",))
        decoded = driver.decode(exchange.payload, exchange.dataset, exchange.headers, exchange.source_name)
        page = process(exchange, decoded, spec.division or "", program, self._today())
        return Mapped(page, (probe.read or 0.0) + perf_counter() - began)

    def ingest(self, adapter: str, dataset: str, files: Sequence[Path]) -> Counts:
        """Local files through the same way as a pulled page, each a page of its own. WrongStage as for `pull`."""
        spec = self.adapters.taking_data(adapter)
        driver = open_adapter(spec, self.environment, self.clock)
        intake = self._intake(spec, dataset, driver)
        return sum((intake.take(driver.local(dataset, file, self.clock())) for file in files), Counts())

    def replay(self, adapter: str, dataset: str, *, since: str = "", dry: bool = False) -> Iterator[tuple[Tally, int]]:
        """Stored payloads mapped once more: what became of each exchange, and how many are left. WrongStage as for
        `pull`. `since` is an instant; `dry` stores nothing."""
        spec = self.adapters.taking_data(adapter)
        if dry:
            yield from replaying.tried(self.shelf(spec, dataset, self.programs.program(adapter, dataset), since))
            return
        shelf = self.shelf(spec, dataset, self.programs.keep(self.database, adapter, dataset), since)
        for told in replaying.replay(shelf, self.clock, self.targets):
            if self._worker is not None:
                self._worker.wake()
            yield told

    def shelf(self, spec: AdapterSpec, dataset: str, program: Program, since: str = "") -> Shelf:
        """The stored exchanges of a dataset, as a mapping reads them."""
        return Shelf(self.database, spec.id, dataset, spec.division or "", program, self._today, since)

    def outgoing(self, adapter: str, dataset: str, no: str) -> Outgoing:
        """The newest version of a record, as the system writes it. NoSuchRecord, NoSuchAdapter, NotWritable, UsedWrongly."""
        way = outward(self.packs.province(adapter), dataset)
        with self.database.read() as conn:
            envelope = manifests.newest(conn, manifests.resolve(conn, no))
        return outgoing(way, envelope, f"{adapter}/{dataset}")

    async def send(self, adapter: str, dataset: str, what: Outgoing) -> Receipt:
        """Hands it over, once. WrongStage unless the adapter takes part; AdapterError."""
        spec = await asyncio.to_thread(lambda: self.adapters.taking_data(adapter))
        return await hand_over(open_adapter(spec, self.environment, self.clock), dataset, what)

    def worker(self, *, grace: float = 10.0) -> Worker:
        """The delivery worker of this process; from now on every commit wakes it. Targets that lack their address or
        secret are left out: what is owed to them waits."""
        destinations = [
            _destination(spec, self.environment, self.clock)
            for _, spec, words in self.adapters.targets()
            if spec is not None and not words
        ]
        self._worker = Worker(self.database, destinations, clock=self.clock, grace=grace)
        return self._worker

    async def _run(self, spec: AdapterSpec, dataset: str, driver: Driver) -> AsyncGenerator[Counts, None]:
        """One dataset to its end. Where the adapter's stage is moved meanwhile the run begins anew: leaving shadow
        has rewound the cursor, and this run's next page would move it on past what must be read once more."""
        while True:
            intake, cursor = await asyncio.to_thread(self._begin, spec, dataset, driver)
            try:
                async with aclosing(pull_exchanges(intake, driver.pull(dataset, cursor))) as pages:
                    async for counts in pages:
                        yield counts
            except StageMoved:
                continue
            return

    def _begin(self, spec: AdapterSpec, dataset: str, driver: Driver) -> tuple[Takes, str | None]:
        """The way in, and the cursor to begin at. Synchronous: a mapping may have to be compiled and stored."""
        with self.database.read() as conn:
            # The move before the cursor: one that comes between the two is noticed at the first commit.
            moved = stored.last_move(conn, spec.id)
            cursor = stored.cursor(conn, spec.id, dataset)
        return self._intake(spec, dataset, driver, moved), cursor

    @asynccontextmanager
    async def _driver(self, spec: AdapterSpec, descriptions: Descriptions) -> AsyncIterator[Driver]:
        driver = open_adapter(spec, self.environment, self.clock, descriptions)
        try:
            yield driver
        finally:
            await driver.aclose()

    def _intake(self, spec: AdapterSpec, dataset: str, driver: Driver, moved: int | None = None) -> Takes:
        _known(spec, dataset)
        if spec.driver is DriverName.LIANDAN:
            return ForwardedIntake(
                lambda page, carrier, now: self._commit_forwarded(page, carrier, now, moved),
                self.clock,
                self._today,
                spec.limits.bounds(),
                self.programs.ours,
            )
        program = self.programs.keep(self.database, spec.id, dataset)
        return Intake(
            lambda one: driver.decode(one.payload, one.dataset, one.headers, one.source_name),
            program,
            spec.division or "",
            lambda page: self._commit(page, moved),
            self._today,
        )

    def _today(self) -> date:
        return self.clock().astimezone(CHINA).date()

    def _commit(self, page: Page, moved: int | None) -> Counts:
        return self._woken(commit_page(self.database, page, self.clock, targets=self.targets, moved=moved))

    def _commit_forwarded(self, page: Page, carrier: Exchange, now: datetime, moved: int | None) -> Counts:
        return self._woken(commit_forwarded(self.database, page, carrier, now, targets=self.targets, moved=moved))

    def _woken(self, counts: Counts) -> Counts:
        if self._worker is not None:
            self._worker.wake()
        return counts


def _known(spec: AdapterSpec, dataset: str) -> str:
    """The dataset's name. NoSuchAdapter naming those there are."""
    if dataset not in spec.datasets:
        listed = ", ".join(spec.datasets)
        raise NoSuchAdapter(
            f"适配器 {spec.id} 没有数据集 {dataset!r}; 可用: {listed}",
            f"adapter {spec.id} has no dataset {dataset!r}; there are: {listed}",
        )
    return dataset


def _destination(spec: TargetSpec, environment: Mapping[str, str], clock: Clock) -> Destination:
    return Destination(
        spec.id,
        lambda: _recipient(spec, environment, clock),
        batch=spec.batch,
        senders=spec.limits.concurrency,
        attempt_s=float(spec.limits.total),
        schedule=Schedule(spec.retry.first, spec.retry.longest, spec.retry.deadline),
    )


@asynccontextmanager
async def _recipient(spec: TargetSpec, environment: Mapping[str, str], clock: Clock) -> AsyncIterator[Recipient]:
    target = open_target(spec, environment, clock)
    try:
        yield target
    finally:
        await target.aclose()
