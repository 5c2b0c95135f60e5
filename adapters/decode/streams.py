"""Packed files read piece by piece, for those that are larger than memory: the same bounds as for whole ones."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from adapters.decode.archive_zip import CHUNK, RATIO_FROM, UNREADABLE, opened, wanted
from adapters.decode.room import Room
from adapters.errors import Malformed
from adapters.limits import Limits

Chunks = Callable[[], Iterator[bytes]]
"""Begins to read from the start, whenever it is called."""
PACKED = ("zip", "gzip")


def contents(file: BinaryIO, step: str, limits: Limits) -> Iterator[tuple[str, Chunks | Malformed]]:
    """(name, its bytes or what is wrong with it) of what is packed in a file by `step` (zip:PATTERN, gzip); a file that isn't
    packed is one of no name. Of two streams only the one begun last may be read on. Raises Malformed as `members` does."""
    kind, _, pattern = step.partition(":")
    if kind == "zip":
        with opened(file) as archive:
            for info, fault in wanted(archive, pattern, Room.of(limits)):
                yield info.filename, fault or _member(archive, info, limits)
    elif kind == "gzip":
        yield "", lambda: _gunzipped(file, limits)
    else:
        yield "", lambda: _plain(file)


def _plain(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> Chunks:
    def chunks() -> Iterator[bytes]:
        if info.flag_bits & 1:
            raise Malformed("the member is encrypted (文件已加密)")
        room, size = max(RATIO_FROM, info.compress_size * limits.ratio), 0
        try:
            with archive.open(info) as stream:
                while chunk := stream.read(CHUNK):
                    size += len(chunk)
                    _bounded(size, room)
                    yield chunk
        except UNREADABLE as error:
            raise Malformed(f"the member can't be unpacked: {error} (文件损坏，无法解压)") from None

    return chunks


def _gunzipped(file: BinaryIO, limits: Limits) -> Iterator[bytes]:
    """All members of a gzip stream, or one zlib stream, as `gunzip`."""
    unpacker, size, read = zlib.decompressobj(wbits=47), 0, 0
    for chunk in _plain(file):
        read += len(chunk)
        rest = chunk
        while rest:
            if unpacker.eof:
                rest = rest.lstrip(b"\0")
                if not rest:
                    break
                unpacker = zlib.decompressobj(wbits=47)
            try:
                data = unpacker.decompress(rest, CHUNK)
            except zlib.error as error:
                raise Malformed(f"not gzip: {error} (解压失败)") from None
            size += len(data)
            _bounded(size, max(RATIO_FROM, read * limits.ratio))
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            if data:
                yield data
    if not unpacker.eof:
        raise Malformed("the gzip stream is cut short (压缩数据不完整)")


def _bounded(size: int, room: int) -> None:
    if size > room:
        raise Malformed(f"unpacks to more than {room} bytes (解压后过大)")
