import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.crypto.written import WRITE, unwritten
from adapters.errors import Malformed


@given(st.sampled_from(sorted(WRITE)), st.binary(max_size=100))
def test_what_is_written_can_be_read(form, data):
    assert unwritten(form, WRITE[form](data)) == data


def test_lines_and_missing_padding():
    assert unwritten("base64", "QUJD\r\nREVG\n") == b"ABCDEF"
    assert unwritten("base64url", "-_8") == b"\xfb\xff"
    assert unwritten("hex", "00Ff 10") == b"\x00\xff\x10"


@pytest.mark.parametrize(
    ("form", "text"), [("hex", "0"), ("hex", "xy"), ("base64", "QUJ"), ("base64", "-_8="), ("base64", '{"a": 1}')]
)
def test_what_is_written_otherwise_is_told(form, text):
    with pytest.raises(Malformed, match=f"not written in {form}"):
        unwritten(form, text)
