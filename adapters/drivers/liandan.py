"""Driver `liandan`: another gateway's claims as a source, each with the payload that it was read from.

A page of claims is asked for, then each payload by its hash; what is handed on is the system's own payload with what that
gateway tells of it. The cursor moves with the claims: what was stored is asked for no more.
"""

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from adapters.address import place_of
from adapters.auth.flow import Call, Reply, plain_flow
from adapters.decode.json_text import parse_json
from adapters.decode.text import decode_text
from adapters.driver import Probe
from adapters.drivers.connected import Connected
from adapters.drivers.probing import Watch, calmly
from adapters.drivers.seen import Seen
from adapters.errors import AdapterError, Malformed, Misconfigured
from adapters.payload import Exchange, Payload
from adapters.protocol.cursor import read_cursor, write_cursor
from adapters.protocol.paging import Ask, Page
from adapters.protocol.told import Group, Told, read_told
from adapters.transport import patiently

CLAIMS, PAYLOADS = "/v1/claims", "/v1/payloads/"
WRONG_BYTES_TRIES = 2


class LiandanDriver(Connected):
    """The dataset's name is free: a gateway tells all its claims in one order."""

    _payload_before: Payload | None = None

    def make(self, seen: Seen, token: str) -> Call:
        del token
        query = {"limit": str(seen.ask.size)} | ({"after": seen.ask.since} if seen.ask.since else {})
        return self._get(CLAIMS, query)

    def look(self, seen: Seen, reply: Reply) -> None:
        self.refuse_status(reply, seen.where)
        try:
            tree = parse_json(decode_text(reply.body, "utf-8")[0], self.limits)
            seen.told = read_told(tree)
        except Malformed as error:
            error.where = error.where or seen.where
            seen.page = Page(broken=error)
        else:
            seen.page = Page(seen.told.claims)

    def login(self) -> NoReturn:
        raise Misconfigured("another gateway has no login: show its key with auth 'send' (网关之间无登录请求)")

    def token(self, reply: Reply) -> NoReturn:
        del reply
        self.login()

    async def pull(self, dataset: str, cursor: str | None) -> AsyncIterator[Exchange]:
        spec = self.dataset(dataset)
        try:
            after = _after(cursor)
            while True:
                seen = await self.fetch(spec, Ask(1, self.spec.gateway.size, after))
                told = _sound(seen)
                if told.more and told.cursor == after:
                    raise Malformed(f"there is more, and the cursor stays {after!r} (游标未前进)", where=seen.where)
                for group in told.groups(frozenset(self.spec.gateway.origins)):
                    yield await self._forwarded(dataset, seen, group)
                if not told.more:
                    return
                after = told.cursor
        except AdapterError as error:
            raise self._told(error, dataset) from None

    async def probe(self, dataset: str) -> Probe:
        """Asks for the first claims, and for the payload of the first of them."""
        spec, watch = self.dataset(dataset), Watch()
        seen: Seen | None = None
        try:
            seen = Seen(spec, Ask(1, self.spec.gateway.size, ""))
            await calmly(partial(self._watched, seen, watch))
            told = _sound(seen)
            groups = list(told.groups(frozenset(self.spec.gateway.origins)))
            if not groups:
                return watch.done(self.exchange(dataset, seen, None), 0)
            exchange = await self._forwarded(dataset, seen, groups[0])
        except AdapterError as error:
            found = self.exchange(dataset, seen, None) if seen is not None and seen.reply is not None else None
            return watch.ended(self._told(error, dataset), found, signing_in=False)
        return watch.done(exchange, len(told.claims))

    async def _forwarded(self, dataset: str, seen: Seen, group: Group) -> Exchange:
        return Exchange(
            adapter=self.spec.id,
            dataset=dataset,
            payload=await self._payload(group.payload_hash),
            received_at=self.now(),
            request={"method": "GET", "url": self._revealed.hide(seen.where)},
            cursor=write_cursor(after=group.cursor),
            source_name=group.forwarded.source_name,
            forwarded=group.forwarded,
        )

    async def _payload(self, digest: str) -> Payload:
        """The bytes of this hash. Raises Malformed where others come, also when asked once more."""
        if self._payload_before is not None and self._payload_before.sha256 == digest:
            return self._payload_before
        call = self.shown(self._get(PAYLOADS + digest, {}))
        where = place_of(call.url)
        found = ""
        for _ in range(WRONG_BYTES_TRIES):
            reply = await patiently(self.limits, partial(self._run_call, call))
            found = hashlib.sha256(reply.body).hexdigest()
            if found == digest:
                self._payload_before = Payload(reply.body, digest)
                return self._payload_before
        raise Malformed(
            f"its bytes have the hash {found}, not the one they are asked for by (载荷与哈希不符)", where=where
        )

    async def _run_call(self, call: Call) -> Reply:
        where = place_of(call.url)
        return await self.transport().run(plain_flow(lambda _: call, lambda reply: self.refuse_status(reply, where)))

    def _get(self, path: str, query: dict[str, str]) -> Call:
        return Call("GET", self.base_url() + path, {"Accept": "*/*"}, query, asked=query)

    def local(self, dataset: str, file: Path, received_at: datetime) -> Exchange:
        del file, received_at
        words = "another gateway's claims come by pulling, not from files (另一网关的申报只能拉取)"
        raise Misconfigured(words, adapter=self.spec.id, dataset=dataset)


def _sound(seen: Seen) -> Told:
    if seen.page.broken is not None:
        raise seen.page.broken
    assert seen.told is not None
    return seen.told


def _after(cursor: str | None) -> str:
    after: Any = read_cursor(cursor).get("after", "")
    if not isinstance(after, str):
        raise Malformed(f"not a cursor of ours: {cursor!r} (游标无法识别)", where="cursor")
    return after
