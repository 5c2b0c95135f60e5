"""How we show who we are."""

from typing import Annotated, Literal

from pydantic import Field

from adapters.spec.request import RequestSpec
from adapters.spec.strict import Strict
from adapters.texts import Name, Pointer, Seconds, Text


class BasicSpec(Strict):
    """User and password in `Authorization` (RFC 7617), in UTF-8."""

    user: Text
    password: str


class TimeSpec(Strict):
    """How `{time}` is written: `unix`, `unix_ms`, or a pattern of yyyy MM dd HH mm ss (and SSS) in `zone`. A value in JSON that
    is nothing but `{time}` is a text, or a `number`."""

    format: Text = "unix"
    zone: Text = "Asia/Shanghai"
    number: bool = False


class NonceSpec(Strict):
    """What `{nonce}` is made of."""

    size: Annotated[int, Field(ge=1, le=64)] = 32
    of: Literal["hex", "digits", "letters"] = "hex"


class OAuth2Spec(Strict):
    """Client credentials (RFC 6749 §4.4). `token_url` is a path below base_url, or a whole address; `form` goes with the
    request besides, such as an audience."""

    token_url: Text
    client: Text
    secret: str
    method: Literal["client_secret_basic", "client_secret_post"] = "client_secret_basic"
    scope: Text | None = None
    form: dict[str, str] = {}


class CertificateSpec(Strict):
    """A client certificate: `cert` (PEM, leaf first) and `key` (PEM; left out: it stands beside the certificate), each a
    `file:PATH` or a variable that holds it; or `pkcs12`, the path of a .p12 or .pfx. `password` is that of the key."""

    cert: Text | None = None
    key: Text | None = None
    pkcs12: Text | None = None
    password: str | None = None


class ExpirySpec(Strict):
    """Until when a token is good, by the login's answer: `format` is `seconds` from now on, `unix`, `unix_ms`, or a pattern
    of yyyy MM dd HH mm ss in `zone`."""

    at: Pointer
    format: Text = "seconds"
    zone: Text = "Asia/Shanghai"


class AuthSpec(Strict):
    """`send` (headers) and `query` go with every call; those that name `{token}` only with calls that have one. A header that
    `send` gives stands instead of `basic`.

    `sign` has the steps of each signature (`auth/signing/language.py`), made when a call is sent; its name, `{time}` and
    `{nonce}` are filled in wherever they stand.

    `login` gives a token, which stands at `token` in its answer (REST) or is the answer (SOAP); a SOAP argument names
    `{token}` itself. `oauth2` gives one, too, shown as Bearer where `send` and `query` don't say otherwise. It is renewed before it `expires`, or before it is `lifetime` old, and whenever the system refuses it.
    """

    basic: BasicSpec | None = None
    certificate: CertificateSpec | None = None
    oauth2: OAuth2Spec | None = None
    login: RequestSpec | None = None
    token: Pointer | None = None
    expires: ExpirySpec | None = None
    lifetime: Seconds | None = None
    send: dict[str, str] = {}
    query: dict[str, str] = {}
    time: TimeSpec = TimeSpec()
    nonce: NonceSpec = NonceSpec()
    sign: dict[Name, tuple[Text, ...]] = {}
