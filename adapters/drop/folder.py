"""A drop folder on this machine, or mounted there."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO

from adapters.drop.source import Entry
from adapters.errors import Malformed, Misconfigured


class Folder:
    """Implements `Source`. Blocking calls run in threads: a folder may be mounted from far away."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def where(self) -> str:
        return str(self._path)

    async def entries(self) -> list[Entry]:
        return await asyncio.to_thread(self._entries)

    async def entry(self, name: str) -> Entry | None:
        return await asyncio.to_thread(self._entry, name)

    @asynccontextmanager
    async def opened(self, entry: Entry) -> AsyncIterator[BinaryIO]:
        file = await asyncio.to_thread(self._open, entry.name)
        try:
            yield file
        finally:
            file.close()

    async def read(self, name: str, ceiling: int) -> bytes:
        return await asyncio.to_thread(self._read, name, ceiling)

    async def aclose(self) -> None:
        return

    def _entries(self) -> list[Entry]:
        try:
            with os.scandir(self._path) as found:
                names = [one.name for one in found if one.is_file(follow_symlinks=False)]
        except OSError as error:
            words = f"the folder can't be read: {error.strerror} (无法读取目录)"
            raise Misconfigured(words, where=self.where) from None
        return [one for name in sorted(names) if (one := self._entry(name))]

    def _entry(self, name: str) -> Entry | None:
        try:
            found = (self._path / name).lstat()
        except OSError:
            return None
        return Entry(name, found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None

    def _open(self, name: str) -> BinaryIO:
        try:
            return (self._path / name).open("rb")
        except OSError as error:
            raise Misconfigured(f"can't be read: {error.strerror} (无法读取文件)", where=name) from None

    def _read(self, name: str, ceiling: int) -> bytes:
        with self._open(name) as file:
            body = file.read(ceiling + 1)
        if len(body) > ceiling:
            raise Malformed(f"larger than {ceiling} bytes (文件过大)", where=name)
        return body
