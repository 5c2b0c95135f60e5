"""The plan of a dataset's paging: the only file that knows them all."""

from collections.abc import Callable
from datetime import datetime

from adapters.protocol.counted import counted
from adapters.protocol.followed import feed_plan, followed, single
from adapters.protocol.keyset import keyset_plan
from adapters.protocol.listed import Way, listed
from adapters.protocol.paging import Plan
from adapters.protocol.seek import seek_plan
from adapters.protocol.window import window_plan
from adapters.spec import CursorSpec, PagingSpec

Make = Callable[[PagingSpec, CursorSpec, str | None, datetime], Plan]

BY_VALUE: dict[str, Make] = {"keyset": keyset_plan, "seek": seek_plan, "window": window_plan}
"""Those that can't do without a cursor."""
WAYS: dict[str, Way] = {"pages": counted, "token": followed, "link": followed, "single": single}


def plan_of(paging: PagingSpec, cursor: CursorSpec | None, stored: str | None, now: datetime) -> Plan:
    """One run's plan, from the cursor kept last. Raises Malformed for one that no driver wrote."""
    kind = "seek" if paging.kind == "keyset" and paging.id else paging.kind
    if kind in BY_VALUE:
        assert cursor is not None
        return BY_VALUE[kind](paging, cursor, stored, now)
    if paging.keep:
        return feed_plan(paging, cursor, stored, now)
    return listed(paging, cursor, stored, now, WAYS[kind])
