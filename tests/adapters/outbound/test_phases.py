"""Each phase of a request has its own bound: connect, write, silence, the whole."""

import asyncio
import socket
import time

import pytest

from adapters.auth.flow import Call
from adapters.errors import Unreachable
from adapters.limits import Limits
from adapters.transport import open_transport
from tests.adapters.drivers.broken import LONG, drips, request_of
from tests.adapters.outbound.peers import Peer


class Deaf(Peer):
    """Takes a connection and never reads from it."""

    def serve(self, connection):
        self.over.wait(10)


class Mute(Peer):
    """Hears the request and says nothing."""

    def serve(self, connection):
        request_of(connection)
        self.over.wait(10)


class Dripping(Peer):
    def serve(self, connection):
        request_of(connection)
        drips(LONG)(connection, self.over)


def failed(url, body=b"", **limits):
    """(the error's words, seconds it took)"""

    async def once():
        transport = open_transport(Limits(**limits), url, ())
        try:
            await transport.send(Call("POST", url, body=body))
        finally:
            await transport.aclose()

    began = time.monotonic()
    with pytest.raises(Unreachable) as told:
        asyncio.run(once())
    assert told.value.retryable
    return told.value.words, time.monotonic() - began


@pytest.fixture
def peer(request):
    def serve(kind):
        made = kind()
        request.addfinalizer(made.end)
        return f"http://127.0.0.1:{made.port}/a"

    return serve


def test_connect():
    """A queue that is full: the kernel answers no further SYN. Three tries share what the whole may take."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, socket.socket() as first, socket.socket() as second:
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        words, took = failed(f"http://127.0.0.1:{full.getsockname()[1]}/", connect=0.2, read=9, total=9)
    assert "can't connect" in words
    assert 0.6 <= took < 5


def test_write(peer):
    words, took = failed(peer(Deaf), bytes(64 << 20), write=0.3, read=9, total=9)
    assert "WriteTimeout" in words
    assert took < 5


def test_silence(peer):
    words, took = failed(peer(Mute), read=0.3, total=9)
    assert "ReadTimeout" in words
    assert took < 5


def test_the_whole(peer):
    words, took = failed(peer(Dripping), read=9, total=0.4)
    assert "no whole answer within 0.4 s" in words
    assert took < 5
