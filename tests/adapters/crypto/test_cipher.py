"""Published vectors, and what goes in comes out."""

import contextlib

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher as Blocks
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from adapters.crypto.cipher import KINDS, Cipher
from adapters.crypto.padding import BLOCK, pad, unpad
from adapters.errors import Malformed, Misconfigured

# NIST SP 800-38A, appendix F: keys, initial vector and four blocks
AES128 = "2b7e151628aed2a6abf7158809cf4f3c"
AES192 = "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b"
AES256 = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
COUNTED = "000102030405060708090a0b0c0d0e0f"
NIST = (
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
)
# GB/T 32907-2016, A.1
SM4 = "0123456789abcdeffedcba9876543210"
LETTERS = "aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffffaaaaaaaabbbbbbbb"  # draft-ribose-cfrg-sm4-10, A.2

VECTORS = [
    ("sm4-ecb", SM4, None, SM4, "681edf34d206965e86b3e94f536e4246"),
    ("sm4-ecb", SM4, None, LETTERS, "5ec8143de509cff7b5179f8f474b86192f1d305a7fb17df985f81c8482192304"),
    ("sm4-cbc", SM4, COUNTED, LETTERS, "78ebb11cc40b0a48312aaeb2040244cb4cb7016951909226979b0d15dc6a8f6d"),
    (
        "aes-ecb", AES128, None, NIST,
        ("3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf"
        "43b1cd7f598ece23881b00e3ed0306887b0c785e27e8ad3f8223207104725dd4"),
    ),
    (
        "aes-ecb", AES192, None, NIST,
        ("bd334f1d6e45f25ff712a214571fa5cc974104846d0ad3ad7734ecb3ecee4eef"
        "ef7afd2270e2e60adce0ba2face6444e9a4b41ba738d6c72fb16691603c18e0e"),
    ),
    (
        "aes-ecb", AES256, None, NIST,
        ("f3eed1bdb5d2a03c064b5a7e3db181f8591ccb10d410ed26dc5ba74a31362870"
        "b6ed21b99ca6f4f9f153e7b1beafed1d23304b7a39f9f3ff067d8d8f9e24ecc7"),
    ),
    (
        "aes-cbc", AES128, COUNTED, NIST,
        ("7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
        "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7"),
    ),
    (
        "aes-cbc", AES192, COUNTED, NIST,
        ("4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a"
        "571b242012fb7ae07fa9baac3df102e008b0e27988598881d920a9e64f5615cd"),
    ),
    (
        "aes-cbc", AES256, COUNTED, NIST,
        ("f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"
        "39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b"),
    ),
]  # fmt: skip


def cipher(kind, key, iv, padding="zero"):
    return Cipher(kind, bytes.fromhex(key), iv and bytes.fromhex(iv), padding)


@pytest.mark.parametrize(("kind", "key", "iv", "plain", "expected"), VECTORS)
def test_published_vectors(kind, key, iv, plain, expected):
    # zero padding adds nothing to whole blocks
    one = cipher(kind, key, iv)
    assert one.encrypt(bytes.fromhex(plain)).hex() == expected
    assert one.decrypt(bytes.fromhex(expected)).hex() == plain


def test_sm4_a_million_times():
    # GB/T 32907-2016, A.2
    block, run = bytes.fromhex(SM4), Blocks(algorithms.SM4(bytes.fromhex(SM4)), modes.ECB()).encryptor()
    for _ in range(1_000_000):
        block = run.update(block)
    assert block.hex() == "595298c7c6fd271f0402f804c33d3f66"


KEYS = st.sampled_from(KINDS).flatmap(
    lambda kind: st.tuples(
        st.just(kind), st.binary(min_size=16, max_size=16), st.none() | st.binary(min_size=16, max_size=16)
    )
)


@given(KEYS, st.binary(max_size=200))
def test_what_is_encrypted_comes_back(made, text):
    kind, key, iv = made
    one = Cipher(kind, key, iv if kind.endswith("cbc") else None)
    assert one.decrypt(one.encrypt(text)) == text


@given(KEYS, st.binary(max_size=200).filter(lambda text: not text.endswith(b"\0")))
def test_with_zero_padding_too_where_no_zero_ends_it(made, text):
    kind, key, iv = made
    one = Cipher(kind, key, iv if kind.endswith("cbc") else None, "zero")
    assert one.decrypt(one.encrypt(text)) == text


@given(st.binary(max_size=100))
def test_padding_round_trips(text):
    padded = pad("pkcs7", text)
    assert (len(padded) % BLOCK, len(padded) > len(text), unpad("pkcs7", padded)) == (0, True, text)
    zeros = pad("zero", text)
    assert (len(zeros) % BLOCK, len(zeros) - len(text) < BLOCK) == (0, True)
    assert unpad("zero", zeros).rstrip(b"\0") == text.rstrip(b"\0")


def test_a_whole_block_of_zeros_is_padding():
    assert unpad("zero", b"a" * 16 + bytes(16)) == b"a" * 16
    assert unpad("zero", b"") == b""


@pytest.mark.parametrize("end", [b"\0", b"\x11", b"\x02\x03\x03", b"\x01\x02"])
def test_what_is_no_padding_is_refused(end):
    with pytest.raises(Malformed, match=r"no PKCS#7 padding"):
        unpad("pkcs7", b"a" * (16 - len(end)) + end)
    with pytest.raises(Malformed):
        unpad("pkcs7", b"")


@given(st.sampled_from(KINDS), st.binary(max_size=100))
def test_bytes_that_are_no_ciphertext_end_in_one_kind_of_error(kind, data):
    one = Cipher(kind, b"k" * 16)
    with contextlib.suppress(Malformed):
        assert len(one.decrypt(data)) < len(data)


def test_an_iv_of_its_own_stands_in_front():
    one = Cipher("sm4-cbc", b"k" * 16, random=lambda size: bytes(range(size)))
    made = one.encrypt(b"text")
    assert made[:16] == bytes(range(16))
    assert made[16:] == Cipher("sm4-cbc", b"k" * 16, bytes(range(16))).encrypt(b"text")


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (("sm4-cbc", b"k" * 32), "16 bytes is needed for sm4-cbc, not one of 32"),
        (("aes-ecb", b"k" * 15), "16 or 24 or 32 bytes is needed for aes-ecb, not one of 15"),
        (("aes-cbc", b"k" * 16, b"short"), "an iv of 16 bytes is needed, not one of 5"),
    ],
)
def test_a_key_of_another_size_is_told_without_it(made, words):
    with pytest.raises(Misconfigured, match=words) as told:
        Cipher(*made)
    assert "kkkk" not in str(told.value)


def test_a_cipher_shows_no_key():
    assert "secret-key" not in repr(Cipher("sm4-ecb", b"secret-key-16byt"))
