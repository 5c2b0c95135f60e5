"""DNS and far addresses made up; all sockets are real and end on loopback."""

import asyncio.selector_events
from collections import defaultdict

import pytest

from adapters.outbound import connect

FAR = "10.9.9.9"
"""An address in a province's private network; whoever connects to it reaches loopback, at the same port."""


class Names:
    """What DNS answers: one list of addresses after the other, the last for ever; and how often it was asked."""

    def __init__(self):
        self._answers, self.asked = {}, defaultdict(int)

    def __setitem__(self, host, answers):
        self._answers[host] = [list(one) for one in answers]

    async def resolved(self, host, port):
        self.asked[host] += 1
        answers = self._answers[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]


@pytest.fixture
def names(monkeypatch):
    made, really = Names(), connect.resolved

    async def resolved(host, port):
        return await (made.resolved if host in made._answers else really)(host, port)

    monkeypatch.setattr(connect, "resolved", resolved)
    return made


@pytest.fixture
def opened(monkeypatch):
    """Every address that a socket was to connect to, in order. Nothing leaves this machine."""
    seen, loop = [], asyncio.selector_events.BaseSelectorEventLoop
    really = loop.sock_connect

    async def sock_connect(self, sock, address):
        seen.append(address[0])
        if address[0] not in {"127.0.0.1", FAR}:
            raise ConnectionRefusedError(111, "refused")
        await really(self, sock, ("127.0.0.1", address[1]))

    monkeypatch.setattr(loop, "sock_connect", sock_connect)
    return seen
