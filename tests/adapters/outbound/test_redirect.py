"""Where a redirect may lead, by the table and with real servers."""

import asyncio
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

from adapters.auth.flow import Call, Reply
from adapters.errors import Misconfigured, Rejected
from adapters.limits import Limits
from adapters.outbound.line import Line
from adapters.outbound.redirect import leads_on, next_call
from adapters.transport import open_transport

HEADERS = {"Authorization": "Bearer t", "X-Ticket": "t", "Cookie": "s=t", "Accept": "application/json", "Content-Type": "text/xml"}  # fmt: skip
HOSTS = {"a.test", "b.test"}


def follow(status, location, method="GET", url="https://u:pw@a.test/x/y?q=1", body=b""):
    call = Call(method, url, HEADERS, {"from": "2026"}, body)
    return next_call(call, Reply(status, {"location": location}, b""), HOSTS)


@pytest.mark.parametrize(
    ("status", "method", "then", "body"),
    [
        (301, "GET", "GET", b""), (302, "GET", "GET", b""), (303, "GET", "GET", b""), (307, "GET", "GET", b""),
        (308, "GET", "GET", b""), (303, "POST", "GET", b""), (307, "POST", "POST", b"<a/>"), (308, "PUT", "PUT", b"<a/>"),
    ],
)  # fmt: skip
def test_methods_within_one_origin(status, method, then, body):
    led = follow(status, "../z?page=2", method, body=b"<a/>" if method != "GET" else b"")
    assert (led.method, led.url, dict(led.query), led.body) == (then, "https://u:pw@a.test/z?page=2", {}, body)
    assert led.headers["X-Ticket"] == "t"
    assert ("Content-Type" in led.headers) is (status != 303)


@pytest.mark.parametrize("location", ["https://b.test/z", "https://a.test:8443/z", "//b.test/z"])
def test_another_origin_sees_no_credential(location):
    led = follow(302, location)
    assert set(led.headers) == {"Accept", "Content-Type"}
    assert "pw" not in led.url


def test_another_origin_gets_no_signature():
    call = Call("GET", "https://a.test/x", seal=lambda one: one)
    assert next_call(call, Reply(302, {"location": "/y"}, b""), HOSTS).seal is not None
    assert next_call(call, Reply(302, {"location": "https://b.test/y"}, b""), HOSTS).seal is None


def test_from_http_to_https_at_one_host_is_the_same_system():
    led = follow(308, "https://a.test/x", "POST", "http://a.test/x", b"<a/>")
    assert (led.headers["X-Ticket"], led.body) == ("t", b"<a/>")


@pytest.mark.parametrize(
    ("status", "method", "location"),
    [
        (302, "GET", "https://c.test/"),
        (302, "GET", "https://169.254.169.254/latest/meta-data"),
        (302, "GET", "https://a.test.evil.test/"),
        (302, "GET", "https://a.test@evil.test/"),
        (302, "GET", "https://x:y@b.test/"),
        (302, "GET", "https://evil.test\\@a.test/"),
        (302, "GET", "http://a.test/"),
        (302, "GET", "file:///etc/passwd"),
        (302, "GET", "gopher://a.test/"),
        (302, "GET", "https://["),
        (301, "POST", "/z"),
        (302, "PUT", "/z"),
        (307, "POST", "https://b.test/z"),
    ],
)
def test_what_is_never_followed(status, method, location):
    with pytest.raises(Rejected, match="redirects to") as told:
        follow(status, location, method, body=b"<a/>" if method != "GET" else b"")
    assert (told.value.code, told.value.retryable, told.value.where) == (str(status), False, "https://a.test/x/y")


@pytest.mark.parametrize("status", [200, 300, 304, 305, 399, 404])
def test_what_is_no_redirect(status):
    assert not leads_on(Reply(status, {"location": "/z"}, b""))
    assert not leads_on(Reply(302, {}, b""))


@pytest.fixture
def system(servers):
    """/N leads to /N-1, /0 answers what it was asked; /to leads wherever `to` says."""

    async def step(request):
        left = request.path_params["left"]
        return RedirectResponse(f"/{left - 1}") if left else JSONResponse(dict(request.headers))

    async def lead(request):
        return RedirectResponse(request.query_params["to"])

    async def loop(request):
        return RedirectResponse("/loop")

    return servers.app(Starlette(routes=[Route("/loop", loop), Route("/to", lead), Route("/{left:int}", step)]))


def ask(url, redirects, *hosts, **query):
    async def once():
        transport = open_transport(Limits(), url, hosts, Line(redirects=redirects))
        try:
            return await transport.send(Call("GET", url, {"X-Ticket": "t"}, query))
        finally:
            await transport.aclose()

    return asyncio.run(once())


def test_as_many_are_followed_as_the_file_says(system):
    assert [ask(f"{system}/3", redirects).status for redirects in (0, 2, 3)] == [307, 307, 200]
    assert b'"x-ticket":"t"' in ask(f"{system}/3", 3).body


def test_a_loop_ends(system):
    assert ask(f"{system}/loop", 5).status == 307


def test_a_redirect_is_judged_by_its_address_too(system, names, opened):
    names["inner.test"] = [["169.254.169.254"]]
    with pytest.raises(Misconfigured, match=r"inner\.test is 169\.254\.169\.254"):
        ask(f"{system}/to", 1, "inner.test", to="http://inner.test/latest/meta-data")
    with pytest.raises(Rejected, match="which isn't among base_url and hosts"):
        ask(f"{system}/to", 1, to="http://169.254.169.254/latest/meta-data")
    assert set(opened) == {"127.0.0.1"}


def test_another_host_gets_no_ticket(system, names, opened):
    names["b.test"] = [["10.9.9.9"]]
    told = ask(f"{system}/to", 1, "b.test", to=f"http://b.test:{urlsplit(system).port}/0")
    assert b"x-ticket" not in told.body
    assert b'"host":"b.test:' in told.body
