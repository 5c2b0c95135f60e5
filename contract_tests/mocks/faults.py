"""Faults on purpose: which one strikes is a pure function of seed, key and attempt, so that a run can be repeated."""

import hashlib
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """`chance` is the share of keys that it strikes at the first attempt; at the second it is a quarter of that, then none."""

    name: str
    chance: float


@dataclass(slots=True)
class Faults:
    """The faults of one mock, and how often each key was tried since it started. An empty table strikes never."""

    seed: int
    table: tuple[Fault, ...]
    _attempts: dict[str, int] = field(default_factory=dict)

    def strike(self, key: str) -> str | None:
        """Counts an attempt for `key` and names the fault that strikes it."""
        attempt = self._attempts.get(key, 0) + 1
        fault = self.at(key, attempt)
        if fault or attempt > 1:
            # A key that came through at once isn't counted (it would again): memory stays with the unlucky ones.
            self._attempts[key] = attempt
        return fault

    def at(self, key: str, attempt: int) -> str | None:
        if attempt > 2:
            return None
        digest = hashlib.blake2b(f"{self.seed}\n{key}\n{attempt}".encode(), digest_size=8).digest()
        roll = int.from_bytes(digest) / 2**64 * (1 if attempt == 1 else 4)
        for fault in self.table:
            if roll < fault.chance:
                return fault.name
            roll -= fault.chance
        return None
