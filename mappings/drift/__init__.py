"""What of a source isn't as it was: places, types and words that a mapping's dataset never showed before, or no longer."""

from mappings.drift.compare import Change, Known, News, Tally, compare
from mappings.drift.detector import Detector
from mappings.drift.look import Look
from mappings.drift.sight import SCALARS, Seen, Sight

__all__ = ["SCALARS", "Change", "Detector", "Known", "Look", "News", "Seen", "Sight", "Tally", "compare"]
