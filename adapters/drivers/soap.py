"""Driver `soap`: zeep reads the WSDL and builds requests, our transport sends them, lxml reads the raw answers.

The WSDL and what it imports are fetched once by our transport (or read beside the adapter file) and handed to zeep as bytes
in a thread: zeep opens no connection at all. The address that the WSDL gives isn't used; requests go where the adapter file says.
"""

import asyncio
import json
import secrets
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from adapters.address import place_of
from adapters.auth.flow import Call, Reply
from adapters.decode.soap import SoapFault, returned
from adapters.decode.text import decode_text
from adapters.decode.xml_text import parse_xml, string_value
from adapters.drivers.connected import Connected, Seen, refuse
from adapters.drivers.decoding import read_bounded
from adapters.errors import Malformed, Misconfigured
from adapters.protocol.answer import business_failure, is_empty, short_failure
from adapters.protocol.paging import Page
from adapters.protocol.template import Values, asked, fill_json, page_values
from adapters.soap.arguments import Argument
from adapters.soap.fault import fault_codes, fault_failure
from adapters.soap.gather import Bundle, gather
from adapters.soap.request import add_header, filled, filled_xml, reorder
from adapters.soap.security import sign
from adapters.soap.wsdl import Choice, Wsdl
from adapters.spec import AnswerSpec, RequestSpec, SoapSpec

NONCE = 16  # bytes


class SoapDriver(Connected):
    """Each page is one operation: its result is text (data, or a short code in its place), or rows in the envelope itself."""

    _wsdl: Wsdl | None = None

    @property
    def _soap(self) -> SoapSpec:
        assert self.spec.soap is not None
        return self.spec.soap

    async def _prepare(self, dataset: str) -> None:
        """Loads the WSDL; raises Misconfigured where it doesn't know the operations that this dataset needs."""
        soap = self._soap
        if self._wsdl is None:
            choice = Choice(soap.service, soap.port, soap.version, soap.action)
            self._wsdl = await asyncio.to_thread(Wsdl, await self._gathered(), choice)
        for request in (self.spec.auth.login, self.dataset(dataset).request):
            if request is not None and request.operation is not None:
                # the names of slots and secrets stand for their values: what doesn't fit is known before anything is sent
                self._wsdl.check(request.operation, _written(request))

    async def _gathered(self) -> Bundle:
        soap, base = self._soap, self.base_url()
        start = base + soap.wsdl if soap.wsdl.startswith("/") else soap.wsdl
        if "://" not in start:
            start = f"file:///{start}"
        elsewhere = "{0.scheme}://{0.netloc}".format(urlsplit(base)) if soap.imports == "here" else ""
        gathering = gather(start, most_bytes=self.limits.answer, elsewhere=elsewhere)
        url = next(gathering)
        while True:
            body = self._file(url) if url.startswith("file:") else await self._fetched(url)
            try:
                url = gathering.send(body)
            except StopIteration as done:
                bundle: Bundle = done.value
                return bundle

    def _file(self, url: str) -> bytes:
        """A file beside the adapter file: a URL's path can't climb above it."""
        file = self.spec.file.parent / unquote(urlsplit(url).path).lstrip("/")
        return read_bounded(file, self.limits.answer, adapter=self.spec.id, dataset="")

    async def _fetched(self, url: str) -> bytes:
        try:
            call = Call("GET", url)
            # whoever else the WSDL imports from is told nothing of who we are
            reply = await self.transport().send(self.shown(call) if url.startswith(self.base_url()) else call)
        except Misconfigured as error:
            error.words = f"the WSDL asks for another host ({error.words}); 'imports: here' asks base_url's instead"
            raise
        self.refuse_status(reply, place_of(url))
        return reply.body

    def make(self, seen: Seen, token: str) -> Call:
        assert seen.dataset.request is not None
        return self._call(seen.dataset.request, {**page_values(seen.ask), "token": token})

    def look(self, seen: Seen, reply: Reply) -> None:
        answer = self.spec.answer_of(seen.dataset)
        try:
            result = self._returned(reply, answer, seen.where, _name_in(seen.dataset.decode))
            if result is None or is_empty(answer, result):
                seen.page = Page()
                return
            refuse(short_failure(answer, result), seen.where)
            tree = self.tree(seen, reply.body)
            if tree is None:
                return
            refuse(business_failure(answer, tree), seen.where)
            seen.page = self.rows(seen, tree)
        except Malformed as error:
            error.where = error.where or seen.where
            seen.page = Page(broken=error)

    def _returned(self, reply: Reply, answer: AnswerSpec, where: str, name: str = "") -> str | None:
        """The text that the operation returned, or its part of that name; None for a fault that says there is nothing.

        A fault counts also where HTTP says 200; a reply that is no envelope counts by its status first.
        """
        try:
            _, root = parse_xml(decode_text(reply.body, "")[0])
            found = returned(root, name)
        except Malformed as error:
            self.refuse_status(reply, where)
            error.where = where
            raise
        if isinstance(found, SoapFault):
            if any(code in answer.empty for code in fault_codes(found, answer)):
                return None
            refuse(fault_failure(found, answer, reply.status, reply.headers, self.now()), where)
        self.refuse_status(reply, where)
        assert isinstance(found, etree._Element)  # noqa: SLF001 - lxml's public name for an element
        return string_value(found)

    def login(self) -> Call:
        assert self.spec.auth.login is not None
        return self._call(self.spec.auth.login, {})

    def token(self, reply: Reply) -> str:
        where = place_of(self._endpoint())
        result = self._returned(reply, self.spec.answer, where)
        if not result:
            raise Malformed("the login returned no token (登录未返回令牌)", where=where)
        refuse(short_failure(self.spec.answer, result), where)
        return result

    def _call(self, request: RequestSpec, values: Values) -> Call:
        assert self._wsdl is not None
        assert request.operation is not None
        given: dict[str, Any] = dict(values)
        if request.body:
            given["json"] = json.dumps(fill_json(request.body, values, self.reveal), ensure_ascii=False)
        envelope, headers = self._wsdl.message(request.operation, filled(request.arguments, given, self.reveal))
        if request.action is not None:
            headers = self._wsdl.headers(request.action)
        if request.order:
            reorder(envelope, request.order)
        self._head(envelope, request, given)
        body = etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")
        noted = {"operation": request.operation, **asked(request, values)}
        return Call("POST", self._endpoint(), headers, body=body, asked=noted)

    def _head(self, envelope: etree._Element, request: RequestSpec, given: Values) -> None:
        soap = self._soap
        if request.header is not None:
            add_header(envelope, str(filled_xml(request.header, given, self.reveal)))
        if soap.addressing:
            assert self._wsdl is not None
            self._wsdl.address(envelope, str(request.operation), self._endpoint())
        if soap.security is not None:
            user, password = self.reveal(soap.security.user), self.reveal(soap.security.password)
            sign(envelope, soap.security, user, password, self.now(), secrets.token_bytes(NONCE))

    def _endpoint(self) -> str:
        return self.base_url() + self._soap.endpoint


def _written(request: RequestSpec) -> Argument:
    arguments: Any = request.arguments
    return arguments  # type: ignore[no-any-return]


def _name_in(chain: tuple[str, ...]) -> str:
    """Which part of what the operation returned a decode chain takes; "": the first."""
    return next((step.partition(":")[2] for step in chain if step.partition(":")[0] == "soap"), "")
