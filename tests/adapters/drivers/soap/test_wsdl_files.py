"""A WSDL in many files, its ports, and what is never fetched."""

import asyncio
import contextlib
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

import adapters.soap.known
from adapters.auth.flow import Reply
from adapters.drivers.soap import SoapDriver
from adapters.errors import Malformed, Misconfigured, Rejected
from adapters.soap.gather import MOST_FILES, gather
from adapters.soap.known import known_schema
from canonical_schema.problem import ProblemsFound
from tests.adapters.drivers.soap.conftest import NS, TYPES, SoapService

NOW = datetime(2026, 3, 5, tzinfo=UTC)
SHOWN = 'auth: {send: {X-Key: "${XX_KEY}"}}'
KNOWN = [
    "http://schemas.xmlsoap.org/soap/encoding/",
    "http://schemas.xmlsoap.org/soap/envelope/",
    "http://www.w3.org/2003/05/soap-envelope",
    "http://www.w3.org/XML/1998/namespace",
    "http://www.w3.org/2005/08/addressing",
    "http://schemas.xmlsoap.org/wsdl/",
    "http://www.w3.org/2001/XMLSchema",
]
XSD = f'<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:tns="{NS}" targetNamespace="{NS}" elementFormDefault="qualified" xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/">%s</xsd:schema>'
INNER = TYPES[TYPES.index('<xsd:complexType name="Inner">') : TYPES.index('<xsd:complexType name="Codes">')]
OUTER = TYPES.replace(INNER, "")


def split(service):
    """The service with its types in two more files, one relative to the other."""
    service.types = ""
    service.imports = '<xsd:include schemaLocation="svc?xsd=1"/>'
    service.files = {"xsd=1": XSD % ('<xsd:include schemaLocation="/svc?xsd=2"/>' + OUTER), "xsd=2": XSD % INNER}
    return service


def test_types_in_other_files_are_fetched_by_our_transport(run):
    service = split(SoapService())
    assert run(service).error is None
    assert service.fetched == ["wsdl", "xsd=1", "xsd=2"]
    assert [etree.QName(one).localname for one in service.sent()] == ["token", "ask"]


def test_a_wsdl_that_imports_the_abstract_one(run):
    service = SoapService()
    whole = service.wsdl()
    start, end = whole.index('<wsdl:binding name="B"'), whole.index("</wsdl:definitions>")
    head = whole[: whole.index("<wsdl:types>")]
    service.files = {
        "wsdl=2": whole[:start] + "</wsdl:definitions>",
        "wsdl=1": f'{head}<wsdl:import namespace="{NS}" location="svc?wsdl=2"/>{whole[start:end]}</wsdl:definitions>',
    }
    assert run(service, soap="{wsdl: '/svc?wsdl=1', endpoint: /svc}").error is None
    assert service.fetched == ["wsdl=1", "wsdl=2"]
    assert etree.QName(service.sent()).text == f"{{{NS}}}getRows"


def test_a_wsdl_and_its_schemas_beside_the_adapter_file(run, tmp_path):
    service = split(SoapService())
    (tmp_path / "wsdl").mkdir()
    (tmp_path / "wsdl" / "svc.wsdl").write_text(service.wsdl().replace("svc?xsd=1", "../types/one.xsd"), "utf-8")
    (tmp_path / "types").mkdir()
    (tmp_path / "types" / "one.xsd").write_text(service.files["xsd=1"].replace("/svc?xsd=2", "two.xsd"), "utf-8")
    (tmp_path / "types" / "two.xsd").write_text(service.files["xsd=2"], "utf-8")
    assert run(service, soap="{wsdl: wsdl/svc.wsdl, endpoint: /svc}").error is None
    assert (service.fetched, len(service.calls)) == ([], 1)


@pytest.mark.parametrize("place", ["%2e%2e/one.xsd", "..%2fone.xsd", "link.xsd", "http://10.1.2.3/one.xsd"])
def test_a_wsdl_file_reaches_nothing_outside_its_folder(run, tmp_path, place):
    service = split(SoapService())
    (tmp_path.parent / "one.xsd").write_text(service.files["xsd=1"], "utf-8")
    (tmp_path / "link.xsd").symlink_to(tmp_path.parent / "one.xsd")
    (tmp_path / "svc.wsdl").write_text(service.wsdl().replace("svc?xsd=1", place), "utf-8")
    pulled = run(service, soap="{wsdl: svc.wsdl, endpoint: /svc}")
    assert isinstance(pulled.error, Misconfigured)
    assert "isn't beside the adapter file" in str(pulled.error) or "another host" in str(pulled.error)
    assert service.calls == []


