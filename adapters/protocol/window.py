"""Paging by windows of days (see `paging`): within one, from the last page to the first."""

from datetime import datetime

from adapters.errors import Malformed
from adapters.protocol import moments
from adapters.protocol.cursor import resume, write_cursor
from adapters.protocol.paging import BROKEN_IN_A_ROW, Ask, Page, Plan, Turn
from adapters.spec import CursorSpec, PagingSpec

MAX_PASSES = 4


def window_plan(paging: PagingSpec, spec: CursorSpec, stored: str | None, now: datetime) -> Plan:
    run = _Run(paging, spec, stored, now)
    since, until = run.since, run.until(run.since)
    while True:
        for _ in range(MAX_PASSES):
            top = yield run.turn(1, since, until)
            pages = _pages(top)
            if pages == 1:
                run.take(top)
                break
            page = top
            for number in range(pages, 0, -1):
                page = yield run.turn(number, since, until)
                run.take(page)
            if page.broken or (page.total == top.total and page.keys == top.keys):
                break
        else:
            run.freeze()
        run.settle(until)
        if until >= run.today:
            break
        since, until = until, run.until(until)
    yield run.turn(0, since, until)


class _Run:
    """What one run remembers: how far it came, and the verdict on the last page."""

    def __init__(self, paging: PagingSpec, spec: CursorSpec, stored: str | None, now: datetime) -> None:
        self._reached, self.since = resume(stored, spec)
        self.today = moments.written(now, spec.format, spec.zone)
        self._paging, self._spec = paging, spec
        self._newest = ""
        self._keep = False
        self._settled = False
        self._broken = 0
        self._frozen = False

    def until(self, since: str) -> str:
        """The end of the window that begins there."""
        spec = self._spec
        return min(moments.moved(since, spec.window or 0, spec.format, spec.zone), self.today)

    def turn(self, number: int, since: str, until: str) -> Turn:
        """Of a window's pages only the last one moves the cursor: until then the window may have to be read again."""
        moved = self._keep and self._settled and self._reached and not self._frozen
        cursor = write_cursor(**{"from": self._reached}) if moved else None
        keep, self._keep, self._settled = self._keep, False, False
        return Turn(keep, cursor, Ask(number, self._paging.size, since, until) if number else None)

    def take(self, page: Page) -> None:
        self._keep = bool(page.rows) or page.broken is not None
        self._broken = self._broken + 1 if page.broken else 0
        if page.broken:
            if self._broken >= BROKEN_IN_A_ROW:
                raise page.broken
            self._frozen = True
        self._newest = max(self._newest, max(page.values, default=""))

    def freeze(self) -> None:
        """The window didn't come to rest: what may have been missed in it is asked for again by the next run."""
        self._frozen = True

    def settle(self, until: str) -> None:
        """The window is read: the next run starts from the newest row, or, where rows carry no such value, from its end."""
        self._settled = True
        self._reached = max(self._reached, min(self._newest, self.today) if self._spec.row else until)


def _pages(top: Page) -> int:
    """How many pages there are, judging by the first and the total. Raises Malformed where rows come without a total."""
    if not top.rows:
        return 1
    if top.total is None:
        raise Malformed(
            "the answer has rows and doesn't tell how many there are: further pages would be missed (应答缺少总数)"
        )
    if top.total <= len(top.rows):
        return 1
    return -(-top.total // len(top.rows))
