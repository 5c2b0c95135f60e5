"""Where dropped files lie: what the driver asks of a folder, be it on this machine or behind SFTP."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as it was listed: its size in bytes, the time of its last change in ns since 1970 by that machine's clock."""

    name: str
    size: int
    changed_ns: int

    @property
    def state(self) -> tuple[int, int]:
        return self.size, self.changed_ns


class Source(Protocol):
    """One folder. Names are those of files right in it; links and folders aren't files."""

    @property
    def where(self) -> str:
        """How the folder is named to people, without any secret."""

    async def entries(self) -> list[Entry]:
        """By name. Raises Misconfigured where the folder can't be read, and whatever its connection raises."""

    async def entry(self, name: str) -> Entry | None:
        """As it is now; None where it is gone."""

    def opened(self, entry: Entry) -> AbstractAsyncContextManager[BinaryIO]:
        """Its bytes, seekable and on this machine, whatever its size. Raises Malformed where it has other bytes than listed."""

    async def read(self, name: str, ceiling: int) -> bytes:
        """A small file. Raises Malformed where it has more bytes than `ceiling`, Misconfigured where it can't be read."""

    async def aclose(self) -> None:
        """Ends its connection, if it has one."""
