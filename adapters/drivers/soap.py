"""Driver `soap`: zeep reads the WSDL and builds requests, our transport sends them, lxml reads the raw answers.

The WSDL is fetched once by our transport and handed to zeep as bytes in a thread: zeep opens no connection at all. The
address that the WSDL gives isn't used; requests go where the adapter file says.
"""

import asyncio
import json
from typing import Any

from adapters.address import place_of
from adapters.auth.flow import Call, Reply
from adapters.decode.soap import SoapFault, returned
from adapters.decode.text import decode_text
from adapters.decode.xml_text import parse_xml, string_value
from adapters.drivers.connected import Connected, Seen, refuse
from adapters.drivers.wsdl import Wsdl
from adapters.errors import AdapterError, Busy, Malformed, Rejected
from adapters.protocol.answer import is_empty, short_failure
from adapters.protocol.body import asked
from adapters.protocol.paging import Page
from adapters.protocol.template import Values, fill, fill_json, page_values
from adapters.spec import RequestSpec


class SoapDriver(Connected):
    """Each page is one operation whose result is text: data, or a short code in its place."""

    _wsdl: Wsdl | None = None

    async def _prepare(self, dataset: str) -> None:
        """Loads the WSDL; raises Misconfigured where it doesn't know the operations that this dataset needs."""
        assert self.spec.soap is not None
        if self._wsdl is None:
            call = Call("GET", self.base_url() + self.spec.soap.wsdl)
            reply = await self.transport().send(self.shown(call))
            self.refuse_status(reply, place_of(call.url))
            self._wsdl = await asyncio.to_thread(Wsdl, reply.body, call.url, self.spec.soap.port)
        for request in (self.spec.auth.login, self.dataset(dataset).request):
            if request is not None and request.operation is not None:
                self._wsdl.check(request.operation, len(request.arguments))

    def make(self, seen: Seen, token: str) -> Call:
        assert seen.dataset.request is not None
        return self._call(seen.dataset.request, {**page_values(seen.ask), "token": token})

    def look(self, seen: Seen, reply: Reply) -> None:
        result = self._result(seen, reply)
        if result is None:
            return
        answer = self.spec.answer_of(seen.dataset)
        if is_empty(answer, result):
            seen.page = Page()
            return
        refuse(short_failure(answer, result), seen.where)
        tree = self.tree(seen, reply.body)
        if tree is None:
            return
        try:
            seen.page = self.rows(seen, tree)
        except Malformed as error:
            error.where = seen.where
            seen.page = Page(broken=error)

    def _result(self, seen: Seen, reply: Reply) -> str | None:
        try:
            return self.result(reply, seen.where)
        except Malformed as error:
            seen.page = Page(broken=error)
            return None

    def result(self, reply: Reply, where: str) -> str:
        """The text that the operation returned. A fault is raised also where HTTP says 200; a reply that is no envelope
        counts by its status first."""
        try:
            _, root = parse_xml(decode_text(reply.body, "")[0])
            found = returned(root)
        except Malformed as error:
            self.refuse_status(reply, where)
            error.where = where
            raise
        if isinstance(found, SoapFault):
            raise _failure(found, where)
        self.refuse_status(reply, where)
        return string_value(found)

    def login(self) -> Call:
        assert self.spec.auth.login is not None
        return self._call(self.spec.auth.login, {})

    def token(self, reply: Reply) -> str:
        where = place_of(self._endpoint())
        result = self.result(reply, where)
        refuse(short_failure(self.spec.answer, result), where)
        return result

    def _call(self, request: RequestSpec, values: Values) -> Call:
        assert self._wsdl is not None
        assert request.operation is not None
        filled: dict[str, Any] = dict(values)
        if request.body:
            filled["json"] = json.dumps(fill_json(request.body, values, self.reveal), ensure_ascii=False)
        arguments = [fill(argument, filled, self.reveal) for argument in request.arguments]
        body, headers = self._wsdl.message(request.operation, arguments)
        noted = {"operation": request.operation, **asked(request, values)}
        return Call("POST", self._endpoint(), headers, body=body, asked=noted)

    def _endpoint(self) -> str:
        assert self.spec.soap is not None
        return self.base_url() + self.spec.soap.endpoint


def _failure(fault: SoapFault, where: str) -> AdapterError:
    if fault.ours:
        return Rejected(fault.words, code=fault.code, where=where)
    return Busy(fault.words, code=fault.code, where=where)
