"""Where a redirect leads (RFC 9110 §15.4), if an adapter lets it lead anywhere. No I/O."""

from collections.abc import Collection
from dataclasses import replace
from urllib.parse import SplitResult, urljoin, urlsplit

from adapters.address import place_of
from adapters.auth.flow import Call, Reply
from adapters.errors import Rejected
from adapters.payload import NOTHING

SAME = frozenset({307, 308})
SEE_OTHER = 303
MOVED = frozenset({301, 302})
CARRIED = frozenset({"accept", "accept-language", "content-type", "soapaction"})
"""What another system may see of our headers: a token may stand in any other."""


def leads_on(reply: Reply) -> bool:
    return reply.status in SAME | MOVED | {SEE_OTHER} and bool(reply.headers.get("location", "").strip())


def next_call(call: Call, reply: Reply, hosts: Collection[str]) -> Call:
    """The call that a redirect asks for: 307 and 308 repeat it, 303 is a GET, 301 and 302 are followed for GET alone.

    Another origin is sent no header that may hold a credential, no signature, and no body. Raises Rejected where it leads to a host
    that the file doesn't name, from https to http, or asks to repeat a body somewhere else.
    """
    try:
        old = urlsplit(call.url)
        bare = old._replace(netloc=old.netloc.rpartition("@")[2]).geturl()
        url = urljoin(bare, reply.headers["location"].strip())
        new = urlsplit(url)
        same = _origin(old) == _origin(new) or _upgraded(old, new)
    except ValueError:
        raise _refused("what is no URL (网址错误)", call, reply) from None
    where = place_of(url)
    if new.scheme not in {"http", "https"} or (new.hostname or "") not in hosts:
        raise _refused(f"{where}, which isn't among base_url and hosts (重定向主机不在允许名单内)", call, reply)
    if (old.scheme, new.scheme) == ("https", "http"):
        raise _refused(f"{where}, without TLS (重定向到非加密地址)", call, reply)
    if new.username is not None:
        raise _refused(f"{where} with a user's name in it (重定向网址含用户名)", call, reply)
    if reply.status == SEE_OTHER and call.method != "HEAD":
        call = replace(call, method="GET", body=b"", headers=_without(call, {"content-type", "content-length"}))
    elif reply.status in MOVED and call.method not in {"GET", "HEAD"}:
        raise _refused(f"{where}, but {call.method} isn't repeated elsewhere on {reply.status} (不重发)", call, reply)
    if not same:
        if call.body:
            raise _refused(f"{where}: what was sent isn't repeated to another system (不向其他系统重发)", call, reply)
        call = replace(call, headers={name: value for name, value in call.headers.items() if name.lower() in CARRIED})
        return replace(call, url=url, query=NOTHING, seal=None)
    return replace(call, url=_signed_in(old, new), query=NOTHING)


def _without(call: Call, names: set[str]) -> dict[str, str]:
    return {name: value for name, value in call.headers.items() if name.lower() not in names}


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _upgraded(old: SplitResult, new: SplitResult) -> bool:
    """From http to https at the same host, each at its own port."""
    return old.hostname == new.hostname and (_origin(old)[::2], _origin(new)[::2]) == (("http", 80), ("https", 443))


def _signed_in(old: SplitResult, new: SplitResult) -> str:
    """Within one origin the user and password of the address go along."""
    user, found, _ = old.netloc.rpartition("@")
    return new._replace(netloc=f"{user}{found}{new.netloc}").geturl()


def _refused(words: str, call: Call, reply: Reply) -> Rejected:
    return Rejected(f"redirects to {words}", code=str(reply.status), where=place_of(call.url))
