"""Within which bounds a system may keep us busy."""

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from adapters.limits import MEGABYTE, Limits
from adapters.outbound.pace import Rate
from adapters.spec.strict import Strict
from adapters.texts import Count, Seconds

PER = {"s": 1, "m": 60, "h": 3600}


def _per_second(text: object) -> object:
    """`5/s`, `60/m`, `1000/h`."""
    if isinstance(text, str) and re.fullmatch("[1-9][0-9]{0,8}/[smh]", text):
        return int(text[:-2]) / PER[text[-1]]
    raise ValueError("a number of requests in s, m or h: 5/s, 60/m, 1000/h (次数/时间单位)")


Patience = Annotated[Seconds, Field(ge=1)]
PerSecond = Annotated[float, BeforeValidator(_per_second)]


class LimitsSpec(Strict):
    """`rate` requests on average, `burst` of them at once; without `rate` nothing is held back. `pool` is how long a request
    waits while `concurrency` others are under way."""

    connect: Patience = 5
    read: Patience = 30
    write: Patience = 30
    pool: Patience = 120
    total: Patience = 120
    answer_mb: Count = 32
    unpacked_mb: Count = 200
    ratio: Count = 100
    members: Count = 10_000
    depth: Count = 100
    concurrency: Count = 4
    tries: Count = 4
    rate: PerSecond | None = None
    burst: Annotated[int, Field(ge=1, le=10_000)] = 1

    def bounds(self) -> Limits:
        return Limits(
            connect=self.connect,
            read=self.read,
            write=self.write,
            pool=self.pool,
            total=self.total,
            answer=self.answer_mb * MEGABYTE,
            concurrency=self.concurrency,
            tries=self.tries,
            unpacked=self.unpacked_mb * MEGABYTE,
            ratio=self.ratio,
            members=self.members,
            depth=self.depth,
            rate=Rate(self.rate, self.burst) if self.rate else None,
        )
