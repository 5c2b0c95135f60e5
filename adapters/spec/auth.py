"""How we show who we are."""

from adapters.spec.request import RequestSpec
from adapters.spec.strict import Strict
from adapters.texts import Pointer, Seconds, Text


class BasicSpec(Strict):
    """User and password in `Authorization` (RFC 7617), in UTF-8."""

    user: Text
    password: str


class ExpirySpec(Strict):
    """Until when a token is good, by the login's answer: `format` is `seconds` from now on, `unix`, `unix_ms`, or a pattern
    of yyyy MM dd HH mm ss in `zone`."""

    at: Pointer
    format: Text = "seconds"
    zone: Text = "Asia/Shanghai"


class AuthSpec(Strict):
    """`send` (headers) and `query` go with every call; those that name `{token}` only with calls that have one. A header that
    `send` gives stands instead of `basic`.

    `login` gives a token, which stands at `token` in its answer (REST) or is the answer (SOAP); a SOAP argument names
    `{token}` itself. It is renewed before it `expires`, or before it is `lifetime` old, and whenever the system refuses it.
    """

    basic: BasicSpec | None = None
    login: RequestSpec | None = None
    token: Pointer | None = None
    expires: ExpirySpec | None = None
    lifetime: Seconds | None = None
    send: dict[str, str] = {}
    query: dict[str, str] = {}
