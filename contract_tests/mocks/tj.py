"""Mock `tj`: a SOAP 1.1 system, rpc. Modelled on published facts (contract_tests/world/views/tj.py), nobody's real interface.

    {url}/tj/TranService            SOAP endpoint; ?wsdl gives the WSDL (rpc/literal, all parts xsd:string, no import)
    namespace http://tran.service.tj.invalid/

    getToken(user, pwd) -> getTokenReturn       a token (32 characters), or "02": wrong user or password
    getLdxx(token, json) -> getLdxxReturn       json = {"kssj":"yyyy-MM-dd","jssj":"yyyy-MM-dd","page":1,"rows":100}; both days count
        returns JSON text {"total":n,"page":n,"rows":[row]}, rows by number (ldbh of the undamaged), or a short code:
        "03" token invalid (a token serves five calls, then it is over)     "05" failed, ask again (by seed, at the first attempt)
        "04" a parameter isn't understood                                    "06" no data
    an unknown operation, or XML that can't be read: HTTP 500 with a SOAP Fault (faultcode soapenv:Client)

kssj and jssj ask for the day of the newest version (gxrq). Changes are revealed only before a first page is answered, and keep a row's
place in the order: the pages of one pass hang together.
"""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from lxml import etree
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from contract_tests.mocks.faults import Fault, Faults
from contract_tests.mocks.servers import Mock
from contract_tests.mocks.shelf import Entry, Shelf
from contract_tests.world import World
from contract_tests.world.views import tj

USER, PASSWORD = "liandan", "tj-demo-password"
FAULTS = (Fault("failed", 0.25),)
NAMESPACE = "http://tran.service.tj.invalid/"
OPERATIONS = {"getToken": ("user", "pwd"), "getLdxx": ("token", "json")}
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_USES = 5
_CHANGES_PER_PASS = 5
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


class _ClientError(Exception):
    """The request can't be understood: a SOAP Fault with these words."""


class _System:
    def __init__(self, world: World, folder: Path, faults: Faults) -> None:
        self.shelf = Shelf(world, "tj", folder)
        self._faults = faults
        self._uses: dict[str, int] = {}
        self._issued = 0
        self._found: tuple[tuple[str, str, int], list[Entry]] = (("", "", -1), [])

    async def endpoint(self, request: Request) -> Response:
        if request.method == "GET":
            return Response(wsdl(str(request.url.replace(query=""))), media_type="text/xml")
        try:
            operation, arguments = read(await request.body())
        except _ClientError as error:
            return Response(_fault(str(error)), 500, media_type="text/xml")
        answer = self.token(*arguments) if operation == "getToken" else self.manifests(*arguments)
        return Response(_answer(operation, answer), media_type="text/xml")

    def token(self, user: str, password: str) -> str:
        if (user, password) != (USER, PASSWORD):
            return "02"
        self._issued += 1
        token = hashlib.sha256(f"tj {self._issued} {PASSWORD}".encode()).hexdigest()[:32].upper()
        self._uses[token] = _USES
        return token

    def manifests(self, token: str, asked: str) -> str:
        if self._uses.get(token, 0) <= 0:
            self._uses.pop(token, None)
            return "03"
        try:
            first, last, page, size = _asked(asked)
        except (ValueError, KeyError, TypeError):
            return "04"
        if self._faults.strike(f"{first} {last} {page} {size}"):
            return "05"
        self._uses[token] -= 1
        if page == 1:
            self.shelf.trickle(_CHANGES_PER_PASS)
        found = self._between(first, last)
        rows = [tj.render(*self.shelf.read(entry)) for entry in found[(page - 1) * size : page * size]]
        if not rows:
            return "06"
        return orjson.dumps({"total": len(found), "page": page, "rows": rows}).decode()

    def _between(self, first: str, last: str) -> list[Entry]:
        key = (first, last, self.shelf.revealed)
        if self._found[0] != key:
            found = [entry for entry in self.shelf.ordered if first <= entry.at[:10] <= last]
            self._found = (key, sorted(found, key=lambda entry: entry.number))
        return self._found[1]


def _asked(text: str) -> tuple[str, str, int, int]:
    asked: dict[str, Any] = orjson.loads(text)
    first, last = (date.fromisoformat(asked[key]).isoformat() for key in ("kssj", "jssj"))
    page, size = int(asked["page"]), int(asked["rows"])
    if page < 1 or not 1 <= size <= 500:
        raise ValueError("page, rows")
    return first, last, page, size


