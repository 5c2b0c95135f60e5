"""A23: a system that answers 200 and lies. Nothing of it is accepted that isn't a row; the cursor stays before it; a person is
told what was wrong; and when the system speaks true again, everything comes."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

import adapters
from adapters.errors import AdapterError, Busy, Denied, Malformed, Rejected
from adapters.load import load_adapter
from adapters.registry import open_adapter

JS = load_adapter(Path(adapters.__file__).parent / "provinces/js.yaml")
ROWS = [{"transNo": f"n{day}", "updateTime": f"2026-01-0{day} 00:00:00"} for day in range(1, 8)]


def page(rows=ROWS, total=None, **more):
    told = {"code": "1", "msg": "成功", "data": {"total": len(rows) if total is None else total, "list": rows}}
    return json.dumps(told | more, ensure_ascii=False).encode()


def html(words):
    return f"<!DOCTYPE html><html><head><title>{words}</title></head><body>{words}</body></html>".encode()


LIES = {
    "a login page": (html("统一身份认证"), Malformed),
    "a page of the firewall": (html("Request blocked"), Malformed),
    "a maintenance page in GBK": (html("系统维护中").decode().encode("gb18030"), Malformed),
    "nothing": (b"", Malformed),
    "a blank": (b"   \n", Malformed),
    "null": (b"null", Malformed),
    "a number": (b"1", Malformed),
    "a text": (b'"OK"', Malformed),
    "a list": (json.dumps(ROWS).encode(), Malformed),
    "XML": (b"<response><code>1</code></response>", Malformed),
    "half a page": (page()[:100], Malformed),
    "two pages in one": (page() + page(), Malformed),
    "another charset": (page([{**ROWS[0], "name": "江苏"}]).decode().encode("gb18030"), Malformed),
    "UTF-16": (page().decode().encode("utf-16"), Malformed),
    "a broken character": (page()[:60] + b"\xff" + page()[60:], Malformed),
    "a body packed twice": (b"\x1f\x8b" + page(), Malformed),
    "no code": (json.dumps({"data": {"total": 1, "list": ROWS[:1]}}).encode(), Malformed),
    "a code that is a list": (page(code=["1"]), Malformed),
    "a code that is null": (page(code=None), Malformed),
    "a key twice": (page().replace(b'"code": "1"', b'"code": "1", "code": "500"'), Malformed),
    "an error's code": (page(code="99", msg="参数错误"), Rejected),
    "an error's code as a number": (page(code=99), Rejected),
    "true for a code": (page(code=True), Rejected),
    "busy": (page(code="500", msg="系统繁忙"), Busy),
    "denied": (page(code="401", msg="无权限"), Denied),
    "a token that is never good": (page(code="10401", msg="令牌失效"), Denied),
    "no list": (json.dumps({"code": "1", "data": {}}).encode(), Malformed),
    "a list that is a text": (json.dumps({"code": "1", "data": {"total": 1, "list": "[]"}}).encode(), Malformed),
    "a list that is a map": (json.dumps({"code": "1", "data": {"total": 1, "list": {"a": 1}}}).encode(), Malformed),
    "data that is a text": (json.dumps({"code": "1", "data": json.dumps(ROWS)}).encode(), Malformed),
    "a row that is a text": (page(["n1"]), Malformed),
    "a row that is null": (page([None]), Malformed),
    "a total that is NaN": (page(total=7).replace(b'"total": 7', b'"total": NaN'), Malformed),
    "rows from before what was asked": (page([{"transNo": "x", "updateTime": "2019-12-31 23:59:59"}]), Malformed),
    "rows out of order": (page(ROWS[::-1]), Malformed),
    "no time in any row": (page([{"transNo": "n1"}] * 100, 500), Malformed),
    "a time of another form": (page([{"transNo": "n1", "updateTime": "1767225600"}] * 100, 500), Malformed),
}  # fmt: skip


class System:
    """`lie`: what it says to every data call instead of the truth."""

    lie = None

    def app(self):
        async def login(request):
            return Response(b'{"code": "1", "data": {"token": "t-5512"}}')

        async def data(request):
            if self.lie is not None:
                return Response(self.lie, media_type="application/json")
            size, number = int(request.query_params["pageSize"]), int(request.query_params["pageNum"])
            found = [row for row in ROWS if row["updateTime"] >= request.query_params["updatedFrom"]]
            return Response(page(found[(number - 1) * size : number * size], len(found)))

        return Starlette(routes=[Route("/auth/token", login, methods=["POST"]), Route("/api/manifests", data)])


def run(url, cursor=None):
    """(numbers of rows in readable pages, cursor, error, damaged pages)"""
    environment = {"LIANDAN_JS_URL": url, "LIANDAN_JS_APP_ID": "a", "LIANDAN_JS_APP_SECRET": "b"}
    spec = JS.model_copy(update={"limits": JS.limits.model_copy(update={"tries": 1})})

    async def pull():
        driver = open_adapter(spec, environment, lambda: datetime(2026, 2, 1, tzinfo=UTC))
        rows, damaged, reached, error = set(), 0, cursor, None
        try:
            async for exchange in driver.pull("manifests", cursor):
                decoded = driver.decode(exchange.payload, "manifests", exchange.headers, exchange.source_name)
                damaged += len(decoded.damaged)
                reached = exchange.cursor or reached
                for leaf in decoded.leaves:
                    listed = leaf.tree.get("data", {}).get("list") if isinstance(leaf.tree, dict) else None
                    rows |= {row.get("transNo") for row in listed or () if isinstance(row, dict)}
        except AdapterError as raised:
            error = raised
        finally:
            await driver.aclose()
        return rows, reached, error, damaged

    return asyncio.run(pull())


@pytest.mark.parametrize("name", LIES)
def test_a_lie_moves_nothing_and_is_told(name, servers):
    system = System()
    url = servers.app(system.app())
    system.lie, kind = LIES[name]
    _, cursor, error, damaged = run(url)
    assert cursor is None
    assert error is not None or damaged
    assert error is None or isinstance(error, kind)
    system.lie = None
    rows, _, error, _ = run(url, cursor)
    assert (rows, error) == ({f"n{day}" for day in range(1, 8)}, None)


@pytest.mark.parametrize("total", [0, 1, 6, 8, 10**9, 10**30, -1, "many", [], 7.5])
def test_a_wrong_total_costs_no_row(total, servers):
    async def data(request):
        found = [row for row in ROWS if row["updateTime"] >= request.query_params["updatedFrom"]]
        number = int(request.query_params["pageNum"])
        return Response(page(found[(number - 1) * 100 : number * 100], total))

    async def login(request):
        return Response(b'{"code": "1", "data": {"token": "t-5512"}}')

    url = servers.app(Starlette(routes=[Route("/auth/token", login, methods=["POST"]), Route("/api/manifests", data)]))
    rows, _, error, damaged = run(url)
    assert (rows, error, damaged) == ({f"n{day}" for day in range(1, 8)}, None, 0)
