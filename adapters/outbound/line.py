"""How a system is reached: proxy, trust, redirects; and the pool of connections made of that."""

import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from adapters.auth.certificate import Identity
from adapters.outbound.connect import Guarded
from adapters.outbound.trust import Trust, context, new_context


@dataclass(frozen=True, slots=True)
class Line:
    """`proxy` is an http or https URL, perhaps with user and password; `redirects` how many are followed in a row; `own`
    our client certificate, which only the system itself is shown, never the proxy."""

    redirects: int = 0
    proxy: str = field(default="", repr=False)
    trust: Trust = field(default_factory=Trust)
    own: Identity | None = None


class Pooled(httpx.AsyncHTTPTransport):
    """httpx's transport over connections that are judged when they are made. Raises Misconfigured: no certificate in `ca`, or one of
    ours that can't be used."""

    def __init__(self, line: Line, hosts: Iterable[str], connections: int) -> None:
        proxy = urlsplit(line.proxy)
        backend = Guarded([*hosts, proxy.hostname or ""])
        trust = _trust(line)
        # httpx's own __init__ makes a pool that can't be handed a backend; all else here is its work
        if line.proxy:
            self._pool = httpcore.AsyncHTTPProxy(
                proxy_url=proxy._replace(netloc=proxy.netloc.rpartition("@")[2]).geturl(),
                proxy_auth=_credentials(proxy.username, proxy.password),
                ssl_context=trust,
                proxy_ssl_context=context(line.trust) if proxy.scheme == "https" else None,
                max_connections=connections,
                max_keepalive_connections=connections,
                keepalive_expiry=KEPT,
                network_backend=backend,
            )
        else:
            self._pool = httpcore.AsyncConnectionPool(
                ssl_context=trust,
                max_connections=connections,
                max_keepalive_connections=connections,
                keepalive_expiry=KEPT,
                network_backend=backend,
            )


KEPT = 15.0
"""Seconds that an idle connection is kept: many servers end theirs after 20, and one that ends as we ask costs a retry."""


def _trust(line: Line) -> ssl.SSLContext:
    if line.own is None:
        return context(line.trust)
    made = new_context(line.trust)
    line.own.present(made)
    return made


def _credentials(user: str | None, password: str | None) -> tuple[bytes, bytes] | None:
    if user is None:
        return None
    return unquote(user).encode(), unquote(password or "").encode()
