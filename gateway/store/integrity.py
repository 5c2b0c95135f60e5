"""Whether what is stored is still what was committed: every entry of the hash chain rebuilt from the rows it covers.

The chain holds digests of payloads and contents; their bytes are hashed anew here. What the chain covers: payloads, claim
versions with content, mapping and findings, quarantined units, record versions whole, the keys of deliveries, and
retirements. Of a retired commit the leaves give the root, and what is still there must be among them.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, func, select

from gateway.domain.chain import GENESIS, ChainEntry, leaf, root_of
from gateway.errors import ChangedInPlace, GatewayError
from gateway.store import chain_items, contents, payloads, retirements
from gateway.store import tables as t
from gateway.store.database import Database
from gateway.store.orphans import orphans
from gateway.store.retirements import Horizon

AT_ONCE: Final = 500

Told = Callable[[str, int], None]
"""Called with a part's name and how many of it were looked at so far."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`part`: commits, contents, payloads, deliveries or rows. `at`: the commit's number, a hash, or whose it is."""

    part: str
    at: str
    zh: str
    en: str


def check(database: Database, told: Told) -> Iterator[Fault]:
    """Every place where the store isn't what was committed. Reads all of it; commits meanwhile do no harm, a retirement
    at the same time may show as faults that the next check doesn't find."""
    with database.read() as conn:
        last = conn.scalar(select(func.max(t.commits.c.id))) or 0
        targets = list(conn.scalars(select(t.deliveries.c.target).distinct()))
        horizon = retirements.horizon(conn)
    yield from _chain(database, last, targets, horizon, told)
    yield from _contents(database, told)
    yield from _payloads(database, told)
    with database.read() as conn:
        yield from _uncovered(conn)
        yield from (Fault("rows", *words) for words in orphans(conn))


def _chain(database: Database, last: int, targets: Sequence[str], horizon: Horizon, told: Told) -> Iterator[Fault]:
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
                yield from _linked(entry, before, behind)
                yield from _covered(conn, entry, targets, horizon)
                before, behind = bytes(entry.hash), max(behind, entry.last_seq)
        told("commits", min(first + AT_ONCE - 1, last))


def _linked(entry: Row[Any], before: bytes, behind: int) -> Iterator[Fault]:
    at = str(entry.id)
    if bytes(entry.previous_hash) != before:
        yield Fault("commits", at, "与前一提交的哈希不相连", "it doesn't go on from the commit before it")
    if entry.last_seq >= entry.first_seq and entry.first_seq != behind + 1:
        yield Fault("commits", at, "变更序号不连续", f"its changes begin at {entry.first_seq}, not at {behind + 1}")


def _covered(conn: Connection, entry: Row[Any], targets: Sequence[str], horizon: Horizon) -> Iterator[Fault]:
    hashes = conn.scalar(select(t.leaves.c.hashes).where(t.leaves.c.id == entry.id))
    try:
        if hashes is not None:
            yield from _retired(conn, entry, retirements.split(bytes(hashes)), targets, horizon)
            return
        there = list(chain_items.items(conn, entry))
    except GatewayError as error:
        yield Fault("commits", str(entry.id), error.zh, error.en)
        return
    if not matches(entry, list(map(leaf, there))):
        yield _altered(entry)
        yield from _missing(conn, entry, there, targets)


def matches(entry: Row[Any], hashes: Sequence[bytes]) -> bool:
    """Whether these leaves give the entry as it stands."""
    rebuilt = ChainEntry(bytes(entry.previous_hash), len(hashes), root_of(hashes))
    return (rebuilt.size, rebuilt.root, rebuilt.hash) == (entry.items, bytes(entry.root), bytes(entry.hash))


def _altered(entry: Row[Any]) -> Fault:
    zh, en = "所含数据与提交时不同（改动、增减）", "what it covers isn't what was committed (changed, added or gone)"
    return Fault("commits", str(entry.id), zh, en)


def _missing(conn: Connection, entry: Row[Any], there: list[bytes], targets: Sequence[str]) -> Iterator[Fault]:
    """The deliveries whose absence alone makes the entry another."""
    debts = chain_items.debts(conn, entry, targets)
    kept = sum(one.there for one in debts)
    front = there[: len(there) - kept]
    whole = {one.target for one in debts if one.there}
    for owing in (whole, *(whole | {one} for one in targets), set(targets)):
        owed = [one for one in debts if one.target in owing]
        if matches(entry, [leaf(one) for one in (*front, *(one.item for one in owed))]):
            yield from (_unowed(one.at) for one in owed if not one.there)
            return


