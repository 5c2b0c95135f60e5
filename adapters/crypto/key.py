"""Keys by name: a secret's text as UTF-8, or what it says in hex or Base64."""

import binascii
from base64 import b64decode
from collections.abc import Callable

from adapters.errors import Misconfigured

WRITTEN = ("hex", "base64")


def bare(declared: str) -> str:
    """What names the secret, without how its text is written.

    >>> bare("hex:${KEY}"), bare("base64:file:/run/key"), bare("file:/run/key")
    ('${KEY}', 'file:/run/key', 'file:/run/key')
    """
    written, _, rest = declared.partition(":")
    return rest if written in WRITTEN else declared


def key_bytes(declared: str, reveal: Callable[[str], str]) -> bytes:
    """The key's bytes. Raises Misconfigured, without telling anything of it."""
    written, _, _ = declared.partition(":")
    text = reveal(bare(declared))
    if written not in WRITTEN:
        return text.encode()
    try:
        return bytes.fromhex(text) if written == "hex" else b64decode(text.strip(), validate=True)
    except (ValueError, binascii.Error):
        raise Misconfigured(f"the key {bare(declared)} isn't written in {written} (密钥编码不符)") from None
