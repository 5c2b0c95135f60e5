"""The pulling loop and a real system that is down, busy, or in its quiet hours: how often it is asked, what is kept, what
`liandan` shows of it. The clock is ours; servers and store are real."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

REST = """\
driver: rest
base_url: {url}
{more}
datasets:
  manifests:
    title: 联单
    title_en: Manifests
    request: {{path: /m, query: {{since: "{{from}}", page: "{{page}}"}}}}
    paging: {{kind: keyset, rows: /rows, size: 2}}
    cursor: {{row: /at, format: yyyy-MM-dd, start: 2026-01-01, overlap: 0s}}
    decode: [text:utf-8, json]
"""
START = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)  # 10:00 in China


class System:
    """Five manifests, two a page. `answers`: what it says instead, one after the other; `heard` counts."""

    def __init__(self):
        self.heard, self.answers, self.on_page = 0, [], lambda: None

    def app(self):
        rows = [
            {
                "key": f"A-{day}",
                "at": f"2026-01-0{day}",
                "changed": "1",
                "from": "甲",
                "wastes": [{"name": "废油", "kg": 1}],
            }
            for day in range(1, 6)
        ]

        async def serve(request):
            self.heard += 1
            if self.answers:
                return self.answers.pop(0)
            self.on_page()
            found = [row for row in rows if row["at"] >= request.query_params["since"]]
            first = (int(request.query_params["page"]) - 1) * 2
            return JSONResponse({"rows": found[first : first + 2]})

        return Starlette(routes=[Route("/m", serve)])


@pytest.fixture
def system():
    return System()


@pytest.fixture
def clock(gateway):
    class Clock:
        now = START

        def __call__(self):
            return self.now

    made = Clock()
    gateway.clock = gateway.adapters.clock = made
    return made


@pytest.fixture
def connected(servers, system, pack, gateway, clock, monkeypatch):
    """connected(more): adapter aa asks the system, with this in its file; the loop looks anew all the time."""
    monkeypatch.setattr(import_module("gateway.pulling"), "LOOK", 0.01)
    gateway.adapters.stage("bb", "suspended", who="test", why="a test")

    def connect(more="limits: {tries: 2}", url=""):
        file = pack / "adapters/provinces/aa.yaml"
        head = file.read_text("utf-8").partition("driver:")[0]
        file.write_text(head + REST.format(url=url or servers.app(system.app()), more=more), "utf-8")

    return connect


def state(gateway):
    return gateway.adapters.state("aa")


@contextlib.asynccontextmanager
async def pulling(gateway):
    task = asyncio.create_task(import_module("gateway.pulling").keep_pulling(gateway))
    try:
        yield
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def until(condition):
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in another thread
            await asyncio.sleep(0.005)


async def looks(gateway, monkeypatch, times=5):
    """The loop has looked so many times."""
    adapters, left = gateway.adapters, [times]
    really = type(adapters).state

    def noted(self, name):
        left[0] -= 1
        return really(self, name)

    monkeypatch.setattr(type(adapters), "state", noted)
    await until(lambda: left[0] <= 0)
    monkeypatch.setattr(type(adapters), "state", really)


def busy(wait):
    return Response("not now", 503, headers={"Retry-After": wait})


def test_retry_after_is_kept_to_across_a_restart_and_shown(gateway, system, connected, clock, monkeypatch):
    connected()
    system.answers = [busy("3600")]

    async def first():
        async with pulling(gateway):
            await until(lambda: state(gateway).asked.breaker.failures == 1)
            await looks(gateway, monkeypatch)
        clock.now += timedelta(minutes=59)
        async with pulling(gateway):
            await looks(gateway, monkeypatch)
            assert system.heard == 1
            clock.now += timedelta(minutes=1)
            await until(lambda: state(gateway).asked.well_at is not None)

    asyncio.run(first())
    told = state(gateway).as_dict()
    assert told["accepted"] == 5
    assert (told["failures"], told["resting_until"], told["trouble"]) == (0, None, "")
    assert told["well_at"] == "2026-03-05T11:00:00+08:00"


def test_retry_after_as_a_date_counts_from_our_clock(gateway, system, connected, clock, monkeypatch):
    connected()
    system.answers = [busy("Thu, 05 Mar 2026 02:30:00 GMT")]

    async def run():
        async with pulling(gateway):
            await until(lambda: state(gateway).asked.breaker.failures == 1)

    asyncio.run(run())
    assert state(gateway).as_dict()["resting_until"] == "2026-03-05T10:30:00+08:00"


def test_a_system_that_is_down_is_probed_once_a_pause_and_what_it_owed_comes_when_it_is_back(
    gateway, system, connected, clock, monkeypatch
):
    connected("limits: {tries: 3}\nretry: {failures: 2, first: 60s, longest: 10m}")
    system.answers = [Response("down", 500) for _ in range(100)]

    async def run():
        async with pulling(gateway):
            await until(lambda: state(gateway).asked.breaker.failures == 1)
            assert system.heard == 3, "a few tries, within seconds"
            clock.now += timedelta(seconds=60)
            await until(lambda: state(gateway).asked.breaker.failures == 2)
            told = state(gateway)
            assert (system.heard, str(told.asked.breaker.circuit)) == (6, "open")
            assert told.asked.breaker.until > clock.now
            for probes in range(1, 4):
                await looks(gateway, monkeypatch)
                assert system.heard == 5 + probes, "nothing between two probes"
                clock.now = state(gateway).asked.breaker.until
                await until(lambda probes=probes: state(gateway).asked.breaker.failures == 2 + probes)
                assert system.heard == 6 + probes, "one request"
            system.answers = []
            clock.now = state(gateway).asked.breaker.until
            await until(lambda: state(gateway).counts.accepted == 5)
            await until(lambda: state(gateway).asked.breaker.failures == 0)

    asyncio.run(run())


def test_nothing_is_asked_in_quiet_hours_and_a_run_stops_at_their_beginning(
    gateway, system, connected, clock, monkeypatch
):
    connected('quiet: ["11:00-13:00"]\nschedule: {cron: "0 10 * * *"}')
    clock.now = START - timedelta(minutes=1)

    def an_hour_a_page():
        clock.now += timedelta(hours=1)

    system.on_page = an_hour_a_page

    async def run():
        async with pulling(gateway):
            await looks(gateway, monkeypatch)
            assert system.heard == 0, "it isn't ten yet"
            clock.now = START
            await until(lambda: state(gateway).asked.well_at is not None)
            assert (system.heard, state(gateway).counts.accepted) == (1, 2), "one page, and eleven o'clock"
            await looks(gateway, monkeypatch)
            clock.now = START + timedelta(hours=2, minutes=59)
            await looks(gateway, monkeypatch)
            assert system.heard == 1
            clock.now = START + timedelta(hours=3)
            await until(lambda: state(gateway).counts.accepted == 5)
            await looks(gateway, monkeypatch)

    asyncio.run(run())


def test_the_command_shows_it_and_a_run_by_hand_comes_at_once(gateway, system, connected, clock):
    connected("retry: {failures: 1}")
    pull_once = import_module("gateway.pulling").pull_once
    errors = import_module("adapters.errors")
    system.answers = [Response("down", 500) for _ in range(4)]
    with pytest.raises(errors.Busy):
        asyncio.run(pull_once(gateway, "aa"))
    how = import_module("gateway.cli.adapters")._how(state(gateway).as_dict())
    assert how.startswith("failing ×1, 暂停至 resting until 2026-03-05T10:0")
    assert "busy: code 500: down" in how
    assert asyncio.run(pull_once(gateway, "aa")).accepted == 5
    assert import_module("gateway.cli.adapters")._how(state(gateway).as_dict()) == "ok"


@pytest.mark.parametrize(("status", "kind"), [(404, "Rejected"), (403, "Denied")])
def test_one_dataset_that_fails_for_itself_stops_no_other(gateway, system, connected, pack, status, kind):
    connected("limits: {tries: 1}")
    system.answers = [Response("no", status)]
    file = pack / "adapters/provinces/aa.yaml"
    text = file.read_text("utf-8")
    head, _, dataset = text.partition("  manifests:\n")
    file.write_text(f"{head}  first:\n{dataset}  manifests:\n{dataset}", "utf-8")
    mapping = pack / "mappings/provinces/aa/manifests.yaml"
    mapping.with_name("first.yaml").write_text(mapping.read_text("utf-8"), "utf-8")
    for part in ("packs", "programs", "adapters"):  # as a new start finds it
        gateway.__dict__.pop(part, None)
    with pytest.raises(getattr(import_module("adapters.errors"), kind), match=f"aa/first: .*{status}"):
        asyncio.run(gateway.pull("aa"))
    assert state(gateway).counts.accepted == 5


def test_who_is_denied_twice_asks_no_further(gateway, system, connected, pack):
    connected("limits: {tries: 1}")
    system.answers = [Response("no", 403) for _ in range(9)]
    file = pack / "adapters/provinces/aa.yaml"
    head, _, dataset = file.read_text("utf-8").partition("  manifests:\n")
    file.write_text(head + "".join(f"  {name}:\n{dataset}" for name in ("manifests", "second", "third")), "utf-8")
    mapping = pack / "mappings/provinces/aa/manifests.yaml"
    for name in ("second", "third"):
        mapping.with_name(f"{name}.yaml").write_text(mapping.read_text("utf-8"), "utf-8")
    for part in ("packs", "programs", "adapters"):
        gateway.__dict__.pop(part, None)
    with pytest.raises(import_module("adapters.errors").Denied):
        asyncio.run(gateway.pull("aa"))
    assert system.heard == 2
