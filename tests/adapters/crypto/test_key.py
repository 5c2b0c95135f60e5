import pytest

from adapters.crypto.key import key_bytes
from adapters.errors import Misconfigured


@pytest.mark.parametrize(
    ("declared", "secret", "expected"),
    [
        ("${K}", "密钥", "密钥".encode()),
        ("hex:${K}", "00ff10AA", b"\x00\xff\x10\xaa"),
        ("base64:${K}", "AP8Qqg==", b"\x00\xff\x10\xaa"),
        ("file:/run/k", "text", b"text"),
        ("hex:file:/run/k", "0a", b"\x0a"),
    ],
)
def test_a_keys_bytes(declared, secret, expected):
    asked = []
    assert key_bytes(declared, lambda name: asked.append(name) or secret) == expected
    assert asked == [declared.removeprefix("hex:").removeprefix("base64:")]


@pytest.mark.parametrize("declared", ["hex:${K}", "base64:${K}"])
def test_a_key_that_is_written_otherwise_is_told_without_it(declared):
    with pytest.raises(Misconfigured) as told:
        key_bytes(declared, lambda _: "no-such-writing!")
    assert "${K}" in str(told.value)
    assert "no-such" not in str(told.value)
