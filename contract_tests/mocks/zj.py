"""Mock `zj`: a SOAP 1.1 system, document/literal wrapped. Modelled on published facts (contract_tests/world/views/zj.py), nobody's real
interface.

    {url}/services/ManifestExchange     SOAP endpoint; ?wsdl gives zj.wsdl, whose own address is one inside that system's network

    QueryManifests(ModifiedSince?, PageNo, PageSize) -> QueryManifestsResponse/ManifestsResult
        ModifiedSince is xs:dateTime, inclusive, local where it names no zone; PageSize at most 200
        ManifestsResult is a CDATA: Base64 of the gzip of an XML document (UTF-8), manifests by @LastModified, then @Id, ascending

Each request shows a WS-Security UsernameToken with password digest, Base64(SHA-1(nonce + created + password)), nonce and created, and a
wsu:Timestamp that hasn't run out. What is wrong is a SOAP Fault, HTTP 500; detail/ServiceError/Code says it in the system's own way:

    wsse:FailedAuthentication   ZJ-401  unknown user, wrong digest, created more than 300 s from ours, a nonce that was there before
    soapenv:Client              ZJ-400  a request that isn't understood
    soapenv:Server              ZJ-503  busy: by seed, to the first attempt on some pages
    no answer at all, the connection is cut                                       likewise

While pages are read, manifests are changed: each moves to the end of the order.
"""

import base64
import binascii
import gzip
import hashlib
import hmac
import time
from bisect import bisect_left
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

from lxml import etree
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from contract_tests.mocks.faults import Fault, Faults
from contract_tests.mocks.servers import Dropped, Mock
from contract_tests.mocks.shelf import Entry, Shelf
from contract_tests.world import World
from contract_tests.world.views import zj

USER, PASSWORD = "liandan", "zj-demo-password"
FAULTS = (Fault("busy", 0.2), Fault("dropped", 0.15))
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
EXCHANGE, FAULT = "urn:zj-invalid:exchange:2", "urn:zj-invalid:fault:1"
_WSS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss"
WSSE, WSU = f"{_WSS}-wssecurity-secext-1.0.xsd", f"{_WSS}-wssecurity-utility-1.0.xsd"
DIGEST = f"{_WSS}-username-token-profile-1.0#PasswordDigest"
_NAMES = {"s": ENVELOPE, "e": EXCHANGE, "wsse": WSSE, "wsu": WSU}
_HERE = timezone(timedelta(hours=8))
_CLOCK_SECONDS = 300
_CHANGES_PER_PAGE = 3
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


class _RefusedError(Exception):
    """A SOAP Fault: faultcode, the system's own code, words."""

    def __init__(self, blamed: str, code: str, words: str) -> None:
        super().__init__(words)
        self.blamed, self.code, self.words = blamed, code, words


class _System:
    def __init__(self, world: World, folder: Path, faults: Faults, clock: Callable[[], float]) -> None:
        self.shelf = Shelf(world, "zj", folder)
        self._faults, self._clock = faults, clock
        self._nonces: set[bytes] = set()

    async def endpoint(self, request: Request) -> Response:
        if request.method == "GET":
            return Response(Path(__file__).with_suffix(".wsdl").read_bytes(), media_type="text/xml")
        try:
            envelope = _envelope(await request.body())
            self._judge(envelope)
            since, number, size = _asked(envelope)
            fault = self._faults.strike(f"{since} {number} {size}")
        except _RefusedError as refused:
            return _fault(refused)
        if fault == "busy":
            return _fault(_RefusedError("soapenv:Server", "ZJ-503", "系统繁忙，请稍后重试"))
        return Dropped() if fault else _answer(self._page(since, number, size))

    def _page(self, since: str, number: int, size: int) -> bytes:
        found = self.shelf.ordered
        first = bisect_left(found, Entry(since, "", -1, -1))
        start = first + (number - 1) * size
        rows = [zj.render(*self.shelf.read(entry)) for entry in found[start : start + size]]
        page = zj.page(rows, len(found) - first)
        self.shelf.trickle(_CHANGES_PER_PAGE)
        return etree.tostring(page, encoding="UTF-8", xml_declaration=True)

    def _judge(self, envelope: zj.Element) -> None:
        """UsernameToken Profile 1.1 §3.1; a nonce counts once."""
        token = envelope.find("s:Header/wsse:Security/wsse:UsernameToken", _NAMES)
        expires = _text(envelope, "s:Header/wsse:Security/wsu:Timestamp/wsu:Expires")
        if token is None or not expires:
            raise _denied("缺少 UsernameToken 或 Timestamp")
        password = token.find("wsse:Password", _NAMES)
        created = _text(token, "wsu:Created")
        try:
            nonce = base64.b64decode(_text(token, "wsse:Nonce"), validate=True)
            made, until = (datetime.fromisoformat(text).timestamp() for text in (created, expires))
        except (binascii.Error, ValueError) as error:
            raise _denied("Nonce 或 Created 无法识别") from error
        right = base64.b64encode(hashlib.sha1(nonce + created.encode() + PASSWORD.encode()).digest()).decode()  # noqa: S324 - the profile's
        if (
            password is None
            or password.get("Type") != DIGEST
            or _text(token, "wsse:Username") != USER
            or not hmac.compare_digest(right, password.text or "")
        ):
            raise _denied("用户名或密码摘要错误")
        if abs(made - self._clock()) > _CLOCK_SECONDS or until < self._clock():
            raise _denied("消息已过期")
        if len(nonce) < 16 or nonce in self._nonces:
            raise _denied("Nonce 重复")
        self._nonces.add(nonce)


