"""gzip and zlib streams, bounded in size and ratio."""

import zlib

from adapters.errors import Malformed
from adapters.limits import MEGABYTE, Limits


def gunzip(body: bytes, limits: Limits, *, what: str = "gzip") -> bytes:
    """All members of a gzip stream (or one zlib stream) unpacked. Raises Malformed when broken, cut short or too large."""
    ceiling = min(limits.unpacked, max(MEGABYTE, len(body) * limits.ratio))
    data, rest = bytearray(), body
    while rest:
        unpacker = zlib.decompressobj(wbits=47)  # 47: gzip or zlib header, told by itself
        try:
            data += unpacker.decompress(rest, ceiling + 1 - len(data))
        except zlib.error as error:
            raise Malformed(f"not {what}: {error} (解压失败)") from None
        if len(data) > ceiling:
            raise Malformed(f"unpacks to more than {ceiling} bytes (解压后过大)")
        if not unpacker.eof:
            raise Malformed(f"the {what} stream is cut short (压缩数据不完整)")
        rest = unpacker.unused_data.lstrip(b"\0")
    return bytes(data)
