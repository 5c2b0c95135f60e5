"""Records and their versions. A version is kept as an envelope's head and a pointer to its content."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Select, and_, func, select

from gateway.store import frames, numbers
from gateway.store.dialect import among, insert_rows, select_among, update_rows
from gateway.store.errors import Missing
from gateway.store.frames import Place
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


def _envelopes() -> Select[Any]:
    return select(
        record_versions.c.seq,
        record_versions.c.envelope_frame,
        record_versions.c.envelope_start,
        record_versions.c.envelope_length,
        record_versions.c.content_offset,
        contents.c.frame,
        contents.c.start,
        contents.c.length,
    ).join(contents, contents.c.id == record_versions.c.content)


def read_envelopes(conn: Connection, rows: Sequence[Any]) -> list[bytes]:
    """Whole envelopes for rows that end with (envelope place, content offset, content place): seven numbers."""
    heads = frames.read(conn, {Place(*row[-7:-4]) for row in rows})
    bodies = frames.read(conn, {Place(*row[-3:]) for row in rows})
    whole: list[bytes] = []
    for row in rows:
        head, at = heads[Place(*row[-7:-4])], row[-4]
        whole.append(b"".join((head[:at], bodies[Place(*row[-3:])], head[at:])))
    return whole


def lock_of_claims(conn: Connection, claim_ids: Iterable[int]) -> dict[int, int]:
    """Claim → its record (row ids), for those that have one; the records are locked until the transaction ends.

    A merge may move a claim to another record while we wait for the one it was in: so ask again until nothing is new.
    """
    asked = list(claim_ids)
    where_now = select(claims.c.id, claims.c.record).where(among(claims.c.id), claims.c.record.is_not(None))
    lock = select(records.c.id).where(among(records.c.id)).order_by(records.c.id).with_for_update(key_share=True)
    locked: set[int] = set()
    homes: dict[int, int] = {}
    while asked:
        homes = {claim: record for claim, record in select_among(conn, where_now, asked)}  # noqa: C416 (rows are no pairs)
        new = set(homes.values()) - locked
        if not new:
            break
        select_among(conn, lock, sorted(new))
        locked |= new
    return homes


def held(conn: Connection, rows: Iterable[int]) -> dict[int, HeldRecord]:
    """Row id → the record with its newest envelope."""
    statement = (
        _envelopes()
        .join(records, and_(records.c.id == record_versions.c.record, records.c.newest == record_versions.c.version))
        .with_only_columns(
            records.c.id,
            records.c.record_id,
            records.c.newest,
            record_versions.c.claims,
            *_envelopes().selected_columns,
        )
        .where(among(records.c.id))
    )
    found = select_among(conn, statement, rows)
    return {
        row[0]: HeldRecord(row[0], row[1], row[2], envelope, tuple(orjson.loads(row[3])))
        for row, envelope in zip(found, read_envelopes(conn, found), strict=True)
    }


def taken(conn: Connection, record_ids: Iterable[str]) -> set[str]:
    """Those of the ids that a record already has."""
    return {
        one for (one,) in select_among(conn, select(records.c.record_id).where(among(records.c.record_id)), record_ids)
    }


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


def find(conn: Connection, no: str) -> list[str]:
    """record_ids behind a national number, `system:number`, or a record_id; a merged record only by its own id."""
    by_id = conn.scalars(select(records.c.record_id).where(records.c.record_id == no)).all()
    if by_id:
        return list(by_id)
    statement = (
        select(records.c.record_id).join(claims, claims.c.record == records.c.id).where(among(claims.c.id)).distinct()
    )
    return sorted(one for (one,) in select_among(conn, statement, numbers.named(conn, no)))


def _of(record_id: str) -> Select[Any]:
    return (
        _envelopes()
        .join(records, records.c.id == record_versions.c.record)
        .where(records.c.record_id == record_id)
        .order_by(record_versions.c.version)
    )


def newest(conn: Connection, record_id: str) -> bytes:
    """The newest envelope. Raises Missing for an unknown record_id."""
    return _one(conn, _of(record_id).where(record_versions.c.version == records.c.newest), record_id)


def version(conn: Connection, record_id: str, number: int) -> bytes:
    """One envelope. Raises Missing."""
    return _one(conn, _of(record_id).where(record_versions.c.version == number), f"{record_id} v{number}")


def versions(conn: Connection, record_id: str) -> list[bytes]:
    """All envelopes, the first version first; none for an unknown record_id."""
    return read_envelopes(conn, conn.execute(_of(record_id)).all())


def claims_used(conn: Connection, record_id: str, number: int) -> list[int]:
    """Row ids of the claim versions that this version was built from, in its envelope's order. Raises Missing."""
    listed = conn.scalar(
        select(record_versions.c.claims)
        .join(records, records.c.id == record_versions.c.record)
        .where(records.c.record_id == record_id, record_versions.c.version == number)
    )
    if listed is None:
        raise Missing(f"库中没有记录版本 {record_id} v{number}", f"no record version {record_id} v{number} is stored")
    found: list[int] = orjson.loads(listed)
    return found


def _one(conn: Connection, statement: Select[Any], what: str) -> bytes:
    rows = conn.execute(statement).all()
    if not rows:
        raise Missing(f"库中没有记录 {what}", f"no record {what} is stored")
    return read_envelopes(conn, rows)[0]


def live_counts(conn: Connection) -> dict[str, int]:
    """Kind → number of records that weren't merged away."""
    alive = select(records.c.kind, func.count()).where(records.c.merged_into.is_(None)).group_by(records.c.kind)
    return {kind: int(count) for kind, count in conn.execute(alive)}
