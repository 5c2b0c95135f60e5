"""Records and their versions. A version is kept as an envelope's head and a pointer to its content."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Select, and_, func, select

from gateway.store import frames, numbers
from gateway.store.dialect import among, insert_rows, select_among, update_rows
from gateway.store.errors import Missing
from gateway.store.tables import claims, contents, record_versions, records

_VERSION_COLUMNS = (
    "seq",
    "record",
    "version",
    "kind",
    "provinces",
    "content",
    "envelope_frame",
    "envelope_start",
    "envelope_length",
    "content_offset",
    "claims",
)


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A record as the commit holds it: `envelope` is its newest version whole, `claims` that version's claim
    versions (row ids)."""

    id: int
    record_id: str
    version: int
    envelope: bytes
    claims: tuple[int, ...]


ENVELOPE = (
    record_versions.c.envelope_frame,
    record_versions.c.envelope_start,
    record_versions.c.envelope_length,
    record_versions.c.content_offset,
    contents.c.frame,
    contents.c.start,
    contents.c.length,
)
"""What `read_envelopes` needs, at the end of each row of a join with `contents`."""


def read_envelopes(conn: Connection, rows: Sequence[Any]) -> list[bytes]:
    """Whole envelopes for rows that end with ENVELOPE."""
    pieces = frames.read(conn, [row[-7:-4] for row in rows] + [row[-3:] for row in rows])
    whole: list[bytes] = []
    for row, head, body in zip(rows, pieces, pieces[len(rows) :], strict=False):
        at = row[-4]
        whole.append(b"".join((head[:at], body, head[at:])))
    return whole


_HOMES = select(claims.c.id, claims.c.record).where(among(claims.c.id), claims.c.record.is_not(None))
_LOCKED = select(records.c.id).where(among(records.c.id)).order_by(records.c.id).with_for_update(key_share=True)


def lock_of_claims(conn: Connection, claim_ids: Iterable[int]) -> dict[int, int]:
    """Claim → its record (row ids), for those that have one; the records are locked until the transaction ends.

    A merge may move a claim to another record while we wait for the one it was in: so ask again until nothing is new.
    """
    asked = list(claim_ids)
    locked: set[int] = set()
    homes: dict[int, int] = {}
    while asked:
        homes = {claim: record for claim, record in select_among(conn, _HOMES, asked)}  # noqa: C416 (rows are no pairs)
        new = set(homes.values()) - locked
        if not new:
            break
        select_among(conn, _LOCKED, sorted(new))
        locked |= new
    return homes


NEWEST = and_(record_versions.c.record == records.c.id, record_versions.c.version == records.c.newest)
"""Joins a record with its newest version."""


_HELD = (
    select(records.c.id, records.c.record_id, records.c.newest, record_versions.c.claims, *ENVELOPE)
    .join(record_versions, NEWEST)
    .join(contents, contents.c.id == record_versions.c.content)
    .where(among(records.c.id))
)
_TAKEN = select(records.c.record_id).where(among(records.c.record_id))
_MERGED_AWAY = (
    select(records.c.record_id, records.c.id)
    .where(among(records.c.record_id), records.c.merged_into.is_not(None))
    .order_by(records.c.id)
    .with_for_update(key_share=True)
)


def held(conn: Connection, rows: Iterable[int]) -> dict[int, HeldRecord]:
    """Row id → the record with its newest envelope."""
    found = select_among(conn, _HELD, rows)
    return {
        row[0]: HeldRecord(row[0], row[1], row[2], envelope, tuple(orjson.loads(row[3])))
        for row, envelope in zip(found, read_envelopes(conn, found), strict=True)
    }


def taken(conn: Connection, record_ids: Iterable[str]) -> set[str]:
    """Those of the ids that a record already has."""
    return {one for (one,) in select_among(conn, _TAKEN, record_ids)}


def merged_away(conn: Connection, record_ids: Iterable[str]) -> dict[str, int]:
    """record_id → row of those that were merged into another; locked until the transaction ends."""
    return {record_id: row for record_id, row in select_among(conn, _MERGED_AWAY, sorted(record_ids))}  # noqa: C416 (rows are no pairs)


def add(conn: Connection, rows: Sequence[tuple[int, str, str, int]]) -> None:
    """New records: (id, record_id, kind, newest version)."""
    insert_rows(conn, records, ("id", "record_id", "kind", "newest"), rows)


def move(conn: Connection, rows: Sequence[tuple[int, int | None, int]]) -> None:
    """Rows of (newest version, record it was merged into, record row id)."""
    update_rows(conn, records, ("newest", "merged_into"), rows)


def add_versions(conn: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """New versions in the order of the feed: (seq, record, version, kind, provinces, content, envelope frame, start,
    length, content offset, claims)."""
    insert_rows(conn, record_versions, _VERSION_COLUMNS, rows)


def find(conn: Connection, no: str, kind: str | None = None) -> list[str]:
    """record_ids behind a national number, `system:number`, or a record_id; a merged record only by its own id."""
    asked = select(records.c.record_id)
    if kind is not None:
        asked = asked.where(records.c.kind == kind)
    by_id = conn.scalars(asked.where(records.c.record_id == no)).all()
    if by_id:
        return list(by_id)
    statement = asked.join(claims, claims.c.record == records.c.id).where(among(claims.c.id)).distinct()
    return sorted(one for (one,) in select_among(conn, statement, numbers.named(conn, no)))


def _of(record_id: str) -> Select[Any]:
    return (
        select(*ENVELOPE)
        .join(contents, contents.c.id == record_versions.c.content)
        .join(records, records.c.id == record_versions.c.record)
        .where(records.c.record_id == record_id)
        .order_by(record_versions.c.version)
    )


def newest(conn: Connection, record_id: str) -> bytes:
    """The newest envelope. Raises Missing for an unknown record_id."""
    rows = conn.execute(_of(record_id).where(record_versions.c.version == records.c.newest)).all()
    if not rows:
        raise _missing(record_id)
    return read_envelopes(conn, rows)[0]


def versions(conn: Connection, record_id: str, number: int | None = None) -> list[bytes]:
    """All envelopes, the first version first, or the one of that number; none for what isn't there."""
    asked = _of(record_id) if number is None else _of(record_id).where(record_versions.c.version == number)
    return read_envelopes(conn, conn.execute(asked).all())


def newest_claims(conn: Connection, record_id: str) -> tuple[int, list[int]]:
    """The newest version, and row ids of the claim versions it was built from, in its envelope's order. Raises
    Missing."""
    statement = select(records.c.newest, record_versions.c.claims).join(record_versions, NEWEST)
    row = conn.execute(statement.where(records.c.record_id == record_id)).one_or_none()
    if row is None:
        raise _missing(record_id)
    return row.newest, orjson.loads(row.claims)


def _missing(record_id: str) -> Missing:
    return Missing(f"库中没有记录 {record_id}", f"no record {record_id} is stored")


def live_counts(conn: Connection) -> dict[str, int]:
    """Kind → number of records that weren't merged away."""
    alive = select(records.c.kind, func.count()).where(records.c.merged_into.is_(None)).group_by(records.c.kind)
    return {kind: int(count) for kind, count in conn.execute(alive)}
