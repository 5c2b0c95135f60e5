"""What is kept per dataset of an adapter: the cursor and the tallies over the database's life."""

from collections.abc import Mapping

from sqlalchemy import Connection, func, select, update

from gateway.domain.counts import Counts
from gateway.store.dialect import insert_missing, take_ids
from gateway.store.tables import datasets


def lock(conn: Connection, adapter: str, dataset: str) -> int:
    """The dataset's row id; until the transaction ends no other one commits to this dataset."""
    mine = select(datasets.c.id).where(datasets.c.adapter == adapter, datasets.c.dataset == dataset)
    known: int | None = conn.scalar(mine.with_for_update())
    if known is not None:
        return known
    [number] = take_ids(conn, datasets, 1)
    names = ("id", "adapter", "dataset", "pulled", "accepted", "unchanged", "quarantined")
    insert_missing(conn, datasets, names, [(number, adapter, dataset, 0, 0, 0, 0)], key=("adapter", "dataset"))
    locked = conn.scalar(mine.with_for_update())
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
    values = {
        "pulled": datasets.c.pulled + counts.pulled,
        "accepted": datasets.c.accepted + counts.accepted,
        "unchanged": datasets.c.unchanged + counts.unchanged,
        "quarantined": datasets.c.quarantined + counts.quarantined,
    }
    change = update(datasets).where(datasets.c.id == dataset).values(values)
    conn.execute(change if cursor is None else change.values(cursor=cursor))


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
