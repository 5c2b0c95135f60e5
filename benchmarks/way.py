"""Microseconds per record on the whole way in, stage by stage, beside an ordinary stack doing the same (targets: T12, T13).

    python benchmarks/way.py [--manifests 4000] [--rounds 3]

Pages of 1,000 manifests as `js` serves them, from bytes to commit, SQLite at synchronous=FULL. The peer is what one would
write without this project, in one process: json → the hand-written mapper of benchmarks/peers → our pydantic model → one
row per manifest and one per leaf of it (field, value, source key), through SQLAlchemy's bulk insert. It checks types, but
finds no origins, keeps no versions, no order, no deliveries.
On both cores: with PostgreSQL two processes go the whole way, each with a dataset of its own, which is what two `liandan pull`
do; with SQLite, which has one writer, a second process decodes and maps and hands its pages over, which `serve` doesn't do.
Only the ratios of one run mean anything.
"""

import argparse
import gc
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa

from adapters.decode import decode
from adapters.limits import Limits
from adapters.payload import Exchange, Payload
from benchmarks import databases
from benchmarks.pages import compiled, js_pages
from benchmarks.peers.by_hand import by_hand
from canonical_schema import structure
from canonical_schema.digest import canonical_bytes, sha256_hex
from canonical_schema.kinds.manifest import Manifest
from contract_tests.lineage_check import leaves
from gateway.clock import system_clock
from gateway.domain.owed import Target
from gateway.intake.commit import commit_page
from gateway.intake.page import Page
from gateway.intake.pipeline import process
from gateway.intake.pull import paused_collector
from gateway.store import adapters, mappings
from gateway.store.database import open_database
from mappings import Mapped, Program, encode_remainder
from mappings.drift import Sight

PAGE = 1000
CHAIN = ("text:utf-8", "json")
DAY = date(2026, 4, 1)


def mapped(program: Program, adapter: str, body: bytes) -> Page:
    exchange = Exchange(adapter, "manifests", Payload.of(body), system_clock(), {})
    return process(exchange, decode(body, CHAIN, Limits()), "32", program, DAY)


class Ours:
    def __init__(self, url: str, adapter: str = "js") -> None:
        self.program = compiled("js")
        self.adapter = adapter
        self.database = open_database(url)
        with self.database.write() as conn:
            adapters.set_stage(conn, adapter, "live", who="benchmark", why="benchmark", at=system_clock())
            program = self.program
            mappings.put(conn, program.hash, adapter, "manifests", program.file, program.text, program.template)

    def mapped(self, body: bytes) -> Page:
        return mapped(self.program, self.adapter, body)

    def commit(self, page: Page) -> int:
        return commit_page(self.database, page, system_clock, targets=[Target("national")]).accepted

    def whole(self, body: bytes) -> int:
        return self.commit(self.mapped(body))

    def stages(self, body: bytes) -> dict[str, float]:
        spent: dict[str, float] = {}

        def timed(name: str, work: Callable[[], Any]) -> Any:
            start = time.perf_counter()
            out = work()
            spent[name] = time.perf_counter() - start
            return out

        exchange = Exchange("js", "manifests", Payload.of(body), system_clock(), {})
        decoded = timed("decode", lambda: decode(body, CHAIN, Limits()))
        mapped = timed("map, with lineage of every leaf", lambda: self.program.run(decoded.documents[0].tree))
        contents = [one.content for one in mapped if isinstance(one, Mapped)]
        timed("check structure", lambda: [structure.faults("manifest", content) for content in contents])
        timed("canonical bytes and hash", lambda: [sha256_hex(canonical_bytes(content)) for content in contents])
        timed(
            "lineage remainder", lambda: [encode_remainder(one.remainder) for one in mapped if isinstance(one, Mapped)]
        )
        page = process(exchange, decoded, "32", self.program, DAY)
        timed("consolidate, judge, commit", lambda: self.commit(page))
        return spent


class Peer:
    """An ordinary stack, fair in what it does and generous in what it leaves out."""

    def __init__(self, folder: Path) -> None:
        self.engine = sa.create_engine(f"sqlite:///{folder / 'peer.db'}")
        tables = sa.MetaData()
        self.manifests = sa.Table(
            "manifests", tables, sa.Column("key", sa.Text, primary_key=True), sa.Column("content", sa.Text)
        )
        names = ("key", "field", "value")
        self.lineage = sa.Table("lineage", tables, *(sa.Column(name, sa.Text) for name in names))
        tables.create_all(self.engine)

    def whole(self, body: bytes) -> int:
        rows, entries = [], []
        for row in orjson.loads(body)["data"]["list"]:
            key, content = row["transNo"], by_hand(row)
            model = Manifest.model_validate(content)
            rows.append({"key": key, "content": model.model_dump_json(by_alias=True, exclude_none=True)})
            entries += [{"key": key, "field": field, "value": str(value)} for field, value in leaves(content).items()]
        with self.engine.begin() as conn:
            conn.execute(self.manifests.insert(), rows)
            conn.execute(self.lineage.insert(), entries)
        return len(rows)


