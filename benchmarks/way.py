"""Microseconds per record on the whole way in, stage by stage, beside an ordinary stack doing the same (targets: T12, T13).

    python benchmarks/way.py [--manifests 4000] [--rounds 3]

Pages of 1,000 manifests as `js` serves them, from bytes to commit, SQLite at synchronous=FULL, one process. The peer is
what one would write without this project: json → the hand-written mapper of benchmarks/peers → our pydantic model
→ one row per manifest and one per leaf of it (field, value, source key), through SQLAlchemy's bulk insert. It checks types,
but finds no origins, keeps no versions, no order, no deliveries.
Only the ratios of one run mean anything.
"""

import argparse
import gc
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa

from adapters.decode import decode
from adapters.limits import Limits
from adapters.payload import Exchange, Payload
from benchmarks.pages import js_pages
from benchmarks.peers.by_hand import by_hand
from canonical_schema import structure
from canonical_schema.digest import canonical_bytes, sha256_hex
from canonical_schema.kinds.manifest import Manifest
from contract_tests.lineage_check import leaves
from gateway.clock import system_clock
from gateway.domain.owed import Target
from gateway.intake.commit import commit_page
from gateway.intake.pipeline import process
from gateway.intake.pull import paused_collector
from gateway.store import adapters, mappings
from gateway.store.database import open_database
from mappings import Mapped, compile_mapping, encode_remainder

PAGE = 1000
CHAIN = ("text:utf-8", "json")
DAY = date(2026, 4, 1)
OWN = Path(__file__).resolve().parent.parent


class Ours:
    def __init__(self, folder: Path) -> None:
        file = OWN / "mappings/provinces/js/manifests.yaml"
        self.program = compile_mapping(file.read_text("utf-8"), file.name)
        self.database = open_database(f"sqlite:///{folder / 'ours.db'}")
        with self.database.write() as conn:
            adapters.set_stage(conn, "js", "live", who="benchmark", why="benchmark", at=system_clock())
            program = self.program
            mappings.put(conn, program.hash, "js", "manifests", program.file, program.text, program.template)

    def whole(self, body: bytes) -> int:
        exchange = Exchange("js", "manifests", Payload.of(body), system_clock(), {})
        page = process(exchange, decode(body, CHAIN, Limits()), "32", self.program, DAY)
        return commit_page(self.database, page, system_clock, targets=[Target("national")]).accepted

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
        timed(
            "consolidate, judge, commit",
            lambda: commit_page(self.database, page, system_clock, targets=[Target("national")]),
        )
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--manifests", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    bodies = js_pages(asked.manifests, PAGE)
    ours, theirs, stages = [], [], []
    for _ in range(asked.rounds):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            own = Ours(folder)
            ours.append(rate(own.whole, bodies))
            own.database.dispose()
            theirs.append(rate(Peer(folder).whole, bodies))
        with tempfile.TemporaryDirectory() as name, paused_collector():
            own = Ours(Path(name))
            stages += [own.stages(body) for body in bodies]
            own.database.dispose()
    print(
        f"{len(bodies)} pages of up to {PAGE:,} manifests, {sum(map(len, bodies)) / asked.manifests:,.0f} bytes each; medians"
    )
    for name in stages[0]:
        spent = statistics.median(one[name] for one in stages) / PAGE * 1e6
        print(f"  {name:<34}{spent:8.1f} µs/record")
    mine, other = statistics.median(ours), statistics.median(theirs)
    print(f"bytes to commit, whole way            {mine:8.1f} µs/record  {1e6 / mine:>9,.0f} records/s")
    print(f"ordinary stack (pydantic, rows)       {other:8.1f} µs/record  {1e6 / other:>9,.0f} records/s")
    print(f"times faster                          {other / mine:8.1f}   (target T12: 8 on both cores)")


if __name__ == "__main__":
    main()
