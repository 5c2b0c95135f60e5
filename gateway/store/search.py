"""Records found by what they say, the one first known last: an order that no later change shifts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, func, select

from gateway.domain.facets import Facet
from gateway.errors import TooBroad
from gateway.store.dialect import among, select_among
from gateway.store.records import ENVELOPE, NEWEST, read_envelopes
from gateway.store.tables import contents, record_versions, records, search_hits, search_records, search_terms

MOST_TERMS = 1000
"""Of the names that hold a word: more than these is no search but the whole store."""


@dataclass(frozen=True, slots=True)
class Sought:
    """All that is named must be so. `terms`: facet → value; days are yyyy-MM-dd, both included; `province` two digits."""

    kind: str | None = None
    status: str | None = None
    since: str | None = None
    until: str | None = None
    province: str | None = None
    terms: Mapping[Facet, str] = field(default_factory=dict)


def page(conn: Connection, sought: Sought, *, after: int | None, limit: int) -> tuple[list[tuple[int, bytes]], bool]:
    """Up to `limit` (row id, newest envelope) below the row id `after`, and whether there are more. TooBroad."""
    statement = _matching(conn, sought)
    if statement is None:
        return [], False
    if after is not None:
        statement = statement.where(search_records.c.record < after)
    found: Sequence[int] = conn.scalars(statement.order_by(search_records.c.record.desc()).limit(limit + 1)).all()
    shown = found[:limit]
    asked = (
        select(records.c.id, *ENVELOPE)
        .join(record_versions, NEWEST)
        .join(contents, contents.c.id == record_versions.c.content)
        .where(among(records.c.id))
    )
    rows = select_among(conn, asked, shown)
    envelopes: dict[int, bytes] = {
        row[0]: envelope for row, envelope in zip(rows, read_envelopes(conn, rows), strict=True)
    }
    return [(record, envelopes[record]) for record in shown], len(found) > limit


def _matching(conn: Connection, sought: Sought) -> Select[Any] | None:
    """The search as a statement; None where nothing can match."""
    r = search_records
    statement = select(r.c.record)
    for column, value in ((r.c.kind, sought.kind), (r.c.status, sought.status)):
        if value is not None:
            statement = statement.where(column == value)
    if sought.since is not None:
        statement = statement.where(r.c.day >= sought.since)
    if sought.until is not None:
        statement = statement.where(r.c.day <= sought.until)
    if sought.province is not None:
        within = record_versions.c.provinces.contains(f" {sought.province} ", autoescape=True)
        statement = statement.join(records, records.c.id == r.c.record).join(record_versions, NEWEST).where(within)
    for facet, value in sought.terms.items():
        terms = _terms(conn, facet, value)
        if not terms:
            return None
        hits = select(search_hits.c.record).where(search_hits.c.term.in_(terms))
        statement = statement.where(r.c.record.in_(hits))
    return statement


def _terms(conn: Connection, facet: Facet, value: str) -> Sequence[int]:
    """The terms that a value means: a party by any part of its name, a division with all within it, else the value itself."""
    t = search_terms
    if facet == "party":
        meant = t.c.term.contains(value, autoescape=True)
    elif facet == "division":
        meant = func.substr(t.c.term, 1, len(value)) == value
    else:
        meant = t.c.term == value
    found = conn.scalars(select(t.c.id).where(t.c.facet == facet, meant).limit(MOST_TERMS + 1)).all()
    if len(found) > MOST_TERMS:
        raise TooBroad(value)
    return found
