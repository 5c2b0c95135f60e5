"""An adapter's stage and how it came to it; its cursors and tallies stand in `datasets`."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select

from gateway.clock import instant
from gateway.domain.asking import Asked, from_text
from gateway.store import meta
from gateway.store.datasets import cursor, rewind, tallies
from gateway.store.dialect import insert_missing
from gateway.store.tables import adapter_stages, adapters

__all__ = [
    "StageChange",
    "asked",
    "cursor",
    "history",
    "hold_stage",
    "keep_asked",
    "last_move",
    "rewind",
    "set_stage",
    "stage",
    "stages",
    "tallies",
]

UNREGISTERED = "draft"
"""The stage of an adapter that a pack brought and nobody has moved yet."""


@dataclass(frozen=True, slots=True)
class StageChange:
    stage: str
    who: str
    why: str
    at: str


_HELD = select(adapters.c.stage).where(adapters.c.id == bindparam("id")).with_for_update(read=True)


def stage(conn: Connection, adapter: str) -> str:
    return conn.scalar(select(adapters.c.stage).where(adapters.c.id == adapter)) or UNREGISTERED


def hold_stage(conn: Connection, adapter: str) -> str:
    """The stage, which nobody moves until the transaction ends; others may hold it too."""
    return conn.scalar(_HELD, {"id": adapter}) or UNREGISTERED


def last_move(conn: Connection, adapter: str) -> int:
    """A number that grows whenever the adapter's stage is moved; 0 before the first time."""
    newest = select(func.max(adapter_stages.c.id)).where(adapter_stages.c.adapter == adapter)
    return conn.scalar(newest) or 0


def stages(conn: Connection) -> dict[str, str]:
    """Adapter → stage, for those that were ever moved."""
    rows = conn.execute(select(adapters.c.id, adapters.c.stage)).all()
    return {str(adapter): str(now) for adapter, now in rows}


def set_stage(conn: Connection, adapter: str, stage: str, *, who: str, why: str, at: datetime) -> None:
    """Notes the new stage. Whether the move is allowed is for `gateway.lifecycle` to say."""
    insert_missing(conn, adapters, ("id", "stage"), [(adapter, UNREGISTERED)], key=("id",))
    conn.execute(adapters.update().where(adapters.c.id == adapter).values(stage=stage))
    row = {"adapter": adapter, "stage": stage, "who": who, "why": why, "at": instant(at)}
    conn.execute(insert(adapter_stages), row)


def history(conn: Connection, adapter: str) -> list[StageChange]:
    """The oldest first."""
    columns = (adapter_stages.c.stage, adapter_stages.c.who, adapter_stages.c.why, adapter_stages.c.at)
    rows = conn.execute(select(*columns).where(adapter_stages.c.adapter == adapter).order_by(adapter_stages.c.id))
    return [StageChange(*row) for row in rows]


def asked(conn: Connection, adapter: str) -> Asked:
    """The runs over the adapter so far."""
    return from_text(meta.get(conn, f"asked/{adapter}"))


def keep_asked(conn: Connection, adapter: str, value: Asked) -> None:
    meta.put(conn, f"asked/{adapter}", value.as_text())
