"""Authentication as a generator: it yields calls and is sent their answers, and does no I/O itself.

`Transport.run` drives it over HTTP; a test drives it with a list of answers. What ends a flow is its return value, the
answer to the call that was really wanted.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field

from adapters.payload import NOTHING


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request. `url` is absolute. `asked` says what it asks, for the record, without any secret."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=lambda: NOTHING, repr=False)
    query: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    body: bytes = field(default=b"", repr=False)
    asked: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Reply:
    """Its answer: headers by lower-case name, body whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Flow = Generator[Call, Reply, Reply]
MakeCall = Callable[[str], Call]
Check = Callable[[Reply], None]


def plain_flow(make: MakeCall, check: Check) -> Flow:
    """No authentication: one call, and `check` raises what is wrong with its reply."""
    reply = yield make("")
    check(reply)
    return reply
