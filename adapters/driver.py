"""What a driver does for the gateway; its comments are its contract."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from adapters.errors import AdapterError
from adapters.payload import NOTHING, Decoded, Exchange, Payload
from adapters.sending import Outgoing, Receipt


@dataclass(frozen=True, slots=True)
class Probe:
    """How far one look at a dataset came. Seconds are None for what wasn't got to, or isn't there to be done.

    `answered`: until the system's first answer. `signed_in`: until it had accepted our credential, where there is a login.
    `read`: until a page was read, of `rows` rows (None: not counted here). `ahead`: its clock before ours, in seconds.
    `exchange`: the last answer to what was asked, also one that can't be read. `html`: the last answer was a page for people.
    `error`: what ended it, `signing_in` where that was the login's doing; nothing of it was kept anywhere.
    """

    answered: float | None = None
    signed_in: float | None = None
    read: float | None = None
    rows: int | None = None
    ahead: float | None = None
    exchange: Exchange | None = None
    html: bool = False
    error: AdapterError | None = None
    signing_in: bool = False


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

    async def probe(self, dataset: str) -> Probe:
        """Asks for one page, once, and changes nothing there. Never raises AdapterError but for a dataset that isn't
        declared: whatever is wrong is the answer."""

    async def aclose(self) -> None:
        """Ends its connections."""
