"""Rows that point at what isn't there, or that nothing leads to: none of it can come about by itself."""

from collections.abc import Iterator

import orjson
from sqlalchemy import ColumnElement, Connection, Table, func, select

from gateway.store import tables as t
from gateway.store.dialect import among, select_among
from gateway.store.known_claims import NEWEST as CLAIMS_NEWEST
from gateway.store.records import NEWEST

AT_ONCE = 2000


def orphans(conn: Connection) -> Iterator[tuple[str, str, str]]:
    """(table, words in Chinese, words in English) for each kind of them."""
    lone: tuple[tuple[Table, ColumnElement[bool], str, str], ...] = (
        (t.records, select(t.record_versions.c.seq).where(NEWEST).exists(), "最新版本", "newest version"),
        (t.claims, select(t.claim_versions.c.id).where(CLAIMS_NEWEST).exists(), "有效版本", "version that counts"),
        (
            t.exchanges,
            select(t.commits.c.id).where(t.commits.c.exchange == t.exchanges.c.id).exists(),
            "提交",
            "commit",
        ),
        (
            t.payloads,
            select(t.exchanges.c.id).where(t.exchanges.c.payload == t.payloads.c.id).exists(),
            "交换",
            "exchange",
        ),
    )
    for table, has, zh, en in lone:
        count = conn.scalar(select(func.count()).select_from(table).where(~has))
        if count:
            yield table.name, f"{count} 行没有{zh}", f"{count} rows have no {en}"
    if count := _claims_gone(conn):
        yield (
            "record_versions",
            f"所用的 {count} 个申报版本缺失",
            f"{count} claim versions that they were made of are gone",
        )


def _claims_gone(conn: Connection) -> int:
    after, gone = 0, 0
    r = t.record_versions.c
    while rows := conn.execute(select(r.seq, r.claims).where(r.seq > after).order_by(r.seq).limit(AT_ONCE)).all():
        used = {number for row in rows for number in orjson.loads(row.claims)}
        gone += len(used) - len(
            select_among(conn, select(t.claim_versions.c.id).where(among(t.claim_versions.c.id)), used)
        )
        after = rows[-1].seq
    return gone
