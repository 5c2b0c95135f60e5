"""Number of a hazardous-waste permit (危险废物经营许可证编号). The State Council's rules (令408) set no format for it.

Seen: TJHW004, 赣环危废证字066号, 4406080319. So it is text in one width, without spaces and without 第 … 号 around it.
"""

import re

from canonical_schema.errors import InvalidFormat
from canonical_schema.values import text as text_value
from canonical_schema.values.sentence import Words, sentence

_SPACE = re.compile(r"\s+")
_WRAPPED = re.compile(r"第(.+)号", re.DOTALL)
_INNER = re.compile(r"字第+(?=.*号$)", re.DOTALL)


def parse(text: str) -> str:
    """
    >>> parse("第 ＪＳ０５０８ 号"), parse("赣环危废证字第066号")
    ('JS0508', '赣环危废证字066号')
    """
    number = _SPACE.sub("", text_value.parse(text))
    while wrapped := _WRAPPED.fullmatch(number):
        number = wrapped[1]
    number = text_value.compact(_INNER.sub("字", number))
    if not number:
        raise InvalidFormat(text, "许可证编号为空", "the permit number is empty")
    return number


def describe(text: str, lang: str = "zh") -> str:
    return sentence(parse, _words, text, lang)


def _words(value: str) -> Words:
    return f"许可证编号 {value}", f"permit number {value}"
