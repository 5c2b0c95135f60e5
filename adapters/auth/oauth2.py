"""OAuth 2.0 client credentials: a token for the system itself, by no user (RFC 6749 §4.4)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote_plus, urlencode

from adapters.address import place_of
from adapters.auth.credentials import AUTHORIZATION, basic_of
from adapters.auth.expiry import good_until
from adapters.auth.flow import Call, Reply
from adapters.auth.token import Token
from adapters.decode.json_text import parse_json
from adapters.decode.text import decode_text
from adapters.errors import AdapterError, Busy, Denied, Malformed, Rejected
from adapters.limits import Limits
from adapters.secrets import Revealed
from adapters.spec import ExpirySpec, OAuth2Spec

DENIED = frozenset({"invalid_client", "unauthorized_client", "access_denied"})
BUSY = frozenset({"temporarily_unavailable", "server_error"})
EXPIRES_IN = ExpirySpec(at="/expires_in")
LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """The token endpoint of one system. `lifetime` in seconds counts where the answer has no `expires_in`."""

    spec: OAuth2Spec
    url: str
    revealed: Revealed
    limits: Limits
    lifetime: int | None
    now: Callable[[], datetime]

    def login(self) -> Call:
        """The token request (§4.4.2). Raises Misconfigured: a secret that isn't there."""
        form = {"grant_type": "client_credentials"}
        if self.spec.scope:
            form["scope"] = self.spec.scope
        form |= {name: self.revealed.reveal(value) for name, value in self.spec.form.items()}
        client, secret = self.revealed.reveal(self.spec.client), self.revealed.reveal(self.spec.secret)
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        if self.spec.method == "client_secret_basic":
            # §2.3.1: each is encoded as in a form before they are joined by a colon
            headers[AUTHORIZATION] = basic_of(quote_plus(client), quote_plus(secret), self.revealed)
        else:
            form |= {"client_id": client, "client_secret": secret}
        return Call("POST", self.url, headers, body=urlencode(form).encode())

    def issued(self, reply: Reply) -> Token | None:
        """The token in a successful answer (§5.1), in an error's (§5.2) what it means; None: no answer of either kind.

        Raises Denied, Busy, Rejected, Malformed.
        """
        where = place_of(self.url)
        try:
            tree: Any = parse_json(decode_text(reply.body, "utf-8")[0], self.limits)
        except Malformed as error:
            if not 200 <= reply.status < 300:
                return None
            error.where = where
            raise
        if isinstance(tree, dict) and isinstance(tree.get("error"), str):
            raise self._failure(tree["error"], str(tree.get("error_description") or ""), where)
        if not 200 <= reply.status < 300:
            return None
        try:
            return self._token(tree)
        except Malformed as error:
            error.where = where
            raise

    def _token(self, tree: Any) -> Token:
        found = tree.get("access_token") if isinstance(tree, dict) else None
        if not isinstance(found, str) or not found:
            raise Malformed("no access_token in the answer (应答中没有令牌)")
        kind = tree.get("token_type", "Bearer")
        if str(kind).lower() != "bearer":
            raise Malformed(f"a token of type {kind!r}: only Bearer is known (令牌类型不支持)")
        now = self.now()
        if tree.get("expires_in") is not None:
            return Token.of(self.revealed.note(found), good_until(EXPIRES_IN, tree, now), now)
        until = None if self.lifetime is None else now + timedelta(seconds=self.lifetime)
        return Token.of(self.revealed.note(found), until, now)

    def _failure(self, code: str, words: str, where: str) -> AdapterError:
        kind = Denied if code in DENIED else Busy if code in BUSY else Rejected
        # hidden before it is cut: half a secret wouldn't be known as one
        told = self.revealed.hide(words)[:LONGEST_WORDS]
        return kind(told or "the token endpoint refuses (令牌接口拒绝)", code=code, where=where)
