"""Driver `rest` against the mock `js` and against servers that behave worse."""

import json
from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.errors import Busy, Denied, Malformed, Misconfigured, Rejected, Unreachable
from adapters.registry import open_adapter
from contract_tests.mocks import js
from contract_tests.world import World

SECRETS = {"LIANDAN_JS_APP_ID": "id-7f3a", "LIANDAN_JS_APP_SECRET": "secret-91bc"}


def rows(pulled):
    return {row["transNo"]: row["updateTime"] for tree in pulled.trees() for row in tree["data"]["list"]}


def truth(world):
    """Every manifest with the time of its newest version."""
    return {side.number: side.versions[-1].modified_at.isoformat(" ", "seconds") for side in world.for_province("js")}


def province(*answers, login=None):
    """A server that gives these answers to the data call in turn, the last one for ever."""
    said = list(answers)

    async def token(request):
        return login or JSONResponse({"code": "1", "data": {"token": "t"}})

    async def data(request):
        return said.pop(0) if len(said) > 1 else said[0]

    return Starlette(routes=[Route("/auth/token", token, methods=["POST"]), Route("/api/manifests", data)])


def page(*times, total=None):
    listed = [{"transNo": f"n{time}", "updateTime": f"2026-01-01 00:00:0{time}"} for time in times]
    return JSONResponse(
        {"code": "1", "msg": "成功", "data": {"total": len(listed) if total is None else total, "list": listed}}
    )


def failed(code, words):
    return JSONResponse({"code": code, "msg": words, "data": None})


def test_everything_comes_from_a_system_that_changes_expires_and_is_busy(servers, own, pull, tmp_path):
    world = World(5, 250)
    mock = js.make(world, tmp_path)
    environment = servers.mock(mock)
    first = pull(own("js"), environment)
    assert first.error is None
    assert first.damaged == []
    mock.finish()
    second = pull(own("js"), environment, first.cursor)
    assert second.error is None
    assert {**rows(first), **rows(second)} == truth(world)
    third = pull(own("js"), environment, second.cursor)
    assert third.cursor == second.cursor


def test_a_run_that_was_cut_goes_on_from_its_last_cursor(servers, own, pull, tmp_path):
    world = World(6, 150)
    mock = js.make(world, tmp_path)
    environment = servers.mock(mock)
    found, cursor = {}, None
    for _ in range(8):
        part = pull(own("js"), environment, cursor, stop_after=1)
        found, cursor = {**found, **rows(part)}, part.cursor
        mock.finish()
    assert found == truth(world)


def test_an_exchange_tells_what_was_asked_without_secrets(servers, own, pull, tmp_path):
    environment = servers.mock(js.make(World(5, 30), tmp_path))
    (exchange,) = pull(own("js"), environment).exchanges
    assert json.loads(exchange.request["query"]) == {
        "pageNum": "1",
        "pageSize": "100",
        "updatedFrom": "2020-01-01 00:00:00",
    }
    assert exchange.request["url"] == environment["LIANDAN_JS_URL"] + "/api/manifests"
    assert (exchange.source_name, exchange.status, exchange.adapter, exchange.dataset) == (
        "/api/manifests",
        200,
        "js",
        "manifests",
    )
    assert exchange.headers["content-type"] == "application/json"
    assert exchange.received_at.tzinfo is not None
    assert environment["LIANDAN_JS_APP_SECRET"] not in repr(exchange)


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (failed("77", "参数错误"), Rejected, "code 77: 参数错误"),
        (failed("401", "未登录"), Denied, "code 401: 未登录"),
        (failed("10401", "token已过期"), Denied, "code 10401: token已过期"),
        (failed("500", "系统繁忙"), Busy, "code 500: 系统繁忙"),
        (Response("gone", 404), Rejected, "code 404: gone"),
        (Response("<h1>bad gateway</h1>", 502), Busy, "code 502"),
        (Response("", 302, {"Location": "http://127.0.0.1:1/"}), Rejected, "redirect"),
        (Response("<html>请登录</html>", 200, media_type="text/html"), Malformed, "line 1, column 1"),
        (JSONResponse({"data": []}), Malformed, "no code at /code"),
        (JSONResponse({"code": "1", "data": {"list": "none"}}), Malformed, "no list of rows at /data/list"),
    ],
)
def test_each_failure_is_one_typed_error_that_names_its_place(servers, own, pull, answer, kind, words):
    url = servers.app(province(answer))
    pulled = pull(own("js"), {"LIANDAN_JS_URL": url, **SECRETS})
    assert isinstance(pulled.error, kind)
    told = str(pulled.error)
    assert told.startswith(f"js/manifests: {url}/api/manifests: ")
    assert words in told
    assert not any(secret in told for secret in SECRETS.values())


def test_a_page_that_cannot_be_read_is_handed_on_and_the_rest_goes_on(servers, own, pull):
    broken = Response(b'{"code": "1", "data": {"list": [', 200)
    # page 1 twice, then page 2, page 1 again (broken, twice), and on from the last value
    url = servers.app(province(broken, broken, page(1, 2, total=2), broken, broken, page(2)))
    pulled = pull(own("js"), {"LIANDAN_JS_URL": url, **SECRETS})
    assert pulled.error is None
    assert pulled.exchanges[0].payload.body == broken.body
    assert pulled.exchanges[0].cursor is None
    assert pulled.damaged[0].reasons[0].startswith("line 1, column 33: ")
    assert set(rows(pulled)) == {"n1", "n2"}
    assert pulled.cursor is None


