"""The store's way in and the feed beside raw database work on the same bytes, in the same run (targets: T6, T7, T8, T9, T11).

    python -m benchmarks.store [--manifests 3000] [--rounds 5] [--only sqlite] [--grow 1000000]

Pages of 1,000 manifests of `js`, decoded and mapped beforehand. The unit of T6 and T7 is all that a commit does: payload,
content, claim, claim version, lineage, record, record version, change, delivery, chain, and the looks at what is there;
beside it the same less consolidation and rules, which the peer has nothing of. The peer writes the same bytes, uncompressed
and without keys, into one table: by SQLite's plain driver with sync off, by a binary COPY on PostgreSQL.
Only the ratios of one run mean anything.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from adapters.decode import decode
from adapters.limits import Limits
from adapters.payload import Exchange, Payload
from benchmarks import databases
from benchmarks.feed import feed_read
from benchmarks.pages import compiled, js_pages
from benchmarks.peers.bare_tables import BARE, ONE_TABLE, PLAIN, Row
from benchmarks.rounds import timed
from canonical_schema.digest import canonical_bytes, sha256_hex
from canonical_schema.rules import judge
from contract_tests.lineage_check import leaves
from gateway.clock import instant, system_clock
from gateway.domain.claim import Claim
from gateway.domain.consolidate import consolidate, findings_of
from gateway.domain.owed import Target
from gateway.intake.commit import commit_page
from gateway.intake.page import ClaimDraft, Page
from gateway.intake.pipeline import process
from gateway.intake.pull import paused_collector
from gateway.store import adapters, changes, mappings
from gateway.store.database import Database, open_database
from mappings import Program, decode_remainder, explain

PAGE = 1000
CHAIN = ("text:utf-8", "json")
PUSHES = 100
ENGINES: dict[str, Callable[[Path], AbstractContextManager[Callable[[], str]]]] = {
    "sqlite": databases.sqlite,
    "postgresql": databases.postgresql,
}
TARGETS = {
    "sqlite": {"unit": "T6: ≤ 2, stretch 1.3", "disk": "T8: ≥ 7, stretch 10", "feed": "T11: ≥ 0.25, stretch 0.35"},
    "postgresql": {"unit": "T7: ≤ 2.2, stretch 1.4", "disk": "T8: ≥ 6, stretch 8", "feed": "T11: ≥ 0.6, stretch 0.9"},
}


def mapped(program: Program, body: bytes) -> Page:
    now = system_clock()
    exchange = Exchange("js", "manifests", Payload.of(body), now, {})
    return process(exchange, decode(body, CHAIN, Limits()), "32", program, now.date())


def opened(url: str, program: Program) -> Database:
    database = open_database(url)
    with database.write() as conn:
        adapters.set_stage(conn, "js", "live", who="benchmark", why="benchmark", at=system_clock())
        mappings.put(conn, program.hash, "js", "manifests", program.file, program.text, program.template)
    return database


def commit(database: Database, page: Page) -> None:
    commit_page(database, page, system_clock, targets=[Target("national")])


def judged(page: Page) -> None:
    """The share of a commit that is consolidation and rules."""
    for number, draft in enumerate(page.claims):
        claim = Claim(
            draft.kind,
            draft.adapter,
            draft.division,
            draft.dataset,
            draft.source_key,
            draft.content,
            draft.newer,
            (0, number),
            draft.observed_at,
            draft.payload_hash,
            draft.mapping_hash,
            draft.findings,
        )
        findings_of(consolidate(draft.kind, [claim]), judge(draft.kind, draft.content, day=page.day))


def bare_rows(database: Database, pages: list[Page]) -> list[list[Row]]:
    """What the store holds of each page, uncompressed."""
    with database.read() as conn:
        envelopes = [one for _, one in changes.page(conn, after=0, limit=PAGE * len(pages))[0]]
    out, at = [], 0
    for page in pages:
        share = len(page.exchange.payload.body) // len(page.claims) + 1
        rows = []
        for number, draft in enumerate(page.claims):
            head = envelopes[at + number].replace(draft.content_bytes, b"", 1)
            piece = page.exchange.payload.body[number * share : (number + 1) * share]
            rows.append((draft.source_key, piece, draft.content_bytes, draft.remainder, head))
        out.append(rows)
        at += len(page.claims)
    return out


class Plain:
    """The same facts as one would write them down without frames."""

    def __init__(self, pages: list[Page], program: Program, bare: list[list[Row]]) -> None:
        drafts = [draft for page in pages for draft in page.claims]
        told = [leaves(draft.content) for draft in drafts]
        self.columns = list(dict.fromkeys(name for one in told for name in one))
        self.manifests = [
            (number, *(None if (value := one.get(name)) is None else str(value) for name in self.columns))
            for number, one in enumerate(told)
        ]
        self.lineage = [
            row for number, draft in enumerate(drafts) for row in self._lineage(number, draft, program.template)
        ]
        self.payloads = [(number, page.exchange.payload.body.decode()) for number, page in enumerate(pages)]
        heads = [row[-1].decode() for rows in bare for row in rows]
        self.changes = [(number, number, 1, "created", head) for number, head in enumerate(heads)]
        self.deliveries = [
            (number, "national", number, 1, draft.content_hash, "pending") for number, draft in enumerate(drafts)
        ]

    def _lineage(self, number: int, draft: ClaimDraft, template: Any) -> list[Row]:
        return [
            (
                number,
                entry["field"],
                entry["how"],
                str(entry.get("value", "")),
                " ".join(one["source"] for one in entry["inputs"] if "source" in one),
                " ".join(str(one["raw"]) for one in entry["inputs"] if "raw" in one),
                " ".join(entry["steps"]),
                entry["rule"],
            )
            for entry in explain(template, decode_remainder(draft.remainder), draft.content, draft.document)
        ]

    def size(self, kind: str, url: str) -> int:
        bare = BARE[kind](databases.plain(url))
        wide = ", ".join(f'"{name}" TEXT' for name in self.columns)
        bare.tables(*PLAIN, f"CREATE TABLE manifests (id BIGINT PRIMARY KEY, {wide})")
        empty = databases.size(url)
        for name in ("payloads", "manifests", "lineage", "changes", "deliveries"):
            bare.insert(name, getattr(self, name))
        bare.close()
        return databases.size(url) - empty


def each(work: Callable[[Any], Any], pages: list[Any]) -> None:
    for page in pages:
        work(page)


def unit(kind: str, new: Callable[[], str], program: Program, bodies: list[bytes], rounds: int) -> list[Page]:
    """T6, T7, T8."""
    pages = [mapped(program, body) for body in bodies]
    count = sum(len(page.claims) for page in pages)
    database = opened(new(), program)
    for page in pages:
        commit(database, page)
    bare = bare_rows(database, pages)
    database.dispose()
    ours, rules, theirs, grown = [], [], [], []
    for _ in range(rounds):
        url = new()
        database = opened(url, program)
        empty = databases.size(url)
        ours.append(timed(partial(each, partial(commit, database), pages)))
        database.dispose()
        grown.append(databases.size(url) - empty)
        rules.append(timed(partial(each, judged, pages)))
        peer = BARE[kind](databases.plain(new()))
        peer.tables(ONE_TABLE)
        theirs.append(timed(partial(each, partial(peer.insert, "bare"), bare)))
        peer.close()
    told = TARGETS[kind]
    rows = (
        ("whole unit", ours),
        ("less consolidation, rules", [a - b for a, b in zip(ours, rules, strict=True)]),
        ("bare table", theirs),
    )
    for name, spent in rows:
        median = statistics.median(spent) / count * 1e6
        ratio = statistics.median(one / peer for one, peer in zip(spent, theirs, strict=True))
        print(f"  {name:<28}{median:9.1f} µs/record {1e6 / median:10,.0f}/s {ratio:7.2f} ×  ({told['unit']})")
    plain = Plain(pages, program, bare).size(kind, new()) / count
    mine = grown[0] / count
    print(
        f"  on disk {mine:,.0f} bytes a manifest, in plain columns and rows {plain:,.0f}: {plain / mine:.1f} × ({told['disk']})"
    )
    return pages


def fdatasync_floor(folder: Path) -> float:
    """Seconds for 4 KiB at the end of a file, on disk for certain."""
    spent = []
    with (folder / "floor").open("ab", buffering=0) as file:
        for _ in range(PUSHES):
            start = time.perf_counter()
            file.write(b"\0" * 4096)
            os.fdatasync(file.fileno())
            spent.append(time.perf_counter() - start)
    return statistics.median(spent)


def pushes(database: Database, program: Program, folder: Path) -> None:
    """T9, one at a time: from bytes to commit. That several share a commit is for the push route to do."""
    bodies = js_pages(PUSHES + 1, 1)
    spent, written = [], []
    for body in bodies:
        start = time.perf_counter()
        page = mapped(program, body)
        middle = time.perf_counter()
        commit(database, page)
        spent.append(time.perf_counter() - start)
        written.append(time.perf_counter() - middle)
    floor = fdatasync_floor(folder)
    whole, alone = statistics.median(spent), statistics.median(written)
    print(
        f"  one push {whole * 1e3:.2f} ms, its commit {alone * 1e3:.2f}, fdatasync {floor * 1e3:.2f}: "
        f"{whole / floor:.2f} × (T9: ≤ 1.7, stretch 1.3)"
    )


def grow(database: Database, program: Program, most: int) -> None:
    """Cost per record while the store grows: flat where no look gets dearer."""
    base = js_pages(PAGE, PAGE)[0]
    first = mapped(program, base)
    steps = [size for power in range(4, 8) for size in (10**power, 3 * 10**power) if size <= most]
    print(f"  {'records':>10} {'written µs':>11} {'read µs':>9} {'bytes':>7}   while the store grows")
    held = 0
    for step in steps:
        before, spent = held, 0.0
        while held < step:
            page = renumbered(first, held)
            with paused_collector():
                begun = time.perf_counter()
                commit(database, page)
                spent += time.perf_counter() - begun
            held += len(page.claims)
        start = time.perf_counter()
        with database.read() as conn:
            read, _ = changes.page(conn, after=max(0, held - 2 * PAGE), limit=PAGE)
        reading = (time.perf_counter() - start) / len(read)
        disk = databases.size(database.engine.url.render_as_string(hide_password=False)) / held
        print(f"  {held:>10,} {spent / (held - before) * 1e6:>11.1f} {reading * 1e6:>9.1f} {disk:>7,.0f}")


def renumbered(page: Page, first: int) -> Page:
    """The same page with other keys, numbers and hence contents: as many manifests as one likes, without mapping each."""
    claims = []
    for at, draft in enumerate(page.claims):
        number = f"{first + at:09}"
        content = draft.content | {"local_numbers": [{"system": "js", "number": number}]}
        if "national_no" in content:
            content["national_no"] = content["national_no"][:6] + number[1:]
        body = canonical_bytes(content)
        claims.append(
            replace(draft, source_key=number, content=content, content_bytes=body, content_hash=sha256_hex(body))
        )
    payload = Payload.of(page.exchange.payload.body + str(first).encode())
    exchange = replace(page.exchange, payload=payload)
    return replace(page, exchange=exchange, claims=tuple(replace(one, payload_hash=payload.sha256) for one in claims))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--manifests", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=ENGINES)
    parser.add_argument("--grow", type=int, default=0)
    asked = parser.parse_args()
    program, bodies = compiled("js"), js_pages(asked.manifests, PAGE)
    for kind in [asked.only] if asked.only else ENGINES:
        print(f"{kind}, pages of {PAGE:,}, written at {instant(system_clock())}")
        with tempfile.TemporaryDirectory() as name, ENGINES[kind](Path(name)) as new:
            pages = unit(kind, new, program, bodies, asked.rounds)
            url = new()
            database = opened(url, program)
            pushes(database, program, Path(name))
            for page in pages:
                commit(database, page)
            told = feed_read(kind, database, url, new(), asked.rounds)
            print(f"  {told} ({TARGETS[kind]['feed']})")
            database.dispose()
            if asked.grow:
                grow(opened(new(), program), program, asked.grow)


if __name__ == "__main__":
    main()
