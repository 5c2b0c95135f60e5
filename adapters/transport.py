"""The one file that opens connections. Everything above it speaks of calls and replies.

One client per adapter. Only hosts that the adapter file names are called, at addresses judged when they are connected to
(`outbound/judged.py`), also where a redirect leads; redirects are followed only as far as the file says. The machine's
proxy settings and .netrc aren't used. `total` bounds a request from connect to the last byte, `answer` its size after
content-coding, h11 its status line and headers (100 KiB). A failed connect is tried again here, since nothing was sent
yet; all else is for the caller to judge.
"""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar
from urllib.parse import urlsplit

import h11
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
from adapters.auth.certificate import refused
from adapters.auth.flow import NOT_SENT, Call, Flow, Reply
from adapters.decode.archive_gzip import gunzip
from adapters.errors import AdapterError, Busy, Denied, Malformed, Misconfigured, Unreachable
from adapters.limits import Limits
from adapters.outbound.connect import literal_refusal
from adapters.outbound.line import Line, Pooled
from adapters.outbound.pace import Pace, shared
from adapters.outbound.redirect import leads_on, next_call
from adapters.outbound.trust import untrusted

CONNECT_TRIES = 3
LONGEST_WAIT = 10.0
HEADERS_TOO_LARGE = 431
DIRECT = Line()
Answer = TypeVar("Answer")


class _NotConnectedError(Exception):
    pass


class Transport:
    """Sends calls within limits, to allowed hosts. Used within one event loop; `aclose` ends its connections."""

    def __init__(self, limits: Limits, hosts: frozenset[str], line: Line = DIRECT, *, pace: Pace | None = None) -> None:
        """Raises Misconfigured where the private CA is none, or the client certificate can't be used."""
        self._limits = limits
        self._hosts = hosts
        self._line = line
        self._room = asyncio.Semaphore(limits.concurrency)
        self._pace = pace
        self._alone = asyncio.Lock()
        _hush()
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(limits.read, connect=limits.connect, write=limits.write, pool=limits.pool),
            transport=Pooled(line, hosts, limits.concurrency),
            follow_redirects=False,
            trust_env=False,
            headers={"Accept-Encoding": "identity", "User-Agent": "liandan-gateway"},
        )

    async def aclose(self) -> None:
        await self._client.aclose()

    async def send(self, call: Call) -> Reply:
        """The reply, whatever its status; that of the last call where redirects are followed.

        Raises Unreachable, Malformed (too large), Misconfigured (host or address not allowed, certificate not trusted),
        Rejected (a redirect that isn't followed).
        """
        reply = await self._one(call)
        for _ in range(self._line.redirects):
            if not leads_on(reply):
                break
            call = next_call(call, reply, self._hosts)
            reply = await self._one(call)
        return reply

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

    async def _one(self, call: Call) -> Reply:
        where = place_of(call.url)
        self._check_host(call.url, where)
        retrying = AsyncRetrying(
            stop=stop_after_attempt(CONNECT_TRIES),
            wait=wait_random_exponential(multiplier=0.05, max=1),
            retry=retry_if_exception_type(_NotConnectedError),
            reraise=True,
        )
        if self._pace is not None:
            await asyncio.sleep(self._pace.turn(asyncio.get_running_loop().time()))
        async with self._place(where):
            try:
                async with asyncio.timeout(self._limits.total):
                    return await retrying(self._send_once, call, where)
            except TimeoutError:
                raise Unreachable(f"no whole answer within {self._limits.total:g} s (超时)", where=where) from None
            except _NotConnectedError as error:
                raise Unreachable(f"can't connect: {error} (无法连接)", where=where) from None

    @asynccontextmanager
    async def _place(self, where: str) -> AsyncIterator[None]:
        """One of the requests that may be under way at once."""
        try:
            async with asyncio.timeout(self._limits.pool):
                await self._room.acquire()
        except TimeoutError:
            words = f"{self._limits.concurrency} requests at once are under way for {self._limits.pool:g} s (并发已满)"
            raise Unreachable(words, where=where) from None
        try:
            yield
        finally:
            self._room.release()

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
        # A proxy resolves names for us, beyond our sight: what is a number already can be judged all the same.
        if self._line.proxy and (words := literal_refusal(parsed.host)):
            raise Misconfigured(f"{parsed.host} may not be called: {words}", where=where)


def open_transport(limits: Limits, base_url: str, hosts: Iterable[str], line: Line = DIRECT) -> Transport:
    """One that may call the host of `base_url` and those declared beside it, by name or as a URL."""
    named = (base_url, *(host if "://" in host else f"//{host}" for host in hosts))
    pace = shared(place_of(base_url), limits.rate) if limits.rate else None
    return Transport(limits, frozenset(host for one in named for host in _spellings(one)), line, pace=pace)


def _spellings(url: str) -> tuple[str, str]:
    """A host as the file writes it and as httpx does, which reads 政务.cn where xn--… is written (RFC 5891)."""
    host = urlsplit(url).hostname or ""
    try:
        return host, httpx.URL(url).host
    except httpx.InvalidURL:
        return host, host


@contextmanager
def _translated(where: str) -> Iterator[None]:
    """Foreign errors end here."""
    try:
        yield
    except AdapterError as error:
        error.where = error.where or where
        raise
    except (httpx.ConnectError, httpx.ReadError, httpx.WriteError, ssl.SSLError) as error:
        # in TLS 1.3 a server refuses after the handshake, where httpx hands on the bare error
        if words := refused(error):
            raise Denied(f"TLS: {words} (客户端证书缺少或未被接受); see auth.certificate", where=where) from None
        if not isinstance(error, httpx.ConnectError):
            raise Unreachable(f"{type(error).__name__}: {error} (连接中断)", where=where) from None
        if words := untrusted(error):
            raise Misconfigured(f"TLS: {words} (证书或 TLS 版本不受信任); see tls.ca", where=where) from None
        raise _NotConnectedError(str(error) or type(error).__name__) from None
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
    except httpx.ProxyError as error:
        raise _of_proxy(error, where) from None
    except httpx.RemoteProtocolError as error:
        if _status_hint(error) == HEADERS_TOO_LARGE:
            raise Malformed("its status line or headers are larger than 100 KiB (响应头过大)", where=where) from None
        raise Unreachable(f"{type(error).__name__}: {error} (连接中断)", where=where) from None
    except httpx.HTTPError as error:
        raise Unreachable(f"{type(error).__name__}: {error} (连接中断)", where=where) from None


def _of_proxy(error: httpx.ProxyError, where: str) -> AdapterError:
    """What a proxy's refusal to open a tunnel means; httpcore hands on its status as the first word."""
    status = str(error).partition(" ")[0]
    if status in {"401", "403", "407"}:
        return Misconfigured(f"the proxy refuses: {error} (代理拒绝)", where=where, code=status)
    return Unreachable(f"the proxy can't: {error} (代理无法连接)", where=where, code=status)


def _status_hint(error: BaseException | None) -> int | None:
    """The status with which h11, deep below, would answer such a message."""
    while error is not None:
        if isinstance(error, h11.RemoteProtocolError):
            return error.error_status_hint
        error = error.__cause__ or error.__context__  # httpcore's pool raises anew, from None
    return None


def _hush() -> None:
    """httpx writes every URL with its query to the log, httpcore every header: nobody's level turns that on by chance."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


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
