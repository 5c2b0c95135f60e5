"""The last thing that is done to a call, anew each time it is sent: its moment, its nonce, its signatures."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from adapters.auth.flow import Call
from adapters.auth.signing import parts
from adapters.auth.signing.run import Source, signature
from adapters.protocol import moments
from adapters.protocol.template import marked, resolved
from adapters.secrets import Revealed
from adapters.spec import AuthSpec, NonceSpec, TimeSpec

ALPHABETS = {"hex": "0123456789abcdef", "digits": "0123456789", "letters": "abcdefghijkmnpqrstuvwxyz23456789"}
Choose = Callable[[str], str]


class Sealer:
    """Fills what only the moment of sending knows. `choose` gives a random character of a text."""

    def __init__(
        self, auth: AuthSpec, revealed: Revealed, now: Callable[[], datetime], choose: Choose = secrets.choice
    ) -> None:
        self._auth = auth
        self._revealed = revealed
        self._now = now
        self._choose = choose

    def sealing(self, call: Call, token: str) -> Call:
        """The call, to be sealed when it is sent."""
        return replace(call, seal=lambda one: self.seal(one, token))

    def seal(self, call: Call, token: str) -> Call:
        """Raises Misconfigured where a signature can't be made."""
        known = {
            "token": token,
            "time": moment(self._auth.time, self._now()),
            "nonce": nonce(self._auth.nonce, self._choose),
        }
        call = _with(call, known)
        for name, steps in self._auth.sign.items():
            known[name] = signature(steps, Source(call, known, self._revealed.reveal))
            self._revealed.note_passing(known[name])
            call = _with(call, known)
        # what was signed is what goes out, to the letter
        query = parts.query_text(call)
        url = urlsplit(call.url)._replace(query=query).geturl() if query else call.url
        return replace(call, url=url, query={}, seal=None)


def moment(spec: TimeSpec, now: datetime) -> str:
    """
    >>> moment(TimeSpec(format="yyyyMMddHHmmss"), datetime.fromisoformat("2026-03-04T12:00:00Z"))
    '20260304200000'
    """
    if spec.format == "unix":
        return str(int(now.timestamp()))
    if spec.format == "unix_ms":
        return str(int(now.timestamp() * 1000))
    return moments.written(now, spec.format, spec.zone)


def nonce(spec: NonceSpec, choose: Choose) -> str:
    return "".join(choose(ALPHABETS[spec.of]) for _ in range(spec.size))


def _with(call: Call, known: Mapping[str, str]) -> Call:
    """What isn't known yet stays marked."""
    return replace(
        call,
        headers={name: resolved(value, known) if marked(value) else value for name, value in call.headers.items()},
        query={name: resolved(value, known) if marked(value) else value for name, value in call.query.items()},
        body=parts.body_with(call, known),
    )
