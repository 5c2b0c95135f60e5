"""What goes with a call to show who is asking: declared headers and query values, Basic."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace

from adapters.auth.flow import Call
from adapters.errors import Misconfigured
from adapters.protocol.template import fill
from adapters.secrets import Revealed
from adapters.spec import AuthSpec, BasicSpec

AUTHORIZATION = "Authorization"
TOKEN = "{token}"  # noqa: S105 - a placeholder


def shown(auth: AuthSpec, call: Call, token: str, revealed: Revealed) -> Call:
    """The call with what `auth` adds to it; what names a token only where there is one. Raises Misconfigured."""
    headers, query = _filled(auth.send, token, revealed), _filled(auth.query, token, revealed)
    sent = merged(call.headers, headers)
    if auth.oauth2 is not None and token and not names_token(auth):
        sent = merged({AUTHORIZATION: f"Bearer {token}"}, sent)
    if auth.basic is not None:
        sent = merged({AUTHORIZATION: basic(auth.basic, revealed)}, sent)
    return replace(call, headers=sent, query={**call.query, **query})


def names_token(auth: AuthSpec) -> bool:
    """Whether the file says how a token is shown."""
    return any(TOKEN in template for template in (*auth.send.values(), *auth.query.values()))


def basic(spec: BasicSpec, revealed: Revealed) -> str:
    user = revealed.reveal(spec.user)
    if ":" in user:
        raise Misconfigured("auth.basic: a user's name has no colon (RFC 7617): it would end there (用户名不能含冒号)")
    return basic_of(user, revealed.reveal(spec.password), revealed)


def basic_of(user: str, password: str, revealed: Revealed) -> str:
    """The header's value (RFC 7617 §2), never to be told."""
    packed = revealed.note(b64encode(f"{user}:{password}".encode()).decode())
    return f"Basic {packed}"


def merged(first: Mapping[str, str], then: Mapping[str, str]) -> dict[str, str]:
    """Headers of which the later stand instead of the former, however their names are written."""
    taken = {name.lower() for name in then}
    return {**{name: value for name, value in first.items() if name.lower() not in taken}, **then}


def _filled(templates: Mapping[str, str], token: str, revealed: Revealed) -> dict[str, str]:
    return {
        name: fill(template, {"token": token}, revealed.reveal)
        for name, template in templates.items()
        if token or TOKEN not in template
    }
