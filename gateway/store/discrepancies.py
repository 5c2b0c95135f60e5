"""Where the systems' words on one record differ: opened, changed and closed as claims change; never deleted."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from gateway.domain.discrepancy import Discrepancy
from gateway.store.dialect import among, insert_rows, select_among, update_rows
from gateway.store.tables import discrepancies, records

_STORED = select(
    discrepancies.c.id, discrepancies.c.record, discrepancies.c.field, discrepancies.c.open, discrepancies.c.sides
).where(among(discrepancies.c.record))


def settle(conn: Connection, found: Mapping[int, Sequence[Discrepancy]], existing: Iterable[int], at: str) -> None:
    """Record row id → what differs there now (`at` is an instant). `existing` are those of the records that may have
    stored discrepancies: what isn't found any more is closed there."""
    stored = {
        (record, field): rest for rest in select_among(conn, _STORED, existing) for _, record, field, *_ in [rest]
    }
    new: list[tuple[Any, ...]] = []
    changed: list[tuple[Any, ...]] = []
    for record, ones in found.items():
        for one in ones:
            known = stored.pop((record, one.field), None)
            sides = orjson.dumps(one.as_dict()["sides"]).decode()
            if known is None:
                new.append((record, one.field, True, sides, at))
            elif not known.open or known.sides != sides:
                changed.append((True, sides, None, known.id))
    changed += [
        (False, gone.sides, at, gone.id) for (record, _), gone in stored.items() if gone.open and record in found
    ]
    insert_rows(conn, discrepancies, ("record", "field", "open", "sides", "opened_at"), new)
    update_rows(conn, discrepancies, ("open", "sides", "closed_at"), changed)


def of_record(conn: Connection, record_id: str) -> list[dict[str, Any]]:
    """{"field", "open", "sides": [{"adapter", "value"}, …]}, by field."""
    statement = (
        select(discrepancies.c.field, discrepancies.c.open, discrepancies.c.sides)
        .join(records, records.c.id == discrepancies.c.record)
        .where(records.c.record_id == record_id)
        .order_by(discrepancies.c.field)
    )
    return [{"field": row.field, "open": row.open, "sides": orjson.loads(row.sides)} for row in conn.execute(statement)]


def open_count(conn: Connection) -> int:
    """How many are open, over all records."""
    return conn.scalar(select(func.count()).select_from(discrepancies).where(discrepancies.c.open)) or 0