@pytest.mark.parametrize("name", ["svc.wsdl", "../svc.wsdl", "link.wsdl"])
def test_a_wsdl_file_that_is_not_there_or_not_beside(adapter, tmp_path, name):
    """What the driver refuses is told before it runs."""
    (tmp_path.parent / "svc.wsdl").write_text("<x/>", "utf-8")
    (tmp_path / "link.wsdl").symlink_to(tmp_path.parent / "svc.wsdl")
    with pytest.raises(ProblemsFound) as found:
        adapter(soap=f"{{wsdl: {name}, endpoint: /svc}}")
    (problem,) = found.value.problems
    assert (problem.line, problem.column) == (7, 14)
    assert f"there is no file {name}" in problem.words


def test_imports_at_a_host_that_only_the_system_itself_reaches(run):
    service = split(SoapService())
    service.imports = '<xsd:include schemaLocation="http://10.1.2.3:8080/svc?xsd=1"/>'
    refused = run(service)
    assert isinstance(refused.error, Misconfigured)
    assert "'imports: here' asks base_url's" in str(refused.error)
    assert "10.1.2.3" in str(refused.error)
    assert run(service, soap="{wsdl: '/svc?wsdl', endpoint: /svc, imports: here}").error is None


@pytest.mark.parametrize("namespace", KNOWN)
@pytest.mark.parametrize(
    "location", ["", 'schemaLocation="http://www.example.invalid/x.xsd"', 'schemaLocation="gone.xsd"']
)
def test_the_well_known_schemas_are_held_wherever_an_import_says_they_are(run, namespace, location):
    service = SoapService()
    service.imports = f'<xsd:import namespace="{namespace}" {location}/>'
    assert run(service).error is None
    assert service.fetched == ["wsdl"]


def test_the_encoding_schema_is_known_without_any_import(run):
    service = SoapService("rpc", "encoded", parts={"codes": "tns:Codes", "name": "soapenc:string"})
    assert run(service, request="{operation: getRows, arguments: [[a], n]}").error is None
    assert (service.fetched, len(service.calls)) == (["wsdl"], 1)


@pytest.mark.parametrize("namespace", KNOWN)
def test_what_is_held_is_a_schema_of_its_namespace(namespace):
    """As libxml2 reads it, a second reader."""
    root = etree.fromstring(known_schema(namespace))
    assert root.get("targetNamespace") == namespace
    for one in root.findall("{http://www.w3.org/2001/XMLSchema}import"):
        one.set("schemaLocation", str(Path(adapters.soap.known.__file__).parent / "schemas" / "xml.xsd"))
    etree.XMLSchema(root)


PORTS = """<wsdl:binding name="B2" type="tns:P"><x:binding xmlns:x="http://schemas.xmlsoap.org/wsdl/soap12/" transport="http://schemas.xmlsoap.org/soap/http"/>
<wsdl:operation name="getRows"><x:operation xmlns:x="http://schemas.xmlsoap.org/wsdl/soap12/" soapAction="urn:twelve"/><wsdl:input><x:body xmlns:x="http://schemas.xmlsoap.org/wsdl/soap12/" use="literal"/></wsdl:input></wsdl:operation></wsdl:binding>
<wsdl:service name="Other"><wsdl:port name="Twelve" binding="tns:B2"><x:address xmlns:x="http://schemas.xmlsoap.org/wsdl/soap12/" location="http://x/"/></wsdl:port></wsdl:service>"""


@pytest.mark.parametrize(
    ("chosen", "media"),
    [
        ("service: Other", 'application/soap+xml; charset=utf-8; action="urn:twelve"'),
        ("port: Twelve", 'application/soap+xml; charset=utf-8; action="urn:twelve"'),
        ("version: 1.2", 'application/soap+xml; charset=utf-8; action="urn:twelve"'),
        ("service: S, port: Main", "text/xml; charset=utf-8"),
        ("version: 1.1", "text/xml; charset=utf-8"),
    ],
)
def test_one_of_several_services_and_ports(run, chosen, media):
    service = SoapService()
    service.services = PORTS
    assert run(service, soap=f"{{wsdl: '/svc?wsdl', endpoint: /svc, {chosen}}}").error is None
    assert service.headers[-1]["content-type"] == media


def test_a_port_that_is_not_there(run):
    service = SoapService()
    service.services = PORTS
    pulled = run(service, soap="{wsdl: '/svc?wsdl', endpoint: /svc, port: Mian}")
    assert isinstance(pulled.error, Misconfigured)
    assert "no SOAP port Mian; there are Other/Twelve, S/Main" in str(pulled.error)


HOSTILE = [
    "file:///etc/passwd",
    "ftp://127.0.0.1/x.xsd",
    "http://169.254.169.254/latest/meta-data",
    "http://0x7f000001/x.xsd",
    "http://2130706433/x.xsd",
    "http://[::1]/x.xsd",
    "http://user@evil.invalid/x.xsd",
    "//evil.invalid/x.xsd",
    "gopher://127.0.0.1/1",
    "jar:http://127.0.0.1!/x.xsd",
]


