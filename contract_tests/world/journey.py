"""The values of the world: a journey, its sides, their versions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Reason = Literal["filed", "numbered", "moved_on", "corrected", "voided"]
Damage = Literal["no_waste", "negative_quantity", "no_number", "truncated"]


@dataclass(frozen=True, slots=True)
class Style:
    """How the people of one side write: whole seconds or minutes or days, separators, which filler, which spelling of a code."""

    seconds: bool
    kilograms: float
    """The share of quantities written in kilograms."""
    salt: int

    def turn(self, what: int, options: int) -> int:
        """A stable choice among `options` for one spot: the same in every version, so that only what was corrected changes."""
        return ((self.salt ^ (what * 2654435761)) >> 7) % options


@dataclass(frozen=True, slots=True)
class SideVersion:
    """What one side says from `modified_at` on: canonical content in full, times to the second, quantities exact."""

    number: int
    content: dict[str, Any]
    modified_at: datetime
    reason: Reason
    late: bool
    """Late versions come after the first pull: the mocks hold them back (`/_mock/finish`)."""


@dataclass(frozen=True, slots=True)
class Side:
    """One system's word on one journey. `number` is its provincial number, and `source_key` the same."""

    adapter: str
    journey: int
    number: str
    role: Literal["removal", "receiving"]
    versions: tuple[SideVersion, ...]
    damaged: Damage | None
    style: Style

    @property
    def source_key(self) -> str:
        return self.number


@dataclass(frozen=True, slots=True)
class Journey:
    """One manifest, known to one system or, where it crosses from one simulated province to another, to both."""

    key: int
    national_no: str | None
    sides: tuple[Side, ...]
