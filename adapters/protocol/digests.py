"""Digests that control files give: by which algorithm, and how it is called to people."""

import hashlib
from typing import Any

NAMES = {"sha256": "SHA-256", "sha1": "SHA-1", "sha512": "SHA-512", "md5": "MD5", "sm3": "SM3"}


def started(algorithm: str) -> Any:
    """A hash object. It finds files that were cut or mixed up, not forgers: MD5 will do where a system has nothing else."""
    return hashlib.new(algorithm, usedforsecurity=False)


def digest(algorithm: str, body: bytes) -> str:
    """In small hex digits.

    >>> digest("sm3", b"abc")[:16], digest("md5", b"abc")[:16]
    ('66c7f0f462eeedd9', '900150983cd24fb0')
    """
    made = started(algorithm)
    made.update(body)
    return str(made.hexdigest())
