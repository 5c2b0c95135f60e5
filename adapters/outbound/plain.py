"""A plain TCP connection that goes only where the judged address is, for protocols that aren't HTTP."""

import asyncio
import socket

from adapters.errors import Misconfigured, Unreachable
from adapters.outbound.connect import resolved
from adapters.outbound.judged import refusal, says_itself


async def connected(host: str, port: int, seconds: float) -> socket.socket:
    """The first of the host's addresses that answers; `host` as the adapter file writes it. Non-blocking.

    Raises Misconfigured where an address of it is forbidden, Unreachable.
    """
    where = f"{host}:{port}"
    try:
        async with asyncio.timeout(seconds):
            addresses = await resolved(host, port)
            for address in addresses:
                if words := refusal(address, itself=says_itself(host)):
                    shown = host if host == address else f"{host} is {address}, which"
                    raise Misconfigured(f"{shown} may not be called: {words}", where=where)
            return await _first(addresses, port, seconds)
    except TimeoutError:
        raise Unreachable(f"no connection within {seconds:g} s (连接超时)", where=where) from None
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"can't connect: {error} (无法连接)", where=where) from None


async def _first(addresses: list[str], port: int, seconds: float) -> socket.socket:
    last = OSError("it has no address")
    for address in addresses:
        made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        made.setblocking(False)
        try:
            async with asyncio.timeout(seconds / len(addresses)):
                await asyncio.get_running_loop().sock_connect(made, (address, port))
        except (OSError, TimeoutError) as error:
            made.close()
            last = error if isinstance(error, OSError) and str(error) else OSError(f"{address} doesn't answer")
        except BaseException:
            made.close()
            raise
        else:
            return made
    raise last
