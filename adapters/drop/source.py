"""Where dropped files lie: what the driver asks of a folder, be it on this machine or behind SFTP."""

from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, Protocol

from adapters.errors import Malformed

NOTE = ".error"  # what a note's name ends with, behind that of the file it speaks of


class Changed(Malformed):
    """The file is no longer the one that was listed, or gone: it is under way, and read next time."""

    @classmethod
    def of(cls, name: str) -> "Changed":
        return cls("it was changed since it was listed (文件在读取后变化)", where=name)


def pushed_aside(name: str, place: str) -> Malformed:
    words = f"it was replaced twice while it was put away: one of them lies unread at {place} (文件被多次替换)"
    return Malformed(words, where=name)


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
    """One folder. Links and folders aren't files."""

    @property
    def where(self) -> str:
        """How the folder is named to people, without any secret."""

    async def entries(self, folder: str = "") -> list[Entry]:
        """By name. Those in a subfolder are called by their way from here, and there are none where it isn't there. Raises
        Misconfigured where the folder can't be read, and whatever its connection raises."""

    async def entry(self, name: str) -> Entry | None:
        """As it is now; None where it is gone."""

    def opened(self, entry: Entry) -> AbstractAsyncContextManager[BinaryIO]:
        """Its bytes, seekable and on this machine, whatever its size. Raises Changed where it has other bytes than listed."""

    async def read(self, name: str, ceiling: int) -> bytes:
        """A small file. Raises Malformed where it has more bytes than `ceiling`, Changed, Misconfigured where it can't be read."""

    async def free(self, folder: str, name: str) -> str:
        """A name like this that nothing in the subfolder has, nor a note beside it. Makes the folder where there is none."""

    async def write(self, folder: str, name: str, body: bytes) -> None:
        """A new small file in the subfolder."""

    async def move(self, entry: Entry, folder: str, name: str) -> None:
        """The file into the subfolder, in one step, over nothing that is there. Raises Changed where it is no longer the
        one that was listed: then it stays. All three raise Misconfigured where we may not."""

    async def aclose(self) -> None:
        """Ends its connection, if it has one."""


def names_like(name: str) -> Iterator[str]:
    """
    >>> names = names_like("a.tar.gz"); next(names), next(names), next(names)
    ('a.tar.gz', 'a.tar.2.gz', 'a.tar.3.gz')
    """
    yield name
    path = PurePath(name)
    for number in range(2, 100_000):
        yield f"{path.stem}.{number}{path.suffix}"
