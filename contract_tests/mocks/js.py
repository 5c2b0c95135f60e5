"""Mock `js`: a REST system. Modelled on published facts (contract_tests/world/views/js.py says which), nobody's real interface.

    POST /auth/token        {"appId", "appSecret"} -> {"code":"1","msg":"成功","data":{"token","expiresIn":7200}}
                            wrong ones: HTTP 200 {"code":"401","msg":"appId或appSecret错误"}
    GET  /api/manifests     ?pageNum=1&pageSize=100&updatedFrom=yyyy-MM-dd HH:mm:ss     Authorization: Bearer TOKEN
        -> {"code":"1","msg":"成功","data":{"total","pageNum","pageSize","list":[row]}}
        rows by updateTime, then transNo, ascending; updatedFrom is inclusive and may be left out; pageSize at most 500, default 100
        {"code":"10401","msg":"token已过期"}               a token serves four pages, then it is over; an unknown one as well
        {"code":"500","msg":"系统繁忙，请稍后再试"}          by seed, to the first attempt on some pages
        {"code":"400","msg":"参数错误：…"}                  a parameter that isn't understood

Every answer is HTTP 200; `code` is a string. While pages are read, rows are corrected: each moves to the end of the order, so that page
numbers shift under the reader (who asks again from the last updateTime misses nothing).
"""

import hashlib
from bisect import bisect_left
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from contract_tests.mocks.faults import Fault, Faults
from contract_tests.mocks.servers import Mock, json_answer
from contract_tests.mocks.shelf import Entry, Shelf
from contract_tests.world import World
from contract_tests.world.views import js

APP_ID, APP_SECRET = "liandan-demo", "js-demo-secret"
FAULTS = (Fault("busy", 0.25),)
_USES = 4
_CHANGES_PER_PAGE = 3


class _System:
    def __init__(self, world: World, folder: Path, faults: Faults) -> None:
        self.shelf = Shelf(world, "js", folder)
        self._faults = faults
        self._uses: dict[str, int] = {}
        self._issued = 0

    async def token(self, request: Request) -> Response:
        asked = await request.json()
        if asked != {"appId": APP_ID, "appSecret": APP_SECRET}:
            return _failed("401", "appId或appSecret错误")
        self._issued += 1
        token = hashlib.sha256(f"js {self._issued} {APP_SECRET}".encode()).hexdigest()
        self._uses[token] = _USES
        return _done({"token": token, "expiresIn": 7200})

    async def manifests(self, request: Request) -> Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token:
            return _failed("401", "未登录")
        if self._uses.get(token, 0) <= 0:
            self._uses.pop(token, None)
            return _failed("10401", "token已过期")
        try:
            number, size, since = _asked(request)
        except ValueError as error:
            return _failed("400", f"参数错误：{error}")
        if self._faults.strike(f"{number} {size} {since}"):
            return _failed("500", "系统繁忙，请稍后再试")
        self._uses[token] -= 1
        found = self.shelf.ordered
        first = bisect_left(found, Entry(since, "", -1, -1))
        start = first + (number - 1) * size
        rows = [js.render(*self.shelf.read(entry)) for entry in found[start : start + size]]
        page = {"total": len(found) - first, "pageNum": number, "pageSize": size, "list": rows}
        self.shelf.trickle(_CHANGES_PER_PAGE)
        return _done(page)


def _asked(request: Request) -> tuple[int, int, str]:
    number, size = (
        int(request.query_params.get(key, default)) for key, default in (("pageNum", "1"), ("pageSize", "100"))
    )
    if number < 1 or not 1 <= size <= 500:
        raise ValueError("pageNum, pageSize")
    since = request.query_params.get("updatedFrom", "")
    if since:
        datetime.strptime(since, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - this system knows no zones
    return number, size, since


def _done(data: dict[str, Any]) -> Response:
    return json_answer({"code": "1", "msg": "成功", "data": data})


def _failed(code: str, words: str) -> Response:
    return json_answer({"code": code, "msg": words, "data": None})


def make(world: World, folder: Path, *, faults: bool = True) -> Mock:
    system = _System(world, folder, Faults(world.seed, FAULTS if faults else ()))
    return Mock(
        name="js",
        routes=[
            Route("/auth/token", system.token, methods=["POST"]),
            Route("/api/manifests", system.manifests, methods=["GET"]),
        ],
        state=system.shelf.counts,
        finish=system.shelf.finish,
        environment=lambda url: {
            "LIANDAN_JS_URL": url,
            "LIANDAN_JS_APP_ID": APP_ID,
            "LIANDAN_JS_APP_SECRET": APP_SECRET,
        },
    )
