"""The life of a delivery (one record version owed to one target) as a table: (state, event) -> state.

States: pending (waits for its time), leased (a worker has it), delivered, dead (needs a person). The store moves its
rows by this table.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

STATES: Final = ("pending", "leased", "delivered", "dead")

MOVES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("pending", "lease"): "leased",
        ("leased", "lease"): "leased",  # the lease ran out: the worker is gone, nobody knows what was tried
        ("leased", "recover"): "pending",  # the same, after a restart where there is but one worker
        ("leased", "deliver"): "delivered",
        ("leased", "retry"): "pending",
        ("leased", "refuse"): "dead",  # the target's own no
        ("leased", "give_up"): "dead",  # the deadline has passed
        ("leased", "release"): "pending",  # the worker stops; nothing was tried
        # A lease that ran out doesn't unsay what the target acknowledged, so a late word still counts.
        ("pending", "deliver"): "delivered",
        ("dead", "deliver"): "delivered",
    }
)

OPEN: Final = frozenset({"pending", "leased"})
"""What still waits for its end, and holds back the record's next version."""


def moved(state: str, event: str, *, ours: bool) -> str | None:
    """The state after a worker's word on a delivery; None where the word comes too late to change anything.

    `ours`: nobody else was given the lease since. Without it only an acknowledgement counts, whoever tells it.
    """
    return MOVES.get((state, event)) if ours or event == "deliver" else None
