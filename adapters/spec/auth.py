"""How we show who we are."""

from adapters.spec.request import RequestSpec
from adapters.spec.strict import Strict
from adapters.texts import Pointer


class AuthSpec(Strict):
    """`login` gives a token, which stands at `token` in its answer (REST) or is the answer (SOAP); `send` says how it's
    shown (REST headers; a SOAP argument names `{token}` itself). Without `login` nobody is asked who we are."""

    login: RequestSpec | None = None
    token: Pointer | None = None
    send: dict[str, str] = {}
