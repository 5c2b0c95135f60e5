"""National manifest number (联单编号), 14 digits: year, province and prefecture of removal, serial.

Source: 危险废物转移管理办法 Art. 15. The serial counts per prefecture of the *removal* place. Digits 7 and 8 may be any:
what municipalities and directly governed counties have there isn't verified. Older 16-digit numbers, and those of
provinces, are local numbers.
"""

import re

from canonical_schema.codes import code_list
from canonical_schema.errors import InvalidFormat, InvalidLength, UnknownCode
from canonical_schema.values.sentence import Words, sentence
from canonical_schema.values.text import compact, shown

LENGTH = 14
_PROVINCES = [code for code, row in code_list("divisions").rows.items() if row["numbers_manifests"] == "yes"]
PATTERN = rf"(?:19|20)[0-9]{{2}}(?:{'|'.join(_PROVINCES)})[0-9]{{8}}"
_CANONICAL = re.compile(PATTERN)
_SEPARATORS = re.compile(r"[\s\-]+")


def parse(text: str) -> str:
    """
    >>> parse("2026 3205 000123")
    '20263205000123'
    """
    if _CANONICAL.fullmatch(text):
        return text
    number = _SEPARATORS.sub("", compact(text))
    if _CANONICAL.fullmatch(number):
        return number
    quoted = shown(text)
    if not number.isascii() or not number.isdigit():
        raise InvalidFormat(
            text,
            f"“{quoted}”不是全国联单编号(应为 14 位数字)",
            f"'{quoted}' is no national manifest number (14 digits)",
        )
    if len(number) != LENGTH:
        raise InvalidLength(
            text,
            f"“{quoted}”有 {len(number)} 位, 全国联单编号为 14 位",
            f"'{quoted}' has {len(number)} digits, a national manifest number has 14",
        )
    if number[:2] not in {"19", "20"}:
        raise InvalidFormat(
            text,
            f"“{quoted}”的前四位 {number[:4]} 不是年份",
            f"'{quoted}' doesn't begin with a year but with {number[:4]}",
        )
    raise UnknownCode(
        text,
        f"“{quoted}”第 5、6 位 {number[4:6]} 不是移出地省级代码",
        f"digits 5 and 6 of '{quoted}', {number[4:6]}, are no province of removal",
    )


def province(number: str) -> str:
    """The removal province (two digits) of a canonical number."""
    return number[4:6]


def describe(text: str, lang: str = "zh") -> str:
    return sentence(parse, _words, text, lang)


def _words(value: str) -> Words:
    titles = code_list("divisions")
    place = value[4:6]
    return (
        f"联单编号 {value}: {value[:4]} 年, 移出地{titles.title(place)}(地级代码 {value[4:8]}), 顺序号 {value[8:]}",
        f"manifest {value}: {value[:4]}, removed in {titles.title(place, 'en')} ({value[4:8]}), serial {value[8:]}",
    )
