"""Members of a ZIP, bounded in number, size and ratio; one damaged member leaves the others readable."""

import io
import lzma
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import BinaryIO

from adapters.decode.room import Room
from adapters.errors import Malformed
from adapters.limits import Limits

CHUNK = 1 << 18
# what zipfile and the packings under it raise for damaged bytes; RuntimeError holds methods it doesn't know
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    ValueError,
    OverflowError,
    OSError,
    RuntimeError,
)
RATIO_FROM = 1 << 20  # small texts of repeated rows pack better than any sensible ratio


def members(body: bytes, pattern: str, room: Room) -> Iterator[tuple[str, bytes | Malformed]]:
    """(name, bytes or what is wrong with it) for each member that the pattern fits, in the archive's order.

    Raises Malformed when the archive itself can't be read, is empty of such members or has too many.
    """
    with opened(io.BytesIO(body)) as archive:
        for info, fault in wanted(archive, pattern, room):
            try:
                if fault:
                    raise fault
                data = _read(archive, info, room.bounds)
            except Malformed as error:
                yield info.filename, error
            else:
                room.take(len(data))
                yield info.filename, data


def wanted(archive: zipfile.ZipFile, pattern: str, room: Room) -> Iterator[tuple[zipfile.ZipInfo, Malformed | None]]:
    """The members that a pattern fits, in the archive's order, with what is wrong where several share a name. Raises as `members`."""
    fit = [
        info
        for info in archive.infolist()
        if not info.filename.endswith("/") and fnmatchcase(info.filename, pattern or "*")
    ]
    count = Counter(info.filename for info in fit)
    if not fit:
        raise Malformed(f"no member fits {pattern!r} (压缩包中没有符合条件的文件)")
    room.enter(len(fit))
    for info in fit:
        alike = count[info.filename]
        yield info, Malformed(f"{alike} members have this name (压缩包内有同名文件)") if alike > 1 else None


def member(body: bytes, name: str, limits: Limits) -> bytes:
    """The bytes of one member. Raises Malformed."""
    with opened(io.BytesIO(body)) as archive:
        try:
            info = archive.getinfo(name)
        except KeyError:
            raise Malformed(f"no member {name!r} (压缩包中没有此文件)") from None
        return _read(archive, info, limits)


def opened(file: BinaryIO) -> zipfile.ZipFile:
    """Raises Malformed where it is no readable archive."""
    try:
        try:
            # names without the UTF-8 flag are GBK on the machines that these archives come from
            return zipfile.ZipFile(file, metadata_encoding="gb18030")
        except UnicodeDecodeError:
            return zipfile.ZipFile(file)
    except UNREADABLE as error:
        raise Malformed(f"not a readable ZIP: {error} (压缩包无法读取)") from None


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> bytes:
    if info.flag_bits & 1:
        raise Malformed("the member is encrypted (文件已加密)")
    ceiling = min(limits.unpacked, max(RATIO_FROM, info.compress_size * limits.ratio))
    data = bytearray()
    try:
        with archive.open(info) as stream:
            while chunk := stream.read(CHUNK):
                data += chunk
                if len(data) > ceiling:
                    raise Malformed(f"unpacks to more than {ceiling} bytes (解压后过大)")
    except UNREADABLE as error:
        raise Malformed(f"the member can't be unpacked: {error} (文件损坏，无法解压)") from None
    return bytes(data)
