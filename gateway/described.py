"""Where a running adapter keeps what its system says of itself: in the store, and what changed is told to the operator."""

import logging
from collections.abc import Callable

from adapters.description import Description
from gateway.store import descriptions
from gateway.store.database import Database

log = logging.getLogger(__name__)
SHOWN = 5
"""Changes that the log names; `map drift` has them all."""


class StoredDescriptions:
    """Those of one adapter. The database is opened at the first use: most adapters keep none."""

    def __init__(self, database: Callable[[], Database], adapter: str) -> None:
        self._database, self._adapter = database, adapter

    def last(self) -> Description | None:
        with self._database().read() as conn:
            return descriptions.last(conn, self._adapter)

    def keep(self, description: Description) -> None:
        with self._database().write() as conn:
            descriptions.keep(conn, self._adapter, description)
        if description.changes:
            count, first = len(description.changes), "; ".join(description.changes[:SHOWN])
            words = "adapter %s: its WSDL has changed in %s place(s) (接口描述已变化): %s; all: liandan map drift %s"
            log.warning(words, self._adapter, count, first, self._adapter)

    def stale(self, words: str) -> None:
        log.warning("adapter %s: %s", self._adapter, words)
