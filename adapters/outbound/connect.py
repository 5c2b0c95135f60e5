"""Connections that go only where the judged address is: a name is resolved once, and what was judged is connected to.

Between a check of a name and a connect by that name, DNS may answer something else (rebinding); here there is nothing in
between. TLS still checks the certificate against the name, and `Host` still carries it: only the socket knows the number.
"""

import asyncio
import socket
from collections.abc import Iterable

import httpcore

from adapters.errors import Misconfigured
from adapters.outbound.judged import refusal, says_itself

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


async def resolved(host: str, port: int) -> list[str]:
    """The host's addresses in the system's order, without doubles; odd spellings of numbers resolve too. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def literal_refusal(host: str) -> str:
    """As `refusal`, for a host that is a number in any spelling (inet_aton's too); "" for a name."""
    try:
        address = socket.inet_ntoa(socket.inet_aton(host)) if ":" not in host else host
        return refusal(address, itself=says_itself(host))
    except (OSError, ValueError):
        return ""


class Guarded(httpcore.AsyncNetworkBackend):
    """Opens TCP connections for httpcore. `named` are the hosts as the adapter file writes them."""

    def __init__(self, named: Iterable[str]) -> None:
        self._itself = frozenset(host for host in named if says_itself(host))
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """The first of the host's addresses that answers; all share the time. Misconfigured where one is forbidden."""
        clock = asyncio.get_running_loop().time
        deadline = None if timeout is None else clock() + timeout
        addresses = await self._judged(host, port, timeout)
        for number, address in enumerate(addresses):
            share = None if deadline is None else max(0.01, (deadline - clock()) / (len(addresses) - number))
            try:
                return await self._plain.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses) - 1:
                    raise
        raise httpcore.ConnectError(f"{host} has no address")

    async def _judged(self, host: str, port: int, seconds: float | None) -> list[str]:
        """All addresses, when all may be called: a name that has both good and forbidden ones is somebody's trick."""
        try:
            async with asyncio.timeout(seconds):
                addresses = await resolved(host, port)
        except TimeoutError:
            raise httpcore.ConnectTimeout(f"{host} isn't resolved in time") from None
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host}: {error}") from None
        for address in addresses:
            if words := refusal(address, itself=host in self._itself):
                shown = host if host == address else f"{host} is {address}, which"
                raise Misconfigured(f"{shown} may not be called: {words}")
        return addresses

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
