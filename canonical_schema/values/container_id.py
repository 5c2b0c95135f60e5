"""Identification of a container. HJ 1276-2022 has a digital code (数字识别码) of 37 characters: unit 18, waste code 8, date
8, serial 3 (lengths as recalled, 37 in total verified). GS1 codes by GB/T 38920 compete with it, so any text is one.
"""

import re

from canonical_schema.errors import InvalidFormat
from canonical_schema.values import text as text_value
from canonical_schema.values.sentence import Words, sentence

_SPACE = re.compile(r"\s+")
_HJ_1276 = re.compile(r"[0-9A-Z]{18}[0-9]{8}(?:19|20)[0-9]{6}[0-9]{3}", re.IGNORECASE)


def parse(text: str) -> str:
    """
    >>> parse("91350100m000100y43 90024908 20240305 001")
    '91350100M000100Y439002490820240305001'
    """
    code = text_value.compact(_SPACE.sub("", text_value.parse(text)))
    if not code:
        raise InvalidFormat(text, "容器编码为空", "the container's identification is empty")
    return code.upper() if _HJ_1276.fullmatch(code) else code


def describe(text: str, lang: str = "zh") -> str:
    return sentence(parse, _words, text, lang)


def _words(value: str) -> Words:
    if not _HJ_1276.fullmatch(value):
        return f"容器编码 {value}", f"container {value}"
    unit, code, day, serial = value[:18], value[18:26], value[26:34], value[34:]
    return (
        f"数字识别码: 单位 {unit}, 废物代码 {code}, 日期 {day}, 顺序 {serial}",
        f"digital identification code: unit {unit}, waste code {code}, date {day}, serial {serial}",
    )