def _denied(words: str) -> _RefusedError:
    return _RefusedError("wsse:FailedAuthentication", "ZJ-401", words)


def _envelope(body: bytes) -> zj.Element:
    try:
        root = etree.fromstring(body, _PARSER)
    except etree.XMLSyntaxError as error:
        raise _RefusedError("soapenv:Client", "ZJ-400", f"XML: {error.msg}") from error
    if root.tag != f"{{{ENVELOPE}}}Envelope":
        raise _RefusedError("soapenv:Client", "ZJ-400", "不是 SOAP 1.1 报文")
    return root


def _asked(envelope: zj.Element) -> tuple[str, int, int]:
    """ModifiedSince as the shelf's order has it, page and size."""
    call = envelope.find("s:Body/e:QueryManifests", _NAMES)
    if call is None:
        raise _RefusedError("soapenv:Client", "ZJ-400", "没有这个操作")
    since = _text(call, "e:ModifiedSince")
    try:
        number, size = int(_text(call, "e:PageNo")), int(_text(call, "e:PageSize"))
        at = datetime.fromisoformat(since) if since else None
    except ValueError as error:
        raise _RefusedError("soapenv:Client", "ZJ-400", f"参数错误：{error}") from error
    if number < 1 or not 1 <= size <= 200:
        raise _RefusedError("soapenv:Client", "ZJ-400", "参数错误：PageNo, PageSize")
    if at is not None and at.tzinfo is not None:
        at = at.astimezone(_HERE).replace(tzinfo=None)
    return at.isoformat(" ", "seconds") if at else "", number, size


def _text(parent: zj.Element, path: str) -> str:
    return (parent.findtext(path, "", _NAMES) or "").strip()


def _answer(document: bytes) -> Response:
    packed = base64.encodebytes(gzip.compress(document, mtime=0)).decode()
    root, body = _framed()
    answer = etree.SubElement(body, f"{{{EXCHANGE}}}QueryManifestsResponse", nsmap={None: EXCHANGE})
    etree.SubElement(answer, f"{{{EXCHANGE}}}ManifestsResult").text = etree.CDATA(packed)
    return _sent(root, 200)


def _fault(refused: _RefusedError) -> Response:
    root, body = _framed()
    fault = etree.SubElement(body, f"{{{ENVELOPE}}}Fault", nsmap={"wsse": WSSE})
    etree.SubElement(fault, "faultcode").text = refused.blamed
    etree.SubElement(fault, "faultstring").text = refused.words
    detail = etree.SubElement(etree.SubElement(fault, "detail"), f"{{{FAULT}}}ServiceError", nsmap={None: FAULT})
    etree.SubElement(detail, f"{{{FAULT}}}Code").text = refused.code
    etree.SubElement(detail, f"{{{FAULT}}}Message").text = refused.words
    return _sent(root, 500)


def _framed() -> tuple[zj.Element, zj.Element]:
    root = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soapenv": ENVELOPE})
    return root, etree.SubElement(root, f"{{{ENVELOPE}}}Body")


def _sent(root: zj.Element, status: int) -> Response:
    return Response(etree.tostring(root, encoding="UTF-8", xml_declaration=True), status, media_type="text/xml")


def make(world: World, folder: Path, *, faults: bool = True, clock: Callable[[], float] = time.time) -> Mock:
    system = _System(world, folder, Faults(world.seed, FAULTS if faults else ()), clock)
    return Mock(
        name="zj",
        routes=[Route("/services/ManifestExchange", system.endpoint, methods=["GET", "POST"])],
        state=system.shelf.counts,
        finish=system.shelf.finish,
        environment=lambda url: {"LIANDAN_ZJ_URL": url, "LIANDAN_ZJ_USER": USER, "LIANDAN_ZJ_PASSWORD": PASSWORD},
    )
