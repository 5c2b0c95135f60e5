"""What became of the units that were met: of one page, of a run, or over an adapter's life."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """pulled = accepted + unchanged + quarantined."""

    pulled: int = 0
    accepted: int = 0
    unchanged: int = 0
    quarantined: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.pulled + other.pulled,
            self.accepted + other.accepted,
            self.unchanged + other.unchanged,
            self.quarantined + other.quarantined,
        )
