"""Pages of which each leads to the next: by a token or by a link (`token`, `link`), all of one answer (`single`), or a
feed whose token is what the next run begins with (`token` with `keep`)."""

from collections.abc import Generator
from dataclasses import replace
from datetime import datetime

from adapters.errors import Malformed
from adapters.protocol.cursor import read_cursor, write_cursor
from adapters.protocol.listed import ListRun
from adapters.protocol.paging import Ask, Page, Plan, Turn
from adapters.spec import CursorSpec, PagingSpec


def single(run: ListRun, since: str, until: str) -> Generator[Turn, Page, None]:
    run.take((yield run.turn(Ask(1, run.paging.size, since, until))))


def followed(run: ListRun, since: str, until: str) -> Generator[Turn, Page, None]:
    """Raises Malformed where the system leads in a circle. A page that can't be read leads nowhere: the list ends there."""
    paging = run.paging
    number, offset, told = 1, 0, paging.first or ""
    seen = {told}
    while True:
        by = {"link": told if number > 1 else ""} if paging.kind == "link" else {"next": told}
        page = yield run.turn(Ask(number, paging.size, since, until, offset, **by))
        run.take(page)
        told = page.next
        if not told:
            break
        if told in seen:
            raise circle(number, told)
        seen.add(told)
        number, offset = number + 1, offset + len(page.rows)


def feed_plan(paging: PagingSpec, spec: CursorSpec | None, stored: str | None, now: datetime) -> Plan:
    """A feed: the token is the cursor, page by page. At its end it tells none, or the same one again."""
    run = ListRun(paging, spec, None, now)
    told = str(read_cursor(stored).get("next") or paging.first or "")
    seen, number = {told}, 1
    while True:
        page = yield _fed(run, Ask(number, paging.size, run.since, run.today, next=told), told)
        run.take(page)
        if page.broken or page.next in {"", told}:
            break
        if page.next in seen:
            raise circle(number, page.next)
        seen.add(page.next)
        told, number = page.next, number + 1
    yield _fed(run, None, told)


def _fed(run: ListRun, ask: Ask | None, told: str) -> Turn:
    """With the token that the next request shows: what came before it is done."""
    turn = run.turn(ask)
    return replace(turn, cursor=write_cursor(next=told) if told and not run.frozen else None)


def circle(number: int, told: str) -> Malformed:
    return Malformed(f"page {number} leads back to a page that was read: {told[:80]!r} came twice (翻页循环, 令牌重复)")