@pytest.mark.parametrize("url", HOSTILE)
@pytest.mark.parametrize(
    "how", ['<xsd:include schemaLocation="{}"/>', '<xsd:import namespace="urn:o" schemaLocation="{}"/>']
)
def test_what_an_import_must_not_reach(run, url, how):
    service = SoapService()
    service.imports = how.format(url)
    pulled = run(service)
    assert isinstance(pulled.error, Misconfigured)
    assert (service.calls, service.fetched) == ([], ["wsdl"])


def test_the_guard_of_these_tests_sees_a_connection(nobody_outside):
    """Where an import may leave the house, it is seen: 192.0.2.0/24 leads nowhere (RFC 5737)."""
    del nobody_outside
    with socket.socket() as line, contextlib.suppress(OSError):
        line.settimeout(0.01)
        line.connect(("192.0.2.1", 9))
    seen = socket.socket.connect.__closure__
    (asked,) = [cell.cell_contents for cell in seen if isinstance(cell.cell_contents, list)]
    assert asked == [("192.0.2.1", 9)]
    asked.clear()


def test_an_import_that_is_not_there(run):
    service = split(SoapService())
    del service.files["xsd=2"]
    pulled = run(service)
    assert isinstance(pulled.error, Rejected)
    assert "code 404" in str(pulled.error)


def test_an_import_with_an_entity_is_not_read(run):
    service = split(SoapService())
    entity = "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
    service.files["xsd=2"] = entity + service.files["xsd=2"]
    pulled = run(service)
    assert isinstance(pulled.error, Misconfigured)
    assert "DOCTYPE" in str(pulled.error)


def test_imports_without_end():
    """Each file names the next: bounded by number."""
    gathering = gather("http://h/0", most_bytes=1 << 20)
    asked = [next(gathering)]

    def follow():
        while True:
            asked.append(gathering.send((XSD % f'<xsd:include schemaLocation="/{len(asked)}"/>').encode()))

    with pytest.raises(Misconfigured, match=f"more than {MOST_FILES} files"):
        follow()
    assert len(asked) <= MOST_FILES


def test_imports_in_a_circle_are_asked_for_once_and_too_much_is_refused():
    circle = (XSD % '<xsd:include schemaLocation="/1"/><xsd:include schemaLocation="/0"/>').encode()
    gathering = gather("http://h/0", most_bytes=2 * len(circle))
    assert (next(gathering), gathering.send(circle)) == ("http://h/0", "http://h/1")
    with pytest.raises(StopIteration) as done:
        gathering.send(circle)
    assert {"http://h/0", "http://h/1"} <= done.value.value.files.keys()
    gathering = gather("http://h/0", most_bytes=len(circle) - 1)
    next(gathering)
    with pytest.raises(Misconfigured, match="larger than"):
        gathering.send(circle)


def test_a_gb18030_wsdl(run):
    service = SoapService()
    text = '<?xml version="1.0" encoding="GB2312"?>' + service.wsdl().replace(
        "<wsdl:types>", "<wsdl:documentation>镕</wsdl:documentation><wsdl:types>"
    )
    service.files = {"wsdl=g": text.encode("gb18030")}
    assert run(service, soap="{wsdl: '/svc?wsdl=g', endpoint: /svc}").error is None


def test_a_file_that_is_too_large(run, tmp_path):
    (tmp_path / "svc.wsdl").write_bytes(b" " * ((1 << 20) + 1))
    pulled = run(SoapService(), soap="{wsdl: svc.wsdl, endpoint: /svc}", more="limits: {answer_mb: 1}")
    assert isinstance(pulled.error, Malformed)
    assert "larger than" in str(pulled.error)


def test_an_import_that_is_no_address_is_told(run):
    service = split(SoapService())
    service.imports = '<xsd:include schemaLocation="http://[1/x"/>'
    pulled = run(service)
    assert isinstance(pulled.error, Misconfigured)
    assert "the WSDL asks for 'http://[1/x', which is no URL" in str(pulled.error)


@pytest.mark.parametrize(("url", "shown"), [("https://a.cn/x.xsd", True), ("http://a.cn/x.xsd", False)])
def test_who_is_asking_is_never_shown_where_our_own_host_is_named_without_tls(adapter, url, shown):
    """Behind a proxy that ends TLS, WSDLs import from http:// at the same host."""

    class Heard:
        async def send(self, call):
            self.call = call.sealed()
            return Reply(200, {}, b"<x/>")

    driver = SoapDriver(adapter(more=SHOWN), {"XX_URL": "https://a.cn", "XX_KEY": "key-4711"}, lambda: NOW)
    driver._transport = heard = Heard()
    assert asyncio.run(driver._fetched(url)) == b"<x/>"
    assert ("key-4711" in repr((heard.call.url, heard.call.headers))) is shown
