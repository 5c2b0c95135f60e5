"""Driver `soap`: zeep reads the WSDL and builds requests, our transport sends them, lxml reads the raw answers.

The WSDL and what it imports are fetched once by our transport (or read beside the adapter file) and handed to zeep as bytes
in a thread: zeep opens no connection at all. The address that the WSDL gives isn't used; requests go where the adapter file says.
"""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import etree

from adapters.address import place_of
from adapters.auth.flow import Call, Reply
from adapters.decode.soap import SoapFault, fault_of, returned
from adapters.decode.text import decode_text
from adapters.decode.web_page import web_page
from adapters.decode.xml_text import parse_xml, string_value
from adapters.description import Descriptions, Forgotten
from adapters.drivers.connected import Clock
from adapters.drivers.decoding import read_bounded
from adapters.drivers.delivering import Delivering
from adapters.drivers.seen import Seen, refuse
from adapters.drivers.wsdl_source import WsdlSource
from adapters.errors import AdapterError, Malformed, Misconfigured
from adapters.protocol.answer import business_failure, is_empty, short_failure, told_by
from adapters.protocol.body import asked, embedded
from adapters.protocol.paging import Page
from adapters.protocol.template import Values, page_values
from adapters.soap.answer import NO_TOKEN, login_trees, token_in
from adapters.soap.arguments import Argument
from adapters.soap.fault import fault_codes, fault_failure
from adapters.soap.request import add_header, filled, filled_xml, reorder
from adapters.soap.security import sign
from adapters.soap.wsdl import Wsdl
from adapters.spec import AdapterSpec, AnswerSpec, RequestSpec, SoapSpec

NONCE = 16  # bytes


