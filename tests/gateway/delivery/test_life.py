"""How a worker wakes, stops, comes back after a crash, and shares its work with others."""

import asyncio
import time
from datetime import timedelta

import pytest

from gateway.clock import system_clock
from gateway.delivery.ledger import Ledger
from gateway.delivery.worker import Worker
from gateway.domain.backoff import Schedule
from gateway.domain.breaker import Patience
from gateway.store import deliveries, meta


def rid(name: str) -> str:
    return f"00000000-0000-5000-8000-{name:0>12}"


async def until(condition, seconds: float = 10) -> float:
    """Seconds until the condition holds."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds
        await asyncio.sleep(0.005)
    return time.monotonic() - began


@pytest.fixture
def turns(monkeypatch) -> list[int]:
    """How much each turn that has ended could claim; after a turn with nothing in it the worker rests."""
    ended: list[int] = []
    really = Ledger.turn

    async def counted(self, *args, **more):
        turn = await really(self, *args, **more)
        ended.append(more["limit"])
        return turn

    monkeypatch.setattr(Ledger, "turn", counted)
    return ended


def test_a_commit_wakes_it_and_nobody_waits_for_the_tick(owing, unruly, destination, turns) -> None:
    async def main() -> float:
        worker = Worker(owing.database, [destination(batch=10)], tick=60)
        async with asyncio.TaskGroup() as group:
            group.create_task(worker.run())
            await until(lambda: turns)
            owing.owe([("1", 1)])
            await asyncio.to_thread(worker.wake)
            waited = await until(lambda: unruly.held)
            worker.stop()
        return waited

    assert asyncio.run(main()) < 5
    assert owing.counts()["delivered"] == 1


def test_without_a_word_the_tick_finds_it(owing, unruly, destination, turns) -> None:
    async def main() -> None:
        worker = Worker(owing.database, [destination(batch=10)], tick=0.1)
        async with asyncio.TaskGroup() as group:
            group.create_task(worker.run())
            await until(lambda: turns)
            owing.owe([("1", 1)])
            await until(lambda: unruly.held)
            worker.stop()

    asyncio.run(main())
    assert owing.counts()["delivered"] == 1


def test_to_wake_or_stop_one_that_isnt_running_does_nothing(owing, destination) -> None:
    owing.owe([("1", 1)])
    worker = Worker(owing.database, [destination()])
    worker.wake()
    worker.stop()
    asyncio.run(worker.run())
    assert owing.counts()["pending"] == 1, "stopped before it ran: nothing is sent"


def test_stop_lets_what_is_under_way_end_and_gives_the_rest_back(owing, unruly, destination) -> None:
    owing.owe([(str(number), 1) for number in range(50)])
    unruly.faults[rid("0")] = ["hang"]

    async def main() -> float:
        worker = Worker(owing.database, [destination(batch=1, senders=1)], grace=5)
        async with asyncio.TaskGroup() as group:
            group.create_task(worker.run())
            await until(lambda: unruly.at_once)
            worker.stop()
            began = time.monotonic()
        return time.monotonic() - began

    assert asyncio.run(main()) < 3, "the attempt's own limit of a second ends it"
    assert owing.history("0")[0][1] == "retry"
    assert owing.counts() == {"delivered": 0, "dead": 0, "pending": 50, "attempts": 1}
    with owing.database.read() as conn:
        assert {row.state for row in deliveries.rows(conn)} == {"pending"}, "no lease is left behind"


def test_after_the_grace_nobody_is_waited_for(owing, unruly, destination) -> None:
    owing.owe([("0", 1)])
    unruly.faults[rid("0")] = ["hang"]

    async def main() -> float:
        worker = Worker(owing.database, [destination(batch=1)], grace=0.1)
        async with asyncio.TaskGroup() as group:
            group.create_task(worker.run())
            await until(lambda: unruly.at_once)
            began = time.monotonic()
            worker.stop()
        return time.monotonic() - began

    assert asyncio.run(main()) < 0.8
    assert owing.history("0") == [(1, "retry", "stopped before the answer came")]


def test_what_a_killed_run_had_leased_goes_out_again(owing, unruly, destination, deliver) -> None:
    owing.owe([("1", 1), ("2", 1)])
    with owing.database.write() as conn:
        assert len(deliveries.claim_due(conn, "national", system_clock(), 10, 1.0)) == 2
    deliver(destination())
    assert owing.counts() == {"delivered": 2, "dead": 0, "pending": 0, "attempts": 2}


def test_two_workers_at_once_send_each_version_in_order(owing, unruly, destination) -> None:
    owing.owe([(str(number), version) for version in (1, 2, 3) for number in range(60)])

    async def main() -> None:
        async with asyncio.timeout(20), asyncio.TaskGroup() as group:
            for _ in range(2):
                worker = Worker(owing.database, [destination(batch=7, senders=2)], tick=0.05)
                group.create_task(worker.run(until_empty=True))

    asyncio.run(main())
    assert owing.counts()["delivered"] == 180
    assert all(unruly.versions_of(rid(str(number))) == [1, 2, 3] for number in range(60))


def test_a_worker_that_lost_its_lease_cant_move_the_row(owing, unruly, destination, deliver) -> None:
    """It slept twice its lease (SIGSTOP); another one delivered meanwhile; its late `retry` counts for nothing."""
    owing.owe([("1", 1)])
    long_ago = system_clock() - timedelta(hours=1)
    with owing.database.write() as conn:
        conn.execute(deliveries.deliveries.update().values(due_at=0))
        (slept,) = deliveries.claim_due(conn, "national", long_ago, 1, 1.0)
    deliver(destination())
    with owing.database.write() as conn:
        mark = deliveries.Mark(slept.id, slept.fence, "retry", system_clock(), "cut", system_clock())
        assert deliveries.mark(conn, [mark]) == {slept.id}
    assert owing.row("1").state == "delivered"


def test_an_open_breaker_survives_a_restart(owing, unruly, destination) -> None:
    unruly.faults["batch"] = ["503"] * 5
    owing.owe([(str(number), 1) for number in range(50)])
    patience = Patience(pause=2, longest=2)

    async def run_until(condition) -> None:
        worker = Worker(
            owing.database, [destination(batch=10, senders=1, patience=patience)], chance=lambda: 0.0, tick=0.1
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(worker.run())
            await until(condition)
            worker.stop()

    asyncio.run(run_until(lambda: len(unruly.requests) == 5))
    with owing.database.read() as conn:
        stored = meta.get(conn, "breaker/national")
    assert stored is not None
    assert '"circuit":"open"' in stored
    asyncio.run(run_until(lambda: len(unruly.requests) > 5))
    with owing.database.read() as conn:
        again = meta.get(conn, "breaker/national")
    assert again != stored
    assert unruly.requests[5][1] == 1, "the first after the pause is one probe"


def test_a_storm_of_six_targets_that_are_down_stays_small(owing, unruly, destination, deliver) -> None:
    """F21: per target at most five failures and what was under way before the breaker opens, then one probe a pause."""
    unruly.seeded = lambda _key, count: "503 0" if count < 3 else ""
    targets = [f"t{number}" for number in range(6)]
    for number, target in enumerate(targets):
        owing.owe([(f"{number}{one:02}", 1) for one in range(6)], target=target)
    deliver(*[destination(target, batch=1, senders=1) for target in targets])
    assert owing.counts() == {"delivered": 36, "dead": 0, "pending": 0, "attempts": 36 * 4}
    assert len(unruly.requests) == 36 * 4, "not one more than the rows' own schedule"


def test_it_sleeps_while_the_breaker_is_open_and_nothing_is_due(owing, unruly, destination, turns) -> None:
    unruly.faults["batch"] = ["503"]
    owing.owe([("1", 1), ("2", 1)])
    patience, hours = Patience(failures=1, pause=0.01), Schedule(base=7200, cap=7200)

    async def main() -> None:
        worker = Worker(
            owing.database,
            [destination(batch=2, patience=patience, schedule=hours)],
            chance=lambda: 0.5,
            tick=60,
        )
        async with asyncio.TaskGroup() as group:
            group.create_task(worker.run())
            await until(lambda: owing.counts()["attempts"])
            await asyncio.sleep(0.5)
            worker.stop()

    asyncio.run(main())
    assert len(turns) < 8
    assert owing.counts() == {"delivered": 0, "dead": 0, "pending": 2, "attempts": 2}
