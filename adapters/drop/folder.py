"""A drop folder on this machine, or mounted there."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import BinaryIO

from adapters.drop.source import NOTE, Changed, Entry, names_like, pushed_aside
from adapters.errors import Malformed, Misconfigured


class Folder:
    """Implements `Source`. Blocking calls run in threads: a folder may be mounted from far away."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def where(self) -> str:
        return str(self._path)

    async def entries(self, folder: str = "") -> list[Entry]:
        return await asyncio.to_thread(self._entries, folder)

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

    async def free(self, folder: str, name: str) -> str:
        return await asyncio.to_thread(self._free, folder, name)

    async def write(self, folder: str, name: str, body: bytes) -> None:
        await asyncio.to_thread(self._write, self._path / folder / name, body)

    async def move(self, entry: Entry, folder: str, name: str) -> None:
        await asyncio.to_thread(self._move, entry, self._path / folder / name)

    async def aclose(self) -> None:
        return

    def _free(self, folder: str, name: str) -> str:
        place = self._path / folder
        with _allowed(place):
            place.mkdir(parents=True, exist_ok=True)
        free = (one for one in names_like(name) if not (place / one).exists() and not (place / (one + NOTE)).exists())
        return next(free)

    def _write(self, place: Path, body: bytes) -> None:
        with _allowed(place), place.open("xb") as file:
            file.write(body)

    def _move(self, entry: Entry, place: Path) -> None:
        here = self._path / entry.name
        with _allowed(place):
            # whoever else writes there can't have this name any more: what the rename goes over is ours
            place.open("xb").close()
            try:
                here.rename(place)
            except OSError:
                place.unlink()
                raise
        moved = place.lstat()
        if (moved.st_size, moved.st_mtime_ns) != entry.state:
            with _allowed(place):
                try:
                    os.link(place, here)
                except FileExistsError:
                    raise pushed_aside(entry.name, str(place)) from None
                place.unlink()
            raise Changed.of(entry.name)

    def _entries(self, folder: str) -> list[Entry]:
        above = f"{folder}/" if folder else ""
        try:
            with os.scandir(self._path / folder) as found:
                names = [above + one.name for one in found if one.is_file(follow_symlinks=False)]
        except OSError as error:
            if folder and isinstance(error, FileNotFoundError | NotADirectoryError):
                return []
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
        def itself(path: str, flags: int) -> int:
            # what was a file when it was listed may be a link or a pipe by now: nothing is read through either
            return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)

        if self._entry(name) is None:
            raise Changed.of(name)
        try:
            return open(self._path / name, "rb", opener=itself)
        except FileNotFoundError:
            raise Changed.of(name) from None
        except OSError as error:
            raise Misconfigured(f"can't be read: {error.strerror} (无法读取文件)", where=name) from None

    def _read(self, name: str, ceiling: int) -> bytes:
        with self._open(name) as file:
            body = file.read(ceiling + 1)
        if len(body) > ceiling:
            raise Malformed(f"larger than {ceiling} bytes (文件过大)", where=name)
        return body


@contextmanager
def _allowed(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Misconfigured(f"can't be put there: {error.strerror} (无法移动文件)", where=str(place)) from None
