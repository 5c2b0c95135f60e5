"""What of a source isn't as it was: places, types and words that a mapping's dataset never showed before, or no longer."""

from mappings.drift.compare import Change, Known, News, Tally, compare
from mappings.drift.detector import SCALARS, Detector, Look, Seen, Sight

__all__ = ["SCALARS", "Change", "Detector", "Known", "Look", "News", "Seen", "Sight", "Tally", "compare"]
