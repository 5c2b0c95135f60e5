"""A SOAP service that speaks every style: its WSDL, what it was sent, and whatever it is told to answer."""

import gzip
import socket
from base64 import b64encode
from xml.sax.saxutils import escape

import pytest
from lxml import etree
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from adapters.load import load_adapter
from adapters.registry import FORGOTTEN

NS = "http://test.invalid/svc"
ENVELOPES = {"1.1": "http://schemas.xmlsoap.org/soap/envelope/", "1.2": "http://www.w3.org/2003/05/soap-envelope"}
BINDINGS = {"1.1": "http://schemas.xmlsoap.org/wsdl/soap/", "1.2": "http://schemas.xmlsoap.org/wsdl/soap12/"}
ENC = "http://schemas.xmlsoap.org/soap/encoding/"
TYPES = """
<xsd:complexType name="Ask"><xsd:sequence>
  <xsd:element name="since" type="xsd:string"/><xsd:element name="page" type="xsd:int"/>
  <xsd:element name="code" type="xsd:string" minOccurs="0" maxOccurs="unbounded"/>
  <xsd:element name="inner" type="tns:Inner" minOccurs="0"/></xsd:sequence><xsd:attribute name="lang" type="xsd:string"/></xsd:complexType>
<xsd:complexType name="Inner"><xsd:sequence>
  <xsd:element name="note" type="xsd:string" minOccurs="0"/><xsd:any processContents="lax" minOccurs="0"/></xsd:sequence></xsd:complexType>
<xsd:complexType name="Codes"><xsd:complexContent><xsd:restriction base="soapenc:Array">
  <xsd:attribute ref="soapenc:arrayType" wsdl:arrayType="xsd:string[]"/></xsd:restriction></xsd:complexContent></xsd:complexType>
"""


class SoapService:
    """`parts` are the arguments of `getRows` and their types; `login(user, password)` gives a token. State: what came."""

    def __init__(self, style="document", use="literal", version="1.1", *, bare=False, action="urn:getRows", parts=None):
        self.style, self.use, self.version, self.bare, self.action = style, use, version, bare, action
        self.parts = parts or {"token": "xsd:string", "ask": "tns:Ask"}
        self.calls, self.headers, self.fetched = [], [], []
        self.files, self.imports, self.answers, self.token = {}, "", [], "T-000001"
        self.result, self.types, self.services = "", TYPES, ""
        self.operations = {"getRows": self.parts, "login": {"user": "xsd:string", "password": "xsd:string"}}

    # -- what it says

    def answer(self, operation, inner):
        return self.envelope(f'<r:{operation}Response xmlns:r="{NS}">{inner}</r:{operation}Response>')

    def envelope(self, body):
        return f'<s:Envelope xmlns:s="{ENVELOPES[self.version]}"><s:Body>{body}</s:Body></s:Envelope>'

    async def endpoint(self, request):
        if request.method == "GET":
            self.fetched.append(str(request.url.query))
            return self._file(request)
        body = await request.body()
        root = etree.fromstring(body)
        # it answers as it is asked: some tests choose among its ports
        self.version = next(one for one, space in ENVELOPES.items() if etree.QName(root).namespace == space)
        call = root.find(f"{{{ENVELOPES[self.version]}}}Body")[0]
        self.calls.append(root)
        self.headers.append(dict(request.headers))
        operation = etree.QName(call).localname
        if self.answers:
            made = self.answers.pop(0)
            if not isinstance(made, Response | str):
                made = made(call)
            if made is not None:
                return made if isinstance(made, Response) else Response(made, media_type="text/xml")
        told = self.token if operation == "login" else self.result
        return Response(self.answer(operation, f"<return>{escape(told)}</return>"), media_type="text/xml")

    def _file(self, request):
        query = str(request.url.query)
        if query == "wsdl":
            return Response(self.wsdl(), media_type="text/xml")
        found = self.files.get(query)
        return Response(found or "not here", 200 if found else 404, media_type="text/xml")

    def app(self):
        return Starlette(routes=[Route("/svc", self.endpoint, methods=["GET", "POST"])])

    # -- how it describes itself

    def schema(self, elements=""):
        return (
            f'<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:tns="{NS}" xmlns:soapenc="{ENC}" '
            f'xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" targetNamespace="{NS}" elementFormDefault='
            f'"{"unqualified" if self.style == "rpc" else "qualified"}">{self.imports}{self.types}{elements}</xsd:schema>'
        )

    def wsdl(self):
        """One binding B, one port S/Main; `services` are further ones."""
        elements = messages = ports = bound = ""
        for name, parts in self.operations.items():
            inside = "".join(f'<xsd:element name="{part}" type="{kind}"/>' for part, kind in parts.items())
            if self.style == "rpc":
                told = "".join(f'<wsdl:part name="{part}" type="{kind}"/>' for part, kind in parts.items())
            elif self.bare:
                told, (kind, *_) = f'<wsdl:part name="body" element="tns:{name}"/>', reversed(parts.values())
                elements += f'<xsd:element name="{name}" type="{kind}"/>'
            else:
                told = f'<wsdl:part name="parameters" element="tns:{name}"/>'
                elements += f'<xsd:element name="{name}"><xsd:complexType><xsd:sequence>{inside}</xsd:sequence></xsd:complexType></xsd:element>'
            messages += f'<wsdl:message name="{name}In">{told}</wsdl:message><wsdl:message name="{name}Out"><wsdl:part name="return" type="xsd:string"/></wsdl:message>'
            ports += f'<wsdl:operation name="{name}"><wsdl:input message="tns:{name}In"/><wsdl:output message="tns:{name}Out"/></wsdl:operation>'
            space = f'namespace="{NS}"' if self.style == "rpc" else ""
            encoding = f'encodingStyle="{ENC}"' if self.use == "encoded" else ""
            body = f'<soap:body use="{self.use}" {space} {encoding}/>'
            bound += (
                f'<wsdl:operation name="{name}"><soap:operation soapAction="{self.action}"/>'
                f"<wsdl:input>{body}</wsdl:input><wsdl:output>{body}</wsdl:output></wsdl:operation>"
            )
        return (
            f'<wsdl:definitions name="svc" targetNamespace="{NS}" xmlns:tns="{NS}" xmlns:soap="{BINDINGS[self.version]}" '
            f'xmlns:soapenc="{ENC}" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
            f"<wsdl:types>{self.schema(elements)}</wsdl:types>{messages}"
            f'<wsdl:portType name="P">{ports}</wsdl:portType><wsdl:binding name="B" type="tns:P">'
            f'<soap:binding style="{self.style}" transport="http://schemas.xmlsoap.org/soap/http"/>{bound}</wsdl:binding>'
            f'{self.services}<wsdl:service name="S"><wsdl:port name="Main" binding="tns:B">'
            '<soap:address location="http://10.1.2.3:8080/only/inside"/></wsdl:port></wsdl:service></wsdl:definitions>'
        )

    def sent(self, number=-1):
        """The operation's element in a request."""
        return self.calls[number].find(f"{{{ENVELOPES[self.version]}}}Body")[0]