class SoapDriver(Delivering):
    """Each page is one operation: its result is text (data, or a short code in its place), or rows in the envelope itself."""

    def __init__(
        self,
        spec: AdapterSpec,
        environment: Mapping[str, str],
        clock: Clock,
        descriptions: Descriptions | None = None,
    ) -> None:
        super().__init__(spec, environment, clock)
        self._descriptions = descriptions or Forgotten()
        self._source: WsdlSource | None = None
        self._wsdl: Wsdl | None = None

    @property
    def _soap(self) -> SoapSpec:
        assert self.spec.soap is not None
        return self.spec.soap

    async def _prepare(self, dataset: str) -> None:
        """Loads the WSDL; raises Misconfigured where it doesn't know the operations that this dataset needs."""

        def fits(wsdl: Wsdl) -> None:
            login = self.spec.auth.login
            for request in (*([login] if login is not None else []), *self.dataset(dataset).requests):
                if request.operation is not None:
                    # the names of slots and secrets stand for their values: what doesn't fit is known before anything is sent
                    wsdl.check(request.operation, _written(request.arguments))

        if self._source is None:
            base, most = place_of(self.base_url()), self.limits.answer
            kept, hide = self._descriptions, self._revealed.hide
            self._source = WsdlSource(self._soap, base, self._load, most, kept, self.now, hide)
        self._wsdl = await self._source.fitting(fits)

    async def _load(self, url: str) -> bytes:
        return self._file(url) if url.startswith("file:") else await self._fetched(url)

    def _file(self, url: str) -> bytes:
        """A file in the adapter file's folder or below. Raises Misconfigured for any other."""
        folder = self.spec.file.parent.resolve()
        file = (folder / unquote(urlsplit(url).path).lstrip("/")).resolve()
        if not file.is_relative_to(folder):
            raise Misconfigured(
                f"the WSDL asks for {url}, which isn't beside the adapter file (WSDL 引用了目录外的文件)"
            )
        return read_bounded(file, self.limits.answer, adapter=self.spec.id, dataset="")

    async def _fetched(self, url: str) -> bytes:
        base, there = urlsplit(self.base_url()), urlsplit(url)
        own = base.netloc.rpartition("@")[2]
        call = Call("GET", url)
        # others aren't shown who is asking, nor is whoever listens where our own host is named without TLS
        if (there.scheme, there.netloc) == (base.scheme, own):
            call = self.shown(replace(call, url=there._replace(netloc=base.netloc).geturl()))
        try:
            reply = await self.transport().send(call)
        except Misconfigured as error:
            if there.netloc != own:
                error.words = f"the WSDL asks for another host ({error.words}); 'imports: here' asks base_url's instead"
            raise
        self.refuse_status(reply, place_of(url))
        return reply.body

    def make(self, seen: Seen, token: str) -> Call:
        assert seen.dataset.request is not None
        return self._call(seen.dataset.request, {**(seen.filled or page_values(seen.ask)), "token": token})

    def look(self, seen: Seen, reply: Reply) -> None:
        answer = self.spec.answer_of(seen.dataset)
        if (reply.status in answer.empty_status and not seen.sends) or self.silent(seen, reply, answer):
            return
        if 200 <= reply.status < 300 and (title := web_page(reply.body)) is not None:
            seen.page = Page(broken=self.web_page(title, seen))
            return
        try:
            root = self._envelope(reply, answer, seen.where)
            empty = root is None or self._is_empty(answer, root, seen)
            seen.trees = [] if empty else self.judged(seen, reply.body, answer)
            seen.page = self.rows(seen, seen.trees[-1]) if seen.trees and not seen.sends else Page()
        except Malformed as error:
            error.where = error.where or seen.where
            seen.page = Page(broken=error)

    def _is_empty(self, answer: AnswerSpec, root: etree._Element, seen: Seen) -> bool:
        """Whether the operation returned the code for "there is nothing"; raises what another short code means."""
        if answer.short_code is None:
            return False
        result = string_value(returned(root, _name_in(seen.dataset.decode)))
        if is_empty(answer, result):
            return True
        refuse(short_failure(answer, result), seen.where)
        return False

    def _envelope(self, reply: Reply, answer: AnswerSpec, where: str) -> etree._Element | None:
        """Its root; None for a fault that says there is nothing. Raises what any other fault means, also where HTTP says
        200; a reply that is no envelope counts by its status first."""
        try:
            _, root = parse_xml(decode_text(reply.body, "")[0])
            fault = fault_of(root)
        except Malformed as error:
            self.refuse_status(reply, where)
            error.where = where
            raise
        if fault is None:
            self.refuse_status(reply, where)
            return root
        if any(code in answer.empty for code in fault_codes(fault, answer)):
            return None
        raise self._failure(fault, answer, reply, where)

    def _failure(self, fault: SoapFault, answer: AnswerSpec, reply: Reply, where: str) -> AdapterError:
        failure = fault_failure(fault, answer, reply.status, reply.headers, self.now())
        failure.where = where
        return failure

    def login(self) -> Call:
        assert self.spec.auth.login is not None
        return self._call(self.spec.auth.login, {})

    def token(self, reply: Reply) -> str:
        where, answer = place_of(self._endpoint()), self.spec.answer
        root = self._envelope(reply, answer, where)
        if root is None:
            raise Malformed(NO_TOKEN, where=where)
        try:
            result = string_value(returned(root))
            if result:
                refuse(short_failure(answer, result), where)
            trees = login_trees(root, result, self.limits)
            if told_by(answer, *trees)[0]:
                refuse(business_failure(answer, *trees), where)
            return token_in(self.spec.auth.token, trees, result)
        except Malformed as error:
            error.where = where
            raise

    def _call(self, request: RequestSpec, values: Values) -> Call:
        assert self._wsdl is not None
        assert request.operation is not None
        given = embedded(request, values, self.reveal)
        envelope, headers = self._wsdl.message(request.operation, filled(request.arguments, given, self.reveal))
        if request.action is not None:
            headers = self._wsdl.headers(request.action)
        if request.order:
            reorder(envelope, request.order)
        self._head(envelope, request, given)
        body = etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")
        noted = {"operation": request.operation, "wsdl": self._wsdl.sha256, **asked(request, values)}
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


def _written(declared: Any) -> Argument:
    """Declared arguments as they are checked against the WSDL: where XML will stand, some XML stands."""
    if isinstance(declared, list | tuple):
        return [_written(one) for one in declared]
    if isinstance(declared, dict):
        return {name: _written(one) for name, one in declared.items()}
    return str(declared).replace("{document}", "<document/>")


def _name_in(chain: tuple[str, ...]) -> str:
    """Which part of what the operation returned a decode chain takes; "": the first."""
    return next((step.partition(":")[2] for step in chain if step.partition(":")[0] == "soap"), "")
