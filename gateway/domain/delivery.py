"""The life of a delivery (one record version owed to one target) as a table: (state, event) -> state.

States: pending (waits for its time), leased (a worker has it), delivered, dead (needs a person), dropped (given up).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from gateway.errors import WrongDeliveryState

STATES: Final = ("pending", "leased", "delivered", "dead", "dropped")

MOVES: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("pending", "lease"): "leased",
        ("leased", "deliver"): "delivered",
        ("leased", "retry"): "pending",
        ("leased", "refuse"): "dead",  # the target's own no
        ("leased", "give_up"): "dead",  # the deadline has passed
        ("leased", "release"): "pending",  # the worker stops; nothing was tried
        ("leased", "expire"): "pending",  # the worker is gone; nobody knows what was tried
        # A lease that ran out doesn't unsay what the target acknowledged, so a late word still counts, once or twice.
        ("pending", "deliver"): "delivered",
        ("delivered", "deliver"): "delivered",
        ("dead", "deliver"): "delivered",
        ("dead", "replay"): "pending",
        ("dead", "drop"): "dropped",
        ("pending", "drop"): "dropped",
        # Its successor goes out: sent now, it would arrive out of order.
        ("dead", "supersede"): "dropped",
    }
)

OPEN: Final = frozenset({"pending", "leased"})
"""What still waits for its end, and holds back the record's next version."""


def move(state: str, event: str) -> str:
    """The state after the event. WrongDeliveryState, naming both, when the table has no such move."""
    after = MOVES.get((state, event))
    if after is None:
        raise WrongDeliveryState(state, event)
    return after
