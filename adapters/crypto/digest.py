"""Digests and HMAC (RFC 2104) by name. SM3 is GB/T 32905-2016; MD5 and SHA-1 are there because systems ask for them."""

import hashlib

from cryptography.hazmat.primitives import hashes, hmac

DIGESTS: dict[str, type[hashes.HashAlgorithm]] = {
    "md5": hashes.MD5,
    "sha1": hashes.SHA1,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
    "sm3": hashes.SM3,
}


def digest(name: str, data: bytes) -> bytes:
    """
    >>> digest("sm3", b"abc").hex()
    '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0'
    """
    if name != "sm3":
        return hashlib.new(name, data, usedforsecurity=False).digest()
    made = hashes.Hash(hashes.SM3())
    made.update(data)
    return made.finalize()


def mac(name: str, key: bytes, data: bytes) -> bytes:
    made = hmac.HMAC(key, DIGESTS[name]())
    made.update(data)
    return made.finalize()
