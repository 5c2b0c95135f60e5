"""A26: who can't prove over TLS to be the system is told as such, and hears nothing of our request."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

import adapters
from adapters.auth.flow import Call
from adapters.errors import Misconfigured, Unreachable
from adapters.limits import Limits
from adapters.load import load_adapter
from adapters.outbound.line import Line
from adapters.outbound.trust import Trust, context, untrusted
from adapters.registry import open_adapter
from adapters.transport import open_transport
from tests.adapters.outbound.peers import Tls

JS = (Path(adapters.__file__).parent / "provinces/js.yaml").read_text("utf-8")
OLD = pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1")  # that a system speaks it is what is tested
NOW = datetime.now(UTC)
DAY = timedelta(days=1)
CA, STRANGER = trustme.CA(), trustme.CA()
PRIVATE = CA.cert_pem.bytes().decode()
CHILD = CA.create_child_ca()


def server_context(leaf, *, whole=True, newest=None):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if newest:
        made.set_ciphers("DEFAULT:@SECLEVEL=0")
        made.minimum_version, made.maximum_version = ssl.TLSVersion.TLSv1, newest
    leaf.configure_cert(made)
    if not whole:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with leaf.private_key_pem.tempfile() as key, leaf.cert_chain_pems[0].tempfile() as chain:
            made.load_cert_chain(chain, key)
    return made


REFUSED = {
    "expired": (
        lambda: server_context(CA.issue_cert("localhost", not_before=NOW - 9 * DAY, not_after=NOW - DAY)),
        "certificate has expired",
    ),
    "not yet valid": (
        lambda: server_context(CA.issue_cert("localhost", not_before=NOW + DAY, not_after=NOW + 9 * DAY)),
        "not yet valid",
    ),
    "another host's": (lambda: server_context(CA.issue_cert("other.test")), "Hostname mismatch"),
    "a name that only the subject has": (
        lambda: server_context(CA.issue_cert("other.test", common_name="localhost")),
        "Hostname mismatch",
    ),
    "another CA's": (lambda: server_context(STRANGER.issue_cert("localhost")), "unable to get local issuer"),
    "the chain's middle missing": (
        lambda: server_context(CHILD.issue_cert("localhost"), whole=False),
        "unable to get local issuer",
    ),
    "TLS 1.1": (
        lambda: server_context(CA.issue_cert("localhost"), newest=ssl.TLSVersion.TLSv1_1),
        "VERSION",
    ),
}


def ask(port, line, scheme="https", **limits):
    async def once():
        url = f"{scheme}://localhost:{port}/a"
        transport = open_transport(Limits(**limits), url, (), line)
        try:
            return (await transport.send(Call("GET", url, {"X-Ticket": "t-5512"}))).body
        finally:
            await transport.aclose()

    return asyncio.run(once())


@pytest.fixture
def tls(request):
    def serve(made):
        peer = Tls(made)
        request.addfinalizer(peer.end)
        return peer

    return serve


@OLD
@pytest.mark.parametrize("name", REFUSED)
def test_who_is_not_proven_hears_nothing(tls, name):
    make, words = REFUSED[name]
    peer = tls(make())
    with pytest.raises(Misconfigured, match=f"TLS: .*{words}") as told:
        ask(peer.port, Line(trust=Trust(PRIVATE)))
    assert not told.value.retryable
    assert told.value.where == f"https://localhost:{peer.port}/a"
    assert peer.heard == []


def test_a_self_signed_one_is_refused_by_the_public_cas(tls):
    peer = tls(server_context(CA.issue_cert("localhost")))
    with pytest.raises(Misconfigured, match=r"self-signed|local issuer"):
        ask(peer.port, Line())
    assert peer.heard == []


@pytest.mark.parametrize("leaf", [CA.issue_cert("localhost"), CHILD.issue_cert("localhost")])
def test_a_private_ca_is_believed_where_it_is_declared(tls, leaf):
    peer = tls(server_context(leaf))
    assert ask(peer.port, Line(trust=Trust(PRIVATE))) == b"ok"
    assert b"X-Ticket: t-5512" in peer.heard[0]


@OLD
def test_an_old_system_is_spoken_to_where_the_file_says_so(tls):
    peer = tls(server_context(CA.issue_cert("localhost"), newest=ssl.TLSVersion.TLSv1_1))
    assert ask(peer.port, Line(trust=Trust(PRIVATE, "1.0"))) == b"ok"


def test_no_tls_at_all_is_told_and_a_cut_handshake_is_tried_later(servers):
    plain = servers.raw(b"HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n").rpartition(":")[2]
    with pytest.raises(Misconfigured, match="TLS"):
        ask(plain, Line())
    cut = servers.raw(b"").rpartition(":")[2]
    with pytest.raises(Unreachable, match="can't connect"):
        ask(cut, Line(), connect=0.5)


@pytest.mark.parametrize("ca", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_ca_that_is_none_is_told(ca):
    if not ca:
        assert context(Trust()).verify_mode is ssl.CERT_REQUIRED
        return
    with pytest.raises(Misconfigured, match=r"tls\.ca holds no certificate"):
        context(Trust(ca))


def test_a_connection_that_is_cut_is_no_question_of_trust():
    assert not untrusted(ssl.SSLEOFError(8, "EOF"))
    assert not untrusted(ConnectionResetError())


def test_the_adapter_file_names_the_ca(tmp_path, tls):
    """From the file to the wire: `file:` and a variable; a missing file is told by name."""
    peer = tls(server_context(CA.issue_cert("localhost")))
    pem = tmp_path / "ca.pem"
    pem.write_text(PRIVATE)
    environment = {
        "LIANDAN_JS_URL": f"https://localhost:{peer.port}",
        "LIANDAN_JS_APP_ID": "a",
        "LIANDAN_JS_APP_SECRET": "b",
        "CA": PRIVATE,
    }

    async def probe(declared):
        (tmp_path / "js.yaml").write_text(f"{JS}\ntls: {{ca: {declared}}}\n", "utf-8")
        driver = open_adapter(load_adapter(tmp_path / "js.yaml"), environment)
        try:
            return await driver.probe("manifests")
        finally:
            await driver.aclose()

    for declared in (f'"file:{pem}"', '"${CA}"'):
        assert asyncio.run(probe(declared)).answered is not None  # it answers, if not as js does
    assert len(peer.heard) == 2
    pem.unlink()
    told = asyncio.run(probe(f'"file:{pem}"'))
    assert told.answered is None
    assert "ca.pem can't be read" in str(told.error)
