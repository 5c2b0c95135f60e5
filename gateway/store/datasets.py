"""What is kept per dataset of an adapter: the cursor and the tallies over the database's life."""

from collections.abc import Mapping

from sqlalchemy import Connection, Text, bindparam, func, select, update

from gateway.domain.counts import Counts
from gateway.store.dialect import insert_missing, take_ids
from gateway.store.tables import datasets

_COUNTED = ("pulled", "accepted", "unchanged", "quarantined")
_LOCKED = (
    select(datasets.c.id)
    .where(datasets.c.adapter == bindparam("of"), datasets.c.dataset == bindparam("named"))
    .with_for_update()
)
_ADVANCE = (
    update(datasets)
    .where(datasets.c.id == bindparam("row"))
    .values({name: datasets.c[name] + bindparam(f"more_{name}") for name in _COUNTED})
    .values(cursor=func.coalesce(bindparam("told", type_=Text), datasets.c.cursor))
)


def lock(conn: Connection, adapter: str, dataset: str) -> int:
    """The dataset's row id; until the transaction ends no other one commits to this dataset."""
    mine = {"of": adapter, "named": dataset}
    known: int | None = conn.scalar(_LOCKED, mine)
    if known is not None:
        return known
    [number] = take_ids(conn, datasets, 1)
    names = ("id", "adapter", "dataset", "pulled", "accepted", "unchanged", "quarantined")
    insert_missing(conn, datasets, names, [(number, adapter, dataset, 0, 0, 0, 0)], key=("adapter", "dataset"))
    locked = conn.scalar(_LOCKED, mine)
    assert isinstance(locked, int)
    return locked


def row(conn: Connection, adapter: str, dataset: str) -> int | None:
    """The dataset's row id; None where nothing of it ever came."""
    found: int | None = conn.scalar(
        select(datasets.c.id).where(datasets.c.adapter == adapter, datasets.c.dataset == dataset)
    )
    return found


def advance(conn: Connection, dataset: int, counts: Counts, cursor: str | None) -> None:
    """Adds a page's counts; `cursor` None leaves the stored one."""
    grown = {f"more_{name}": getattr(counts, name) for name in _COUNTED}
    conn.execute(_ADVANCE, {"row": dataset, "told": cursor, **grown})


def rewind(conn: Connection, adapter: str) -> None:
    """The next run over any dataset of the adapter begins at its beginning."""
    conn.execute(update(datasets).where(datasets.c.adapter == adapter).values(cursor=None))


def cursor(conn: Connection, adapter: str, dataset: str) -> str | None:
    """The JSON text stored with the last committed exchange that had one."""
    found: str | None = conn.scalar(
        select(datasets.c.cursor).where(datasets.c.adapter == adapter, datasets.c.dataset == dataset)
    )
    return found


def tallies(conn: Connection) -> Mapping[str, Counts]:
    """Adapter → its counts over all its datasets."""
    columns = (datasets.c.pulled, datasets.c.accepted, datasets.c.unchanged, datasets.c.quarantined)
    rows = conn.execute(select(datasets.c.adapter, *map(func.sum, columns)).group_by(datasets.c.adapter))
    return {adapter: Counts(*map(int, counts)) for adapter, *counts in rows}
