"""The circuit breaker of one system, a target or one that is pulled: when it fails again and again, stop asking, and come
back with one probe.

It counts failures of the target as a whole (no connection, 503, 429), never its verdict on a record. Its state is a
plain value that lives in the database beside the target, so that a restart doesn't storm a target that is down.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec


class Circuit(StrEnum):
    CLOSED = "closed"
    """Everything due is sent."""
    OPEN = "open"
    """Nothing is sent until `until`."""
    HALF_OPEN = "half_open"
    """One probe is under way; its answer decides. If none comes until `until`, another probe may go."""


class Signal(StrEnum):
    ANSWERED = "answered"
    """The target took a request and gave its verdict, whatever that was."""
    FAILED = "failed"
    """The target as a whole failed, but not yet often enough."""
    TRIPPED = "tripped"
    """It failed once more than we are willing to bear."""
    COOLED = "cooled"
    """The pause is over and something is due."""


TRANSITIONS: dict[tuple[Circuit, Signal], Circuit] = {
    (Circuit.CLOSED, Signal.ANSWERED): Circuit.CLOSED,
    (Circuit.CLOSED, Signal.FAILED): Circuit.CLOSED,
    (Circuit.CLOSED, Signal.TRIPPED): Circuit.OPEN,
    # Answers to what was under way when it opened: they neither close it nor make the pause longer.
    (Circuit.OPEN, Signal.ANSWERED): Circuit.OPEN,
    (Circuit.OPEN, Signal.FAILED): Circuit.OPEN,
    (Circuit.OPEN, Signal.COOLED): Circuit.HALF_OPEN,
    (Circuit.HALF_OPEN, Signal.ANSWERED): Circuit.CLOSED,
    (Circuit.HALF_OPEN, Signal.TRIPPED): Circuit.OPEN,
    (Circuit.HALF_OPEN, Signal.COOLED): Circuit.HALF_OPEN,
}


class IllegalSignal(Exception):
    """A signal that the table doesn't know in this state."""

    def __init__(self, circuit: Circuit, signal: Signal) -> None:
        super().__init__(f"a breaker that is {circuit} can't be {signal}")


def moved(circuit: Circuit, signal: Signal) -> Circuit:
    try:
        return TRANSITIONS[circuit, signal]
    except KeyError:
        raise IllegalSignal(circuit, signal) from None


LONGEST_PAUSE = 7 * 86_400.0
"""Seconds: whatever a target asks for, it's tried again within a week."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How much a target may fail: `failures` in a row open the circuit for `pause` seconds, twice as long each time
    the probe fails too, up to `longest`. A probe that gives no answer within `probe` seconds is given up."""

    failures: int = 5
    pause: float = 1.0
    longest: float = 60.0
    probe: float = 120.0


@dataclass(frozen=True, slots=True)
class Breaker:
    """`failures` in a row since the last answer; `openings` in a row since it was last closed."""

    circuit: Circuit = Circuit.CLOSED
    failures: int = 0
    openings: int = 0
    until: datetime | None = None

    def as_text(self) -> str:
        return msgspec.json.encode(self).decode()


def from_text(text: str | None) -> Breaker:
    """The breaker as it was stored; a new one for a target that has none."""
    return Breaker() if text is None else msgspec.json.decode(text, type=Breaker)


class Admission(StrEnum):
    ALL = "all"
    PROBE = "probe"
    NONE = "none"


def answered(breaker: Breaker) -> Breaker:
    circuit = moved(breaker.circuit, Signal.ANSWERED)
    return Breaker() if circuit is Circuit.CLOSED else replace(breaker, circuit=circuit)


def failed(breaker: Breaker, now: datetime, patience: Patience, *, draw: float, wait: float = 0.0) -> Breaker:
    """One more failure. `draw` is a random number in [0, 1): workers that all saw it fail don't all come back at once.

    `wait` is what the target asked for (Retry-After, in seconds); an opening breaker never comes back before it.
    """
    failures = breaker.failures + 1
    if breaker.circuit is Circuit.OPEN:
        until = breaker.until
        if until is not None and wait:
            until = max(until, now + timedelta(seconds=min(wait, LONGEST_PAUSE)))
        return replace(breaker, circuit=moved(breaker.circuit, Signal.FAILED), failures=failures, until=until)
    if breaker.circuit is Circuit.CLOSED and failures < patience.failures:
        return replace(breaker, circuit=moved(breaker.circuit, Signal.FAILED), failures=failures)
    # 2 ** 30 of anything is past every `longest`; without the bound a target down for weeks would overflow.
    pause = min(patience.longest, patience.pause * 2 ** min(breaker.openings, 30))
    seconds = min(max(wait, pause * (1 + draw) / 2), LONGEST_PAUSE)
    return Breaker(
        circuit=moved(breaker.circuit, Signal.TRIPPED),
        failures=failures,
        openings=breaker.openings + 1,
        until=now + timedelta(seconds=seconds),
    )


def admitted(breaker: Breaker, now: datetime, patience: Patience) -> tuple[Breaker, Admission]:
    """How much may be sent now, and the breaker after that: who is given PROBE must send exactly one delivery.

    Ask only when something is due and will be sent: a probe that nobody sends blocks the target for `probe` seconds.
    """
    if breaker.circuit is Circuit.CLOSED:
        return breaker, Admission.ALL
    if breaker.until is not None and now < breaker.until:
        return breaker, Admission.NONE
    until = now + timedelta(seconds=patience.probe)
    return replace(breaker, circuit=moved(breaker.circuit, Signal.COOLED), until=until), Admission.PROBE


def taken_up(breaker: Breaker) -> Breaker:
    """The breaker when nobody has its probe any more (a restart, a delivery given back unsent): the next may go at once."""
    return replace(breaker, until=None) if breaker.circuit is Circuit.HALF_OPEN else breaker
