"""How long, how much, how many: the bounds within which another system may keep us busy."""

from dataclasses import dataclass

from adapters.outbound.pace import Rate

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds, sizes in bytes. `total` bounds one request from connect to the last byte of its answer; `read` and
    `write` bound silence, `pool` the wait while `concurrency` requests are under way. `rate` None: as often as we like."""

    connect: float = 5.0
    read: float = 30.0
    write: float = 30.0
    pool: float = 120.0
    total: float = 120.0
    answer: int = 32 * MEGABYTE
    concurrency: int = 4
    tries: int = 4
    unpacked: int = 200 * MEGABYTE
    ratio: int = 100
    members: int = 10_000
    depth: int = 100
    rate: Rate | None = None
