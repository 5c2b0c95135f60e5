"""Paging by keyset (see `paging`): the last value carries on."""

from datetime import datetime
from itertools import pairwise

from adapters.errors import Malformed
from adapters.protocol import moments
from adapters.protocol.cursor import resume, write_cursor
from adapters.protocol.paging import BROKEN_IN_A_ROW, Ask, Page, Plan, Turn, digest
from adapters.spec import CursorSpec, PagingSpec


def keyset_plan(paging: PagingSpec, spec: CursorSpec, stored: str | None, now: datetime) -> Plan:
    run = _Run(paging, spec, stored, now)
    since = run.since
    while True:
        first = yield run.turn(1, since)
        run.take(first, since)
        if run.at_end(first, 1, len(first.rows)):
            break
        beyond, number = run.beyond(first, since), 1
        if not beyond:
            # more rows than a page share one value, or the page can't be read: go on by number
            page = first
            while not beyond:
                number, before = number + 1, page
                page = yield run.turn(number, since)
                run.take(page, since)
                beyond = run.beyond(page, since)
                if run.at_end(page, number, len(first.rows)) or run.at_end_again(page, before, number):
                    break
            for back in range(number - 1, 0, -1):
                page = yield run.turn(back, since)
                run.take(page, since)
        if not beyond:
            break
        since = beyond
    yield run.turn(0, since)


class _Run:
    """What one keyset run remembers: the cursor so far, the rows on the border it stands at, the verdict on the last page."""

    def __init__(self, paging: PagingSpec, spec: CursorSpec, stored: str | None, now: datetime) -> None:
        self._reached, self.since = resume(stored, spec)
        self._size = paging.size
        # a row dated in the future must not carry the cursor past what is still to come
        self._today = moments.written(now, spec.format, spec.zone)
        self._border: set[bytes] = set()
        self._broken = 0
        self._frozen = False
        self._keep = False

    def turn(self, number: int, since: str) -> Turn:
        cursor = write_cursor(**{"from": self._reached}) if self._keep and self._reached and not self._frozen else None
        return Turn(self._keep, cursor, Ask(number, self._size, since) if number else None)

    def take(self, page: Page, since: str) -> None:
        """Notes a page: is anything in it new, and how far has the run come."""
        if page.broken:
            self._broken += 1
            if self._broken >= BROKEN_IN_A_ROW:
                raise page.broken
            # the cursor stays before what couldn't be read, so that the next run asks for it again
            self._keep, self._frozen = True, True
            return
        self._broken = 0
        values = [value for value in page.values if value]
        check_order(values, since)
        last = values[-1] if values else since
        digests = [
            (value, digest(row))
            for row, value in zip(page.rows, page.values, strict=True)
            if value in {since, last, ""}
        ]
        self._keep = any(value > since for value in values) or any(one not in self._border for _, one in digests)
        if last > since:
            self._border = set()
        self._border.update(one for value, one in digests if value == last)
        self._reached = max(self._reached, min(last, self._today)) if values else self._reached

    def beyond(self, page: Page, since: str) -> str:
        """The page's last value where it lies beyond `since`, else ""."""
        return max((value for value in page.values if value > since), default="")

    def at_end(self, page: Page, number: int, length: int) -> bool:
        """Nothing follows this page. A full page never ends a list, whatever total is told."""
        if page.broken:
            return False
        told = page.total is not None and (number - 1) * length + len(page.rows) >= page.total
        return not page.rows or (len(page.rows) < self._size and told)

    def at_end_again(self, page: Page, before: Page, number: int) -> bool:
        """The page before has come again. Rows only leave their place for the end, so this one was never there.

        Without a total, a page with room left was the whole list, and the system doesn't count pages. Else rows would be
        missed: raises Malformed.
        """
        if not page.rows or page.rows != before.rows:
            return False
        if page.total is None and len(page.rows) < self._size:
            return True
        raise Malformed(
            f"page {number} is page {number - 1} again, and the cursor's value doesn't move on: {{page}} isn't kept to, "
            "or cursor 'row' and 'format' don't fit the rows (翻页参数未生效, 或游标设置与数据不符)"
        )


def check_order(values: list[str], since: str) -> None:
    if any(left > right for left, right in pairwise(values)):
        raise Malformed(
            "rows aren't in ascending order of the cursor's value, as paging by keyset needs (数据未按游标升序)"
        )
    if values and values[0] < since:
        raise Malformed(
            f"asked for rows from {since}, got one of {values[0]}: 'from' isn't kept to (起始时间参数未生效)"
        )
