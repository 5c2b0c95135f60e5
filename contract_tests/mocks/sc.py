"""Mock `sc`: XML over plain HTTP. Modelled on published facts (contract_tests/world/views/sc.py), nobody's real interface.

    GET /exchange/ld    ?from=yyyyMMddHHmmss&page=1&size=100     X-Key: KEY
        -> <result code="0" msg="" total="n"><ld …/>…</result>
        elements by @gx, then @bh, ascending; from is inclusive and may be left out; size at most 300, default 100
        <result code="1" msg="未授权"/>                  the key is wrong
        <result code="2" msg="参数错误"/>                a parameter that isn't understood
        <result code="9" msg="系统维护中，请稍后"/>        by seed, to the first attempt on some pages
        HTTP 503 with HTML, no Retry-After · no answer at all, the connection is cut                 likewise

Every other answer is HTTP 200 and says `text/plain; charset=iso-8859-1`; its XML declares GB2312 and is GB18030. While pages are read,
manifests get their national number, are corrected or voided: each moves to the end of the order.
"""

import hmac
from bisect import bisect_left
from datetime import datetime
from pathlib import Path

from lxml import etree
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from contract_tests.mocks.faults import Fault, Faults
from contract_tests.mocks.servers import Dropped, Mock
from contract_tests.mocks.shelf import Entry, Shelf
from contract_tests.world import World
from contract_tests.world.views import sc

KEY = "sc-demo-key"
FAULTS = (Fault("busy", 0.15), Fault("down", 0.1), Fault("dropped", 0.15))
_CHANGES_PER_PAGE = 3


class _System:
    def __init__(self, world: World, folder: Path, faults: Faults) -> None:
        self.shelf = Shelf(world, "sc", folder)
        self._faults = faults

    async def manifests(self, request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get("X-Key", ""), KEY):
            return _failed("1", "未授权")
        try:
            since, number, size = _asked(request)
        except ValueError:
            return _failed("2", "参数错误")
        fault = self._faults.strike(f"{since} {number} {size}")
        if fault == "busy":
            return _failed("9", "系统维护中，请稍后")
        if fault == "down":
            return Response("<html><body>Service Unavailable</body></html>", 503, media_type="text/html")
        if fault == "dropped":
            return Dropped()
        found = self.shelf.ordered
        first = bisect_left(found, Entry(since, "", -1, -1))
        start = first + (number - 1) * size
        rows = [sc.render(*self.shelf.read(entry)) for entry in found[start : start + size]]
        answer = sc.page(rows, len(found) - first)
        self.shelf.trickle(_CHANGES_PER_PAGE)
        return _answer(answer)


def _asked(request: Request) -> tuple[str, int, int]:
    """The start as the shelf's order has it. ValueError: not understood."""
    number, size = (int(request.query_params.get(key, default)) for key, default in (("page", "1"), ("size", "100")))
    if number < 1 or not 1 <= size <= 300:
        raise ValueError("page, size")
    since = request.query_params.get("from", "")
    if not since:
        return "", number, size
    if len(since) != 14:
        raise ValueError("from")
    at = datetime.strptime(since, "%Y%m%d%H%M%S")  # noqa: DTZ007 - this system knows no zones
    return at.isoformat(" ", "seconds"), number, size


def _failed(code: str, words: str) -> Response:
    return _answer(etree.Element("result", {"code": code, "msg": words}))


def _answer(root: sc.Element) -> Response:
    text = '<?xml version="1.0" encoding="GB2312"?>\n' + etree.tostring(root, encoding="unicode")
    return Response(text.encode("gb18030"), headers={"Content-Type": "text/plain; charset=iso-8859-1"})


def make(world: World, folder: Path, *, faults: bool = True) -> Mock:
    system = _System(world, folder, Faults(world.seed, FAULTS if faults else ()))
    return Mock(
        name="sc",
        routes=[Route("/exchange/ld", system.manifests, methods=["GET"])],
        state=system.shelf.counts,
        finish=system.shelf.finish,
        environment=lambda url: {"LIANDAN_SC_URL": url, "LIANDAN_SC_KEY": KEY},
    )
