"""Base64, white space allowed, nothing else."""

import base64
import binascii

from adapters.errors import Malformed


def unbase64(value: bytes | str) -> bytes:
    """Raises Malformed for a foreign character or wrong padding."""
    try:
        packed = "".join(value.split()) if isinstance(value, str) else b"".join(value.split())
        return base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(f"not Base64: {error} (Base64 解码失败)") from None
