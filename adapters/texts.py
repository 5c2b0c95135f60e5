"""The kinds of text that stand in an adapter file, each with the words for one that is none."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints


def _written(pattern: str, words: str) -> AfterValidator:
    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(words)
        return text

    return AfterValidator(check)


Name = Annotated[
    str, _written("[a-z][a-z0-9_]{0,39}", "small letters, digits and _, a letter first (小写字母、数字、下划线)")
]
Text = Annotated[str, StringConstraints(min_length=1)]
Division = Annotated[str, _written("[0-9]{2}", "a province's two digits, such as 32 (省级行政区划代码, 两位数字)")]
UrlPath = Annotated[str, _written("/.*", "a path below base_url that begins with / (以 / 开头的路径)")]
# RFC 6901: after ~ stands 0 (for ~) or 1 (for /)
POINTER = "(/([^~/]|~[01])*)+"
Pointer = Annotated[str, _written(POINTER, "a JSON Pointer that begins with /, such as /data/list (应为 JSON Pointer)")]

BODY = "body"
BodyOrPointer = Annotated[
    str,
    _written(
        f"{BODY}|{POINTER}",
        "'body', or the JSON Pointer of a field, such as /data (应为 body 或 JSON Pointer)",
    ),
]

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _seconds(text: object) -> object:
    """`90s`, `10m`, `2h`, `3d`."""
    if isinstance(text, str) and re.fullmatch("[0-9]+[smhd]", text):
        return int(text[:-1]) * UNITS[text[-1]]
    raise ValueError("a number and s, m, h or d: 90s, 10m, 2h, 3d (数字加时间单位)")


Seconds = Annotated[int, BeforeValidator(_seconds)]
Count = Annotated[int, Field(ge=1)]
Status = Annotated[int, Field(ge=200, le=599)]


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Several = Annotated[
    tuple[str, ...], BeforeValidator(_several, json_schema_input_type=str | tuple[str, ...]), Field(min_length=1)
]
"""One text or a list of them."""
