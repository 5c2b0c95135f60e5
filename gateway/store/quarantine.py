"""What could not be accepted, kept whole: the payload, the place in it, and the reasons."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Select, bindparam, select

from gateway.clock import instant
from gateway.store.dialect import among, insert_rows, select_among, update_rows
from gateway.store.tables import datasets, exchanges, mappings, payloads, quarantine


@dataclass(frozen=True, slots=True)
class Quarantined:
    """`state` is open, accepted, or closed where the record was refused for another reason since. `times` counts how often
    this very unit was met."""

    id: int
    adapter: str
    dataset: str
    source_key: str | None
    payload_hash: str
    exchange_id: int
    place: str
    reasons: list[str]
    mapping_hash: str
    state: str
    first_at: str
    last_at: str
    times: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A damaged unit to be put away; `mapping` is a row id."""

    unit_hash: bytes
    source_key: str | None
    place: str
    reasons: tuple[str, ...]
    mapping: int


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit that is stored."""

    id: int
    unit_hash: bytes
    source_key: str | None
    place: str
    mapping: int
    state: str
    times: int


_Q = quarantine.c
_UNITS = select(_Q.id, _Q.unit_hash, _Q.source_key, _Q.place, _Q.mapping, _Q.state, _Q.times)
_MET = _UNITS.where(_Q.dataset == bindparam("dataset"), among(_Q.unit_hash))
_REFUSED_UNDER = select(_Q.id).where(
    _Q.dataset == bindparam("dataset"),
    _Q.exchange <= bindparam("until"),
    _Q.state != "accepted",
    among(_Q.source_key),
)


def put(conn: Connection, dataset: int, exchange: int, units: Iterable[Unit], at: datetime) -> None:
    """Puts away units that weren't met before."""
    when = instant(at)
    rows: list[tuple[Any, ...]] = [
        (
            dataset,
            unit.unit_hash,
            unit.source_key,
            exchange,
            unit.place,
            orjson.dumps(unit.reasons).decode(),
            unit.mapping,
            "open",
            when,
            when,
            1,
        )
        for unit in units
    ]
    names = [column.name for column in quarantine.c if column.name != "id"]
    insert_rows(conn, quarantine, names, rows)


def met_again(conn: Connection, met: Iterable[KnownUnit], at: datetime) -> None:
    """Units are refused once more: what was accepted in the meantime is open again."""
    when = instant(at)
    rows = [(when, one.times + 1, "open" if one.state == "accepted" else one.state, one.id) for one in met]
    update_rows(conn, quarantine, ("last_at", "times", "state"), rows)


def units(conn: Connection, dataset: int, unit_hashes: Iterable[bytes]) -> dict[bytes, KnownUnit]:
    """Unit hash → what is stored under it."""
    rows = select_among(conn, _MET, unit_hashes, dataset=dataset)
    return {one.unit_hash: one for one in map(_known_unit, rows)}


def open_units(conn: Connection, exchange: int) -> list[KnownUnit]:
    """What this exchange brought and nobody has mended or closed."""
    statement = _UNITS.where(quarantine.c.exchange == exchange, quarantine.c.state == "open")
    return [_known_unit(row) for row in conn.execute(statement.order_by(quarantine.c.id))]


def refused_under(conn: Connection, dataset: int, source_keys: Iterable[str], until: int) -> list[int]:
    """Row ids of the units with these keys, of exchanges up to `until`, that aren't accepted."""
    rows = select_among(conn, _REFUSED_UNDER, source_keys, dataset=dataset, until=until)
    return [number for (number,) in rows]


def refused_at(conn: Connection, dataset: int, places: Iterable[str], until: int) -> list[int]:
    """Row ids of the units without a key at these places, of exchanges up to `until`, that are open."""
    q = quarantine.c
    statement = select(q.id).where(q.dataset == dataset, q.exchange <= until, q.state == "open", q.source_key.is_(None))
    return [number for (number,) in select_among(conn, statement.where(among(q.place)), places)]


def move(conn: Connection, numbers: Iterable[int], state: str, at: datetime) -> None:
    """Units (row ids) are open, accepted or closed from now on."""
    when = instant(at)
    update_rows(conn, quarantine, ("state", "last_at"), [(state, when, number) for number in numbers])


def _known_unit(row: Any) -> KnownUnit:
    return KnownUnit(row.id, bytes(row.unit_hash), *row[2:])


def _select() -> Select[Any]:
    return (
        select(
            quarantine.c.id,
            datasets.c.adapter,
            datasets.c.dataset,
            quarantine.c.source_key,
            payloads.c.hash,
            quarantine.c.exchange,
            quarantine.c.place,
            quarantine.c.reasons,
            mappings.c.hash,
            quarantine.c.state,
            quarantine.c.first_at,
            quarantine.c.last_at,
            quarantine.c.times,
        )
        .join(datasets, datasets.c.id == quarantine.c.dataset)
        .join(exchanges, exchanges.c.id == quarantine.c.exchange)
        .join(payloads, payloads.c.id == exchanges.c.payload)
        .join(mappings, mappings.c.id == quarantine.c.mapping)
    )


def rows(
    conn: Connection, *, adapter: str | None = None, after: int = 0, limit: int | None = None
) -> list[Quarantined]:
    """By id, behind `after`."""
    statement = _select().where(quarantine.c.id > after).order_by(quarantine.c.id).limit(limit)
    if adapter is not None:
        statement = statement.where(datasets.c.adapter == adapter)
    return [_quarantined(row) for row in conn.execute(statement)]


def one(conn: Connection, number: int) -> Quarantined | None:
    row = conn.execute(_select().where(quarantine.c.id == number)).one_or_none()
    return None if row is None else _quarantined(row)


def _quarantined(row: Any) -> Quarantined:
    number, adapter, dataset, key, payload, exchange, place, reasons, mapping, *rest = row
    return Quarantined(
        number,
        adapter,
        dataset,
        key,
        payload.hex(),
        exchange,
        place,
        orjson.loads(reasons),
        mapping.hex(),
        *rest,
    )
