"""Authentication as a generator: it yields calls and is sent their answers, and does no I/O itself.

`Transport.run` drives it over HTTP; a test drives it with a list of answers. What ends a flow is its return value, the
answer to the call that was really wanted.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from adapters.payload import NOTHING


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """One HTTP request. `url` is absolute. `asked` says what it asks, for the record, without any secret.

    `seal` is done to it at the very last moment, anew whenever it is sent: what it signs is what goes out. A call with
    `needed` goes when no other such call is under way, and only if it still says so then.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    query: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    body: bytes = b""
    asked: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    seal: "Callable[[Call], Call] | None" = None
    needed: Callable[[], bool] | None = None

    def sealed(self) -> "Call":
        return self.seal(self) if self.seal else self

    def __repr__(self) -> str:
        """Secrets may stand in every other part, the path too."""
        return f"Call({self.method} {urlsplit(self.url).netloc.rpartition('@')[2]})"


@dataclass(frozen=True, slots=True)
class Reply:
    """Its answer: headers by lower-case name, body whole."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


NOT_SENT = Reply(0, NOTHING, b"")
"""The answer to a call that wasn't needed any more."""

Flow = Generator[Call, Reply, Reply]
MakeCall = Callable[[str], Call]
Check = Callable[[Reply], None]


def plain_flow(make: MakeCall, check: Check) -> Flow:
    """No token: one call, and `check` raises what is wrong with its reply."""
    reply = yield make("")
    check(reply)
    return reply
