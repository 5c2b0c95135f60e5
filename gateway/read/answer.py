"""Answers as JSON bytes, the same for API and command. Exact: a Decimal is a number with its digits, never a float."""

from typing import Any

import msgspec

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def encode(value: Any) -> bytes:
    """UTF-8 JSON of plain values (dict, list, str, int, Decimal, bool, None)."""
    return _ENCODER.encode(value)


def listed(name: str, stored: list[bytes]) -> bytes:
    """{name: [...]} around items that are JSON already: what is stored goes out byte for byte."""
    return b'{"%b":[%b]}' % (name.encode(), b",".join(stored))
