"""How a text is filled up to whole blocks of 16 bytes, as SM4 and AES take them."""

from adapters.errors import Malformed

BLOCK = 16


def pad(name: str, data: bytes) -> bytes:
    """`pkcs7`: n bytes of value n, at least one (RFC 5652 §6.3). `zero`: as few zero bytes as needed, perhaps none.

    >>> pad("pkcs7", b"a" * 14)[14:], pad("zero", b"a" * 16)[14:]
    (b'\\x02\\x02', b'aa')
    """
    missing = BLOCK - len(data) % BLOCK
    if name == "pkcs7":
        return data + bytes([missing]) * missing
    return data if missing == BLOCK else data + bytes(missing)


def unpad(name: str, data: bytes) -> bytes:
    """Raises Malformed where PKCS#7 isn't there: most often the key is another. Zero bytes at the end of a text can't be
    told from padding; some fill up a whole block with them, so up to 16 are taken off."""
    if name == "zero":
        stripped = data.rstrip(b"\0")
        return data[: max(len(stripped), len(data) - BLOCK)]
    count = data[-1] if data else 0
    if not 1 <= count <= BLOCK or data[-count:] != bytes([count]) * count:
        raise Malformed("no PKCS#7 padding after deciphering: another key, mode or padding? (解密后填充不符)")
    return data[:-count]
