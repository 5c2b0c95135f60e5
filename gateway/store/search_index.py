"""The search index follows the feed: each step takes up the next changes, in one transaction with how far it has come.

So it is never ahead of what is stored, never wrong after a crash, and costs a commit nothing.
"""

from collections.abc import Mapping
from typing import Final

import orjson
from sqlalchemy import Connection, select

from gateway.domain.facets import Facet, Facets, facets
from gateway.store import changes, contents, meta
from gateway.store.database import Database
from gateway.store.dialect import among, delete_among, insert_rows, lock_search, select_among, take_ids
from gateway.store.records import NEWEST
from gateway.store.tables import record_versions, records, search_hits, search_records, search_terms

AT_ONCE: Final = 1000
REACHED: Final = "search"

Term = tuple[Facet, str]


def catch_up(database: Database, most: int | None = None) -> int:
    """Takes changes into the index, all there are or about `most`; how many are left."""
    done = 0
    while True:
        with database.write() as conn:
            taken, left = step(conn, AT_ONCE)
        done += taken
        if not left or (most is not None and done >= most):
            return left


def step(conn: Connection, limit: int) -> tuple[int, int]:
    """(changes taken up, changes left)."""
    lock_search(conn)
    reached, last = int(meta.get(conn, REACHED) or 0), changes.last(conn)
    upto = min(reached + limit, last)
    if upto == reached:
        return 0, 0
    _put(conn, _told(conn, reached, upto))
    meta.put(conn, REACHED, str(upto))
    return upto - reached, last - upto


def _told(conn: Connection, after: int, upto: int) -> dict[int, tuple[str, Facets] | None]:
    """What the records that changed there say now; None for one that was merged into another."""
    changed = select(record_versions.c.record).where(record_versions.c.seq > after, record_versions.c.seq <= upto)
    rows = conn.execute(
        select(records.c.id, records.c.kind, records.c.merged_into, record_versions.c.content)
        .join(record_versions, NEWEST)
        .where(records.c.id.in_(changed))
    ).all()
    bodies = contents.read(conn, [row.content for row in rows])
    return {
        row.id: None if row.merged_into is not None else (row.kind, facets(row.kind, orjson.loads(bodies[row.content])))
        for row in rows
    }


def _put(conn: Connection, told: Mapping[int, tuple[str, Facets] | None]) -> None:
    """In place of whatever was known of these records."""
    delete_among(conn, search_hits.c.record, told)
    delete_among(conn, search_records.c.record, told)
    found = {record: one for record, one in told.items() if one is not None}
    rows = [(record, kind, one.status, one.day) for record, (kind, one) in found.items()]
    insert_rows(conn, search_records, ("record", "kind", "status", "day"), rows)
    terms = _terms(conn, {term for _, one in found.values() for term in one.terms})
    hits = [(terms[term], record) for record, (_, one) in found.items() for term in one.terms]
    insert_rows(conn, search_hits, ("term", "record"), sorted(hits))


def _terms(conn: Connection, wanted: set[Term]) -> dict[Term, int]:
    """Term → row id; new ones are added. Nobody else adds any meanwhile."""
    statement = select(search_terms.c.facet, search_terms.c.term, search_terms.c.id).where(among(search_terms.c.term))
    stored = {(facet, term): row for facet, term, row in select_among(conn, statement, [term for _, term in wanted])}
    new = sorted(wanted - stored.keys())
    added = dict(zip(new, take_ids(conn, search_terms, len(new)), strict=True))
    insert_rows(conn, search_terms, ("id", "facet", "term"), [(row, *term) for term, row in added.items()])
    return stored | added
