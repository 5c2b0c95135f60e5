"""Whether what is stored is still what was committed: every entry of the hash chain rebuilt from the rows it covers.

The chain holds digests of payloads and contents; their bytes are hashed anew here. What the chain covers: payloads, claim
versions with content, mapping and findings, quarantined units, record versions whole, and the keys of deliveries.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, Table, func, select

from gateway.domain.chain import GENESIS, link
from gateway.errors import ChangedInPlace, GatewayError
from gateway.store import contents, payloads
from gateway.store import tables as t
from gateway.store.database import Database
from gateway.store.records import ENVELOPE, read_envelopes

AT_ONCE: Final = 500

Told = Callable[[str, int], None]
"""Called with a part's name and how many of it were looked at so far."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`part`: commits, contents, payloads or rows. `at`: the commit's number, or a hash."""

    part: str
    at: str
    zh: str
    en: str


def check(database: Database, told: Told) -> Iterator[Fault]:
    """Every place where the store isn't what was committed. Reads all of it; commits meanwhile do no harm."""
    with database.read() as conn:
        last = conn.scalar(select(func.max(t.commits.c.id))) or 0
    yield from _chain(database, last, told)
    yield from _contents(database, told)
    yield from _payloads(database, told)
    with database.read() as conn:
        yield from _uncovered(conn)


def _chain(database: Database, last: int, told: Told) -> Iterator[Fault]:
    before, behind = GENESIS, 0
    for first in range(1, last + 1, AT_ONCE):
        with database.read() as conn:
            part = t.commits.c.id.between(first, min(first + AT_ONCE - 1, last))
            entries = {entry.id: entry for entry in conn.execute(select(t.commits).where(part))}
            for number in range(first, min(first + AT_ONCE, last + 1)):
                entry = entries.get(number)
                if entry is None:
                    yield Fault("commits", str(number), "提交记录缺失", "the commit is gone")
                    continue
                yield from _entry(conn, entry, before, behind)
                before, behind = bytes(entry.hash), max(behind, entry.last_seq)
        told("commits", min(first + AT_ONCE - 1, last))


def _entry(conn: Connection, entry: Row[Any], before: bytes, behind: int) -> Iterator[Fault]:
    at = str(entry.id)
    if bytes(entry.previous_hash) != before:
        yield Fault("commits", at, "与前一提交的哈希不相连", "it doesn't go on from the commit before it")
    if entry.last_seq >= entry.first_seq and entry.first_seq != behind + 1:
        yield Fault("commits", at, "变更序号不连续", f"its changes begin at {entry.first_seq}, not at {behind + 1}")
    try:
        rebuilt = link(bytes(entry.previous_hash), list(items(conn, entry)))
    except GatewayError as error:
        yield Fault("commits", at, error.zh, error.en)
        return
    if (rebuilt.size, rebuilt.root, rebuilt.hash) != (entry.items, bytes(entry.root), bytes(entry.hash)):
        yield Fault(
            "commits",
            at,
            "所含数据与提交时不同（改动、增减）",
            "what it covers isn't what was committed (changed, added or gone)",
        )


