"""What the entries of the hash chain cover, from the stored rows (`write.items` and `write.feed` made it)."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, select

from gateway.domain.key import idempotency_key
from gateway.store import tables as t
from gateway.store.records import ENVELOPE, read_envelopes
from gateway.store.retirements import Retirement


def items(conn: Connection, entry: Row[Any]) -> Iterator[bytes]:
    """What a commit's entry covers, in its order."""
    announced = retirement(conn, entry)
    if announced is not None:
        yield announced.item
        return
    # A replay adds a commit to an exchange: the rows before its own are those of the exchange's earlier commits.
    earlier = (t.commits.c.exchange == entry.exchange) & (t.commits.c.id < entry.id)
    sums = (func.coalesce(func.sum(t.commits.c[name]), 0).label(name) for name in ("claims", "units"))
    before = conn.execute(select(*sums).where(earlier)).one()
    yield payload(conn, entry.exchange)
    yield from claims(conn, entry.exchange, before.claims, entry.claims)
    yield from units(conn, entry.exchange, before.units, entry.units)
    yield from changes(conn, entry)


def retirement(conn: Connection, entry: Row[Any]) -> Retirement | None:
    """What the commit announces, if it is a retirement."""
    if entry.exchange is not None:
        return None
    found = conn.execute(select(t.retirements).where(t.retirements.c.id == entry.id)).one_or_none()
    return Retirement(*found) if found else None


def payload(conn: Connection, exchange: int | None) -> bytes:
    digest = (
        select(t.payloads.c.hash)
        .join(t.exchanges, t.exchanges.c.payload == t.payloads.c.id)
        .where(t.exchanges.c.id == exchange)
    )
    return b"payload\n" + (conn.scalar(digest) or b"").hex().encode()


def claims(conn: Connection, exchange: int, after: int = 0, count: int | None = None) -> Iterator[bytes]:
    """An exchange's claim versions: `count` behind the first `after`, or all."""
    v, c, d = t.claim_versions, t.claims, t.datasets
    told = (d.c.adapter, d.c.dataset, v.c.version, t.contents.c.hash, t.mappings.c.hash, v.c.findings, c.c.source_key)
    statement = (
        select(*told)
        .join(c, c.c.id == v.c.claim)
        .join(d, d.c.id == c.c.dataset)
        .join(t.contents, t.contents.c.id == v.c.content)
        .join(t.mappings, t.mappings.c.id == v.c.mapping)
        .where(v.c.exchange == exchange)
        .order_by(v.c.id)
        .offset(after)
        .limit(count)
    )
    for adapter, dataset, version, content, mapping, findings, key in conn.execute(statement):
        words = ("claim", adapter, dataset, str(version), content.hex(), mapping.hex(), findings or "", key)
        yield "\n".join(words).encode()


def units(conn: Connection, exchange: int, after: int = 0, count: int | None = None) -> Iterator[bytes]:
    """An exchange's quarantined units, as `claims`."""
    q = t.quarantine.c
    statement = select(q.unit_hash).where(q.exchange == exchange).order_by(q.id).offset(after).limit(count)
    for unit in conn.scalars(statement):
        yield b"quarantine\n" + unit.hex().encode()


def changes(conn: Connection, entry: Row[Any]) -> Iterator[bytes]:
    """The commit's record versions, then the deliveries that they owe."""
    r = t.record_versions
    here = r.c.seq.between(entry.first_seq, entry.last_seq)
    whole = select(*ENVELOPE).join(t.contents, t.contents.c.id == r.c.content).where(here).order_by(r.c.seq)
    for envelope in read_envelopes(conn, conn.execute(whole).all()):
        yield b"record\n" + envelope
    due = (t.deliveries.c.record == r.c.record) & (t.deliveries.c.version == r.c.version)
    owed = select(t.deliveries.c.key).join(r, due).where(here).order_by(r.c.seq, t.deliveries.c.target)
    for key in conn.scalars(owed):
        yield delivery(key)


def delivery(key: bytes) -> bytes:
    return b"delivery\n" + key.hex().encode()


class Debt(NamedTuple):
    """A delivery that a commit may have owed: where it belongs, its item, and whether its row is there."""

    at: str
    target: str
    item: bytes
    there: bool


def debts(conn: Connection, entry: Row[Any], targets: Sequence[str]) -> list[Debt]:
    """A delivery of each record version of the commit to each of these targets, in the order of the items."""
    r, d = t.record_versions, t.deliveries
    here = r.c.seq.between(entry.first_seq, entry.last_seq)
    versions = (
        select(r.c.seq, t.records.c.kind, t.records.c.record_id, r.c.version, t.contents.c.hash)
        .join(t.records, t.records.c.id == r.c.record)
        .join(t.contents, t.contents.c.id == r.c.content)
        .where(here)
        .order_by(r.c.seq)
    )
    due = (d.c.record == r.c.record) & (d.c.version == r.c.version)
    there = {(seq, target) for seq, target in conn.execute(select(r.c.seq, d.c.target).join(d, due).where(here))}
    return [
        Debt(
            f"{record_id} v{version} → {target}",
            target,
            delivery(bytes.fromhex(idempotency_key(target, kind, record_id, version, content.hex()))),
            (seq, target) in there,
        )
        for seq, kind, record_id, version, content in conn.execute(versions)
        for target in sorted(targets)
    ]
