"""What the drivers that ask over a network do alike: the run of a plan, retries, errors that name their dataset."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from adapters.address import place_of, same_host
from adapters.auth.bodies import Bodies
from adapters.auth.certificate import identity
from adapters.auth.credentials import shown
from adapters.auth.demands import gives_tokens
from adapters.auth.flow import Call, Flow, Reply, plain_flow
from adapters.auth.oauth2 import ClientCredentials
from adapters.auth.signing.seal import Sealer
from adapters.auth.token import Token, TokenKeeper, token_flow
from adapters.decode import Vet, decode, outer_trees
from adapters.decode.web_page import LONGEST_LOOK, WebPage, web_page
from adapters.driver import Probe
from adapters.drivers.decoding import NO_VET, Decoding
from adapters.drivers.probing import FEW_ROWS, Watch, beginnings, calmly
from adapters.drivers.seen import Seen, refuse, told_with
from adapters.errors import AdapterError, Malformed, Misconfigured
from adapters.outbound.declared import line_of
from adapters.payload import NOTHING, Decoded, Exchange, Payload
from adapters.protocol.answer import business_failure, http_failure, says_empty, told_by
from adapters.protocol.gathered import UNPACK, Gathering, gathered, packed
from adapters.protocol.paging import Ask, Page, Turn
from adapters.protocol.plans import plan_of
from adapters.protocol.rows import FirstRun, RowReader
from adapters.secrets import Revealed
from adapters.spec import AdapterSpec, AnswerSpec, DatasetSpec
from adapters.transport import Transport, open_transport, patiently

MALFORMED_TRIES = 2
LONGEST_WORDS = 200
Clock = Callable[[], datetime]


class Connected(Decoding, ABC):
    """A driver with a base URL. Subclasses say what a call looks like and what a reply means."""

    def __init__(self, spec: AdapterSpec, environment: Mapping[str, str], clock: Clock) -> None:
        super().__init__(spec)
        self._clock = clock
        self._transport: Transport | None = None
        self._last: tuple[bytes, tuple[str, ...], str, Decoded] | None = None
        self._place = ""  # where the page stands that was asked for last
        self._keeper = TokenKeeper()
        self._revealed = Revealed(environment, spec.file.name)
        self.reveal = self._revealed.reveal
        self._bodies = Bodies(spec.cipher, self.reveal, self.limits) if spec.cipher else None
        self._sealer = Sealer(spec.auth, self._revealed, self.now, self._bodies)

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

    def expires(self, reply: Reply) -> datetime | None:
        """Until when that token is good; None where nobody says. Raises AdapterError."""
        del reply
        lifetime = self.spec.auth.lifetime
        return None if lifetime is None else self.now() + timedelta(seconds=lifetime)

    def shown(self, call: Call, token: str = "", *, cipher: bool = True) -> Call:
        """The call with whatever shows who is asking."""
        return self._sealer.sealing(shown(self.spec.auth, call, token, self._revealed), token, cipher=cipher)

    def _deciphered(self, reply: Reply, where: str) -> Reply:
        if self._bodies is None:
            return reply
        try:
            return self._bodies.deciphered(reply)
        except Malformed as error:
            error.where = where
            raise

    def flow(self, seen: Seen) -> Flow:
        """The calls for one page, with whatever authentication they need."""

        def make(token: str) -> Call:
            made = self.make(seen, token)
            # a system may lead on to another that may be called: there nobody is told who is asking
            seen.call = self.shown(made, token) if same_host(made.url, self.base_url()) else made
            return seen.call

        def check(reply: Reply) -> None:
            seen.reply = reply
            try:
                seen.reply = self._deciphered(reply, seen.where)
            except Malformed as error:
                seen.page = Page(broken=error)
                return
            try:
                self.look(seen, seen.reply)
            except AdapterError as error:
                seen.failure = error
                raise

        source = self._token_source()
        if source is None:
            return plain_flow(make, check)
        login, read_token = source
        return token_flow(
            self._keeper,
            make,
            login=lambda: self.shown(login(), cipher=self._ciphers_login),
            read_token=read_token,
            check=check,
            now=self.now,
        )

    def _token_source(self) -> tuple[Callable[[], Call], Callable[[Reply], Token]] | None:
        """(the call that gives a token, how its reply is read); None where there are no tokens."""
        auth = self.spec.auth
        if auth.oauth2 is not None:
            told = auth.oauth2.token_url
            url = (
                self.base_url() + self.reveal(told)
                if told.startswith("/")
                else self._revealed.address(told, "auth.oauth2.token_url")
            )
            client = ClientCredentials(auth.oauth2, url, self._revealed, self.limits, auth.lifetime, self.now)
            return client.login, lambda reply: self._issued(client, reply)
        if auth.login is not None:
            return self.login, self._token_of
        return None

    @property
    def _ciphers_login(self) -> bool:
        """A token endpoint of OAuth speaks as its RFC says."""
        return self.spec.auth.login is not None and self.spec.cipher is not None and self.spec.cipher.login

    def _token_of(self, reply: Reply) -> Token:
        if self._ciphers_login:
            assert self.spec.auth.login is not None
            reply = self._deciphered(reply, place_of(self.base_url() + (self.spec.auth.login.path or "")))
        return Token.of(self._revealed.note(self.token(reply)), self.expires(reply), self.now())

    def _issued(self, client: ClientCredentials, reply: Reply) -> Token:
        token = client.issued(reply)
        if token is None:
            self.refuse_status(reply, place_of(client.url))
        assert token is not None
        return token

    def refuse_status(self, reply: Reply, where: str) -> None:
        """Raises what an HTTP status other than 2xx means."""
        words = web_page(reply.body) or " ".join(reply.body[:LONGEST_LOOK].decode("utf-8", "replace").split())
        # hidden before it is cut: half a secret wouldn't be known as one
        words = self._revealed.hide(words)[:LONGEST_WORDS]
        refuse(http_failure(reply.status, reply.headers, words, self.now()), where)

    async def _prepare(self, dataset: str) -> None:
        """Whatever must be known before the first call."""

    async def pull(self, dataset: str, cursor: str | None) -> AsyncIterator[Exchange]:
        spec, gathering = self.dataset(dataset), Gathering(self.limits)
        held: Exchange | None = None
        self._place = ""
        try:
            await self._prepare(dataset)
            async with aclosing(self._turns(spec, cursor)) as turns:
                async for seen, turn in turns:
                    if not turn.keep:
                        held = told_with(held, turn) if held is not None else None
                        continue
                    if held is not None:
                        yield held
                    exchange, held = told_with(self.exchange(dataset, seen, turn.cursor), turn), None
                    if spec.spread:
                        gathering.add(exchange)
                    elif turn.hold:
                        held = exchange
                    else:
                        yield exchange
            if held is not None:
                done, held = held, None
                yield done
            if gathering.pages:
                yield await asyncio.to_thread(gathered, gathering.pages)
        except AdapterError as error:
            if held is not None:
                yield held
            error.where = error.where or self._place  # what is wrong with a list as a whole knows no page
            raise self._told(error, dataset) from None

    async def _turns(self, spec: DatasetSpec, cursor: str | None) -> AsyncGenerator[tuple[Seen, Turn], None]:
        """One run of the plan: each page with the verdict on it."""
        if spec.paging is None:
            raise Misconfigured("nothing is read there: the dataset is only sent (该数据集仅发送, 不读取)")
        # A record whose rows are spread is whole only among all of them: such a run begins at the start each time.
        cursor = None if spec.spread else cursor
        plan = plan_of(spec.paging, spec.cursor, cursor, self.now())
        turn, fit, asked, page = next(plan), FirstRun(spec.paging, spec.cursor), 0, Page()
        later, whole = None, True
        while turn.ask is not None:
            asked += 1
            if asked > spec.paging.max_pages:
                words = f"more than {spec.paging.max_pages} pages in one run (max_pages): is there an end? (翻页无尽)"
                raise Malformed(words)
            seen = await self.fetch(spec, turn.ask)
            page = seen.page
            fit.take(page)
            turn = plan.send(page)
            if spec.spread and page.broken is not None:
                raise page.broken  # without one of its pages a record would lack rows, and nobody could tell
            if turn.keep:
                await self.complete(seen)
                later = later or seen.later
                whole = whole and later is None and not any(one.failure for one in seen.details)
            yield seen, turn if whole else replace(turn, cursor=None)
        if later is not None:
            raise later
        if page.broken is not None:
            raise page.broken  # what follows it can't be known: the run isn't whole
        if cursor is None:
            fit.judge()

    async def complete(self, seen: Seen) -> None:
        """Asks for whatever else belongs to a page that is kept; fills `seen.details` and `seen.later`."""

    def steps(self, spec: DatasetSpec) -> tuple[str, ...]:
        return (UNPACK, *spec.decode) if spec.spread else spec.decode

    def packed(self, dataset: str, body: bytes) -> bytes:
        return packed([body]) if self.dataset(dataset).spread else body

    def _told(self, error: AdapterError, dataset: str) -> AdapterError:
        """The error with its dataset, and without our secrets."""
        return error.without(self._revealed.hide).about(self.spec.id, dataset)

    async def fetch(self, spec: DatasetSpec, ask: Ask, filled: Mapping[str, str] = NOTHING) -> Seen:
        """One page, or one detail. A reply that can't be read is asked for once more: it may have been cut on its way."""
        seen = Seen(spec, ask, filled)
        for _ in range(MALFORMED_TRIES):
            seen = Seen(spec, ask, filled)
            await patiently(self.limits, partial(self._run, seen))
            if not seen.page.broken:
                break
        if not filled:
            self._place = seen.where
        if isinstance(seen.page.broken, WebPage):
            raise seen.page.broken
        return seen

    async def _run(self, seen: Seen) -> Reply:
        return await self.transport().run(self.flow(seen))

    def exchange(self, dataset: str, seen: Seen, cursor: str | None) -> Exchange:
        assert seen.reply is not None
        assert seen.call is not None
        hide = self._revealed.hide  # a system may say in its headers what it was sent
        return Exchange(
            adapter=self.spec.id,
            dataset=dataset,
            payload=Payload.of(self._kept(seen)),
            received_at=self.now(),
            request={"method": seen.call.method, "url": self._revealed.hide(seen.where), **seen.call.asked},
            status=seen.reply.status,
            headers={name: hide(value) for name, value in seen.reply.headers.items() if name != "set-cookie"},
            cursor=cursor,
            source_name=self._name(seen),
        )

    def _name(self, seen: Seen) -> str:
        return self._revealed.hide(urlsplit(seen.call.url).path) if seen.call else ""

    def decoded(self, body: bytes, steps: tuple[str, ...], name: str, vet: Vet) -> Decoded:
        """What the look at a page has decoded isn't decoded again."""
        if self._last is not None and vet is NO_VET:
            looked, chain, called, found = self._last
            if looked is body and chain == steps and called == name:
                return found
        return super().decoded(body, steps, name, vet)

    def _kept(self, seen: Seen) -> bytes:
        """The answer as it came. One that can't be read is no data but a system's complaint: our secrets are hidden in it."""
        assert seen.reply is not None
        return self._revealed.hide_bytes(seen.reply.body) if seen.page.broken else seen.reply.body

    def judged(self, seen: Seen, body: bytes, answer: AnswerSpec) -> list[Any]:
        """The trees of an answer, the innermost, whose rows are paged, last; none where its code says that there is nothing.
        Raises Malformed, and what any other code means, in whichever document it stands.

        The dataset's own schema isn't asked here: whatever it says, the next page must be found.
        """
        chain, name = seen.dataset.decode, self._name(seen)
        decoded = decode(body, chain, self.limits, name=name)
        if not seen.filled:
            self._last = (body, chain, name, decoded)
        # a refusal has no data: what would stand around them is asked for its code as far as it can be read
        trees = outer_trees(body, chain, self.limits) if decoded.damaged else [one.tree for one in decoded.documents]
        if trees and (not decoded.damaged or told_by(answer, *trees)[0]):
            refuse(business_failure(answer, *trees), seen.where)
            if says_empty(answer, *trees):
                return []
        if decoded.damaged:
            raise Malformed("; ".join(decoded.damaged[0].reasons), where=seen.where)
        if trees[-1] is None:  # JSON's null: no page, and none that could be told from one that isn't there
            raise Malformed("the answer is null (应答为 null)", where=seen.where)
        return trees

    def rows(self, seen: Seen, tree: Any) -> Page:
        assert seen.dataset.paging is not None
        return RowReader(seen.dataset.paging, seen.dataset.cursor).page(tree)

    def transport(self) -> Transport:
        """Made at the first use: the address may be missing, and then only this adapter is down."""
        if self._transport is None:
            declared = self.spec.auth.certificate
            own = identity(declared, self._revealed) if declared else None
            line = line_of(self.spec, self._revealed, own)
            self._transport = open_transport(self.limits, self.base_url(), self.spec.hosts, line)
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
            assert seen is not None
            rows = len(seen.page.rows)
            await self._complete_few(seen)
        except AdapterError as error:
            signing_in = gives_tokens(self.spec.auth) and seen is not None and seen.call is None
            exchange = self._looked_at(dataset, seen) if seen is not None and seen.reply is not None else None
            return watch.ended(self._told(error, dataset), exchange, signing_in=signing_in)
        return watch.done(self._looked_at(dataset, seen), rows)

    async def _watched(self, seen: Seen, watch: Watch) -> None:
        await self.transport().run(watch.over(self.flow(seen), self.now))

    async def _complete_few(self, seen: Seen) -> None:
        """Some rows' details show as well as all whether they can be had and mapped."""
        if seen.dataset.detail is None:
            return
        page = seen.page
        seen.page = replace(page, rows=page.rows[:FEW_ROWS], found=page.found[:FEW_ROWS])
        await self.complete(seen)
        if seen.later is not None:
            raise seen.later

    def _looked_at(self, dataset: str, seen: Seen) -> Exchange:
        exchange = self.exchange(dataset, seen, None)
        return gathered([exchange]) if seen.dataset.spread else exchange

    def first_ask(self, spec: DatasetSpec, cursor: str | None) -> Ask:
        """What a run that begins at the cursor asks for first."""
        assert spec.paging is not None
        ask = next(plan_of(spec.paging, spec.cursor, cursor, self.now())).ask
        assert ask is not None
        return ask

    async def aclose(self) -> None:
        if self._transport is not None:
            await self._transport.aclose()
            self._transport = None