def _unowed(at: str) -> Fault:
    return Fault("deliveries", at, "应投递而缺失", "it was owed, and its row is gone")


def _retired(
    conn: Connection, entry: Row[Any], hashes: list[bytes], targets: Sequence[str], horizon: Horizon
) -> Iterator[Fault]:
    if entry.id > horizon.commit:
        zh, en = "没有清退记录涵盖此提交", "no retirement speaks of this commit, and yet its leaves are kept"
        yield Fault("commits", str(entry.id), zh, en)
    if not matches(entry, hashes):
        yield Fault("commits", str(entry.id), "留存的叶哈希与提交不符", "the leaves kept of it don't give its root")
        return
    there = [leaf(one) for one in _remaining(conn, entry, horizon)]
    own = Counter(hashes)
    strange = Counter(there) - own
    if strange and (strange := strange - _siblings(conn, entry)):
        many = strange.total()
        yield Fault(
            "commits",
            str(entry.id),
            f"有 {many} 项不是提交时的",
            f"{many} of the items still there aren't what was committed",
        )
    gone = own - Counter(there)
    yield from (
        _unowed(one.at) for one in chain_items.debts(conn, entry, targets) if not one.there and leaf(one.item) in gone
    )


def _remaining(conn: Connection, entry: Row[Any], horizon: Horizon) -> Iterator[bytes]:
    """What is still there of a retired commit. Rows of an exchange that is retired whole can't be told apart by commit."""
    if chain_items.retirement(conn, entry) is not None or (
        entry.exchange is not None
        and not conn.scalar(
            select(retirements.is_old(t.exchanges.c.id, horizon.commit)).where(t.exchanges.c.id == entry.exchange)
        )
    ):
        yield from chain_items.items(conn, entry)
        return
    if entry.exchange is not None:
        yield chain_items.payload(conn, entry.exchange)
        yield from chain_items.claims(conn, entry.exchange)
        yield from chain_items.units(conn, entry.exchange)
    yield from chain_items.changes(conn, entry)


def _siblings(conn: Connection, entry: Row[Any]) -> Counter[bytes]:
    """The leaves of the other commits of its exchange."""
    if entry.exchange is None:
        return Counter()
    same = and_(t.commits.c.exchange == entry.exchange, t.commits.c.id != entry.id)
    kept = conn.scalars(select(t.leaves.c.hashes).join(t.commits, t.commits.c.id == t.leaves.c.id).where(same))
    return Counter(one for hashes in kept for one in retirements.split(bytes(hashes)))


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
    """Rows that no commit speaks of. One statement: commits go on meanwhile. What is retired is looked at by commit."""
    upto, seq = retirements.horizon(conn)
    own, c = t.commits.alias("younger"), t.commits.c
    young = select(own.c.id).where(own.c.exchange == c.exchange, own.c.id > upto).exists() if upto else c.id > 0
    spoken: list[ColumnElement[int]] = [
        func.coalesce(select(func.sum(one)).where(young).scalar_subquery(), 0) for one in (c.claims, c.units)
    ]
    spoken.append(func.coalesce(select(func.max(c.last_seq)).scalar_subquery(), seq) - seq)
    rows = [
        select(func.count()).select_from(table).where(_of_commits(table, upto))
        for table in (t.claim_versions, t.quarantine)
    ]
    rows.append(select(func.count()).select_from(t.record_versions).where(t.record_versions.c.seq > seq))
    found = conn.execute(select(*spoken, *(one.scalar_subquery() for one in rows))).one()
    for place, table in enumerate((t.claim_versions, t.quarantine, t.record_versions)):
        said, there = found[place], found[place + len(rows)]
        if there != said:
            zh, en = f"有 {there} 行，提交记录为 {said} 行", f"there are {there} rows, the commits speak of {said}"
            yield Fault("rows", table.name, zh, en)


def _of_commits(table: Table, upto: int) -> ColumnElement[bool]:
    """Rows of exchanges that aren't retired whole."""
    if not upto:
        return table.c.id > 0
    old = select(t.commits.c.id).where(t.commits.c.exchange == table.c.exchange).exists()
    return ~(old & retirements.is_old(table.c.exchange, upto))
