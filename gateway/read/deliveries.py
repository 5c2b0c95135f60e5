"""Record versions owed to targets, for operators."""

from typing import Any

from sqlalchemy import Connection

from gateway.domain.delivery import STATES
from gateway.errors import UsedWrongly
from gateway.store import deliveries


def listing(
    conn: Connection, *, target: str | None = None, state: str | None = None, limit: int = 100
) -> dict[str, Any]:
    """{"deliveries": […, the newest first], "counts": {"delivered", "dead", "pending", "attempts"}} (counts over all)."""
    if state is not None and state not in STATES:
        known = ", ".join(STATES)
        raise UsedWrongly(f"没有状态 {state!r}; 可用: {known}", f"there is no state {state!r}; there are {known}")
    rows = deliveries.rows(conn, target=target, state=state, limit=limit)
    return {
        "deliveries": [{name: getattr(row, name) for name in row.__slots__} for row in rows],
        "counts": dict(deliveries.counts(conn)),
    }
