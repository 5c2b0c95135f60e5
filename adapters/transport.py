"""The one file that opens connections. Everything above it speaks of calls and replies.

One client per adapter. Only hosts that the adapter file names are called; redirects aren't followed; the machine's proxy
settings and .netrc aren't used. `total` bounds a call from connect to the last byte, `answer` its size after content-coding.
A failed connect is tried again here, since nothing was sent yet; all else is for the caller to judge.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    retry_if_exception_type,
    stop_after_attempt,
    wait_random_exponential,
)

from adapters.address import place_of
from adapters.auth.certificate import Identity, refused
from adapters.auth.flow import NOT_SENT, Call, Flow, Reply
from adapters.decode.archive_gzip import gunzip
from adapters.errors import AdapterError, Busy, Denied, Malformed, Misconfigured, Unreachable
from adapters.limits import Limits

CONNECT_TRIES = 3
LONGEST_WAIT = 10.0
Answer = TypeVar("Answer")


class _NotConnectedError(Exception):
    pass


class Transport:
    """Sends calls within limits, to allowed hosts. Used within one event loop; `aclose` ends its connections."""

    def __init__(self, limits: Limits, hosts: frozenset[str], own: Identity | None = None) -> None:
        """`own` is the client certificate. Raises Misconfigured where it can't be used."""
        trust = httpx.create_ssl_context(trust_env=False)
        if own is not None:
            own.present(trust)
        self._limits = limits
        self._hosts = hosts
        self._room = asyncio.Semaphore(limits.concurrency)
        self._alone = asyncio.Lock()
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(limits.read, connect=limits.connect),
            limits=httpx.Limits(max_connections=limits.concurrency, max_keepalive_connections=limits.concurrency),
            follow_redirects=False,
            trust_env=False,
            verify=trust,
            headers={"Accept-Encoding": "identity", "User-Agent": "liandan-gateway"},
        )

    async def aclose(self) -> None:
        await self._client.aclose()

    async def send(self, call: Call) -> Reply:
        """The reply, whatever its status. Raises Unreachable, Malformed (too large), Misconfigured (host not allowed)."""
        where = place_of(call.url)
        self._check_host(call.url, where)
        retrying = AsyncRetrying(
            stop=stop_after_attempt(CONNECT_TRIES),
            wait=wait_random_exponential(multiplier=0.05, max=1),
            retry=retry_if_exception_type(_NotConnectedError),
            reraise=True,
        )
        try:
            async with self._room, asyncio.timeout(self._limits.total):
                return await retrying(self._send_once, call, where)
        except TimeoutError:
            raise Unreachable(f"no whole answer within {self._limits.total:g} s (超时)", where=where) from None
        except _NotConnectedError as error:
            raise Unreachable(f"can't connect: {error} (无法连接)", where=where) from None

    async def run(self, flow: Flow) -> Reply:
        """Drives an authentication flow to its end."""
        call = next(flow)
        while True:
            try:
                if call.needed is None:
                    call = flow.send(await self.send(call))
                else:
                    async with self._alone:
                        # what the flow learns from the answer must be known before the next one looks
                        call = flow.send(await self.send(call) if call.needed() else NOT_SENT)
            except StopIteration as done:
                final: Reply = done.value
                return final

    async def _send_once(self, call: Call, where: str) -> Reply:
        call = call.sealed()
        with _translated(where):
            request = self._client.build_request(
                call.method,
                call.url,
                params=dict(call.query) or None,
                headers=dict(call.headers),
                content=call.body or None,
            )
            response = await self._client.send(request, stream=True)
            try:
                body = await self._read(response, where)
            finally:
                await response.aclose()
        return Reply(response.status_code, {name.lower(): value for name, value in response.headers.items()}, body)

    async def _read(self, response: httpx.Response, where: str) -> bytes:
        """The body after content-coding; the coding is undone here, since httpx would unpack without bound."""
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > self._limits.answer:
                raise Malformed(f"the answer is larger than {self._limits.answer} bytes (应答过大)", where=where)
        coding = response.headers.get("content-encoding", "identity").strip().lower()
        if coding in {"identity", ""}:
            return bytes(body)
        if coding in {"gzip", "x-gzip", "deflate"}:
            return gunzip(bytes(body), Limits(unpacked=self._limits.answer, ratio=self._limits.ratio), what=coding)
        raise Malformed(f"content-coding {coding!r} was not asked for (未请求的内容编码)", where=where)

    def _check_host(self, url: str, where: str) -> None:
        try:
            parsed = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise Misconfigured(f"no URL: {error} (网址错误)", where=where) from None
        if parsed.scheme not in {"http", "https"} or parsed.host not in self._hosts:
            raise Misconfigured(
                f"host {parsed.host!r} isn't among base_url and hosts (主机不在允许名单内)", where=where
            )


def open_transport(limits: Limits, base_url: str, hosts: Iterable[str], own: Identity | None = None) -> Transport:
    """One that may call the host of `base_url` and those declared beside it, by name or as a URL."""
    named = (base_url, *(host if "://" in host else f"//{host}" for host in hosts))
    return Transport(limits, frozenset(urlsplit(one).hostname or "" for one in named), own)


@contextmanager
def _translated(where: str) -> Iterator[None]:
    """Foreign errors end here."""
    try:
        yield
    except (httpx.ConnectError, httpx.ReadError, httpx.WriteError, ssl.SSLError) as error:
        # in TLS 1.3 a server refuses after the handshake, where httpx hands on the bare error
        if words := refused(error):
            raise Denied(f"TLS: {words} (客户端证书缺少或未被接受); see auth.certificate", where=where) from None
        if isinstance(error, httpx.ConnectError):
            raise _NotConnectedError(str(error) or type(error).__name__) from None
        raise Unreachable(f"{type(error).__name__}: {error} (连接中断)", where=where) from None
    except httpx.ConnectTimeout as error:
        raise _NotConnectedError(str(error) or type(error).__name__) from None
    except httpx.TimeoutException as error:
        raise Unreachable(f"{type(error).__name__} (超时)", where=where) from None
    except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise Misconfigured(f"{error} (网址错误)", where=where) from None
    except (UnicodeError, httpx.LocalProtocolError):  # without its words: they'd tell the header
        raise Misconfigured(
            "a header holds what HTTP can't carry, perhaps a secret that isn't ASCII or ends a line (请求头含非 ASCII 字符或换行)",
            where=where,
        ) from None
    except httpx.HTTPError as error:
        raise Unreachable(f"{type(error).__name__}: {error} (连接中断)", where=where) from None


async def patiently(limits: Limits, work: Callable[[], Awaitable[Answer]]) -> Answer:
    """Does the work again while it fails with a retryable error, a few times and for seconds only.

    A wait that the other system asks for is kept; one longer than we wait here goes to the caller as Busy.
    """
    growing = wait_random_exponential(multiplier=0.1, max=LONGEST_WAIT)

    def pause(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait if isinstance(error, Busy) else None
        return growing(state) if asked is None else asked

    def again(error: BaseException) -> bool:
        asked = error.wait if isinstance(error, Busy) else None
        return isinstance(error, AdapterError) and error.retryable and (asked or 0.0) <= LONGEST_WAIT

    # a fresh object each time: one that is shared isn't safe between tasks
    retrying = AsyncRetrying(
        stop=stop_after_attempt(limits.tries), wait=pause, retry=retry_if_exception(again), reraise=True
    )
    async for attempt in retrying:
        with attempt:
            return await work()
    raise AssertionError("tenacity ends with a result or an error")
