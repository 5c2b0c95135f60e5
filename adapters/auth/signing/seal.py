"""The last thing that is done to a call, anew each time it is sent: its moment, its nonce, its signatures."""

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from adapters.auth.bodies import Bodies
from adapters.auth.flow import Call
from adapters.auth.signing import parts
from adapters.auth.signing.run import Source, signature
from adapters.protocol import moments
from adapters.protocol.template import marked, resolved
from adapters.secrets import Revealed
from adapters.spec import AuthSpec, NonceSpec, TimeSpec
from adapters.texts import BODY

ALPHABETS = {"hex": "0123456789abcdef", "digits": "0123456789", "letters": "abcdefghijkmnpqrstuvwxyz23456789"}
Choose = Callable[[str], str]


class Sealer:
    """Fills what only the moment of sending knows. `choose` gives a random character of a text."""

    def __init__(
        self,
        auth: AuthSpec,
        revealed: Revealed,
        now: Callable[[], datetime],
        bodies: Bodies | None = None,
        choose: Choose = secrets.choice,
    ) -> None:
        self._auth = auth
        self._revealed = revealed
        self._now = now
        self._bodies = bodies
        self._choose = choose

    def sealing(self, call: Call, token: str, *, cipher: bool = True) -> Call:
        """The call, to be sealed when it is sent; `cipher`: also enciphered, where the file says so."""
        return replace(call, seal=lambda one: self.seal(one, token, self._bodies if cipher else None))

    def seal(self, call: Call, token: str, bodies: Bodies | None) -> Call:
        """Raises Misconfigured where a signature can't be made, or a key can't be used.

        Signed is what is sent. Only where a signature stands in a body that is enciphered whole it is made before.
        """
        known = {
            "token": token,
            "time": moment(self._auth.time, self._now()),
            "nonce": nonce(self._auth.nonce, self._choose),
        }
        numbers = ("time",) if self._auth.time.number else ()
        call = plain = _with(call, known, numbers)
        last = bodies is not None and bodies.spec.encrypt == BODY and marked(call.body.decode("utf-8", "replace"))
        if bodies is not None and not last:
            call = _with(bodies.enciphered(call, token), known, numbers)
        for name, steps in self._auth.sign.items():
            known[name] = signature(steps, Source(call, known, self._revealed.reveal, plain))
            self._revealed.note_passing(known[name])
            call = _with(call, known, numbers)
        if bodies is not None and last:
            call = bodies.enciphered(call, token)
        # what was signed is what goes out, to the letter
        query = parts.query_text(call)
        url = urlsplit(call.url)._replace(query=query).geturl() if query else call.url
        return replace(call, url=url, query={}, seal=None)


def moment(spec: TimeSpec, now: datetime) -> str:
    """
    >>> moment(TimeSpec(format="yyyyMMddHHmmssSSS"), datetime.fromisoformat("2026-03-04T12:00:00.250Z"))
    '20260304200000250'
    """
    if spec.format == "unix":
        return str(int(now.timestamp()))
    if spec.format == "unix_ms":
        return str(int(now.timestamp() * 1000))
    return moments.written(now, spec.format, spec.zone).replace("SSS", f"{now.microsecond // 1000:03}")


def nonce(spec: NonceSpec, choose: Choose) -> str:
    return "".join(choose(ALPHABETS[spec.of]) for _ in range(spec.size))


def _with(call: Call, known: Mapping[str, str], numbers: Collection[str]) -> Call:
    """What isn't known yet stays marked. `numbers` are those that alone in JSON are numbers."""
    return replace(
        call,
        headers={name: resolved(value, known) if marked(value) else value for name, value in call.headers.items()},
        query={name: resolved(value, known) if marked(value) else value for name, value in call.query.items()},
        body=parts.body_with(call, known, numbers),
    )