def test_a_page_that_was_cut_once_on_its_way_is_asked_for_again(servers, own, pull):
    url = servers.app(province(Response(b'{"code'), page(1, 2)))
    pulled = pull(own("js"), {"LIANDAN_JS_URL": url, **SECRETS})
    assert (pulled.error, pulled.damaged, set(rows(pulled))) == (None, [], {"n1", "n2"})
    assert json.loads(pulled.cursor) == {"from": "2026-01-01 00:00:02"}


def echoing(status, *, login_status=None):
    """A server that answers every call with its Authorization header and the names it knows."""

    async def echo(request):
        said = f"who is {request.headers['authorization']}? user-55 has pass/w91 or pass%2Fw91 at {request.url.path}"
        token = JSONResponse({"code": "1", "data": {"token": "token-77"}})
        login = request.method == "POST"
        if login and login_status is None:
            return token
        # far enough into the answer for words to be cut in the middle of a secret
        return Response(" ".join(["x" * 173, said]) if login_status is None else said, login_status or status)

    return Starlette(routes=[Route("/{path:path}", echo, methods=["GET", "POST"])])


@pytest.mark.parametrize(
    ("status", "login_status", "words"), [(400, None, "code 400: xxx"), (502, None, "code 502: "), (0, 400, "who is ")]
)
def test_what_a_system_echoes_of_our_secrets_is_not_told(servers, own, pull, tmp_path, status, login_status, words):
    address = servers.app(echoing(status, login_status=login_status)).removeprefix("http://")
    spec = own("js", tmp_path, text=[("/api/manifests", "/api/${LIANDAN_JS_APP_ID}/manifests")])
    pulled = pull(spec, {"LIANDAN_JS_URL": f"http://user-55:pass%2Fw91@{address}", **SECRETS})
    told = str(pulled.error)
    assert told.startswith(f"js/manifests: http://{address}/")
    assert words in told
    secrets = (*SECRETS.values(), "user-55", "pass/w9", "pass%2Fw9", "token-7", "dXNlci01")
    assert [one for one in secrets if one in told or one in repr(pulled.error)] == []


@pytest.mark.parametrize(
    "answer", [failed("77", "参数错误"), Response("<html>", 200), JSONResponse({"data": []}), Response("", 302)]
)
@pytest.mark.parametrize("at_login", [False, True])
def test_user_and_password_of_the_address_are_never_told(servers, own, pull, answer, at_login):
    app = province(page(1), login=answer) if at_login else province(answer)
    address = servers.app(app).removeprefix("http://")
    pulled = pull(own("js"), {"LIANDAN_JS_URL": f"http://user-55:secret-91@{address}", **SECRETS})
    assert f"http://{address}/" in str(pulled.error)
    assert [one for one in ("user-55", "secret-91") if one in str(pulled.error)] == []


def test_a_wrong_login_is_denied(servers, own, pull):
    url = servers.app(province(page(1), login=failed("401", "appId或appSecret错误")))
    pulled = pull(own("js"), {"LIANDAN_JS_URL": url, **SECRETS})
    assert isinstance(pulled.error, Denied)
    assert str(pulled.error) == f"js/manifests: {url}/auth/token: denied: code 401: appId或appSecret错误"


def test_a_province_that_is_down(own, pull):
    pulled = pull(own("js"), {"LIANDAN_JS_URL": "http://127.0.0.1:9", **SECRETS})
    assert isinstance(pulled.error, Unreachable)
    assert pulled.error.retryable
    assert "http://127.0.0.1:9/auth/token" in str(pulled.error)


@pytest.mark.parametrize("url", ["", "ftp://127.0.0.1", "127.0.0.1:80"])
def test_a_missing_or_wrong_address(own, pull, url):
    pulled = pull(own("js"), {"LIANDAN_JS_URL": url, **SECRETS})
    assert isinstance(pulled.error, Misconfigured)


def test_an_unknown_dataset_names_those_there_are(own, pull):
    pulled = pull(own("js"), {}, dataset="manifest")
    assert isinstance(pulled.error, Misconfigured)
    assert "there are manifests" in str(pulled.error)


def test_decoding_and_local_files_need_no_secret(own, pull, tmp_path):
    driver = open_adapter(own("js"), {})
    file = tmp_path / "page.json"
    file.write_bytes(page(1).body)
    exchange = driver.local("manifests", file, datetime.now(UTC))
    assert (exchange.source_name, exchange.request, exchange.cursor) == ("page.json", {"file": "page.json"}, None)
    (document,) = driver.decode(exchange.payload, "manifests", exchange.headers, exchange.source_name).documents
    assert document.name == "page.json"
    assert document.tree["data"]["list"][0]["transNo"] == "n1"
    with pytest.raises(Misconfigured, match=r"none\.json: misconfigured: can't be read"):
        driver.local("manifests", tmp_path / "none.json", datetime.now(UTC))
