"""A drop folder behind SFTP: one connection, files fetched piece by piece to this machine."""

import asyncio
import stat
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from functools import partial
from typing import BinaryIO, TypeVar, cast

import asyncssh

from adapters.drop.source import NOTE, Changed, Entry, names_like, pushed_aside
from adapters.drop.ssh import CUT, GONE, Fill, connect, translated
from adapters.errors import Malformed, Misconfigured, Unreachable
from adapters.limits import Limits
from adapters.spec.sftp import SftpSpec
from adapters.transport import patiently

CHUNK = 1 << 18  # bytes; each must come within `read`, and no more is held
Answer = TypeVar("Answer")
LONGEST_LISTING = 200_000  # files


class Sftp:
    """Implements `Source`. Connects at the first use, and anew where the connection was lost. `plain` fills in what the
    adapter file names, `reveal` what nobody may be told."""

    def __init__(self, spec: SftpSpec, limits: Limits, plain: Fill, reveal: Fill) -> None:
        self._spec, self._limits, self._plain, self._reveal = spec, limits, plain, reveal
        self._open: tuple[asyncssh.SSHClientConnection, asyncssh.SFTPClient] | None = None
        self._late = False
        self.where = f"sftp://{spec.host}:{spec.port}{spec.folder}"  # as the file writes it

    async def entries(self, folder: str = "") -> list[Entry]:
        return await self._patiently(partial(self._entries, folder))

    async def entry(self, name: str) -> Entry | None:
        return await self._patiently(partial(self._entry, name))

    @asynccontextmanager
    async def opened(self, entry: Entry) -> AsyncIterator[BinaryIO]:
        with cast("BinaryIO", tempfile.TemporaryFile()) as file:
            await self._patiently(partial(self._fetch, entry, file))
            yield file

    async def read(self, name: str, ceiling: int) -> bytes:
        return await self._patiently(partial(self._read, name, ceiling))

    async def free(self, folder: str, name: str) -> str:
        return await self._patiently(partial(self._free, folder, name))

    async def write(self, folder: str, name: str, body: bytes) -> None:
        await self._patiently(partial(self._write, self._at(f"{folder}/{name}"), body))

    async def move(self, entry: Entry, folder: str, name: str) -> None:
        await self._patiently(partial(self._move, entry, self._at(f"{folder}/{name}")))

    async def aclose(self) -> None:
        if self._open is not None:
            connection, self._open = self._open[0], None
            connection.abort()
            await connection.wait_closed()

    async def _entries(self, folder: str) -> list[Entry]:
        client, found, above = await self._client(), list[Entry](), f"{folder}/" if folder else ""
        try:
            with self._watched(self._limits.total):
                listed = list[asyncssh.SFTPName]()
                async for one in client.scandir(self._at(folder)):
                    listed.append(one)
                    if len(listed) > LONGEST_LISTING:
                        raise Malformed(f"more than {LONGEST_LISTING} files lie there (目录中文件过多)")
            for one in listed:
                name = str(one.filename)
                if name in {".", ".."} or "/" in name:
                    continue
                if one.attrs.permissions is None:  # a server that lists names alone
                    entry = await self._entry(above + name)
                else:
                    entry = _entry(above + name, one.attrs)
                if entry is not None:
                    found.append(entry)
        except asyncssh.SFTPError as error:
            if isinstance(error, CUT):
                raise
            if folder and isinstance(error, GONE):
                return []
            raise Misconfigured(f"the folder can't be read: {error.reason} (无法读取目录)") from None
        return sorted(found, key=lambda one: one.name)

    async def _entry(self, name: str) -> Entry | None:
        client = await self._client()
        try:
            with self._watched(self._limits.read):
                return _entry(name, await client.lstat(self._at(name)))
        except GONE:
            return None

    async def _fetch(self, entry: Entry, file: BinaryIO) -> None:
        """The whole file into a local one. A second try begins anew."""
        await asyncio.to_thread(_emptied, file)
        size = 0
        async with aclosing(self._chunks(entry.name)) as chunks:
            async for chunk in chunks:
                size += len(chunk)
                if size > entry.size:
                    break
                await asyncio.to_thread(_kept, file, chunk)
        if size != entry.size:
            raise Changed.of(entry.name)
        await asyncio.to_thread(file.seek, 0)

    async def _read(self, name: str, ceiling: int) -> bytes:
        body = bytearray()
        async with aclosing(self._chunks(name)) as chunks:
            async for chunk in chunks:
                body += chunk
                if len(body) > ceiling:
                    raise Malformed(f"larger than {ceiling} bytes (文件过大)", where=name)
        return bytes(body)

    async def _chunks(self, name: str) -> AsyncGenerator[bytes, None]:
        client = await self._client()
        try:
            async with client.open(self._at(name), "rb") as remote:
                while True:
                    with self._watched(self._limits.read):
                        chunk = cast("bytes", await remote.read(CHUNK))
                    if not chunk:
                        return
                    yield chunk
        except GONE:
            raise Changed.of(name) from None

    async def _free(self, folder: str, name: str) -> str:
        client = await self._client()
        with self._watched(self._limits.total):
            await client.makedirs(self._at(folder), exist_ok=True)
            for one in names_like(name):
                place = self._at(f"{folder}/{one}")
                if not await client.exists(place) and not await client.exists(place + NOTE):
                    return one
        raise AssertionError("names don't end")

    async def _write(self, place: str, body: bytes) -> None:
        client = await self._client()
        with self._watched(self._limits.read):
            async with client.open(place, "wb") as remote:
                await remote.write(body)

    async def _move(self, entry: Entry, place: str) -> None:
        """SSH_FXP_RENAME goes over nothing (draft-ietf-secsh-filexfer-02, 6.5)."""
        client, here = await self._client(), self._at(entry.name)
        with self._watched(self._limits.total):
            try:
                await client.rename(here, place)
            except GONE:
                # the line may have been cut after the answer to the first try
                if (moved := _entry(entry.name, await client.lstat(place))) is None or moved.state != entry.state:
                    raise
            moved = _entry(entry.name, await client.lstat(place))
            if moved is None or moved.state != entry.state:
                try:
                    await client.rename(place, here)
                except asyncssh.SFTPFailure:  # something even newer is there
                    raise pushed_aside(entry.name, place) from None
                raise Changed.of(entry.name)

    def _folder(self) -> str:
        return self._plain(self._spec.folder).rstrip("/") or "/"

    def _at(self, name: str) -> str:
        return f"{self._folder().rstrip('/')}/{name}" if name else self._folder()

    async def _client(self) -> asyncssh.SFTPClient:
        if self._open is None:
            self._open = await connect(self._spec, self._limits, self._plain, self._reveal)
        return self._open[1]

    @contextmanager
    def _watched(self, seconds: float) -> Iterator[None]:
        """Cuts the line when time is up: a request that is cancelled would still wait for the answer to its `close`."""

        def cut() -> None:
            self._late = True
            if self._open is not None:
                self._open[0].abort()

        watch = asyncio.get_running_loop().call_later(seconds, cut)
        try:
            yield
        finally:
            watch.cancel()

    async def _patiently(self, work: Callable[[], Awaitable[Answer]]) -> Answer:
        async def once() -> Answer:
            self._late = False
            try:
                with translated(self.where):
                    return await work()
            except Unreachable as error:
                await self.aclose()  # the next try connects anew
                told = Unreachable("no answer in time (超时)", where=self.where) if self._late else error
                raise told from None

        return await patiently(self._limits, once)


def _entry(name: str, found: asyncssh.SFTPAttrs) -> Entry | None:
    if found.permissions is None or not stat.S_ISREG(found.permissions):
        return None
    changed = (found.mtime or 0) * 1_000_000_000 + (found.mtime_ns or 0)
    return Entry(name, found.size or 0, changed)


def _emptied(file: BinaryIO) -> None:
    file.seek(0)
    file.truncate()


def _kept(file: BinaryIO, chunk: bytes) -> None:
    try:
        file.write(chunk)
        file.flush()
    except OSError as error:
        raise Misconfigured(f"no room for it on this machine: {error.strerror} (本机临时空间不足)") from None
