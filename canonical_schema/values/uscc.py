"""Unified social credit code (统一社会信用代码), GB 32100-2015: 18 characters with two checks.

Authority, type, division (6 digits), organisation code (GB 11714, 9 characters with its own check), check character.
Authorities N, Y and A (rural collectives, others, the military's) are codes as good as 9, though a well-known library
refuses them. Old codes of 9 or 15 characters are `other_ids`.
"""

import re
from functools import lru_cache
from operator import getitem

from canonical_schema.codes import code_list
from canonical_schema.errors import InvalidChecksum, InvalidFormat, InvalidLength
from canonical_schema.values.sentence import Words, sentence
from canonical_schema.values.text import compact, shown

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
PATTERN = rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{8}}[0-9X][{ALPHABET}]"
_SHAPE = re.compile(PATTERN)
_SEPARATORS = re.compile(r"[\s\-]+")
# Tables of value times weight for each position, so that a check is one sum.
_OUTER = [{char: value * pow(3, place, 31) for value, char in enumerate(ALPHABET)} for place in range(17)]
_INNER = [{char: int(char, 36) * weight for char in ALPHABET} for weight in (3, 7, 9, 10, 5, 8, 4, 2)]


@lru_cache(maxsize=65_536)
def parse(text: str) -> str:
    """
    >>> parse("91110000600037341L"), parse("n2130402 mf0dema154")
    ('91110000600037341L', 'N2130402MF0DEMA154')
    """
    code = text
    if not _SHAPE.fullmatch(code):
        code = _SEPARATORS.sub("", compact(text)).upper()
        _refuse_shape(text, code)
    if code[16] != organisation_check(code[8:16]):
        right = organisation_check(code[8:16])
        raise InvalidChecksum(
            text,
            f"“{shown(text)}”第 17 位(组织机构代码校验码)应为 {right}",
            f"character 17 of '{shown(text)}', the organisation code's check, should be {right}",
        )
    if code[17] != check(code[:17]):
        raise InvalidChecksum(
            text,
            f"“{shown(text)}”第 18 位校验码应为 {check(code[:17])}",
            f"the last character of '{shown(text)}', its check, should be {check(code[:17])}",
        )
    return code


def check(first: str) -> str:
    """The check character of the first 17 (GB 32100)."""
    return ALPHABET[-sum(map(getitem, _OUTER, first)) % 31]


def organisation_check(first: str) -> str:
    """The check character of an organisation code's first 8 (GB 11714)."""
    return "0123456789X"[-sum(map(getitem, _INNER, first)) % 11]


def _refuse_shape(text: str, code: str) -> None:
    quoted = shown(text)
    if code.isascii() and code.isalnum() and len(code) != LENGTH:
        raise InvalidLength(
            text,
            f"“{quoted}”有 {len(code)} 位, 统一社会信用代码为 18 位",
            f"'{quoted}' has {len(code)} characters, a unified social credit code has 18",
        )
    if not _SHAPE.fullmatch(code):
        raise InvalidFormat(text, f"“{quoted}”不是统一社会信用代码", f"'{quoted}' is no unified social credit code")


def describe(text: str, lang: str = "zh") -> str:
    return sentence(parse, _words, text, lang)


def _words(value: str) -> Words:
    titles = code_list("divisions")
    zh, en = titles.title(value[2:4]) or "未知地区", titles.title(value[2:4], "en") or "an unknown province"
    return f"统一社会信用代码 {value}, 登记于{zh}", f"unified social credit code {value}, registered in {en}"