def rate(whole: Callable[[bytes], int], bodies: list[bytes]) -> float:
    """Microseconds per record."""
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        records = sum(whole(body) for body in bodies)
        return (time.perf_counter() - start) / records * 1e6
    finally:
        gc.enable()


def ready() -> None:
    """The second process's mapping, and no collector among fresh objects."""
    global program  # noqa: PLW0603 - a process of its own, whose one value it is
    program = compiled("js")
    gc.disable()


def handed(body: bytes) -> tuple[Any, ...]:
    """What of a page can't be had beside its bytes."""
    page = mapped(program, "js", body)
    assert page.sight is not None
    return page.documents, page.claims, page.quarantined, page.sight.places, page.sight.unlisted, page.sight.records


def received(ours: Ours, body: bytes, parts: tuple[Any, ...]) -> Page:
    documents, claims, quarantined, *seen = parts
    exchange = Exchange("js", "manifests", Payload.of(body), system_clock(), {})
    return Page(exchange, documents, claims, quarantined, DAY, Sight(ours.program.detector.sources, *seen))


def beside_sqlite(ours: Ours, bodies: list[bytes]) -> float:
    """Microseconds per record with a second process that decodes and maps."""
    with ProcessPoolExecutor(1, get_context("spawn"), ready) as other:
        other.submit(handed, bodies[0]).result()  # it is there
        coming = [other.submit(handed, body) for body in bodies]
        pages = iter(coming)
        return rate(lambda body: ours.commit(received(ours, body, next(pages).result())), bodies)


def half(url: str, adapter: str, bodies: list[bytes], start: Any, ended: Any) -> None:
    ours = Ours(url, adapter)
    start.wait()
    ended.put(rate(ours.whole, bodies) * sum(body.count(b'"transNo"') for body in bodies) / 1e6)
    ours.database.dispose()


def beside_postgresql(url: str, bodies: list[bytes]) -> float:
    """Microseconds per record where two processes each go the whole way with half of the pages."""
    open_database(url).dispose()
    context = get_context("spawn")
    start, ended = context.Barrier(2), context.Queue()
    halves = {"js": bodies[::2], "zj": bodies[1::2]}
    processes = [context.Process(target=half, args=(url, name, part, start, ended)) for name, part in halves.items()]
    for one in processes:
        one.start()
    slowest = max(ended.get(timeout=600) for _ in processes)
    for one in processes:
        one.join()
    return slowest / sum(body.count(b'"transNo"') for body in bodies) * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--manifests", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    bodies = js_pages(asked.manifests, PAGE)
    ours, beside, theirs, stages = [], [], [], []
    for _ in range(asked.rounds):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for what, out in (
                (lambda own: rate(own.whole, bodies), ours),
                (lambda own: beside_sqlite(own, bodies), beside),
            ):
                own = Ours(f"sqlite:///{folder / f'{len(ours)}-{len(beside)}.db'}")
                out.append(what(own))
                own.database.dispose()
            theirs.append(rate(Peer(folder).whole, bodies))
        with tempfile.TemporaryDirectory() as name, paused_collector():
            own = Ours(f"sqlite:///{name}/ours.db")
            stages += [own.stages(body) for body in bodies]
            own.database.dispose()
    print(
        f"{len(bodies)} pages of up to {PAGE:,} manifests, {sum(map(len, bodies)) / asked.manifests:,.0f} bytes each; medians"
    )
    for name in stages[0]:
        spent = statistics.median(one[name] for one in stages) / PAGE * 1e6
        print(f"  {name:<34}{spent:8.1f} µs/record")
    with tempfile.TemporaryDirectory() as name, databases.postgresql(Path(name)) as new:
        alone = [rate(Ours(new()).whole, bodies) for _ in range(asked.rounds)]
        both = [beside_postgresql(new(), bodies) for _ in range(asked.rounds)]
    other = statistics.median(theirs)
    print(f"{'ordinary stack (pydantic, rows)':<40}{other:8.1f} µs/record  {1e6 / other:>9,.0f} records/s")
    for title, spans in (
        ("bytes to commit, SQLite, one process", ours),
        ("SQLite, a second one decodes and maps", beside),
        ("PostgreSQL, one process", alone),
        ("PostgreSQL, two processes", both),
    ):
        mine = statistics.median(spans)
        print(f"{title:<40}{mine:8.1f} µs/record  {1e6 / mine:>9,.0f} records/s  {other / mine:5.1f} × as fast")
    print("target T12: 8 on both cores, stretch 15")


if __name__ == "__main__":
    main()
