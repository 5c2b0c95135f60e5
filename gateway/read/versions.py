"""The versions of a record: all, what differs between two, and what was known and acknowledged at a past moment."""

from datetime import date, datetime, time, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection

from canonical_schema.errors import InvalidFormat
from canonical_schema.values.instant import CHINA
from canonical_schema.values.instant import read as read_instant
from gateway.clock import instant
from gateway.errors import NoSuchVersion, Retired, UsedWrongly
from gateway.read.answer import encode, listed
from gateway.read.leaves import changes
from gateway.store import deliveries, records

Json = dict[str, Any]


def versions(conn: Connection, record_id: str) -> bytes:
    """{"versions": [envelope, …]}, the first version first."""
    return listed("versions", records.versions(conn, record_id))


def version(conn: Connection, record_id: str, number: int | None = None) -> bytes:
    """One envelope as stored; the newest without a number. NoSuchVersion."""
    if number is None:
        return records.newest(conn, record_id)
    found = records.versions(conn, record_id, number)
    if not found:
        raise NoSuchVersion(record_id, number)
    return found[0]


def difference(conn: Connection, record_id: str, old: int, new: int) -> bytes:
    """{"record_id", "from", "to", "change", "fields": [{"field", "before", "after"}, …], "findings": {"appear", "vanish"}}.

    `from` and `to` are versions in either order; a leaf that one of them lacks has no such key. NoSuchVersion.
    """
    before, after = (orjson.loads(version(conn, record_id, number)) for number in (old, new))
    told = [{"field": field} | sides for field, sides in changes(before["content"], after["content"])]
    was, now = (one["quality"]["findings"] for one in (before, after))
    findings = {"appear": [one for one in now if one not in was], "vanish": [one for one in was if one not in now]}
    head = {"record_id": record_id, "from": old, "to": new, "change": after["change"]}
    return encode(head | {"fields": told, "findings": findings})


def as_of(conn: Connection, record_id: str, moment: str) -> bytes:
    """{"at", "known": envelope or null, "acknowledged": [{"target", "version", "at"}, …]}.

    `known` is the version that stood at this moment, `acknowledged` the newest that each target had taken by then. Retired
    where that version is there no more.
    """
    upto = instant_of(moment)
    known = b"null"
    for envelope in records.versions(conn, record_id):
        one = orjson.loads(envelope)
        if one["recorded_at"] > upto:
            if known == b"null" and one["version"] > 1:
                raise Retired(
                    f"记录 {record_id} 当时的版本已按保存期限清退",
                    f"the version of record {record_id} that stood then was retired by law",
                )
            break
        known = envelope
    taken: dict[str, Json] = {}
    for target, at, number in deliveries.acknowledged(conn, record_id):
        if at <= upto and number >= taken.get(target, {"version": 0})["version"]:
            taken[target] = {"target": target, "version": number, "at": at}
    listing = encode([taken[name] for name in sorted(taken)])
    return b'{"at":%b,"known":%b,"acknowledged":%b}' % (encode(upto), known, listing)


def instant_of(moment: str, *, latest: bool = True) -> str:
    """An instant as stored; a day is its last millisecond in China, or its first. UsedWrongly for what is neither.

    >>> instant_of("2026-03-05"), instant_of("2026-03-05T00:30:00Z")
    ('2026-03-05T23:59:59.999+08:00', '2026-03-05T08:30:00+08:00')
    """
    try:
        if len(moment) == 10:
            begin = datetime.combine(date.fromisoformat(moment), time(), CHINA)
            return instant(begin + timedelta(days=1, milliseconds=-1) if latest else begin)
        return instant(read_instant(moment)[0])
    except (InvalidFormat, ValueError, OverflowError):
        shown = moment[:60]
        raise UsedWrongly(
            f"“{shown}”不是带时区的 ISO 8601 时间, 也不是日期 (如 2026-03-05T08:30:00+08:00 或 2026-03-05)",
            f"'{shown}' is neither an ISO 8601 time with an offset nor a day (2026-03-05T08:30:00+08:00, 2026-03-05)",
        ) from None
