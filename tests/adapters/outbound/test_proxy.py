"""A declared proxy: http and https through it, with its own password; the machine's proxy settings count for nothing."""

import asyncio

import pytest
import trustme

from adapters.auth.flow import Call
from adapters.errors import Misconfigured, Unreachable
from adapters.limits import Limits
from adapters.outbound.line import Line
from adapters.outbound.trust import Trust
from adapters.transport import open_transport
from tests.adapters.outbound.peers import OK, Proxy, Tls
from tests.adapters.outbound.test_trust import server_context

CA = trustme.CA()


def ask(url, line):
    async def once():
        transport = open_transport(Limits(connect=1), url, (), line)
        try:
            return (await transport.send(Call("GET", url, {"X-Ticket": "t"}))).body
        finally:
            await transport.aclose()

    return asyncio.run(once())


@pytest.fixture
def proxy(request):
    def serve(*login):
        peer = Proxy(*login)
        request.addfinalizer(peer.end)
        return peer

    return serve


def test_http_goes_through_it_and_the_name_is_for_it_to_resolve(servers, proxy):
    port, peer = servers.raw(OK).rpartition(":")[2], proxy("ann", "p/w")
    line = Line(proxy=f"http://ann:p%2Fw@127.0.0.1:{peer.port}")
    assert ask(f"http://province.test:{port}/a", line) == b"ok"
    assert peer.asked == [f"GET http://province.test:{port}/a"]


def test_https_goes_through_a_tunnel_and_the_proxy_sees_no_header(request, proxy):
    far = Tls(server_context(CA.issue_cert("province.test")))
    request.addfinalizer(far.end)
    peer = proxy("ann", "pw")
    line = Line(proxy=f"http://ann:pw@127.0.0.1:{peer.port}", trust=Trust(CA.cert_pem.bytes().decode()))
    assert ask(f"https://province.test:{far.port}/a", line) == b"ok"
    assert peer.asked == [f"CONNECT province.test:{far.port}"]
    assert b"X-Ticket: t" in far.heard[0]
    assert b"Proxy-Authorization" not in far.heard[0]


def test_a_wrong_password_is_ours_to_mend(proxy):
    peer = proxy("ann", "right")
    line = Line(proxy=f"http://ann:wrong@127.0.0.1:{peer.port}")
    with pytest.raises(Misconfigured, match="the proxy refuses") as told:
        ask("https://province.test:1/a", line)
    assert (told.value.code, "wrong" in str(told.value)) == ("407", False)


def test_a_proxy_that_is_away_is_tried_later(servers):
    with pytest.raises(Unreachable, match="can't connect"):
        ask("http://province.test/a", Line(proxy="http://127.0.0.1:9"))


def test_behind_a_proxy_a_number_is_judged_before_it_is_asked(proxy):
    peer = proxy()
    for forbidden in ("169.254.169.254", "127.1", "0x7f000001", "[::ffff:169.254.169.254]"):
        with pytest.raises(Misconfigured, match=r"may not be called|no URL"):
            ask(f"http://{forbidden}/latest", Line(proxy=f"http://127.0.0.1:{peer.port}"))
    assert peer.asked == []


def test_the_proxy_itself_is_judged(opened):
    with pytest.raises(Misconfigured, match="link-local"):
        ask("http://province.test/a", Line(proxy="http://169.254.169.254:3128"))
    assert opened == []


def test_the_machines_settings_count_for_nothing(servers, proxy, monkeypatch):
    peer, url = proxy(), servers.raw(OK)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{peer.port}")
    assert ask(f"{url}/a", Line()) == b"ok"
    assert peer.asked == []
