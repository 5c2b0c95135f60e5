"""What is known of each dataset's source, and what of it has changed. Its writer holds the dataset's row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Update, bindparam, insert, select, update

from gateway.clock import instant
from gateway.store.dialect import insert_missing, insert_rows
from gateway.store.tables import datasets, drifts, exchanges, payloads, source_places, source_tallies
from mappings.drift import Change, Known, News

_decoder = msgspec.json.Decoder(Known)
_OF_DATASET = source_tallies.c.dataset == bindparam("row")
_KNOWN = select(source_tallies.c.known).where(_OF_DATASET)
_KEEP = update(source_tallies).where(_OF_DATASET).values(known=bindparam("text"))


@dataclass(frozen=True, slots=True)
class Drift:
    """`state` is open, acknowledged or ended; `why` and `moved_at` belong to an acknowledgement or end."""

    id: int
    dataset_id: int
    adapter: str
    dataset: str
    kind: str
    place: str
    detail: str
    example: str
    payload_hash: str
    first_at: str
    state: str
    why: str | None
    moved_at: str | None


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """The first value at a place, and the payload that showed it."""

    example: str
    payload_hash: str
    first_at: str


def known(conn: Connection, dataset: int) -> Known | None:
    """None before the first page."""
    text = conn.scalar(_KNOWN, {"row": dataset})
    return None if text is None else _decoder.decode(text)


def keep(conn: Connection, dataset: int, told: Known, *, first: bool) -> None:
    text = msgspec.json.encode(told).decode()
    if first:
        conn.execute(insert(source_tallies).values(dataset=dataset, known=text))
    else:
        conn.execute(_KEEP, {"row": dataset, "text": text})


def note(conn: Connection, dataset: int, change: Change, exchange: int, at: datetime) -> None:
    """Writes what a page changed; nothing where it changed nothing."""
    rows = [(dataset, place, exchange, example) for place, example in change.shown.items()]
    insert_rows(conn, source_places, ("dataset", "place", "exchange", "example"), rows)
    if change.returned:
        mine = _vanished(dataset, change.returned).where(drifts.c.state != "ended")
        conn.execute(mine.values(state="ended", moved_at=instant(at)))
    if change.news:
        _add(conn, dataset, change.news, instant(at))


def _add(conn: Connection, dataset: int, news: Iterable[News], at: str) -> None:
    rows = sorted((dataset, one.kind, one.place, one.detail, one.example, one.exchange, at, "open") for one in news)
    names = ("dataset", "kind", "place", "detail", "example", "exchange", "first_at", "state")
    insert_missing(conn, drifts, names, rows, key=names[:4])
    # A place that vanishes again after it was there again.
    for one in news:
        if one.kind == "vanished_place":
            mine = _vanished(dataset, [one.place])
            conn.execute(mine.values(state="open", exchange=one.exchange, first_at=at, why=None, moved_at=None))


def _vanished(dataset: int, places: Iterable[str]) -> Update:
    return update(drifts).where(
        drifts.c.dataset == dataset, drifts.c.kind == "vanished_place", drifts.c.place.in_(list(places))
    )


def acknowledge(conn: Connection, number: int, why: str, at: datetime) -> bool:
    """False when nothing open has this id."""
    mine = update(drifts).where(drifts.c.id == number, drifts.c.state == "open")
    return conn.execute(mine.values(state="acknowledged", why=why, moved_at=instant(at))).rowcount == 1


def rows(conn: Connection, adapter: str | None = None, dataset: str | None = None) -> list[Drift]:
    """In the order in which they were told."""
    statement = (
        select(
            drifts.c.id,
            drifts.c.dataset,
            datasets.c.adapter,
            datasets.c.dataset,
            drifts.c.kind,
            drifts.c.place,
            drifts.c.detail,
            drifts.c.example,
            payloads.c.hash,
            drifts.c.first_at,
            drifts.c.state,
            drifts.c.why,
            drifts.c.moved_at,
        )
        .join(datasets, datasets.c.id == drifts.c.dataset)
        .join(exchanges, exchanges.c.id == drifts.c.exchange)
        .join(payloads, payloads.c.id == exchanges.c.payload)
        .order_by(drifts.c.id)
    )
    if adapter is not None:
        statement = statement.where(datasets.c.adapter == adapter)
    if dataset is not None:
        statement = statement.where(datasets.c.dataset == dataset)
    return [_drift(row) for row in conn.execute(statement)]


def _drift(row: Any) -> Drift:
    *before, payload, first_at, state, why, moved_at = row
    values: list[Any] = [*before, payload.hex(), first_at, state, why, moved_at]
    return Drift(*values)


def shown(conn: Connection, dataset: int) -> dict[str, ShownPlace]:
    """Place → the first value there."""
    statement = (
        select(source_places.c.place, source_places.c.example, payloads.c.hash, exchanges.c.received_at)
        .join(exchanges, exchanges.c.id == source_places.c.exchange)
        .join(payloads, payloads.c.id == exchanges.c.payload)
        .where(source_places.c.dataset == dataset)
    )
    return {place: ShownPlace(example, digest.hex(), at) for place, example, digest, at in conn.execute(statement)}


def dataset_row(conn: Connection, adapter: str, dataset: str) -> int | None:
    """None before the dataset's first page."""
    mine = select(datasets.c.id).where(datasets.c.adapter == adapter, datasets.c.dataset == dataset)
    found: int | None = conn.scalar(mine)
    return found
