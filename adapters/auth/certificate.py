"""A client certificate: who we are, told in the TLS handshake (RFC 8446 §4.4.2)."""

import secrets
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

from adapters.errors import Misconfigured
from adapters.secrets import Revealed
from adapters.spec import CertificateSpec

# What a server says in TLS of a certificate that it doesn't accept, or of none (OpenSSL's names of RFC 8446 §6.2)
ALERTS = (
    "CERTIFICATE_REQUIRED",
    "BAD_CERTIFICATE",
    "UNSUPPORTED_CERTIFICATE",
    "CERTIFICATE_REVOKED",
    "CERTIFICATE_EXPIRED",
    "CERTIFICATE_UNKNOWN",
    "UNKNOWN_CA",
    "ACCESS_DENIED",
    "HANDSHAKE_FAILURE",  # what TLS 1.2 says of none (RFC 5246 §7.4.6); rarely: no cipher in common
)

Key = RSAPrivateKey | EllipticCurvePrivateKey | Ed25519PrivateKey | Ed448PrivateKey


@dataclass(frozen=True, slots=True)
class Identity:
    """A private key with its certificate, and those between it and a root."""

    key: Key = field(repr=False)
    chain: tuple[x509.Certificate, ...]

    def present(self, context: ssl.SSLContext) -> None:
        """From now on the context's connections show it. Raises Misconfigured where OpenSSL can't use it."""
        # ssl reads files only; the key stands in one for a moment, encrypted under a password that nobody else knows
        once = secrets.token_bytes(32).hex()
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(once.encode()))
        pem = b"".join(one.public_bytes(Encoding.PEM) for one in self.chain)
        with TemporaryDirectory() as folder:
            file = Path(folder) / "identity.pem"
            file.write_bytes(pem + key)
            try:
                context.load_cert_chain(file, password=once)
            except ssl.SSLError as error:
                raise Misconfigured(
                    f"the client certificate can't be used: {error.reason} (客户端证书无法使用)"
                ) from None


Found = tuple[object, tuple[x509.Certificate, ...]]


def identity(spec: CertificateSpec, revealed: Revealed) -> Identity:
    """Reads what the file names. Raises Misconfigured."""
    password = revealed.reveal(spec.password).encode() if spec.password else None
    key, chain = _from_pkcs12(spec.pkcs12, password, revealed) if spec.pkcs12 else _from_pem(spec, password, revealed)
    if not isinstance(key, Key):
        raise Misconfigured("auth.certificate: a key of a kind that TLS doesn't use (密钥类型不支持)")
    if key.public_key() != chain[0].public_key():
        raise Misconfigured("the key isn't that of the client certificate (私钥与证书不符)")
    return Identity(key, chain)


def _from_pem(spec: CertificateSpec, password: bytes | None, revealed: Revealed) -> Found:
    assert spec.cert is not None
    pem = revealed.reveal(spec.cert).encode()
    try:
        chain = tuple(x509.load_pem_x509_certificates(pem))
    except ValueError:
        raise Misconfigured("auth.certificate.cert holds no certificate in PEM (不是 PEM 证书)") from None
    own = revealed.reveal(spec.key).encode() if spec.key else pem
    try:
        key = load_pem_private_key(own, password)
    except (ValueError, TypeError) as error:  # TypeError: a password for a key that has none, or none for one that has
        words = "wrong or missing password" if password or isinstance(error, TypeError) else "no private key in PEM"
        raise Misconfigured(f"auth.certificate.key can't be read: {words} (私钥无法读取)") from None
    return key, chain


def _from_pkcs12(declared: str, password: bytes | None, revealed: Revealed) -> Found:
    path = revealed.path(declared)
    try:
        key, leaf, others = pkcs12.load_key_and_certificates(path.read_bytes(), password)
    except OSError as error:
        raise Misconfigured(f"auth.certificate.pkcs12: {path}: {error.strerror} (无法读取)") from None
    except ValueError:
        words = "no PKCS #12, or a wrong password (不是 PKCS #12 或密码错误)"
        raise Misconfigured(f"auth.certificate.pkcs12: {path}: {words}") from None
    if key is None or leaf is None:
        raise Misconfigured(f"auth.certificate.pkcs12: {path} holds no key with its certificate (缺少私钥或证书)")
    return key, (leaf, *others)


def refused(error: BaseException | None) -> str:
    """What the server's TLS says of our certificate, or of there being none; "" where it says nothing of it."""
    while error is not None:
        if isinstance(error, ssl.SSLError) and error.reason and error.reason.endswith(ALERTS):
            return error.reason.lower().replace("_", " ")
        error = error.__cause__ or error.__context__
    return ""
