import json
import socket
import time

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from gateway.api.limits import BodyLimits

LIMIT, SECONDS = 1000, 0.4


async def _count(request):
    return PlainTextResponse(str(len(await request.body())))


async def _swallow(request):
    """Like a framework that answers in its own way when a body can't be read."""
    try:
        await request.body()
    except Exception:  # noqa: BLE001
        return PlainTextResponse("swallowed", 400)
    return PlainTextResponse("whole")


@pytest.fixture
def talk(serve):
    """talk(bytes…) → (status, body) of what the server answers to raw bytes, sent one after the other."""
    routes = [Route("/", _count, methods=["POST"]), Route("/swallow", _swallow, methods=["POST"])]
    url = serve(BodyLimits(Starlette(routes=routes), limit=LIMIT, seconds=SECONDS))
    host, port = url.removeprefix("http://").split(":")

    def send(*parts):
        with socket.create_connection((host, int(port)), timeout=10) as line:
            for part in parts:
                line.sendall(part)
            answer = b""
            while received := line.recv(65536):
                answer += received
        head, _, body = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), body

    return send


def request(path, *headers):
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: x", "Connection: close", *headers, "", ""]).encode()


def chunk(size):
    return f"{size:x}\r\n".encode() + b"x" * size + b"\r\n"


CHUNKED = "Transfer-Encoding: chunked"


@pytest.mark.parametrize("size", [0, 1, LIMIT])
def test_a_body_within_the_limit_passes(talk, size):
    assert talk(request("/", f"Content-Length: {size}"), b"x" * size) == (200, str(size).encode())


def test_a_chunked_body_within_the_limit_passes(talk):
    assert talk(request("/", CHUNKED), chunk(500), chunk(500), b"0\r\n\r\n") == (200, b"1000")


@pytest.mark.parametrize("path", ["/", "/swallow"])
def test_an_announced_body_over_the_limit_is_refused_unread(talk, path):
    status, body = talk(request(path, f"Content-Length: {LIMIT + 1}"))
    assert status == 413
    assert json.loads(body)["type"] == "urn:liandan:problem:too-large"


@pytest.mark.parametrize("path", ["/", "/swallow"])
def test_a_chunked_body_is_refused_once_it_is_over_the_limit(talk, path):
    status, body = talk(request(path, CHUNKED), chunk(600), chunk(600))
    assert status == 413
    assert json.loads(body)["type"] == "urn:liandan:problem:too-large"


@pytest.mark.parametrize("path", ["/", "/swallow"])
def test_a_body_that_doesnt_arrive_in_time_is_refused(talk, path):
    began = time.monotonic()
    status, body = talk(request(path, "Content-Length: 10"), b"xx")
    assert status == 408
    assert json.loads(body)["type"] == "urn:liandan:problem:too-slow"
    assert time.monotonic() - began >= SECONDS
