"""WS-Security UsernameToken Profile 1.1 (OASIS, 2006), with clock and nonce handed in.

zeep's own token takes no nonce of bytes and writes none beside a text password; only its names are used.
"""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha1

from lxml import etree
from zeep.wsse.utils import WSSE, WSU, get_security_header

from adapters.spec import SecuritySpec

_PROFILE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0"
_BASE64 = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"


def sign(envelope: etree._Element, spec: SecuritySpec, user: str, password: str, now: datetime, nonce: bytes) -> None:
    """Puts wsse:Security into the envelope's header. `user` and `password` are the revealed ones."""
    created = written(now)
    shown = password
    if spec.kind == "digest":
        shown = digest(nonce if spec.nonce else b"", created if spec.created else "", password)
    kind = f"{_PROFILE}#Password{spec.kind.capitalize()}"
    token = WSSE.UsernameToken(WSSE.Username(user), WSSE.Password(shown, Type=kind))
    if spec.nonce:
        token.append(WSSE.Nonce(b64encode(nonce).decode(), EncodingType=_BASE64))
    if spec.created:
        token.append(WSU.Created(created))
    security = get_security_header(envelope)  # type: ignore[no-untyped-call]
    if spec.timestamp is not None:
        expires = written(now + timedelta(seconds=spec.timestamp))
        security.append(WSU.Timestamp(WSU.Created(created), WSU.Expires(expires)))
    security.append(token)
    if spec.must_understand:
        security.set(etree.QName(etree.QName(envelope).namespace, "mustUnderstand"), "1")


def digest(nonce: bytes, created: str, password: str) -> str:
    """Password_Digest of the profile, §3.1.

    >>> digest(b"", "", "abc")
    'qZk+NkcGgWq6PiVxeFDCbJzQ2J0='
    """
    return b64encode(sha1(nonce + created.encode() + password.encode(), usedforsecurity=False).digest()).decode()


def written(moment: datetime) -> str:
    """UTC, as xsd:dateTime.

    >>> written(datetime(2026, 3, 5, 8, 30, tzinfo=UTC))
    '2026-03-05T08:30:00Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
