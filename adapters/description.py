"""What a system says of itself (a WSDL with its imports), kept from one run to the next by whoever opens its adapter."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Description:
    """`text` is for the driver that wrote it; `seen_at` when the system last said it; `changes` in what it differs from the
    one before, a line each, empty where bytes alone do."""

    sha256: str
    text: str
    seen_at: datetime
    changes: tuple[str, ...] = ()


class Descriptions(Protocol):
    """Those of one adapter. Synchronous: a driver calls it from a thread."""

    def last(self) -> Description | None:
        """The one kept last."""

    def keep(self, description: Description) -> None:
        """From now on the last. The same `sha256` again only moves `seen_at`. Changes are told to the operator."""

    def stale(self, words: str) -> None:
        """The one kept last is used though it should have been renewed: `words` say why, for the operator."""


class Forgotten:
    """Keeps nothing: each opened adapter asks anew."""

    def last(self) -> Description | None:
        return None

    def keep(self, description: Description) -> None:
        del description

    def stale(self, words: str) -> None:
        del words
