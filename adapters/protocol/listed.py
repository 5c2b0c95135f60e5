"""Lists in whatever order: the cursor moves when all of it was read, to the newest value met, never past the run's start.

What is changed while the list is read lies behind that start, so it is the next run's business; only what was there
before mustn't be missed. With `window` the list of each window is one of its own.
"""

from collections.abc import Callable, Generator
from datetime import datetime

from adapters.protocol import moments
from adapters.protocol.cursor import resume, write_cursor
from adapters.protocol.paging import BROKEN_IN_A_ROW, Ask, Page, Plan, Turn, digest
from adapters.spec import CursorSpec, PagingSpec

Way = Callable[["ListRun", str, str], Generator[Turn, Page, None]]
"""The requests of one list between two moments ("" where the list isn't asked for by time)."""


def listed(paging: PagingSpec, spec: CursorSpec | None, stored: str | None, now: datetime, way: Way) -> Plan:
    run = ListRun(paging, spec, stored, now)
    since, until = run.since, run.until(run.since)
    while True:
        yield from way(run, since, until)
        run.settle(until)
        if until >= run.today:
            break
        since, until = until, run.until(until)
    yield run.turn(None)


class ListRun:
    """What one run remembers: which rows it met, how far it came, the verdict on the last page."""

    def __init__(self, paging: PagingSpec, spec: CursorSpec | None, stored: str | None, now: datetime) -> None:
        self.paging, self._spec = paging, spec
        self._reached, self.since = resume(stored, spec) if spec else ("", "")
        self.today = moments.written(now, spec.format, spec.zone) if spec else ""
        self._met: set[bytes] = set()
        self._known: set[bytes] = set()
        self._newest = ""
        self._keep = self._settled = self._frozen = False
        self._broken = 0
        self._notes: list[str] = []
        self.fresh = 0
        """How many rows were met that had been there before the run."""

    def until(self, since: str) -> str:
        """The end of the window that begins there; the run's start where there are none."""
        spec = self._spec
        if spec is None or spec.window is None:
            return self.today
        return min(moments.moved(since, spec.window, spec.format, spec.zone), self.today)

    def turn(self, ask: Ask | None) -> Turn:
        moved = self._settled and self._reached and not self._frozen
        cursor = write_cursor(**{"from": self._reached}) if moved else None
        turn = Turn(self._keep, cursor, ask, hold=True, notes=tuple(self._notes))
        self._keep = self._settled = False
        self._notes.clear()
        return turn

    def take(self, page: Page) -> None:
        """Notes a page: is anything in it new, and how far has the run come. Raises Malformed for a second one in a row
        that can't be read."""
        if page.broken:
            self._broken += 1
            if self._broken >= BROKEN_IN_A_ROW:
                raise page.broken
            self._keep = self._frozen = True
            return
        self._broken = 0
        self._newest = max(self._newest, max(page.values, default=""))
        if not page.keys:
            self._keep = bool(page.rows)  # nothing of it is met twice but by the system's fault
            return
        for row, value, key in zip(page.rows, page.values, page.keys, strict=True):
            met = key if isinstance(key, bytes) else digest(row)
            self._keep = self._keep or met not in self._met
            self._met.add(met)
            name = met if isinstance(key, bytes) else digest(key)
            if name not in self._known:
                self._known.add(name)
                self.fresh += not value or value < self.today

    def settle(self, until: str) -> None:
        """The list is read: the next run starts from the newest row, or, where rows carry no such value, from its end."""
        if self._spec is not None:
            self._settled = True
            self._reached = max(self._reached, min(self._newest, self.today) if self._spec.row else until)

    @property
    def frozen(self) -> bool:
        return self._frozen

    def freeze(self) -> None:
        """What couldn't be read, or not for certain, is asked for again by the next run."""
        self._frozen = True

    def note(self, words: str) -> None:
        self._notes.append(words)
