"""How bytes are written as text: hex small or large, Base64 plain or for URLs."""

import binascii
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable

from adapters.errors import Malformed

WRITE: dict[str, Callable[[bytes], str]] = {
    "hex": bytes.hex,
    "HEX": lambda data: data.hex().upper(),
    "base64": lambda data: b64encode(data).decode(),
    "base64url": lambda data: urlsafe_b64encode(data).decode(),
}


def unwritten(form: str, text: str) -> bytes:
    """The bytes; white space and line ends inside are allowed, in Base64 for URLs a missing `=` too. Raises Malformed."""
    bare = "".join(text.split())
    try:
        if form in {"hex", "HEX"}:
            return bytes.fromhex(bare)
        if form == "base64url":
            return b64decode(bare.rstrip("=") + "=" * (-len(bare.rstrip("=")) % 4), altchars=b"-_", validate=True)
        return b64decode(bare, validate=True)
    except (ValueError, binascii.Error):
        raise Malformed(f"not written in {form} (编码不符)") from None
