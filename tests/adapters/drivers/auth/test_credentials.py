"""API keys, Basic and tokens that run out, against a real server."""

import asyncio
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from starlette.responses import JSONResponse

from adapters.drivers.seen import Seen
from adapters.errors import Denied, Malformed
from adapters.protocol.paging import Ask
from adapters.registry import open_adapter

KEY = "key-5f1c9a"
PAGE = {"code": "OK", "total": 1, "rows": [{"no": "n1", "changed": "2026-02-03"}]}
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def numbers(pulled):
    return [row["no"] for tree in pulled.trees() for row in tree["rows"]]


@pytest.mark.parametrize(
    ("auth", "shown"),
    [
        ('{send: {X-Api-Key: "${YY_KEY}"}}', lambda asked: asked.headers.get("x-api-key") == KEY),
        ('{query: {appKey: "${YY_KEY}"}}', lambda asked: asked.query == {"since": "2026-01-01", "appKey": KEY}),
        (
            '{basic: {user: "站点", password: "${YY_KEY}"}}',
            lambda asked: asked.headers["authorization"] == "Basic " + b64encode(f"站点:{KEY}".encode()).decode(),
        ),
        (
            '{basic: {user: a, password: "${YY_KEY}"}, send: {authorization: "Key ${YY_KEY}"}}',
            lambda asked: asked.headers["authorization"] == f"Key {KEY}",
        ),
    ],
)
def test_a_key_in_header_or_query_and_basic(declared, province, pull, auth, shown):
    made, url = province(lambda asked: None if shown(asked) else ("NO", "who are you?"))
    well = pull(declared(f"auth: {auth}"), {"YY_URL": url, "YY_KEY": KEY})
    assert (well.error, numbers(well)) == (None, ["n1"])
    wrong = pull(declared(f"auth: {auth}"), {"YY_URL": url, "YY_KEY": "another"})
    assert (type(wrong.error), wrong.error.code) == (Denied, "NO")
    assert len(made.seen) == 2


@pytest.mark.parametrize("auth", ['{query: {appKey: "${YY_KEY}"}}', '{basic: {user: a, password: "${YY_KEY}"}}'])
def test_what_a_system_echoes_of_it_is_not_told(declared, province, pull, auth):
    basic = b64encode(f"a:{KEY}".encode()).decode()

    def echo(asked):
        return JSONResponse({"code": "X1", "message": f"{asked.query} {asked.headers}"}, headers={"x-echo": KEY})

    made, url = province(echo)
    pulled = pull(declared(f"auth: {auth}"), {"YY_URL": url, "YY_KEY": KEY})
    assert pulled.error.code == "X1"
    assert [one for one in (KEY, basic) if one in str(pulled.error) or one in repr(pulled.error)] == []
    made.judge = lambda _: JSONResponse(PAGE, headers={"x-echo": f"<{KEY} {basic}>"})
    (exchange,) = pull(declared(f"auth: {auth}"), {"YY_URL": url, "YY_KEY": KEY}).exchanges
    assert KEY not in repr((exchange.headers, exchange.request, exchange.source_name))


TOKEN = """auth:
  login: {method: POST, path: /login, json: {user: "${YY_USER}"}}
  token: /token
  send: {Authorization: "Bearer {token}"}
"""


def system(lives=None, refused=()):
    """Gives t1, t2 …; refuses those of `refused`. `lives` goes into the login's answer."""
    given = []

    def judge(asked):
        if asked.path == "/login":
            given.append(f"token-{len(given) + 1}")
            return JSONResponse({"code": "OK", "token": given[-1], **(lives or {})})
        shown = asked.headers["authorization"].removeprefix("Bearer ")
        return ("EXPIRED", "令牌已过期") if shown != given[-1] or shown in refused else None

    return judge


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


async def fetched(driver, clock, seconds):
    """Asks for one page after each of these waits."""
    spec = driver.dataset("manifests")
    try:
        for wait in seconds:
            clock.now += timedelta(seconds=wait)
            await driver.fetch(spec, Ask(1, 50, "2026-01-01", "2026-01-02"))
    finally:
        await driver.aclose()


@pytest.mark.parametrize(
    ("declares", "lives"),
    [
        ("  lifetime: 2h", None),
        ("  expires: {at: /expires}", {"expires": "7200"}),
        ("  expires: {at: /expires, format: yyyy-MM-dd HH:mm:ss}", {"expires": "2026-03-04 22:00:00"}),
    ],
)
def test_a_token_is_renewed_before_it_ends(declared, province, declares, lives):
    made, url = province(system(lives))
    clock = Clock()
    driver = open_adapter(declared(TOKEN + declares), {"YY_URL": url, "YY_USER": "u"}, clock)
    asyncio.run(fetched(driver, clock, [0, 7100, 100]))
    shown = [one.headers.get("authorization", "login") for one in made.seen]
    assert shown == ["login", "Bearer token-1", "Bearer token-1", "login", "Bearer token-2"]


def test_without_an_end_it_is_renewed_once_on_the_systems_own_answer(declared, province, pull):
    made, url = province(system(refused={"token-1"}))
    well = pull(declared(TOKEN), {"YY_URL": url, "YY_USER": "u"})
    assert (well.error, numbers(well)) == (None, ["n1"])
    assert [one.path for one in made.seen] == ["/login", "/list", "/login", "/list"]
    made, url = province(system(refused={"token-1", "token-2"}))
    ended = pull(declared(TOKEN), {"YY_URL": url, "YY_USER": "u"})
    assert (type(ended.error).__mro__[1], ended.error.code) == (Denied, "EXPIRED")
    assert len(made.calls("/login")) == 2


def test_calls_side_by_side_log_in_once(declared, province):
    made, url = province(system())
    driver = open_adapter(declared(TOKEN), {"YY_URL": url, "YY_USER": "u"})

    async def together():
        spec = driver.dataset("manifests")
        try:
            await asyncio.gather(*(driver._run(Seen(spec, Ask(1, 50, "2026-01-01", ""))) for _ in range(12)))
        finally:
            await driver.aclose()

    asyncio.run(together())
    assert (len(made.calls("/login")), len(made.calls("/list"))) == (1, 12)


@pytest.mark.parametrize("told", ["soon", None])
def test_an_end_that_cannot_be_read_is_told(declared, province, pull, told):
    _, url = province(system({"expires": told}))
    pulled = pull(declared(TOKEN + "  expires: {at: /expires}"), {"YY_URL": url, "YY_USER": "u"})
    assert isinstance(pulled.error, Malformed)
    assert f"{url}/login: malformed: /expires is no moment written as seconds" in str(pulled.error)