def gzipped(text):
    return b64encode(gzip.compress(text.encode())).decode()


FILE = """
id: xx
title: 某系统
title_en: A system
driver: soap
base_url: ${{XX_URL}}
soap: {soap}
{more}
datasets:
  manifests:
    title: 联单
    title_en: Manifests
    request: {request}
    paging: {paging}
    cursor: {cursor}
    decode: {decode}
"""
DEFAULTS = {
    "soap": "{wsdl: '/svc?wsdl', endpoint: /svc}",
    "more": "",
    "request": "{operation: getRows, arguments: [t, {since: '{from}', page: '{page}'}]}",
    "paging": "{kind: single, rows: /rows, total: /total}",
    "cursor": "{format: yyyy-MM-dd, start: 2026-01-01}",
    "decode": "[text, xml, soap, string, json]",
}


@pytest.fixture(autouse=True)
def nobody_outside(monkeypatch):
    """No test here asks for a name, or connects to an address, that isn't this machine's: a WSDL reaches nobody else."""
    asked, connect, look_up = [], socket.socket.connect, socket.getaddrinfo

    def connected(self, address):
        if isinstance(address, tuple) and address[0] != "127.0.0.1":
            asked.append(address)
        return connect(self, address)

    def looked_up(host, *rest, **more):
        if host not in {"127.0.0.1", None}:
            asked.append(host)
        return look_up(host, *rest, **more)

    monkeypatch.setattr(socket.socket, "connect", connected)
    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    yield
    assert asked == []


@pytest.fixture
def adapter(tmp_path):
    def make(**parts):
        file = tmp_path / "xx.yaml"
        file.write_text(FILE.format(**{**DEFAULTS, **parts}), "utf-8")
        return load_adapter(file)

    return make


@pytest.fixture
def run(servers, adapter, pull):
    """Pulls once from a service through an adapter file with these parts."""

    def go(service, environment=None, *, clock=None, descriptions=FORGOTTEN, url=None, **parts):
        service.result = service.result or '{"total": 0, "rows": []}'
        url = url or servers.app(service.app())
        return pull(adapter(**parts), {"XX_URL": url, **(environment or {})}, clock=clock, descriptions=descriptions)

    return go
