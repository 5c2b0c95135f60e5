"""Client certificates against a real TLS server that asks for one; the CAs are made here."""

import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
import trustme
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import load_pem_x509_certificate

from adapters.errors import Denied, Misconfigured

TRUST = "tls: {ca: 'file:${YY_DIR}/ca.pem'}"
PASSWORD = "p12-pass-77"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The system's CA, its server's certificate, and ours in every form; a stranger's from another CA."""
    folder, ca, other = tmp_path_factory.mktemp("tls"), trustme.CA(), trustme.CA()
    ca.cert_pem.write_to_path(folder / "ca.pem")
    ca.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    ours, stranger = ca.issue_cert("gateway@example.org"), other.issue_cert("stranger@example.org")
    for name, leaf in (("ours", ours), ("stranger", stranger)):
        leaf.cert_chain_pems[0].write_to_path(folder / f"{name}.crt")
        leaf.private_key_pem.write_to_path(folder / f"{name}.key")
        leaf.private_key_and_cert_chain_pem.write_to_path(folder / f"{name}.pem")
    key = form.load_pem_private_key(ours.private_key_pem.bytes(), None)
    locked = form.BestAvailableEncryption(PASSWORD.encode())
    (folder / "locked.key").write_bytes(key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, locked))
    leaf = load_pem_x509_certificate(ours.cert_chain_pems[0].bytes())
    (folder / "ours.p12").write_bytes(pkcs12.serialize_key_and_certificates(b"us", key, leaf, None, locked))
    (folder / "empty.p12").write_bytes(b"not at all")
    return SimpleNamespace(folder=folder, pem=ours.private_key_and_cert_chain_pem.bytes().decode())


class Province(ThreadingHTTPServer):
    """Speaks to nobody without a certificate of its CA, and says so in TLS as servers do; notes whose it saw."""

    def __init__(self, folder, newest):
        super().__init__(("127.0.0.1", 0), Handler)
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=folder / "ca.pem")
        self.context.load_cert_chain(folder / "server.pem")
        self.context.verify_mode = ssl.CERT_REQUIRED
        self.context.maximum_version = newest
        self.seen = []

    def get_request(self):
        connection, address = super().get_request()
        return self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

    def finish_request(self, request, address):
        try:
            request.do_handshake()
        except ssl.SSLError:
            request.shutdown(socket.SHUT_WR)
            while request.recv(4096):  # else the alert is lost in a reset
                pass
            return
        self.seen.append([value for kind, value in request.getpeercert()["subjectAltName"]])
        super().finish_request(request, address)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"code": "OK", "total": 1, "rows": [{"no": "n1", "changed": "2026-02-03"}]}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture(params=["TLSv1_2", "TLSv1_3"])
def system(request, house):
    """(the province, the environment)."""
    with Province(house.folder, ssl.TLSVersion[request.param]) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        url = f"https://127.0.0.1:{made.server_port}"
        yield made, {"YY_URL": url, "YY_DIR": str(house.folder), "YY_PASS": PASSWORD, "YY_PEM": house.pem}
        made.shutdown()
        thread.join(10)


@pytest.mark.parametrize(
    "certificate",
    [
        "{cert: 'file:${YY_DIR}/ours.crt', key: 'file:${YY_DIR}/ours.key'}",
        "{cert: 'file:${YY_DIR}/ours.crt', key: 'file:${YY_DIR}/locked.key', password: '${YY_PASS}'}",
        "{cert: 'file:${YY_DIR}/ours.pem'}",
        "{cert: '${YY_PEM}'}",
        "{pkcs12: '${YY_DIR}/ours.p12', password: '${YY_PASS}'}",
    ],
)
def test_our_certificate_opens_the_door(declared, system, pull, certificate):
    made, environment = system
    pulled = pull(declared(f"auth:\n  certificate: {certificate}\n{TRUST}"), environment)
    assert pulled.error is None
    assert (len(pulled.exchanges), made.seen) == (1, [["gateway@example.org"]])


@pytest.mark.parametrize("auth", ["", "auth:\n  certificate: {cert: 'file:${YY_DIR}/stranger.pem'}"])
def test_without_one_or_with_a_strangers_it_is_denied(declared, system, pull, auth):
    made, environment = system
    pulled = pull(declared(f"{auth}\n{TRUST}"), environment)
    assert isinstance(pulled.error, Denied)
    assert "TLS: " in str(pulled.error)
    assert "see auth.certificate" in str(pulled.error)
    assert made.seen == []


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        (
            "{cert: 'file:${YY_DIR}/ours.crt', key: 'file:${YY_DIR}/stranger.key'}",
            "isn't that of the client certificate",
        ),
        ("{cert: 'file:${YY_DIR}/ours.crt', key: 'file:${YY_DIR}/locked.key'}", "wrong or missing password"),
        ("{cert: 'file:${YY_DIR}/ours.crt'}", "no private key in PEM"),
        ("{cert: 'file:${YY_DIR}/ours.key'}", "holds no certificate in PEM"),
        ("{cert: '${YY_NONE}'}", "not set: YY_NONE"),
        ("{pkcs12: '${YY_DIR}/ours.p12'}", "a wrong password"),
        ("{pkcs12: '${YY_DIR}/empty.p12', password: '${YY_PASS}'}", "no PKCS #12"),
        ("{pkcs12: '${YY_DIR}/none.p12'}", "none.p12: No such file"),
    ],
)
def test_what_cannot_be_used_is_told(declared, system, pull, house, certificate, words):
    made, environment = system
    pulled = pull(declared(f"auth:\n  certificate: {certificate}\n{TRUST}"), environment)
    assert isinstance(pulled.error, Misconfigured)
    assert words in str(pulled.error)
    assert not any(secret in str(pulled.error) for secret in (PASSWORD, house.pem[40:80]))
    assert made.seen == []
