"""Mock `sh`: a signed REST system. Modelled on published facts (contract_tests/world/views/sh.py), nobody's real interface.

    GET /openapi/联单       ?起始=yyyy-MM-dd HH:mm:ss&页=1&每页=100     (names and values percent-encoded, UTF-8)
        -> {"状态码":0,"消息":"成功","数据":{"总数":n,"联单":[row]}}
        rows by 更新时间, then 联单编号, then 废物序号, ascending; 起始 is inclusive and may be left out; 每页 (at most 200), pages and 总数
        count manifests, whose rows are never torn apart: a page has more rows than 每页 says

Each request is signed by its headers:

    X-App-Id, X-Timestamp (Unix seconds, at most 300 from ours), X-Nonce (never twice), X-Signature
    X-Signature = lower-case hex SHA-256 of: the values of X-App-Id, X-Timestamp, X-Nonce and of all query parameters, sorted as
                  text (by code point) and put together without anything between, and the secret behind them

    HTTP 200 {"状态码":4011,"消息":"签名错误"}      wrong signature, stale timestamp, or a nonce that was there before
    HTTP 200 {"状态码":4000,"消息":"参数错误：…"}   a parameter that isn't understood
    HTTP 429, Retry-After: 1, text/html           by seed, to the first attempt on some pages
    HTTP 200 {"状态码":5000,"消息":"系统繁忙"}      likewise

While pages are read, manifests are corrected or voided: their rows move to the end of the order.
"""

import hashlib
import hmac
import time
from bisect import bisect_left
from collections.abc import Callable
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
from contract_tests.world.views import sh

APP_ID, SECRET = "liandan-demo", "sh-demo-secret"
FAULTS = (Fault("too_many", 0.2), Fault("busy", 0.15))
_CLOCK_SECONDS = 300
_CHANGES_PER_PAGE = 3
_SIGNED = ("X-App-Id", "X-Timestamp", "X-Nonce")


class _RefusedError(Exception):
    """The system's code and words."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


def signature(values: list[str], secret: str) -> str:
    return hashlib.sha256(("".join(sorted(values)) + secret).encode()).hexdigest()


class _System:
    def __init__(self, world: World, folder: Path, faults: Faults, clock: Callable[[], float]) -> None:
        self.shelf = Shelf(world, "sh", folder)
        self._faults, self._clock = faults, clock
        self._nonces: set[str] = set()

    async def manifests(self, request: Request) -> Response:
        try:
            self._judge(request)
            since, number, size = _asked(request)
        except _RefusedError as refused:
            return _failed(refused.code, refused.words)
        fault = self._faults.strike(f"{since} {number} {size}")
        if fault == "too_many":
            return Response("<h1>429 Too Many Requests</h1>", 429, {"Retry-After": "1"}, media_type="text/html")
        if fault == "busy":
            return _failed(5000, "系统繁忙")
        found = self.shelf.ordered[bisect_left(self.shelf.ordered, Entry(since, "", -1, -1)) :]
        rows = [row for entry in found[(number - 1) * size : number * size] for row in self._rows(entry)]
        self.shelf.trickle(_CHANGES_PER_PAGE)
        return json_answer({"状态码": 0, "消息": "成功", "数据": {"总数": len(found), "联单": rows}})

    def _rows(self, entry: Entry) -> list[dict[str, Any]]:
        return sh.render(*self.shelf.read(entry))

    def _judge(self, request: Request) -> None:
        told = [request.headers.get(name, "") for name in _SIGNED]
        right = signature([*told, *request.query_params.values()], SECRET)
        stamp, nonce = told[1], told[2]
        if told[0] != APP_ID or not hmac.compare_digest(right, request.headers.get("X-Signature", "")):
            raise _RefusedError(4011, "签名错误")
        if not stamp.isdigit() or abs(int(stamp) - self._clock()) > _CLOCK_SECONDS:
            raise _RefusedError(4011, "签名错误：时间戳超出范围")
        if len(nonce) < 8 or nonce in self._nonces:
            raise _RefusedError(4011, "签名错误：随机数重复")
        self._nonces.add(nonce)


def _asked(request: Request) -> tuple[str, int, int]:
    asked = request.query_params
    if unknown := set(asked) - {"起始", "页", "每页"}:
        raise _RefusedError(4000, f"参数错误：{', '.join(sorted(unknown))}")
    since = asked.get("起始", "")
    try:
        number, size = int(asked.get("页", "1")), int(asked.get("每页", "100"))
        if since:
            datetime.strptime(since, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 - this system knows no zones
    except ValueError as error:
        raise _RefusedError(4000, f"参数错误：{error}") from error
    if number < 1 or not 1 <= size <= 200:
        raise _RefusedError(4000, "参数错误：页, 每页")
    return since, number, size


def _failed(code: int, words: str) -> Response:
    return json_answer({"状态码": code, "消息": words, "数据": None})


def make(world: World, folder: Path, *, faults: bool = True, clock: Callable[[], float] = time.time) -> Mock:
    system = _System(world, folder, Faults(world.seed, FAULTS if faults else ()), clock)
    return Mock(
        name="sh",
        routes=[Route("/openapi/联单", system.manifests, methods=["GET"])],
        state=system.shelf.counts,
        finish=system.shelf.finish,
        environment=lambda url: {"LIANDAN_SH_URL": url, "LIANDAN_SH_APP_ID": APP_ID, "LIANDAN_SH_SECRET": SECRET},
    )
