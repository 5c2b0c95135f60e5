"""A5: an answer of any size, packed or not, costs us no more than the limit, and the system little more than that."""

import asyncio
import gzip
import tracemalloc
import zlib

import pytest

from adapters.auth.flow import Call
from adapters.errors import Malformed
from adapters.limits import MEGABYTE, Limits
from adapters.transport import open_transport
from tests.adapters.drivers.broken import CHUNKED, HEAD, request_of, whole
from tests.adapters.outbound.peers import Peer

FULL = bytes(MEGABYTE)
ENDLESS = {
    "to the end of the connection": (HEAD + b"\r\n", FULL),
    "chunked": (CHUNKED, b"100000\r\n" + FULL + b"\r\n"),
    "100 MB, said so": (HEAD + b"Content-Length: 104857600\r\n\r\n", FULL),
    "more than any machine has": (HEAD + b"Content-Length: 99999999999999999\r\n\r\n", FULL),
}


class Flood(Peer):
    """Says `before`, then `bucket` for as long as anybody listens; `sent` counts its bytes."""

    def __init__(self, before, bucket):
        self.before, self.bucket, self.sent = before, bucket, 0
        super().__init__()

    def serve(self, connection):
        request_of(connection)
        connection.sendall(self.before)
        while True:
            self.sent += connection.send(self.bucket)


class Once(Peer):
    def __init__(self, answer):
        self.answer = answer
        super().__init__()

    def serve(self, connection):
        request_of(connection)
        connection.sendall(self.answer)


def refused(peer, limits=None):
    """(the error, the most that was held meanwhile in bytes)"""

    async def once():
        transport = open_transport(limits or Limits(), url, ())
        try:
            await transport.send(Call("GET", url))
        finally:
            await transport.aclose()

    url = f"http://127.0.0.1:{peer.port}/a"
    tracemalloc.start()
    try:
        with pytest.raises(Malformed) as told:
            asyncio.run(once())
        return told.value, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        peer.end()


@pytest.mark.parametrize("name", ENDLESS)
def test_an_endless_answer_is_cut_at_the_limit(name):
    peer = Flood(*ENDLESS[name])
    error, most = refused(peer)
    assert "larger than 33554432 bytes" in error.words
    assert (error.retryable, error.where) == (False, f"http://127.0.0.1:{peer.port}/a")
    assert most < 96 * MEGABYTE
    assert peer.sent < 48 * MEGABYTE, "what is on the way in sockets' buffers, and no more"


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate"])
@pytest.mark.parametrize("members", [1, 400])
def test_a_bomb_is_unpacked_no_further_than_the_limit(coding, members):
    pack = zlib.compress if coding == "deflate" else gzip.compress
    peer = Once(whole(pack(bytes(64 * MEGABYTE // members)) * members, f"Content-Encoding: {coding}"))
    error, most = refused(peer)
    assert "unpacks to more" in error.words
    assert most < 96 * MEGABYTE


def test_a_bomb_in_a_bomb_is_not_even_opened():
    peer = Once(whole(gzip.compress(gzip.compress(bytes(MEGABYTE))), "Content-Encoding: gzip, gzip"))
    assert "was not asked for" in refused(peer)[0].words
