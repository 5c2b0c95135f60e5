"""One look at a system, timed: what `adapters probe` asks of each driver."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing
from datetime import datetime, timedelta
from time import perf_counter

from adapters.auth.flow import Flow, Reply
from adapters.decode.web_page import web_page
from adapters.driver import Probe
from adapters.errors import AdapterError, Busy, Denied, Misconfigured, Unreachable
from adapters.payload import Exchange
from adapters.protocol import moments
from adapters.protocol.answer import http_date
from adapters.protocol.cursor import write_cursor
from adapters.spec import CursorSpec

WINDOWS_BACK = 12
FEW_ROWS = 3  # of a page, whose details are asked for
LONGEST_PAUSE = 5  # seconds that a person waits for an answer


class Watch:
    """Sees the calls of a flow go by and notes when what happened."""

    def __init__(self) -> None:
        self._began = perf_counter()
        self._sent_at: datetime | None = None
        self.answered: float | None = None
        self.signed_in: float | None = None
        self.ahead: float | None = None
        self.last: Reply | None = None

    def seconds(self) -> float:
        return perf_counter() - self._began

    def over(self, flow: Flow, now: Callable[[], datetime]) -> Flow:
        """The same flow, watched. Of two calls before a page the first is the login's."""
        call = next(flow)
        while True:
            sent = now()
            reply = yield call
            self._heard(reply, sent, now())
            try:
                following = flow.send(reply)
            except StopIteration as done:
                final: Reply = done.value
                return final
            if self.signed_in is None:
                self.signed_in = self.seconds()
            call = following

    def _heard(self, reply: Reply, sent: datetime, came: datetime) -> None:
        if not reply.status:
            return  # a call that wasn't needed
        self.last = reply
        if self.answered is None:
            self.answered = self.seconds()
        told = http_date(reply.headers.get("date", ""))
        if told is not None:
            # a Date has whole seconds, and was written somewhere between: half of each is the best guess
            self.ahead = (told + timedelta(seconds=0.5) - sent - (came - sent) / 2).total_seconds()

    def ended(self, error: AdapterError, exchange: Exchange | None, *, signing_in: bool) -> Probe:
        """The look as far as it came. Who is denied or refused was answered, whatever call it was."""
        answered = self.answered
        if answered is None and not isinstance(error, Unreachable | Misconfigured):
            answered = self.seconds()
        return Probe(
            answered=answered,
            signed_in=self.signed_in,
            ahead=self.ahead,
            exchange=exchange,
            html=self.last is not None and is_html(self.last),
            error=error,
            signing_in=signing_in,
        )

    def done(self, exchange: Exchange, rows: int | None) -> Probe:
        return Probe(self.answered, self.signed_in, self.seconds(), rows, self.ahead, exchange)


def is_html(reply: Reply) -> bool:
    """A page for people, by its beginning or, where that says nothing, by its label.

    >>> is_html(Reply(200, {}, b"<!DOCTYPE html><p>...")), is_html(Reply(200, {"content-type": "text/html"}, b'{"a": 1}'))
    (True, False)
    """
    if web_page(reply.body) is not None:
        return True
    return reply.headers.get("content-type", "").startswith("text/html") and reply.body.lstrip()[:1] not in {b"{", b"["}


def beginnings(cursor: CursorSpec | None, now: datetime) -> Iterator[str | None]:
    """Cursors to look from until there is something to be seen: where days are asked for in windows, the last first."""
    if cursor is None or cursor.window is None:
        yield None
        return
    at = moments.written(now, cursor.format, cursor.zone)
    for _ in range(WINDOWS_BACK):
        at = moments.moved(at, -cursor.window, cursor.format, cursor.zone)
        # what is asked for again at the start of a run isn't asked for here
        yield write_cursor(**{"from": moments.moved(at, cursor.overlap, cursor.format, cursor.zone)})
        if at <= cursor.start:
            return


async def first_pulled(exchanges: AsyncIterator[Exchange]) -> Probe:
    """The look of a driver whose first exchange with something in it says all there is to say."""
    watch = Watch()
    try:
        async with aclosing(exchanges) as source:  # type: ignore[type-var]
            exchange = None
            async for exchange in source:
                if exchange.payload.body:
                    break  # of one without a body the driver only tells what became of it
    except AdapterError as error:
        return watch.ended(error, None, signing_in=isinstance(error, Denied))
    seconds = watch.seconds()
    return Probe(answered=seconds, read=seconds, rows=None if exchange else 0, exchange=exchange)


async def calmly(work: Callable[[], Awaitable[object]]) -> None:
    """Does the work again, once or twice, where the system says for a moment that it can't."""
    for pause in (0.2, 1.0):
        try:
            await work()
        except Busy as error:
            if (error.wait or 0) > LONGEST_PAUSE:
                raise
            await asyncio.sleep(error.wait or pause)
        else:
            return
    await work()
