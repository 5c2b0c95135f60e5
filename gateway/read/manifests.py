"""One record and what stands behind it, by any of its numbers."""

from typing import Any

import orjson
from sqlalchemy import Connection

from gateway.errors import NoSuchRecord, TwoRecords
from gateway.read.answer import encode, listed
from gateway.store import claims, discrepancies, records

LONGEST_NUMBER = 200


def resolve(conn: Connection, no: str, kind: str | None = None) -> str:
    """The record_id behind a national number, `system:number`, or record_id. NoSuchRecord, TwoRecords."""
    no = no.strip()
    if not 0 < len(no) <= LONGEST_NUMBER or not no.isprintable():
        raise NoSuchRecord(no[:LONGEST_NUMBER])
    found = records.find(conn, no, kind)
    if not found:
        raise NoSuchRecord(no)
    if len(found) > 1:
        raise TwoRecords(no, found)
    return found[0]


def envelope(conn: Connection, record_id: str) -> dict[str, Any]:
    """The newest envelope, read. Content holds no float, so plain values are exact."""
    read: dict[str, Any] = orjson.loads(records.newest(conn, record_id))
    return read


def newest(conn: Connection, record_id: str) -> bytes:
    """The newest envelope as stored."""
    return records.newest(conn, record_id)


def all_claims(conn: Connection, record_id: str) -> bytes:
    """{"claims": […]}: every version of every claim on the record, with its content as stored."""
    out = []
    for one in claims.of_record(conn, record_id):
        head = encode(
            {
                "adapter": one.adapter,
                "dataset": one.dataset,
                "source_key": one.source_key,
                "version": one.version,
                "observed_at": one.observed_at,
                "payload_hash": one.payload_hash,
                "mapping_hash": one.mapping_hash,
                "findings": one.findings,
            }
        )
        out.append(head[:-1] + b',"content":' + one.content_bytes + b"}")
    return listed("claims", out)


def all_discrepancies(conn: Connection, record_id: str) -> bytes:
    """{"discrepancies": [{"field", "open", "sides": [{"adapter", "value"}, …]}, …]}."""
    return encode({"discrepancies": discrepancies.of_record(conn, record_id)})
