"""Pages counted by number or offset, in whatever order the system lists them (`pages`).

While pages are read one after the other, rows that leave the list draw those behind them forward, over the border that
was just passed; so the same pages are read once more from the last to the first. On the way back it is rows that come in
before which push others over a border. Where both ways gave the same pages, the list was just so at the turn: nothing is
missed. Where not, further ways follow until two in a row show no row that hadn't been met. One page is one answer and needs
no second.
"""

from collections.abc import Generator, Iterable

from adapters.errors import Malformed
from adapters.protocol.listed import ListRun
from adapters.protocol.paging import Ask, Page, Turn, digest

MAX_WAYS = 8
SAME_IN_A_ROW = 3


def counted(run: ListRun, since: str, until: str) -> Generator[Turn, Page, None]:
    ways = _Ways(run)
    while True:
        forth = _Forth(run, since, until)
        yield from ways.go(forth.read())
        if forth.one_answer or ways.over:
            break
        yield from ways.go(_back(run, forth.asked))
        if ways.over:
            break
    ways.tell()


def _back(run: ListRun, asked: Iterable[Ask]) -> Generator[Turn, Page, None]:
    for ask in reversed(tuple(asked)):
        run.take((yield run.turn(ask)))


class _Ways:
    """The ways so far: what each page held, and how many in a row showed nothing that hadn't been met."""

    def __init__(self, run: ListRun) -> None:
        self._run = run
        self._held: dict[int, bytes] = {}
        self._count = self._still = self._late = 0
        self.over = False

    def go(self, way: Generator[Turn, Page, None]) -> Generator[Turn, Page, None]:
        fresh, alike = self._run.fresh, True
        turn = next(way, None)
        while turn is not None:
            page = yield turn
            at, held = turn.ask.offset if turn.ask else 0, digest([str(key) for key in page.keys])
            alike = alike and not page.broken and self._held.get(at, held) == held
            self._held[at] = held
            try:
                turn = way.send(page)
            except StopIteration:
                turn = None
        fresh = self._run.fresh - fresh
        self._count += 1
        self._still = 0 if fresh else self._still + 1
        self._late += fresh if self._count > 1 else 0
        self.over = (self._count > 1 and not fresh and alike) or self._still > 1 or self._count >= MAX_WAYS

    def tell(self) -> None:
        if self._late:
            words = f"rows had shifted between pages: {self._late} were met only when these were read again"
            self._run.note(f"{words} (翻页期间数据移位, 已重读)")
        if self._count >= MAX_WAYS and not self._still:
            self._run.freeze()
            self._run.note(
                f"the list didn't come to rest in {MAX_WAYS} readings: the next run reads it again (列表持续变动, 下次重读)"
            )


class _Forth:
    """One way from the first page to the end. `asked` are the requests that gave rows, or couldn't be read."""

    def __init__(self, run: ListRun, since: str, until: str) -> None:
        self._run, self._since, self._until = run, since, until
        self._size = run.paging.size
        self._first = int(run.paging.first or 1)
        self.asked: list[Ask] = []
        self._totals: list[int] = []
        self._before: Page | None = None
        self._same = 1
        self.one_answer = False

    def read(self) -> Generator[Turn, Page, None]:
        number = offset = 0
        length = self._size
        while True:
            ask = Ask(self._first + number, self._size, self._since, self._until, offset)
            page = yield self._run.turn(ask)
            self._run.take(page)
            if page.rows or page.broken:
                self.asked.append(ask)
            if self._at_end(page, number, offset):
                self.one_answer = number == 0
                break
            if number == 0 and page.rows:
                length = len(page.rows)
            number, offset = number + 1, offset + (length if page.broken else len(page.rows))
        self._tell()

    def _at_end(self, page: Page, number: int, offset: int) -> bool:
        """Nothing follows. A full page never ends a list, whatever total is told; nor does a short one without a total,
        since many systems give fewer rows than they are asked for."""
        if page.broken:
            return False
        if page.total is not None:
            self._totals.append(page.total)
        if not page.rows or self._again(page, number, offset):
            return True
        told = page.total is not None and offset + len(page.rows) >= page.total
        return told and self._same == 1 and len(page.rows) < self._size

    def _again(self, page: Page, number: int, offset: int) -> bool:
        """The page before has come again, as some systems answer beyond the end. Where page 1 comes for ever, or more
        rows are told of, {page} isn't kept to and rows would be missed: raises Malformed."""
        before, self._before = self._before, page
        again = before is not None and page.rows == before.rows and page.total == before.total
        self._same = self._same + 1 if again else 1
        behind = offset - (self._same - 2) * len(page.rows)
        if again and page.total is not None and behind >= page.total:
            self.asked.pop()
            return True
        if self._same < SAME_IN_A_ROW:
            return False
        if page.total is None and (number >= SAME_IN_A_ROW or len(page.rows) < self._size):
            del self.asked[-SAME_IN_A_ROW + 1 :]
            return True
        raise Malformed(
            f"{SAME_IN_A_ROW} pages in a row are the same: {{page}} or {{offset}} isn't kept to (翻页参数未生效, 各页相同)"
        )

    def _tell(self) -> None:
        if len(set(self._totals)) > 1:
            told = f"{self._totals[0]} to {self._totals[-1]}"
            self._run.note(f"the total went from {told} while the list was read (读取期间总数变化)")
