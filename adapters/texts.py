"""The kinds of text that stand in an adapter file, each with the words for one that is none."""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, StringConstraints
from pydantic_core import core_schema


@dataclass(frozen=True, slots=True)
class _written:  # noqa: N801 - read as an adjective of a text
    """A text of this pattern, and what is said of one that isn't. Editors are told the pattern, too."""

    pattern: str
    words: str

    def check(self, text: str) -> str:
        if not re.fullmatch(self.pattern, text):
            raise ValueError(self.words)
        return text

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return handler(core) | {"pattern": f"^(?:{self.pattern})$", "description": self.words}


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


def spelled(seconds: int) -> str:
    """As a file says it.

    >>> [spelled(90), spelled(600), spelled(86400)]
    ['90s', '10m', '1d']
    """
    unit = next(unit for unit in "dhms" if seconds % UNITS[unit] == 0)
    return f"{seconds // UNITS[unit]}{unit}"


SECONDS = "^[0-9]+[smhd]$"
Seconds = Annotated[
    int, BeforeValidator(_seconds, json_schema_input_type=Annotated[str, StringConstraints(pattern=SECONDS)])
]
Count = Annotated[int, Field(ge=1)]
Status = Annotated[int, Field(ge=200, le=599)]


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Several = Annotated[
    tuple[str, ...], BeforeValidator(_several, json_schema_input_type=str | tuple[str, ...]), Field(min_length=1)
]
"""One text or a list of them."""
