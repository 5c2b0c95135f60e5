"""Vehicle plate (机动车号牌, GA 36): ordinary of 7, new-energy of 8 characters; trailers end in 挂.

A tractor and its trailer have a plate each. Letters I and O don't occur.
"""

import re

from canonical_schema.errors import InvalidFormat
from canonical_schema.values.sentence import Words, sentence
from canonical_schema.values.text import compact, shown

_PLACE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z]"
_SERIAL = "[A-HJ-NP-Z0-9]"
_NEW_ENERGY = "[A-HJK]"
PATTERN = (
    rf"{_PLACE}(?:{_SERIAL}{{4}}[A-HJ-NP-Z0-9挂学警港澳]"
    rf"|{_NEW_ENERGY}{_SERIAL}[0-9]{{4}}|[0-9]{{5}}{_NEW_ENERGY})"
)
_CANONICAL = re.compile(PATTERN)
_SEPARATORS = re.compile(r"[\s\-·•・‧∙.]+")


def parse(text: str) -> str:
    """
    >>> parse("苏A·12345"), parse("苏 a12345d"), parse("粤B1234挂")
    ('苏A12345', '苏A12345D', '粤B1234挂')
    """
    if _CANONICAL.fullmatch(text):
        return text
    plate = _SEPARATORS.sub("", compact(text)).upper()
    if not _CANONICAL.fullmatch(plate):
        quoted = shown(text)
        raise InvalidFormat(text, f"“{quoted}”不符合 GA 36 号牌格式", f"'{quoted}' is no vehicle plate by GA 36")
    return plate


def describe(text: str, lang: str = "zh") -> str:
    return sentence(parse, _words, text, lang)


def _words(value: str) -> Words:
    if value.endswith("挂"):
        return f"挂车号牌 {value}", f"plate {value} of a trailer"
    if len(value) == 8:
        return f"新能源汽车号牌 {value}", f"plate {value} of a new-energy vehicle"
    return f"机动车号牌 {value}", f"plate {value} of a motor vehicle"
