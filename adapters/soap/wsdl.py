"""A WSDL as zeep understands it, from files that we hold. Synchronous and slow to make: once, in a thread.

zeep opens no connection: it is handed a transport that gives what was gathered and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import zeep
from lxml import etree
from zeep.exceptions import Error as ZeepError
from zeep.wsa import WsAddressingPlugin
from zeep.wsdl import Document as ZeepDocument
from zeep.wsdl.bindings.soap import Soap12Binding, SoapBinding

from adapters.address import place_of
from adapters.errors import Misconfigured
from adapters.soap.arguments import Argument, placed, takes, values
from adapters.soap.encoded import encoded_body
from adapters.soap.gather import Bundle, encoded_operations
from adapters.soap.known import ALWAYS, known_schema
from canonical_schema.problem import nearest

# zeep checks little before it reads: an odd WSDL ends in any of these
ODD = (
    ZeepError,
    etree.LxmlError,
    ValueError,
    AttributeError,
    LookupError,
    TypeError,
    AssertionError,
    NotImplementedError,
)


class _Held:
    """Stands where zeep expects a transport."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def load(self, url: str) -> bytes:
        if url in self._files:
            return self._files[url]
        if (known := known_schema(ALWAYS.get(url, url))) is not None:
            return known
        raise Misconfigured(f"the WSDL asks for {place_of(url)}, which isn't fetched (WSDL 引用了外部文件)")


@dataclass(frozen=True, slots=True)
class Choice:
    """Which port of which service, and how SOAPAction is written."""

    service: str | None = None
    port: str | None = None
    version: str | None = None
    action: str = "quoted"


class Wsdl:
    """One port's operations."""

    def __init__(self, bundle: Bundle, choice: Choice | None = None) -> None:
        """Raises Misconfigured where it can't be understood, or hasn't the port that is asked for."""
        self._where = place_of(bundle.start)
        self._choice = choice or Choice()
        # our reader has refused any DOCTYPE, and zeep can fetch nothing: what it calls external is what we hold
        settings = zeep.Settings(forbid_dtd=True, forbid_external=False, force_https=False)
        try:
            document = ZeepDocument(bundle.start, _Held(bundle.files), settings=settings)  # type: ignore[arg-type]
            self._binding: Any = _binding(document, self._choice)
            self._takes = {name: takes(_body(self._binding.get(name))) for name in self._binding.all()}
        except Misconfigured as error:
            error.where = error.where or self._where
            raise
        except ODD as error:
            told = " ".join(str(error).split())[:300] or type(error).__name__
            raise Misconfigured(f"the WSDL can't be understood: {told} (WSDL 无法识别)", where=self._where) from None
        self._encoded = encoded_operations(bundle, str(self._binding.name))
        self.sha256 = bundle.sha256

    @property
    def operations(self) -> tuple[str, ...]:
        return tuple(sorted(self._takes))

    @property
    def version(self) -> str:
        return "1.2" if isinstance(self._binding, Soap12Binding) else "1.1"

    def operation(self, name: str) -> Any:
        """zeep's operation. Raises Misconfigured naming those there are."""
        if name in self._takes:
            return self._binding.get(name)
        meant = nearest(name, self.operations)
        guess = f"; did you mean {meant!r}?" if meant else ""
        known = ", ".join(self.operations)
        raise Misconfigured(f"no operation {name!r}{guess} There are {known} (WSDL 中没有此操作)", where=self._where)

    def check(self, name: str, arguments: Argument) -> None:
        """Raises Misconfigured for arguments that the operation doesn't take: wrong in number, name, or what they hold."""
        self.operation(name)
        parts = self._takes[name]
        if isinstance(arguments, list) and len(arguments) != len(parts):
            raise Misconfigured(
                f"{name}({', '.join(parts)}) takes {len(parts)} arguments, the adapter file gives {len(arguments)} (参数个数不符)",
                where=self._where,
            )
        self.message(name, arguments)

    def message(self, name: str, arguments: Argument) -> tuple[etree._Element, dict[str, str]]:
        """(envelope, headers) of a request. Raises Misconfigured for arguments that the WSDL doesn't allow."""
        operation = self.operation(name)
        body = _body(operation)
        try:
            given = placed(body, arguments)
            if name in self._encoded and operation.style == "rpc":
                envelope = encoded_body(body, given, self._binding.nsmap["soap-env"])
            else:
                positional, named = values(body, given)
                envelope = operation.create(*positional, **named).content
        except Misconfigured as error:
            error.words, error.where = f"{name}: {error.words}", self._where
            raise
        except ODD as error:
            raise Misconfigured(f"{name}: {error} (参数不符合 WSDL)", where=self._where) from None
        return envelope, self.headers(operation.soapaction or "")

    def address(self, envelope: etree._Element, name: str, to: str) -> None:
        """Puts WS-Addressing 1.0 headers into the envelope: Action, MessageID, To."""
        WsAddressingPlugin(to).egress(envelope, {}, self.operation(name), {})  # type: ignore[no-untyped-call]

    def headers(self, action: str) -> dict[str, str]:
        """SOAP 1.1 §6.1.1: a header, quoted. SOAP 1.2 Part 2 §7.1.4: a parameter of the media type. Systems differ."""
        how = self._choice.action
        shown = "" if how == "empty" else action
        if self.version == "1.2":
            parameter = "" if how == "none" or not shown else f'; action="{shown}"'
            return {"Content-Type": f"application/soap+xml; charset=utf-8{parameter}"}
        headers = {"Content-Type": "text/xml; charset=utf-8"}
        return headers if how == "none" else {**headers, "SOAPAction": shown if how == "bare" else f'"{shown}"'}


def _binding(document: Any, choice: Choice) -> Any:
    """The chosen port's. Raises Misconfigured naming the ports there are."""
    there = [
        (service.name, port.name, port.binding)
        for service in document.services.values()
        for port in service.ports.values()
        if isinstance(port.binding, SoapBinding)
    ]
    for service, port, binding in there:
        version = "1.2" if isinstance(binding, Soap12Binding) else "1.1"
        asked = ((choice.service, service), (choice.port, port), (choice.version, version))
        if all(wanted is None or wanted == has for wanted, has in asked):
            return binding
    known = ", ".join(f"{service}/{port}" for service, port, _ in there) or "none"
    wanted = " ".join(part for part in (choice.service, choice.port, choice.version) if part) or "any"
    raise Misconfigured(f"the WSDL has no SOAP port {wanted}; there are {known} (WSDL 中没有此端口)")


def _body(operation: Any) -> Any:
    """zeep's element for what an operation is sent; None where it is sent nothing."""
    return operation.input.body
