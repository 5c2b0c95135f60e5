"""Addresses of other systems: what is one, how it is shown, and what in it is nobody's business."""

from base64 import b64encode
from urllib.parse import unquote, urlsplit, urlunsplit


def is_base_url(url: str) -> bool:
    """Whether paths can be put behind it: http or https, a host, perhaps a port and a path, nothing after that.

    >>> [is_base_url(url) for url in ("http://a:80/b", "ftp://a", "a.cn/b", "http://a:b", "http://a/?b")]
    [True, False, False, False, False]
    """
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0 and not {*"?#"} & {*url}
    except ValueError:  # no port, no IPv6 address
        return False


def place_of(url: str) -> str:
    """The URL without query, user and password.

    >>> place_of("https://user:pw@host:1/a/b?token=x#y"), place_of("nothing")
    ('https://host:1/a/b', 'nothing')
    """
    bare = url.partition("?")[0].partition("#")[0]
    scheme, found, rest = bare.partition("://")
    if not found:
        return bare
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{slash}{path}"


def ours(url: str, base: str) -> str:
    """An address that a system gives, called as the adapter file calls that system: behind a proxy systems tell their
    inner scheme and port. Another host's stays as it is.

    >>> ours("http://a.cn:8080/list?page=2", "https://u:p@a.cn/api"), ours("http://b.cn/x", "https://a.cn")
    ('https://u:p@a.cn/list?page=2', 'http://b.cn/x')
    """
    if not same_host(url, base):
        return url
    given, own = urlsplit(url), urlsplit(base)
    return urlunsplit((own.scheme, own.netloc, given.path, given.query, ""))


def same_host(url: str, other: str) -> bool:
    return urlsplit(url).hostname == urlsplit(other).hostname


def credentials_in(url: str) -> tuple[str, ...]:
    """User and password of a URL, in every way in which a system may echo them: as written, plain, as Basic sends them.

    >>> credentials_in("http://ann:p%2Fw@host/")
    ('ann', 'p%2Fw', 'ann', 'p/w', 'YW5uOnAvdw==')
    >>> credentials_in("http://host/")
    ()
    """
    user, found, host = urlsplit(url).netloc.rpartition("@")
    del host
    if not found:
        return ()
    name, _, password = user.partition(":")
    plain = (unquote(name), unquote(password))
    return name, password, *plain, b64encode(":".join(plain).encode()).decode()
