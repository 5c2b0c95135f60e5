import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.crypto.digest import DIGESTS, digest, mac

# the block of HMAC in bytes (RFC 2104 §2; GB/T 32905 §5 for SM3)
BLOCK = {"md5": 64, "sha1": 64, "sha256": 64, "sha384": 128, "sha512": 128, "sm3": 64}


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        # GB/T 32905-2016, A.1 and A.2
        ("sm3", b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        ("sm3", b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
        # RFC 1321 A.5, RFC 3174 §7.3, FIPS 180-4 examples
        ("md5", b"message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
        ("sha1", b"abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("sha256", b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ],
)
def test_published_digests(name, data, expected):
    assert digest(name, data).hex() == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # RFC 2202 test case 2 (MD5, SHA-1), RFC 4231 test case 2
        ("md5", "750c783e6ab0b503eaa86e310a5db738"),
        ("sha1", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
        ("sha256", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    ],
)
def test_published_codes(name, expected):
    assert mac(name, b"Jefe", b"what do ya want for nothing?").hex() == expected


@given(st.sampled_from(sorted(DIGESTS)), st.binary(max_size=200), st.binary(max_size=300))
def test_hmac_is_what_rfc_2104_says(name, key, data):
    block = BLOCK[name]
    padded = (digest(name, key) if len(key) > block else key).ljust(block, b"\0")
    inner = digest(name, bytes(one ^ 0x36 for one in padded) + data)
    assert mac(name, key, data) == digest(name, bytes(one ^ 0x5C for one in padded) + inner)


@given(st.sampled_from(sorted(DIGESTS)), st.binary(max_size=300))
def test_every_digest_is_its_own(name, data):
    assert digest(name, data) == hashlib.new(name, data).digest()
