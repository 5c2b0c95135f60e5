"""What a driver does for the gateway; its comments are its contract."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from adapters.payload import NOTHING, Decoded, Exchange, Payload
from adapters.sending import Outgoing, Receipt


@dataclass(frozen=True, slots=True)
class Probe:
    """Is it up, is our credential good, how far is its clock ahead of ours (seconds; None where it doesn't tell)."""

    up: bool
    authorized: bool
    words: str
    clock_skew: float | None = None


class Driver(Protocol):
    """One running adapter. Made without touching network, disk or secrets; used within one event loop."""

    def pull(self, dataset: str, cursor: str | None) -> AsyncIterator[Exchange]:
        """One run, from the cursor stored last, until the source has nothing new.

        Commit each exchange, then store its cursor, then go on: whatever was asked for meanwhile comes after it. Where the
        cursor moves only at a list's end, an exchange is handed on once it's known whether it is the last. Stopping in
        between is safe, and so is pulling again from an older cursor. A page that can't be read comes as an exchange like
        any other (decoding it gives a Damaged); it doesn't move the cursor. Raises AdapterError: what was yielded stands.
        """

    def decode(self, payload: Payload, dataset: str, headers: Mapping[str, str] = NOTHING, name: str = "") -> Decoded:
        """Pure. `headers` and `name` are the exchange's `headers` and `source_name`. Raises Misconfigured for no such dataset."""

    def local(self, dataset: str, file: Path, received_at: datetime) -> Exchange:
        """A local file as an exchange, named like the file. Raises Malformed (too large), Misconfigured (not there)."""

    async def deliver(self, dataset: str, outgoing: Outgoing, *, again: bool) -> Receipt:
        """Hands over one record version. `again`: an earlier attempt may have arrived, so what the adapter file says of
        records that are held already is asked first. Sent at most once. Raises AdapterError, Misconfigured where nothing is
        declared."""

    async def probe(self) -> Probe:
        """Never raises AdapterError: whatever is wrong is the answer."""

    async def aclose(self) -> None:
        """Ends its connections."""
