"""Keyset with an id that breaks ties: the next page is asked from the last row's value and id on, page by page.

A row that is changed moves behind the place where the run stands, so none is skipped, however many share one value.
Systems that answer from that row on (and give it once more) are as good as those that answer behind it.
"""

from datetime import datetime

from adapters.errors import Malformed
from adapters.protocol import moments
from adapters.protocol.cursor import resume, write_cursor
from adapters.protocol.keyset import check_order
from adapters.protocol.paging import Ask, Page, Plan, Turn
from adapters.spec import CursorSpec, PagingSpec


def seek_plan(paging: PagingSpec, spec: CursorSpec, stored: str | None, now: datetime) -> Plan:
    """Raises Malformed where rows aren't in order, or `{from}` and `{id}` not kept to. A page that can't be read ends
    the run: nobody knows what follows it."""
    reached, since = resume(stored, spec)
    today = moments.written(now, spec.format, spec.zone)
    asked, number, at_this = paging.first or "", 1, set[str]()
    turn = Turn(keep=False, cursor=None, ask=Ask(1, paging.size, since, today, id=asked))
    while True:
        page = yield turn
        if page.broken or not page.rows:
            break
        check_order([value for value in page.values if value], since)
        value, name = _last(page, since)
        if (value, name) == (since, asked) and len(page.rows) == 1:
            break
        if not name:
            raise Malformed(f"no id at {paging.id} in the last row: nothing to go on from (末行缺少 id)")
        if value > since:
            at_this.clear()
        elif name == asked or name in at_this:
            raise Malformed("the page ends with a row that it was asked from: {id} isn't kept to (id 参数未生效)")
        at_this.add(name)
        if any(page.values):
            # a row dated in the future must not carry the cursor past what is still to come
            reached = max(reached, min(value, today))
        since, asked, number = value, name, number + 1
        cursor = write_cursor(**{"from": reached}) if reached else None
        turn = Turn(keep=True, cursor=cursor, ask=Ask(number, paging.size, since, today, id=asked))
    yield Turn(keep=page.broken is not None, cursor=None, ask=None)


def _last(page: Page, since: str) -> tuple[str, str]:
    """Value and id of the last row that has a value; of the last one where none has."""
    for value, name in zip(reversed(page.values), reversed(page.keys), strict=True):
        if value:
            return value, name
    return since, page.keys[-1]
