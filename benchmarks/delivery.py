"""Deliveries a second through the worker, against a bare loop with the same HTTP client in the same run (targets: T10).

    python benchmarks/delivery.py [--deliveries 3000] [--rounds 3] [--database postgresql+psycopg://…]

The bare loop knows no database: it hands over a list with the same clients, as many at once as the worker has senders.
The worker claims, sends with key, judges, keeps order and acknowledges, with SQLite at synchronous=FULL unless a
database is named (an empty one; what it is given stays there). Only the ratios of one run mean anything.
"""

import argparse
import asyncio
import json
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import aclosing
from hashlib import sha256
from multiprocessing.connection import Connection
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from adapters.spec import TargetSpec
from adapters.targets.national import Item, NationalTarget, open_target
from gateway.clock import system_clock
from gateway.delivery.attempt import batches
from gateway.delivery.lane import Destination
from gateway.delivery.worker import Worker
from gateway.domain.key import idempotency_key
from gateway.domain.owed import Owed
from gateway.store import contents, deliveries, dialect, frames, records, tables
from gateway.store.database import Database, open_database

SENDERS = 4
VERSIONS_AT_ONCE = 1000


class Held(asyncio.Protocol):
    """The quickest target there is: holds whatever comes."""

    def __init__(self) -> None:
        self.buffer = bytearray()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = bytes(self.buffer[:end]).lower()
            length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0])
            if len(self.buffer) < end + 4 + length:
                return
            body = bytes(self.buffer[end + 4 : end + 4 + length])
            del self.buffer[: end + 4 + length]
            self.answer(head.startswith(b"post"), body)

    def answer(self, batch: bool, body: bytes) -> None:
        told: dict[str, Any] = {}
        if batch:
            keys = [part.split(b'"', 1)[0].decode() for part in body.split(b'"idempotency_key":"')[1:]]
            told = {"results": [{"idempotency_key": key, "status": 201} for key in keys]}
        raw = json.dumps(told).encode()
        status = b"200 OK" if batch else b"201 Created"
        self.transport.write(b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n%b" % (status, len(raw), raw))


def serve(ready: Connection) -> None:
    async def forever() -> None:
        server = await asyncio.get_running_loop().create_server(Held, "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(forever())


def envelopes(count: int, first: int) -> Iterator[tuple[str, bytes, bytes, str]]:
    """(record id, envelope's head before its content, content, content hash), 1.7 KB each, one version a record."""
    for number in range(first, first + count):
        record_id = str(uuid5(NAMESPACE_URL, str(number)))
        content = json.dumps({"no": number, "text": "危险废物转移联单" * 66}, ensure_ascii=False).encode()
        digest = sha256(content).hexdigest()
        head = {"kind": "manifest", "record_id": record_id, "version": 1, "content_hash": digest, "content": 0}
        yield record_id, json.dumps(head).encode()[:-2], content, digest


def owe(database: Database, count: int, first: int) -> None:
    with database.write() as conn:
        made = list(envelopes(count, first))
        numbers = contents.put(conn, {bytes.fromhex(digest): content for _, _, content, digest in made})
        ids = dialect.take_ids(conn, tables.records, count)
        records.add(conn, [(row, record_id, "manifest", 1) for row, (record_id, *_) in zip(ids, made, strict=True)])
        places = frames.write(conn, [head + b"}" for _, head, _, _ in made])
        rows, owed = [], []
        for place, row, (record_id, head, _, digest) in zip(places, ids, made, strict=True):
            content = numbers[bytes.fromhex(digest)]
            rows.append((first + len(rows) + 1, row, 1, "manifest", "", content, *place, len(head), "[]"))
            key = idempotency_key("national", "manifest", record_id, 1, digest)
            owed.append((row, Owed("national", "manifest", record_id, 1, key)))
        records.add_versions(conn, rows)
        deliveries.owe(conn, owed, system_clock())


async def bare(open_client: Callable[[], NationalTarget], items: Sequence[Item], batch: int) -> None:
    waiting = list(batches(items, batch))

    async def sender() -> None:
        async with aclosing(open_client()) as client:
            while waiting:
                piece = waiting.pop()
                if batch > 1:
                    await client.send_batch(piece)
                else:
                    one = piece[0]
                    await client.send(
                        one.envelope, kind=one.kind, record_id=one.record_id, version=one.version, key=one.key
                    )

    async with asyncio.TaskGroup() as group:
        for _ in range(SENDERS):
            group.create_task(sender())


def timed(what: Callable[[], Any]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def compare(
    database: Database, open_client: Callable[[], NationalTarget], count: int, batch: int, first: int
) -> tuple[float, float]:
    """Seconds of the bare loop and of the worker for `count` deliveries."""
    items = [
        Item(head + content + b"}", "manifest", record_id, 1, digest)
        for record_id, head, content, digest in envelopes(count, first)
    ]
    loop = timed(lambda: asyncio.run(bare(open_client, items, batch)))
    for start in range(first, first + count, VERSIONS_AT_ONCE):
        owe(database, min(VERSIONS_AT_ONCE, first + count - start), start)
    destination = Destination("national", lambda: aclosing(open_client()), batch=batch, senders=SENDERS)
    worker = timed(lambda: asyncio.run(Worker(database, [destination]).run(until_empty=True)))
    with database.read() as conn:
        assert deliveries.counts(conn)["delivered"] == first + count
    return loop, worker


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deliveries", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", default="")
    asked = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    url = f"http://127.0.0.1:{ours.recv()}"
    spec = TargetSpec(id="national", title="国家", title_en="National", driver="national", base_url="${URL}")

    def open_client() -> NationalTarget:
        return open_target(spec, {"URL": url}, system_clock)

    with tempfile.TemporaryDirectory() as folder:
        database = open_database(asked.database or f"sqlite:///{folder}/liandan.db")
        first = 0
        for batch, count in ((1, asked.deliveries // 3), (100, asked.deliveries)):
            seconds = []
            for _ in range(asked.rounds):
                seconds.append(compare(database, open_client, count, batch, first))
                first += count
            loop, worker = (count / statistics.median(column) for column in zip(*seconds, strict=True))
            ratio = statistics.median(bare_s / worker_s for bare_s, worker_s in seconds)
            what = "one by one" if batch == 1 else f"batches of {batch}"
            print(f"{what:15} bare loop {loop:8,.0f}/s   worker {worker:8,.0f}/s   worker / bare {ratio:.2f}")
        database.dispose()
    server.terminate()
    server.join()


if __name__ == "__main__":
    main()