def read(body: bytes) -> tuple[str, list[str]]:
    """The operation that a request calls, with its arguments in their declared order."""
    try:
        root = etree.fromstring(body, _PARSER)
    except etree.XMLSyntaxError as error:
        raise _ClientError(f"XML: {error.msg}") from error
    call = root.find(f"{{{_SOAP}}}Body/*")
    if call is None:
        raise _ClientError("no operation in the body")
    name = etree.QName(call).localname
    if name not in OPERATIONS:
        raise _ClientError(f"no such operation: {name}")
    given = {etree.QName(part).localname: part.text or "" for part in call.iterchildren("*")}
    if missing := [part for part in OPERATIONS[name] if part not in given]:
        raise _ClientError(f"{name}: no {', '.join(missing)}")
    return name, [given[part] for part in OPERATIONS[name]]


def _envelope() -> tuple[Any, Any]:
    spaces = {
        "soapenv": _SOAP,
        "xsd": "http://www.w3.org/2001/XMLSchema",
        "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    }
    root = etree.Element(f"{{{_SOAP}}}Envelope", nsmap=spaces)
    return root, etree.SubElement(root, f"{{{_SOAP}}}Body")


def _answer(operation: str, text: str) -> bytes:
    root, body = _envelope()
    called = etree.SubElement(body, f"{{{NAMESPACE}}}{operation}Response", nsmap={"ns1": NAMESPACE})
    returned = etree.SubElement(called, f"{operation}Return")
    returned.set("{http://www.w3.org/2001/XMLSchema-instance}type", "xsd:string")
    returned.text = text
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _fault(words: str) -> bytes:
    root, body = _envelope()
    fault = etree.SubElement(body, f"{{{_SOAP}}}Fault")
    etree.SubElement(fault, "faultcode").text = "soapenv:Client"
    etree.SubElement(fault, "faultstring").text = words
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def wsdl(url: str) -> bytes:
    """Complete in itself: a client needs nothing from the network besides."""
    messages, ports, bound = [], [], []
    literal = f'use="literal" namespace="{NAMESPACE}"'
    for name, parts in OPERATIONS.items():
        asked = "".join(f'<wsdl:part name="{part}" type="xsd:string"/>' for part in parts)
        messages.append(
            f'<wsdl:message name="{name}Request">{asked}</wsdl:message><wsdl:message name="{name}Response">'
            f'<wsdl:part name="{name}Return" type="xsd:string"/></wsdl:message>'
        )
        ports.append(
            f'<wsdl:operation name="{name}" parameterOrder="{" ".join(parts)}"><wsdl:input message="tns:{name}Request"/>'
            f'<wsdl:output message="tns:{name}Response"/></wsdl:operation>'
        )
        bound.append(
            f'<wsdl:operation name="{name}"><soap:operation soapAction=""/><wsdl:input><soap:body {literal}/></wsdl:input>'
            f"<wsdl:output><soap:body {literal}/></wsdl:output></wsdl:operation>"
        )
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?><wsdl:definitions targetNamespace="{NAMESPACE}" xmlns:tns="{NAMESPACE}" '
        'xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" '
        f'xmlns:xsd="http://www.w3.org/2001/XMLSchema">{"".join(messages)}'
        f'<wsdl:portType name="TranService">{"".join(ports)}</wsdl:portType>'
        '<wsdl:binding name="TranServiceSoapBinding" type="tns:TranService">'
        f'<soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>{"".join(bound)}</wsdl:binding>'
        '<wsdl:service name="TranServiceService"><wsdl:port name="TranService" binding="tns:TranServiceSoapBinding">'
        f'<soap:address location="{url}"/></wsdl:port></wsdl:service></wsdl:definitions>'
    )
    return text.encode()


def make(world: World, folder: Path, *, faults: bool = True) -> Mock:
    system = _System(world, folder, Faults(world.seed, FAULTS if faults else ()))
    return Mock(
        name="tj",
        routes=[Route("/tj/TranService", system.endpoint, methods=["GET", "POST"])],
        state=system.shelf.counts,
        finish=system.shelf.finish,
        environment=lambda url: {"LIANDAN_TJ_URL": url, "LIANDAN_TJ_USER": USER, "LIANDAN_TJ_PASSWORD": PASSWORD},
    )
