"""How long, how much, how many: the bounds within which another system may keep us busy."""

from dataclasses import dataclass

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds, sizes in bytes. `total` bounds one request from connect to the last byte of its answer."""

    connect: float = 5.0
    read: float = 30.0
    total: float = 120.0
    answer: int = 32 * MEGABYTE
    concurrency: int = 4
    tries: int = 4
    unpacked: int = 200 * MEGABYTE
    ratio: int = 100
    members: int = 10_000
    depth: int = 100