def items(conn: Connection, entry: Row[Any]) -> Iterator[bytes]:
    """What an entry of the chain covers, in its order, from the stored rows (`write.items` and `write.feed` made it)."""
    # A replay adds a commit to an exchange: the rows before its own are those of the exchange's earlier commits.
    earlier = (t.commits.c.exchange == entry.exchange) & (t.commits.c.id < entry.id)
    sums = (func.coalesce(func.sum(t.commits.c[name]), 0).label(name) for name in ("claims", "units"))
    before = conn.execute(select(*sums).where(earlier)).one()
    payload = (
        select(t.payloads.c.hash)
        .join(t.exchanges, t.exchanges.c.payload == t.payloads.c.id)
        .where(t.exchanges.c.id == entry.exchange)
    )
    yield b"payload\n" + (conn.scalar(payload) or b"").hex().encode()
    for adapter, dataset, version, content, mapping, findings, key in conn.execute(
        _claims(entry.exchange).offset(before.claims).limit(entry.claims)
    ):
        words = ("claim", adapter, dataset, str(version), content.hex(), mapping.hex(), findings or "", key)
        yield "\n".join(words).encode()
    units = (
        select(t.quarantine.c.unit_hash).where(t.quarantine.c.exchange == entry.exchange).order_by(t.quarantine.c.id)
    )
    for unit in conn.scalars(units.offset(before.units).limit(entry.units)):
        yield b"quarantine\n" + unit.hex().encode()
    r = t.record_versions
    here = r.c.seq.between(entry.first_seq, entry.last_seq)
    whole = select(*ENVELOPE).join(t.contents, t.contents.c.id == r.c.content).where(here).order_by(r.c.seq)
    for envelope in read_envelopes(conn, conn.execute(whole).all()):
        yield b"record\n" + envelope
    due = (t.deliveries.c.record == r.c.record) & (t.deliveries.c.version == r.c.version)
    owed = select(t.deliveries.c.key).join(r, due).where(here).order_by(r.c.seq, t.deliveries.c.target)
    for key in conn.scalars(owed):
        yield b"delivery\n" + key.hex().encode()


def _claims(exchange: int) -> Select[Any]:
    v, c, d = t.claim_versions, t.claims, t.datasets
    told = (d.c.adapter, d.c.dataset, v.c.version, t.contents.c.hash, t.mappings.c.hash, v.c.findings, c.c.source_key)
    return (
        select(*told)
        .join(c, c.c.id == v.c.claim)
        .join(d, d.c.id == c.c.dataset)
        .join(t.contents, t.contents.c.id == v.c.content)
        .join(t.mappings, t.mappings.c.id == v.c.mapping)
        .where(v.c.exchange == exchange)
        .order_by(v.c.id)
    )


def _contents(database: Database, told: Told) -> Iterator[Fault]:
    for seen, conn, rows in _pieces(database, t.contents):
        try:
            bodies = contents.read(conn, rows)
        except GatewayError as error:
            yield Fault("contents", f"{min(rows)}-{max(rows)}", error.zh, error.en)
            continue
        for number, digest in rows.items():
            if sha256(bodies.get(number, b"")).digest() != digest:
                yield Fault("contents", digest.hex(), "内容与其哈希不符", "its bytes don't give its hash")
        told("contents", seen)


def _payloads(database: Database, told: Told) -> Iterator[Fault]:
    for seen, conn, rows in _pieces(database, t.payloads):
        for digest in rows.values():
            try:
                payloads.read(conn, digest.hex())
            except ChangedInPlace as error:
                yield Fault("payloads", digest.hex(), error.zh, error.en)
        told("payloads", seen)


def _pieces(database: Database, table: Table) -> Iterator[tuple[int, Connection, dict[int, bytes]]]:
    """(how many so far, connection, row id → hash) of a table that keeps things by hash, in pieces."""
    after, seen = 0, 0
    while True:
        with database.read() as conn:
            wanted = select(table.c.id, table.c.hash).where(table.c.id > after).order_by(table.c.id).limit(AT_ONCE)
            rows = {number: bytes(digest) for number, digest in conn.execute(wanted)}
            if not rows:
                return
            seen += len(rows)
            yield seen, conn, rows
        after = max(rows)


def _uncovered(conn: Connection) -> Iterator[Fault]:
    """Rows that no commit speaks of. One statement: commits go on meanwhile."""
    tables = (t.claim_versions, t.quarantine, t.record_versions)
    sums = (func.sum(t.commits.c.claims), func.sum(t.commits.c.units), func.max(t.commits.c.last_seq))
    known = [func.coalesce(select(one).scalar_subquery(), 0) for one in sums]
    there = [select(func.count()).select_from(table).scalar_subquery() for table in tables]
    found = conn.execute(select(*known, *there)).one()
    for place, table in enumerate(tables):
        spoken, rows = found[place], found[place + len(tables)]
        if rows != spoken:
            zh, en = f"有 {rows} 行，提交记录为 {spoken} 行", f"there are {rows} rows, the commits speak of {spoken}"
            yield Fault("rows", table.name, zh, en)
