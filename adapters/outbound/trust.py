"""Whom we believe over TLS: always verified, by public CAs or by a private one, from TLS 1.2 on unless a file says less."""

import ssl
from dataclasses import dataclass
from functools import cache

import httpx

from adapters.errors import Misconfigured

OLDEST_SOUND = "1.2"
VERSIONS = {
    "1.0": ssl.TLSVersion.TLSv1,
    "1.1": ssl.TLSVersion.TLSv1_1,
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}


@dataclass(frozen=True, slots=True)
class Trust:
    """`ca`: certificates in PEM that are believed instead of the public ones; "" means those."""

    ca: str = ""
    oldest: str = OLDEST_SOUND


def new_context(trust: Trust) -> ssl.SSLContext:
    """One of its own, for connections that show a client certificate. Raises Misconfigured where `ca` holds no certificate."""
    if trust.ca:
        try:
            made = ssl.create_default_context(cadata=trust.ca)
        except (ssl.SSLError, ValueError, TypeError):
            raise Misconfigured("tls.ca holds no certificate in PEM (不是 PEM 证书)") from None
    else:
        made = httpx.create_ssl_context(trust_env=False)
    made.minimum_version = VERSIONS[trust.oldest]
    if trust.oldest < OLDEST_SOUND:
        made.set_ciphers("DEFAULT:@SECLEVEL=0")  # OpenSSL 3 speaks the old versions at no higher level
    return made


context = cache(new_context)
"""The same, shared by all that show none."""


def untrusted(error: BaseException | None) -> str:
    """Why TLS failed for a reason that asking again doesn't mend (a certificate, a version), in OpenSSL's words; "" where
    it is none: a connection that is cut in the middle of a handshake isn't."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_message or str(error.reason)
        passing = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError, ssl.SSLWantReadError)
        if isinstance(error, ssl.SSLError) and not isinstance(error, passing):
            return str(error.reason or error)
        error = error.__cause__ or error.__context__
    return ""
