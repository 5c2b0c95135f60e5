"""Rebuilds the hash chain from the stored rows, as an auditor would."""

from sqlalchemy import func, select

from gateway.domain.chain import GENESIS, link
from gateway.store import tables as t
from gateway.store.records import ENVELOPE, read_envelopes


def items_of(conn, entry):
    # A replay adds a commit to an exchange: the rows before its own are those of the exchange's earlier commits.
    earlier = (t.commits.c.exchange == entry.exchange) & (t.commits.c.id < entry.id)
    sums = (func.coalesce(func.sum(t.commits.c[name]), 0).label(name) for name in ("claims", "units"))
    before = conn.execute(select(*sums).where(earlier)).one()
    payload = conn.scalar(
        select(t.payloads.c.hash)
        .join(t.exchanges, t.exchanges.c.payload == t.payloads.c.id)
        .where(t.exchanges.c.id == entry.exchange)
    )
    yield b"payload\n" + payload.hex().encode()
    v, c, d = t.claim_versions, t.claims, t.datasets
    said = (
        select(
            d.c.adapter, d.c.dataset, v.c.version, t.contents.c.hash, t.mappings.c.hash, v.c.findings, c.c.source_key
        )
        .join(c, c.c.id == v.c.claim)
        .join(d, d.c.id == c.c.dataset)
        .join(t.contents, t.contents.c.id == v.c.content)
        .join(t.mappings, t.mappings.c.id == v.c.mapping)
        .where(v.c.exchange == entry.exchange)
        .order_by(v.c.id)
        .offset(before.claims)
        .limit(entry.claims)
    )
    for adapter, dataset, version, content, mapping, findings, key in conn.execute(said):
        words = ("claim", adapter, dataset, str(version), content.hex(), mapping.hex(), findings or "", key)
        yield "\n".join(words).encode()
    q = t.quarantine
    units = select(q.c.unit_hash).where(q.c.exchange == entry.exchange).order_by(q.c.id)
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


def broken_links(conn):
    before = GENESIS
    for entry in conn.execute(select(t.commits).order_by(t.commits.c.id)).all():
        rebuilt = link(before, list(items_of(conn, entry)))
        if (rebuilt.root, rebuilt.hash, rebuilt.size) != (bytes(entry.root), bytes(entry.hash), entry.items):
            yield entry.id
        before = bytes(entry.hash)
