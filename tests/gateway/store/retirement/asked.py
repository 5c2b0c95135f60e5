"""What is asked of a store before and after: all that it answers about its records."""

from datetime import timedelta

import orjson
from sqlalchemy import func, select

from gateway.read import manifests, versions
from gateway.store import claims, payloads, records, retirements
from gateway.store import tables as t

NUMBERS = [f"2026320500000{n}" for n in range(1, 10)]
DAYS = 12


def told_of(database):
    """record_id → (newest, claims, discrepancies, what lineage and payloads lead back to, versions by number)."""
    found = {}
    with database.read() as conn:
        for record_id in conn.scalars(select(t.records.c.record_id)).all():
            listed = orjson.loads(versions.versions(conn, record_id))["versions"]
            _, used = records.newest_claims(conn, record_id)
            kept = claims.lineage_of(conn, used)
            exchanges = payloads.exchanges_by_id(conn, {one.exchange_id for one in kept.values()})
            found[record_id] = (
                manifests.newest(conn, record_id),
                manifests.all_claims(conn, record_id),
                manifests.all_discrepancies(conn, record_id),
                kept,
                {one.payload_hash: payloads.read(conn, one.payload_hash) for one in exchanges},
                {one["version"]: one for one in listed},
            )
    return found


def counts(database):
    with database.read() as conn:
        return {table.name: conn.scalar(select(func.count()).select_from(table)) for table in t.metadata.sorted_tables}


def places(database):
    """record_id → the place in the feed of each version, in order."""
    found = {}
    with database.read() as conn:
        r = t.record_versions.c
        rows = select(t.records.c.record_id, r.seq).join(t.records, t.records.c.id == r.record).order_by(r.seq)
        for record_id, seq in conn.execute(rows):
            found.setdefault(record_id, []).append(seq)
    return found


def horizon(database):
    with database.read() as conn:
        return retirements.horizon(conn)


def day_of(pages, day):
    return (pages.START + timedelta(days=day)).date()
