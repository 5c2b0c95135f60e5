"""A WSDL with everything it imports, gathered before anybody reads it. No I/O here: the generator asks for URLs.

WSDL 1.1 §2.1.1 (`import location`), XML Schema 1.0 §4.2 (`include`, `redefine`, `import schemaLocation`). Schemas in `known` are
never asked for, wherever an import says they are.
"""

import hashlib
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree

from adapters.address import place_of
from adapters.decode.text import decode_text
from adapters.decode.xml_text import parse_xml
from adapters.errors import Malformed, Misconfigured
from adapters.soap.known import ALWAYS, known_schema

MOST_FILES = 100
_WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
_XSD = "{http://www.w3.org/2001/XMLSchema}"
_PLACES = {
    f"{_WSDL}import": "location",
    f"{_XSD}import": "schemaLocation",
    f"{_XSD}include": "schemaLocation",
    f"{_XSD}redefine": "schemaLocation",
}


@dataclass(frozen=True, slots=True)
class Bundle:
    """`files`: URL → the document as UTF-8, without declaration; `start` is the WSDL's. `sha256` is that of all their bytes."""

    start: str
    files: Mapping[str, bytes]
    sha256: str


Gathering = Generator[str, bytes, Bundle]


def gather(start: str, *, most_bytes: int, elsewhere: str = "") -> Gathering:
    """Yields the URL of each file, is sent its bytes, and returns the whole.

    `elsewhere`: scheme and authority at which everything is asked for, whatever host an import names. Raises Misconfigured
    for what can't be read, isn't http(s) (or a file beside a file), is too much.
    """
    files = {url: known for url, namespace in ALWAYS.items() if (known := known_schema(namespace)) is not None}
    waiting, size, digest = [start], 0, hashlib.sha256()
    while waiting:
        url = waiting.pop(0)
        if url in files:
            continue
        if len(files) > MOST_FILES:
            raise Misconfigured(
                f"the WSDL imports more than {MOST_FILES} files (WSDL 引用的文件过多)", where=place_of(start)
            )
        body = yield _moved(url, elsewhere)
        size += len(body)
        if size > most_bytes:
            raise Misconfigured(
                f"the WSDL and its imports are larger than {most_bytes} bytes (WSDL 过大)", where=place_of(url)
            )
        digest.update(b"%d:" % len(body) + body)
        files[url], root = _read(body, url)
        for namespace, place in _imports(root):
            there = _resolved(url, place)
            known = known_schema(namespace)
            if known is not None:
                files[there] = known
            elif there not in files:
                _check_scheme(there, start)
                waiting.append(there)
    return Bundle(start, files, digest.hexdigest())


def encoded_operations(bundle: Bundle, binding: str) -> frozenset[str]:
    """The binding's operations whose requests are sent with use="encoded" (WSDL 1.1 §3.5). `binding` is its QName as text."""
    found: set[str] = set()
    for body in bundle.files.values():
        if b"encoded" not in body:
            continue
        root = etree.fromstring(body)  # read before, by `_read`: no DOCTYPE
        for node in root.iterfind(f"{_WSDL}binding"):
            if f"{{{root.get('targetNamespace')}}}{node.get('name')}" == binding:
                inputs = node.xpath(
                    "*[local-name()='operation'][*[local-name()='input']/*[local-name()='body'][@use='encoded']]"
                )
                found.update(one.get("name", "") for one in inputs)
    return frozenset(found)


def _read(body: bytes, url: str) -> tuple[bytes, etree._Element]:
    try:
        text, root = parse_xml(decode_text(body, "")[0])
    except Malformed as error:
        at = f"line {error.line}, column {error.column}: " if error.line else ""
        words = f"the WSDL can't be understood: {at}{error.words} (WSDL 无法识别)"
        raise Misconfigured(words, where=place_of(url)) from None
    return text.encode(), root


def _imports(root: etree._Element) -> Iterator[tuple[str, str]]:
    """(namespace, place) of each reference. One without a place is for a schema that stands here, or for a known one."""
    for node in root.iter(*_PLACES):
        place = node.get(_PLACES[str(node.tag)])
        if place:
            yield node.get("namespace", "") if node.tag == f"{_XSD}import" else "", place


def _resolved(url: str, place: str) -> str:
    try:
        return urldefrag(urljoin(url, place))[0]
    except ValueError:  # such as an IPv6 address without its end
        words = f"the WSDL asks for {place[:80]!r}, which is no URL (WSDL 引用的地址有误)"
        raise Misconfigured(words, where=place_of(url)) from None


def _check_scheme(url: str, start: str) -> None:
    scheme = urlsplit(url).scheme
    if scheme not in {"http", "https"} and scheme != urlsplit(start).scheme:
        raise Misconfigured(f"the WSDL asks for {place_of(url)}, which isn't fetched (WSDL 引用了不允许的地址)")


def _moved(url: str, elsewhere: str) -> str:
    """The URL at another host: systems write the address that only they themselves can reach."""
    parts = urlsplit(url)
    if not elsewhere or parts.scheme == "file":
        return url
    scheme, _, authority = elsewhere.partition("://")
    return parts._replace(scheme=scheme, netloc=authority).geturl()
