"""When a connected system is asked next: by its schedule, not in its quiet hours, and seldom while it is down.

Pure: now and chance are handed in. What is known of the runs so far is a plain value that lives in the database, so that a
restart doesn't storm a province that is down, and `liandan adapters list` shows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from adapters.errors import AdapterError, Busy, Denied, Unreachable
from adapters.spec import AdapterSpec
from adapters.timetable import Schedule, Window, due, quiet_from, quiet_until, window
from gateway.domain import backoff
from gateway.domain.breaker import Breaker, Circuit, Patience, admitted, failed

AWAY = (Unreachable, Busy)
"""The system as a whole is down, or has no room: it's asked again sooner than its schedule says, and then ever more seldom."""

SHUT = (*AWAY, Denied)
"""What opens the breaker: many systems lock an account that comes again and again with the wrong password. Every other error
is an answer, or ours to mend."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One adapter's manners. `declared`: the file has a schedule, which a restart doesn't begin anew."""

    schedule: Schedule
    declared: bool
    quiet: Sequence[Window]
    again: backoff.Schedule
    patience: Patience


def plan_of(spec: AdapterSpec, rest: float) -> Plan:
    """What the file says; where it has no schedule, `rest` seconds, give or take a tenth: not all in the same second."""
    said, again = spec.schedule, spec.retry
    declared = said.every is not None or said.cron is not None
    every, jitter = (said.every or 0.0, said.jitter) if declared else (rest * 0.9, rest * 0.2)
    back_off = backoff.Schedule(again.first, again.longest)
    return Plan(
        Schedule(every, said.cron or "", jitter, said.zone),
        declared,
        tuple(map(window, spec.quiet)),
        back_off,
        Patience(again.failures, backoff.bound(back_off, again.failures), again.longest),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """The runs over one adapter so far: when the last one began and ended, when one last went well, what was wrong with
    the last one. `again_at`: a failed run is tried again then. `not_before`: so long the system asked us to stay away."""

    breaker: Breaker = field(default_factory=Breaker)
    began: datetime | None = None
    ended: datetime | None = None
    well_at: datetime | None = None
    again_at: datetime | None = None
    not_before: datetime | None = None
    words: str = ""

    def as_text(self) -> str:
        return msgspec.json.encode(self).decode()


def from_text(text: str | None) -> Asked:
    """As it was stored; a new one for an adapter that was never asked."""
    return Asked() if text is None else msgspec.json.decode(text, type=Asked)


def next_run(asked: Asked, plan: Plan, started: datetime, chance: float) -> datetime:
    """When the next run may begin. `started`: since when this process pulls; `chance` in [0, 1), the same for one wait."""
    last = asked.began
    if not plan.declared:
        last = asked.ended if asked.ended is not None and asked.ended > started else None
    at = due(plan.schedule, last, started, chance)
    closed = asked.breaker.circuit is Circuit.CLOSED
    at = min(at, asked.again_at or at) if closed else asked.breaker.until or at
    at = max(at, asked.not_before or at)
    return quiet_until(plan.quiet, at, _zone(plan)) or at


def resting_until(asked: Asked) -> datetime | None:
    """Before when a system that is down isn't asked again; None where only the schedule decides."""
    opened = asked.breaker.until if asked.breaker.circuit is not Circuit.CLOSED else None
    return max((at for at in (opened, asked.not_before) if at is not None), default=None)


def quiet_begins(plan: Plan, now: datetime) -> datetime | None:
    """When a run that is under way must end, after the page it is at; None where there are no quiet hours."""
    return quiet_from(plan.quiet, now, _zone(plan))


def begins(asked: Asked, plan: Plan, now: datetime) -> Asked:
    """A run begins; after a pause of the breaker it is a probe."""
    return replace(asked, breaker=admitted(asked.breaker, now, plan.patience)[0])


def is_probe(asked: Asked) -> bool:
    """Whether the run only asks if the system is back: one request, not several in a row."""
    return asked.breaker.circuit is Circuit.HALF_OPEN


def went_well(began: datetime | None, now: datetime, *, cut: bool = False) -> Asked:
    """A run came to its end; `cut`: its quiet hours ended it, and the rest is asked for right after them."""
    return Asked(began=began, ended=now, well_at=now, again_at=now if cut else None)


def answered(asked: Asked) -> Asked:
    """A page came: the system is there, whatever comes after."""
    return replace(asked, breaker=Breaker())


def went_wrong(
    asked: Asked, began: datetime | None, now: datetime, error: AdapterError, plan: Plan, draw: float
) -> Asked:
    """A run ended by an error. `draw` in [0, 1): those that went down together don't come back together."""
    told = replace(asked, began=began, ended=now, words=str(error), again_at=None, not_before=None)
    if not isinstance(error, SHUT):
        return replace(told, breaker=Breaker())
    wait = (error.wait or 0.0) if isinstance(error, Busy) else 0.0
    breaker = failed(asked.breaker, now, plan.patience, draw=draw, wait=wait)
    pause = backoff.bound(plan.again, breaker.failures) * (1 + draw) / 2
    return replace(
        told,
        breaker=breaker,
        again_at=now + timedelta(seconds=pause) if isinstance(error, AWAY) else None,
        not_before=now + timedelta(seconds=wait) if wait else None,
    )


def _zone(plan: Plan) -> ZoneInfo:
    return ZoneInfo(plan.schedule.zone)
