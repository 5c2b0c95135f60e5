"""What the drivers that ask over a network do alike: the run of a plan, retries, errors that name their dataset."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from adapters.address import place_of
from adapters.auth.flow import Call, Flow, Reply, plain_flow
from adapters.auth.token import TokenKeeper, token_flow
from adapters.decode import decode
from adapters.driver import Probe
from adapters.drivers.decoding import Decoding
from adapters.drivers.probing import Watch, beginnings, calmly
from adapters.errors import AdapterError, Malformed
from adapters.payload import Exchange, Payload
from adapters.protocol.answer import http_failure
from adapters.protocol.gathered import UNPACK, Gathering, gathered, packed
from adapters.protocol.keyset import keyset_plan
from adapters.protocol.paging import Ask, Page
from adapters.protocol.rows import FirstRun, RowReader
from adapters.protocol.told import Told
from adapters.protocol.window import window_plan
from adapters.secrets import Revealed
from adapters.spec import AdapterSpec, DatasetSpec
from adapters.transport import Transport, open_transport, patiently

MALFORMED_TRIES = 2
LONGEST_WORDS = 200
LONGEST_LOOK = 8192  # bytes of an answer in which words are looked for
PLANS = {"keyset": keyset_plan, "window": window_plan}
Clock = Callable[[], datetime]


@dataclass(slots=True)
class Seen:
    """What a look at a reply found, for the caller of the flow that made the look."""

    dataset: DatasetSpec
    ask: Ask
    call: Call | None = None
    reply: Reply | None = None
    page: Page = field(default_factory=Page)
    told: Told | None = None

    @property
    def where(self) -> str:
        return place_of(self.call.url) if self.call else ""


def refuse(failure: AdapterError | None, where: str) -> None:
    """Raises the failure, if there is one, with its place."""
    if failure is not None:
        failure.where = where
        raise failure


class Connected(Decoding, ABC):
    """A driver with a base URL. Subclasses say what a call looks like and what a reply means."""

    def __init__(self, spec: AdapterSpec, environment: Mapping[str, str], clock: Clock) -> None:
        super().__init__(spec)
        self._clock = clock
        self._transport: Transport | None = None
        self._keeper = TokenKeeper()
        self._revealed = Revealed(environment, spec.file.name)
        self.reveal = self._revealed.reveal

    @abstractmethod
    def make(self, seen: Seen, token: str) -> Call:
        """The call for one page."""

    @abstractmethod
    def login(self) -> Call:
        """The call that gives a token."""

    @abstractmethod
    def token(self, reply: Reply) -> str:
        """The token in its reply. Raises AdapterError."""

    @abstractmethod
    def look(self, seen: Seen, reply: Reply) -> None:
        """Fills `seen.page`. Raises Busy, Denied, Rejected; what can't be read is `page.broken` instead."""

    def flow(self, seen: Seen) -> Flow:
        """The calls for one page, with whatever authentication they need."""

        def make(token: str) -> Call:
            seen.call = self.make(seen, token)
            return seen.call

        def check(reply: Reply) -> None:
            seen.reply = reply
            self.look(seen, reply)

        def read_token(reply: Reply) -> str:
            return self._revealed.note(self.token(reply))

        if self.spec.auth.login is None:
            return plain_flow(make, check)
        return token_flow(self._keeper, make, login=self.login, read_token=read_token, check=check)

    def refuse_status(self, reply: Reply, where: str) -> None:
        """Raises what an HTTP status other than 2xx means."""
        words = " ".join(reply.body[:LONGEST_LOOK].decode("utf-8", "replace").split())
        # hidden before it is cut: half a secret wouldn't be known as one
        words = self._revealed.hide(words)[:LONGEST_WORDS]
        refuse(http_failure(reply.status, reply.headers, words, self.now()), where)

    async def _prepare(self, dataset: str) -> None:
        """Whatever must be known before the first call."""

    async def pull(self, dataset: str, cursor: str | None) -> AsyncIterator[Exchange]:
        spec = self.dataset(dataset)
        assert spec.paging is not None
        assert spec.cursor is not None
        try:
            await self._prepare(dataset)
            # A record whose rows are spread is whole only among all of them: such a run begins at the start each time.
            cursor = None if spec.spread else cursor
            plan = PLANS[spec.paging.kind](spec.paging, spec.cursor, cursor, self.now())
            turn, fit = next(plan), FirstRun(spec.paging, spec.cursor)
            gathering = Gathering(self.limits)
            while turn.ask is not None:
                seen = await self._fetch(spec, turn.ask)
                fit.take(seen.page)
                turn = plan.send(seen.page)
                if spec.spread and seen.page.broken is not None:
                    raise seen.page.broken  # without one of its pages a record would lack rows, and nobody could tell
                if turn.keep and spec.spread:
                    gathering.add(self._exchange(dataset, seen, turn.cursor))
                elif turn.keep:
                    yield self._exchange(dataset, seen, turn.cursor)
            if cursor is None:
                fit.judge()
            if gathering.pages:
                yield await asyncio.to_thread(gathered, gathering.pages)
        except AdapterError as error:
            raise self._told(error, dataset) from None

    def steps(self, spec: DatasetSpec) -> tuple[str, ...]:
        return (UNPACK, *spec.decode) if spec.spread else spec.decode

    def packed(self, dataset: str, body: bytes) -> bytes:
        return packed([body]) if self.dataset(dataset).spread else body

    def _told(self, error: AdapterError, dataset: str) -> AdapterError:
        """The error with its dataset, and without our secrets."""
        return error.without(self._revealed.hide).about(self.spec.id, dataset)

    async def _fetch(self, spec: DatasetSpec, ask: Ask) -> Seen:
        """One page. A reply that can't be read is asked for once more: it may have been cut on its way."""
        seen = Seen(spec, ask)
        for _ in range(MALFORMED_TRIES):
            seen = Seen(spec, ask)
            await patiently(self.limits, partial(self._run, seen))
            if not seen.page.broken:
                break
        return seen

    async def _run(self, seen: Seen) -> Reply:
        return await self.transport().run(self.flow(seen))

    def _exchange(self, dataset: str, seen: Seen, cursor: str | None) -> Exchange:
        assert seen.reply is not None
        assert seen.call is not None
        return Exchange(
            adapter=self.spec.id,
            dataset=dataset,
            payload=Payload.of(seen.reply.body),
            received_at=self.now(),
            request={"method": seen.call.method, "url": self._revealed.hide(seen.where), **seen.call.asked},
            status=seen.reply.status,
            headers={name: value for name, value in seen.reply.headers.items() if name != "set-cookie"},
            cursor=cursor,
            source_name=self._revealed.hide(urlsplit(seen.call.url).path),
        )

    def tree(self, seen: Seen, body: bytes) -> Any:
        """The tree whose rows are paged; None after noting in `seen.page` why it can't be read.

        The dataset's own schema isn't asked here: whatever it says, the next page must be found.
        """
        decoded = decode(body, seen.dataset.decode, self.limits)
        if decoded.damaged:
            seen.page = Page(broken=Malformed("; ".join(decoded.damaged[0].reasons), where=seen.where))
            return None
        return decoded.documents[-1].tree

    def rows(self, seen: Seen, tree: Any) -> Page:
        assert seen.dataset.paging is not None
        assert seen.dataset.cursor is not None
        return RowReader(seen.dataset.paging, seen.dataset.cursor).page(tree)

    def transport(self) -> Transport:
        """Made at the first use: the address may be missing, and then only this adapter is down."""
        if self._transport is None:
            self._transport = open_transport(self.limits, self.base_url(), self.spec.hosts)
        return self._transport

    def base_url(self) -> str:
        return self._revealed.address(self.spec.base_url or "")

    def now(self) -> datetime:
        return self._clock()

    async def probe(self, dataset: str) -> Probe:
        spec, watch = self.dataset(dataset), Watch()
        seen: Seen | None = None
        try:
            await self._prepare(dataset)
            for cursor in beginnings(spec.cursor, self.now()):
                seen = Seen(spec, self.first_ask(spec, cursor))
                await calmly(partial(self._watched, seen, watch))
                if seen.page.broken is not None:
                    raise seen.page.broken
                if seen.page.rows:
                    break
        except AdapterError as error:
            signing_in = self.spec.auth.login is not None and seen is not None and seen.call is None
            exchange = self._looked_at(dataset, seen) if seen is not None and seen.reply is not None else None
            return watch.ended(self._told(error, dataset), exchange, signing_in=signing_in)
        assert seen is not None
        return watch.done(self._looked_at(dataset, seen), len(seen.page.rows))

    async def _watched(self, seen: Seen, watch: Watch) -> None:
        await self.transport().run(watch.over(self.flow(seen), self.now))

    def _looked_at(self, dataset: str, seen: Seen) -> Exchange:
        exchange = self._exchange(dataset, seen, None)
        return gathered([exchange]) if seen.dataset.spread else exchange

    def first_ask(self, spec: DatasetSpec, cursor: str | None) -> Ask:
        """What a run that begins at the cursor asks for first."""
        assert spec.paging is not None
        assert spec.cursor is not None
        ask = next(PLANS[spec.paging.kind](spec.paging, spec.cursor, cursor, self.now())).ask
        assert ask is not None
        return ask

    async def aclose(self) -> None:
        if self._transport is not None:
            await self._transport.aclose()
            self._transport = None
