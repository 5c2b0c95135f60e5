"""One look at each kind of system: how far it comes, in which order, and what is known then."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.errors import Busy, Denied, Malformed, Misconfigured, Rejected, Unreachable
from adapters.registry import open_adapter
from contract_tests.mocks import gd, js, tj
from contract_tests.world import World

SECRETS = {"LIANDAN_JS_APP_ID": "who-is-it", "LIANDAN_JS_APP_SECRET": "s3cret-word"}
TOKEN = {"code": "1", "data": {"token": "t"}}
ROWS = {"code": "1", "data": {"total": 1, "list": [{"transNo": "1", "updateTime": "2026-03-01 00:00:00"}]}}


class System:
    """A js that answers as it is told; `asked` are the paths."""

    def __init__(self, page=None, login=None, date=None):
        self.page, self.login, self.date, self.asked = (
            page or JSONResponse(ROWS),
            login or JSONResponse(TOKEN),
            date,
            [],
        )

    def application(self):
        async def answer(request: Request) -> Response:
            self.asked.append(request.url.path)
            found = self.login if request.url.path == "/auth/token" else self.page
            return Response(found.body, found.status_code, dict(found.headers))

        return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])


@pytest.fixture
def look(servers, own, probe):
    def run(system, **more):
        return probe(own("js"), {"LIANDAN_JS_URL": servers.app(system.application()), **SECRETS}, **more)

    return run


def test_a_system_that_is_well(look):
    system = System()
    told = look(system)
    assert told.error is None
    assert system.asked == ["/auth/token", "/api/manifests"], "one login, one page"
    assert 0 < told.answered <= told.signed_in <= told.read
    assert (told.rows, told.exchange.status, told.exchange.cursor) == (1, 200, None)
    assert abs(told.ahead) < 5


@pytest.mark.parametrize("ahead", [-3600, 90])
def test_the_clock_is_compared_by_the_date_header(look, ahead):
    told = look(System(), clock=lambda: datetime.now(UTC) - timedelta(seconds=ahead))
    assert abs(told.ahead - ahead) < 5


@pytest.mark.parametrize(
    ("system", "kind", "signing_in", "signed_in", "html"),
    [
        (System(login=JSONResponse({"code": "77", "msg": "密码错误"})), Rejected, True, False, False),
        (System(login=JSONResponse({"code": "401", "msg": "密码错误"})), Denied, True, False, False),
        (System(login=Response("", 401)), Denied, True, False, False),
        (System(login=Response("<html>统一登录</html>", media_type="text/html")), Malformed, True, False, True),
        (System(page=Response("<!DOCTYPE html><p>维护中", media_type="text/plain")), Malformed, False, True, True),
        (System(page=Response("", 302, {"Location": "/login"})), Rejected, False, True, False),
        (System(page=JSONResponse({"code": "500", "msg": "系统繁忙"})), Busy, False, True, False),
        (System(page=Response("no", 403)), Denied, False, True, False),
        (System(page=JSONResponse({"code": "1", "data": {"list": "none"}})), Malformed, False, True, False),
    ],
)
def test_what_stops_it_and_how_far_it_had_come(look, system, kind, signing_in, signed_in, html):
    told = look(system)
    assert type(told.error) in {kind, *kind.__subclasses__()}
    assert told.answered is not None
    assert (told.signing_in, told.signed_in is not None, told.html) == (signing_in, signed_in, html)
    assert told.read is None
    assert not any(secret in repr(told) + str(told.error) for secret in SECRETS.values())


def test_a_host_that_is_down_and_one_that_hangs_up(own, probe, servers):
    for url in ("http://127.0.0.1:9", servers.raw(b"")):
        told = probe(own("js"), {"LIANDAN_JS_URL": url, **SECRETS})
        assert isinstance(told.error, Unreachable)
        assert (told.answered, told.signed_in, told.read, told.exchange) == (None, None, None, None)


def test_a_secret_that_is_missing_is_told_before_anything_is_asked(own, probe):
    told = probe(own("js"), {"LIANDAN_JS_URL": "http://127.0.0.1:9"})
    assert isinstance(told.error, Misconfigured)
    assert "LIANDAN_JS_APP_ID" in str(told.error)


def test_a_short_not_now_is_waited_for(servers, own, probe, tmp_path):
    """The mock says "busy" to the first attempt on some pages, by seed; seed 3 does on the first."""
    found = [probe(own("js"), servers.mock(js.make(World(seed, 3), tmp_path / str(seed)))) for seed in range(1, 6)]
    assert [told.error for told in found] == [None] * 5


def test_where_windows_are_asked_for_it_looks_back_from_today_until_there_is_something(servers, own, probe, tmp_path):
    environment = servers.mock(tj.make(World(5, 20), tmp_path, faults=False))
    seen = probe(own("tj"), environment, clock=lambda: datetime(2026, 9, 1, tzinfo=UTC))
    assert (seen.error, seen.rows > 0) == (None, True)
    none = probe(own("tj"), environment, clock=lambda: datetime(2022, 9, 1, tzinfo=UTC))
    assert (none.error, none.rows) == (None, 0)


def test_a_folder_is_looked_into_and_left_as_it_is(own, probe, tmp_path):
    mock = gd.make(World(5, 20), tmp_path / "drop", faults=False)
    mock.finish()
    environment = mock.environment("")
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "drop").rglob("*")}
    clock = lambda: datetime.now(UTC) + timedelta(hours=1)  # noqa: E731
    told = probe(own("gd"), environment, clock=clock)
    assert told.error is None
    assert told.exchange.source_name.endswith(".zip")
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "drop").rglob("*")} == before
    gone = probe(own("gd"), {"LIANDAN_GD_DIR": str(tmp_path / "nowhere")})
    assert isinstance(gone.error, Misconfigured)


def test_a_dataset_that_is_not_declared_is_told_with_those_that_are(own):
    driver = open_adapter(own("js"), {})
    with pytest.raises(Misconfigured, match="there are manifests"):
        asyncio.run(driver.probe("others"))
