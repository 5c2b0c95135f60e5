"""Driver `rest`: JSON, XML or lines over HTTP, paged, with a token or without."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from adapters.address import ours, place_of, same_host
from adapters.auth.expiry import good_until
from adapters.auth.flow import Call, Reply
from adapters.decode import decode
from adapters.decode.json_text import parse_json
from adapters.decode.pointer import point
from adapters.decode.text import decode_text
from adapters.decode.web_page import web_page
from adapters.drivers.delivering import Delivering
from adapters.drivers.details import details_of
from adapters.drivers.seen import Seen, refuse
from adapters.errors import AdapterError, Malformed
from adapters.payload import NOTHING, Decoded, Exchange, Payload
from adapters.protocol.answer import business_failure, refused, told_by
from adapters.protocol.body import accepted, asked, written
from adapters.protocol.details import (
    FAILED,
    UNPACK_DETAILS,
    Detail,
    failures,
    names_of,
    packed_details,
    values_of,
    vet_failed,
)
from adapters.protocol.gathered import zipped
from adapters.protocol.links import next_link
from adapters.protocol.paging import Page
from adapters.protocol.template import Values, fill, page_values
from adapters.spec import AnswerSpec, DatasetSpec, RequestSpec


class RestDriver(Delivering):
    """Each page is one call; each call is judged by HTTP's status, then by the code that the answer itself carries."""

    def make(self, seen: Seen, token: str) -> Call:
        assert seen.dataset.request is not None
        values = {**(seen.filled or page_values(seen.ask)), "token": token}
        call = self._call(seen.dataset.request, values)
        if not seen.ask.link:
            return call
        asked = {"link": self._revealed.hide(f"{place_of(seen.ask.link)}?{urlsplit(seen.ask.link).query}")}
        if not same_host(seen.ask.link, self.base_url()):
            return Call("GET", seen.ask.link, {"Accept": accepted(seen.dataset.request)}, asked=asked)
        return replace(call, url=seen.ask.link, query=NOTHING, asked=asked)

    def look(self, seen: Seen, reply: Reply) -> None:
        answer = self.spec.answer_of(seen.dataset)
        if reply.status in answer.empty_status and not seen.filled:
            return
        self._refuse(seen, reply, answer)
        if self.silent(seen, reply, answer):
            return
        if (title := web_page(reply.body)) is not None:
            seen.page = Page(broken=self.web_page(title, seen))
            return
        try:
            seen.trees = trees = self.judged(seen, reply.body, answer)
        except Malformed as error:
            seen.page = Page(broken=self._calling_itself(error, seen, reply))
            return
        if seen.filled or not trees:
            return  # a detail holds no rows to be paged
        try:
            seen.page = self._leading(seen, reply, self.rows(seen, trees[-1]))
        except Malformed as error:
            error.where = error.where or seen.where
            seen.page = Page(broken=error)

    async def complete(self, seen: Seen) -> None:
        detail = seen.dataset.detail
        if detail is None or seen.page.broken is not None:
            return
        told = {"request": detail.request, "decode": detail.decode, "answer": detail.answer}
        own = seen.dataset.model_copy(update={part: one for part, one in told.items() if one is not None})

        async def ask(row: Any) -> bytes:
            found = await self.fetch(own, seen.ask, values_of(row, detail.row))
            if found.page.broken is not None:
                raise found.page.broken
            assert found.reply is not None
            return found.reply.body

        names = names_of(seen.page.found, detail.row)
        found, seen.later = await details_of(seen.page.found, names, ask, detail.concurrency, self.limits)
        for one in found:
            if one.failure is not None:
                one.failure.without(self._revealed.hide)
        seen.details = tuple(found)

    def exchange(self, dataset: str, seen: Seen, cursor: str | None) -> Exchange:
        plain = super().exchange(dataset, seen, cursor)
        if seen.dataset.detail is None:
            return plain
        listed = plain.payload.body
        details = (Detail("detail-list", listed, seen.page.broken),) if seen.page.broken else seen.details
        return replace(
            plain,
            payload=Payload.of(packed_details(listed, details, self.limits)),
            headers={**plain.headers, FAILED: failures(details)},
            request={**plain.request, "details": f"{sum(not one.failure for one in details)}/{len(seen.page.rows)}"},
        )

    def steps(self, spec: DatasetSpec) -> tuple[str, ...]:
        return super().steps(spec) if spec.detail is None else (UNPACK_DETAILS, *(spec.detail.decode or spec.decode))

    def packed(self, dataset: str, body: bytes) -> bytes:
        return super().packed(dataset, body) if self.dataset(dataset).detail is None else zipped({"detail-1": body})

    def decode(self, payload: Payload, dataset: str, headers: Mapping[str, str] = NOTHING, name: str = "") -> Decoded:
        vet = self.vet(dataset)
        return self.vetted(payload, dataset, name, vet_failed(headers, vet) if self.dataset(dataset).detail else vet)

    def _calling_itself(self, error: Malformed, seen: Seen, reply: Reply) -> Malformed:
        """The chain counts, not what an answer says of itself; but where it can't be read, that may tell why."""
        told = reply.headers.get("content-type")
        words = f"{error.words}; the answer calls itself {self._revealed.hide(told)}" if told else error.words
        return Malformed(words, where=error.where or seen.where)

    def _refuse(self, seen: Seen, reply: Reply, answer: AnswerSpec) -> None:
        """Raises what an HTTP status other than 2xx means, in the words of the answer where it has some."""
        try:
            self.refuse_status(reply, seen.where)
        except AdapterError as failure:
            decoded = decode(reply.body, seen.dataset.decode, self.limits)
            if decoded.damaged:
                raise
            refuse(refused(answer, failure, decoded.documents[-1].tree), seen.where)

    def _leading(self, seen: Seen, reply: Reply, page: Page) -> Page:
        """The page with the absolute address of the next one, where pages lead on by links."""
        assert seen.dataset.paging is not None
        assert seen.call is not None
        if seen.dataset.paging.kind != "link":
            return page
        told = page.next if seen.dataset.paging.next else next_link(reply.headers.get("link", ""))
        try:
            return replace(page, next=ours(urljoin(seen.call.url, told), self.base_url()) if told else "")
        except ValueError:  # such as an IPv6 address without its end
            raise Malformed(
                f"the next page's address is no URL: {self._revealed.hide(told)[:80]!r} (下一页网址有误)"
            ) from None

    def login(self) -> Call:
        assert self.spec.auth.login is not None
        return self._call(self.spec.auth.login, {})

    def token(self, reply: Reply) -> str:
        where = self._login_place()
        self.refuse_status(reply, where)
        try:
            tree: Any = parse_json(decode_text(reply.body, "utf-8")[0], self.limits)
            if told_by(self.spec.answer, tree)[0]:  # a login may speak otherwise than the data do
                refuse(business_failure(self.spec.answer, tree), where)
            found = point(tree, self.spec.auth.token or "")
        except Malformed as error:
            error.where = where
            raise
        if not isinstance(found, str) or not found:
            raise Malformed(f"no token at {self.spec.auth.token} (应答中没有令牌)", where=where)
        return found

    def expires(self, reply: Reply) -> datetime | None:
        if self.spec.auth.expires is None:
            return super().expires(reply)
        try:
            tree = parse_json(decode_text(reply.body, "utf-8")[0], self.limits)
            return good_until(self.spec.auth.expires, tree, self.now())
        except Malformed as error:
            error.where = self._login_place()
            raise

    def _login_place(self) -> str:
        assert self.spec.auth.login is not None
        return place_of(self.base_url() + str(self.spec.auth.login.path))

    def _call(self, request: RequestSpec, values: Values) -> Call:
        sent = written(request, values, self.reveal)
        # what came from a system must not lead to another place
        inside = {name: _inside(one) if isinstance(one, str) else one for name, one in values.items()}
        return Call(
            request.method,
            self.base_url() + fill(request.path or "/", inside, self.reveal),
            sent.headers,
            sent.query,
            sent.body,
            asked(request, values),
        )


def _inside(value: str) -> str:
    """As it stands in a path. A dot needs no escape there, but a segment of dots alone goes up (RFC 3986 §3.3)."""
    if value in {".", ".."}:
        raise Malformed(f"{value!r} can't stand in a path (不能用于路径)")
    return quote(value, safe="")
