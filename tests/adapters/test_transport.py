import asyncio
import gzip
import time

import httpx
import pytest
import respx

from adapters.auth.flow import Call, Reply
from adapters.errors import Busy, Malformed, Misconfigured, Unreachable
from adapters.limits import Limits
from adapters.transport import Transport, open_transport, patiently

LOCAL = frozenset({"127.0.0.1", "province.test"})


def ask(url: str, limits: Limits | None = None, hosts: frozenset[str] = LOCAL, **call) -> Reply:
    async def once() -> Reply:
        transport = Transport(limits or Limits(), hosts)
        try:
            return await transport.send(Call("GET", url, **call))
        finally:
            await transport.aclose()

    return asyncio.run(once())


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@respx.mock
def test_a_call_carries_what_it_says_and_asks_for_no_coding():
    route = respx.get("http://province.test/a").respond(201, content=b"x", headers={"X-One": "1"})
    reply = ask("http://province.test/a", query={"q": "江 苏"}, headers={"Authorization": "Bearer t"})
    assert (reply.status, reply.body, reply.headers["x-one"]) == (201, b"x", "1")
    sent = route.calls.last.request
    assert sent.headers["accept-encoding"] == "identity"
    assert sent.headers["authorization"] == "Bearer t"
    assert sent.url.params["q"] == "江 苏"


@respx.mock
def test_a_redirect_is_an_answer_and_is_not_followed():
    other = respx.get("http://127.0.0.1/b")
    respx.get("http://province.test/a").respond(302, headers={"Location": "http://127.0.0.1/b"})
    assert ask("http://province.test/a").status == 302
    assert not other.called


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest",
        "http://localhost/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://127.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://127.0.0.1@evil.test/",
        "http://evil.test#127.0.0.1",
        "http://127.0.0.1.evil.test/",
        "file:///etc/passwd",
        "//127.0.0.1",
        "http://[",
    ],
)
@respx.mock
def test_only_named_hosts_are_called(url):
    with pytest.raises(Misconfigured):
        ask(url)
    assert respx.calls.call_count == 0


@pytest.mark.parametrize("host", ["xn--zfr164b.test", "政务.test"])
@respx.mock
def test_a_chinese_host_may_be_called_however_it_is_written(host):
    route = respx.get("http://xn--zfr164b.test/a").respond(200)

    async def go():
        transport = open_transport(Limits(), f"http://{host}", ())
        try:
            return await transport.send(Call("GET", f"http://{host}/a"))
        finally:
            await transport.aclose()

    assert asyncio.run(go()).status == 200
    assert route.call_count == 1


@respx.mock
def test_a_failed_connect_is_tried_again():
    route = respx.get("http://province.test/")
    route.side_effect = [httpx.ConnectError("refused"), httpx.ConnectTimeout(""), httpx.Response(200)]
    assert ask("http://province.test/").status == 200
    assert route.call_count == 3


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (httpx.ReadTimeout(""), "ReadTimeout"),
        (httpx.RemoteProtocolError("cut"), "cut"),
        (httpx.ReadError("reset"), "reset"),
        (httpx.PoolTimeout(""), "PoolTimeout"),
    ],
)
@respx.mock
def test_what_fails_after_the_connect_is_told_at_once(error, words):
    route = respx.get("http://province.test/").mock(side_effect=error)
    with pytest.raises(Unreachable, match=words):
        ask("http://province.test/")
    assert route.call_count == 1


def test_nobody_there(servers):
    with pytest.raises(Unreachable, match="can't connect") as refused:
        ask("http://127.0.0.1:9/x?token=secret")
    assert refused.value.retryable
    assert refused.value.where == "http://127.0.0.1:9/x"


def test_an_answer_that_is_cut_off(servers):
    with pytest.raises(Unreachable):
        ask(servers.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"))


def test_no_http_at_all(servers):
    with pytest.raises(Unreachable):
        ask(servers.raw(b"220 mail.test ESMTP\r\n"))


def test_an_answer_that_never_ends_in_time(servers):
    url = servers.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nslow", close=False)
    began = time.monotonic()
    with pytest.raises(Unreachable, match=r"no whole answer within 0\.3 s"):
        ask(url, Limits(total=0.3))
    assert time.monotonic() - began < 3


def test_an_answer_that_is_too_large(servers):
    with pytest.raises(Malformed, match="larger than 1000 bytes"):
        ask(servers.raw(answer(b"x" * 5000)), Limits(answer=1000))


def test_a_coding_nobody_asked_for_is_undone_within_bounds(servers):
    packed = gzip.compress(b'{"a": 1}')
    assert ask(servers.raw(answer(packed, "Content-Encoding: gzip"))).body == b'{"a": 1}'
    bomb = gzip.compress(bytes(20 << 20))
    with pytest.raises(Malformed, match="unpacks to more"):
        ask(servers.raw(answer(bomb, "Content-Encoding: gzip")))
    with pytest.raises(Malformed, match="'br' was not asked for"):
        ask(servers.raw(answer(b"x", "Content-Encoding: br")))


def test_patience_ends_with_the_last_error():
    tries = []

    async def busy() -> None:
        tries.append(1)
        raise Busy("later", wait=0.001)

    with pytest.raises(Busy):
        asyncio.run(patiently(Limits(tries=3), busy))
    assert len(tries) == 3


@pytest.mark.parametrize("error", [Busy("in an hour", wait=3600), Misconfigured("never")])
def test_a_long_wait_and_a_final_error_are_not_waited_for(error):
    tries = []

    async def fail() -> None:
        tries.append(1)
        raise error

    with pytest.raises(type(error)):
        asyncio.run(patiently(Limits(), fail))
    assert len(tries) == 1
