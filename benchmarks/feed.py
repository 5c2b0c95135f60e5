"""The feed as lines over HTTP, from a server in a process of its own, beside the same lines read without one (target: T11)."""

import http.client
import multiprocessing
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn

from benchmarks import databases
from benchmarks.peers.bare_tables import BARE, LINES
from gateway import keys
from gateway.api.app import create_app
from gateway.clock import system_clock
from gateway.settings import Settings
from gateway.store.database import Database, open_database

BLOCK = 1 << 20


def serve(listener: socket.socket, url: str) -> None:
    app = create_app(open_database(url), Settings())
    uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False)).run(sockets=[listener])


@contextmanager
def server(url: str) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=serve, args=(listener, url), daemon=True)
        process.start()
        try:
            yield listener.getsockname()[1]
        finally:
            process.terminate()
            process.join()


def over_http(port: int, key: str, lines: bytearray) -> None:
    """The whole feed, by a client that does nothing but take it."""
    lines.clear()
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    client.request("GET", "/v1/changes", headers={"Authorization": f"Bearer {key}", "Accept": "application/x-ndjson"})
    answer = client.getresponse()
    assert answer.status == 200, answer.read()
    while block := answer.read1(BLOCK):
        lines += block
    client.close()


def spent(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def feed_read(kind: str, database: Database, url: str, other: str, rounds: int) -> str:
    """How it went, in words. `other`: an empty database for the peer."""
    key = keys.create(database, "benchmark", "national", None, system_clock())
    lines = bytearray()
    with server(url) as port:
        over_http(port, key, lines)
        written = bytes(lines).splitlines(keepends=True)
        peer = BARE[kind](databases.plain(other))
        peer.tables(LINES)
        peer.insert("lines", [(number, line) for number, line in enumerate(written, 1)])
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(spent(lambda: over_http(port, key, lines)))
            theirs.append(spent(lambda: b"".join(peer.read())))
        peer.close()
    count, share = len(written), statistics.median(b / a for a, b in zip(ours, theirs, strict=True))
    mine, other_time = statistics.median(ours), statistics.median(theirs)
    return (
        f"feed over HTTP {count / mine:,.0f} lines/s, {len(lines) / mine / 1e6:,.0f} MB/s; without it "
        f"{count / other_time:,.0f} lines/s: {share:.2f} of it"
    )
