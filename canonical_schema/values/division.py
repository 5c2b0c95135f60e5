"""Administrative division (行政区划代码, GB/T 2260): province 2, prefecture 4, county 6 digits.

Systems write `32`, `320000` or `320500` for what is a province or a prefecture; the one spelling is the shortest.
Only the province is checked: lists below it change every year.
"""

import re

from canonical_schema.codes import code_list
from canonical_schema.errors import InvalidFormat, UnknownCode
from canonical_schema.values.sentence import Words, sentence
from canonical_schema.values.text import compact, shown

PROVINCES = frozenset(code_list("divisions").rows)
_NAMES = code_list("divisions").spellings()
_CODE = re.compile(r"[0-9]{2}(?:[0-9]{2}){0,2}")


def parse(text: str) -> str:
    """
    >>> parse("320000"), parse("320500"), parse("120113"), parse("江苏")
    ('32', '3205', '120113', '32')
    """
    code = text if _CODE.fullmatch(text) else _NAMES.get(compact(text).casefold(), compact(text))
    if not _CODE.fullmatch(code):
        quoted = shown(text)
        raise InvalidFormat(
            text,
            f"“{quoted}”不是行政区划代码(2、4 或 6 位数字)",
            f"'{quoted}' is no division code (2, 4 or 6 digits)",
        )
    if code[:2] not in PROVINCES:
        raise UnknownCode(
            text,
            f"行政区划代码“{shown(text)}”的省级代码 {code[:2]} 不存在",
            f"there is no province {code[:2]} as in '{shown(text)}'",
        )
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code


def describe(text: str, lang: str = "zh") -> str:
    return sentence(parse, _words, text, lang)


def _words(value: str) -> Words:
    titles = code_list("divisions")
    zh, en = titles.title(value[:2]), titles.title(value[:2], "en")
    level = {2: ("省级", "province"), 4: ("地级", "prefecture"), 6: ("县级", "county")}[len(value)]
    return f"{level[0]}行政区划 {value}, 属{zh}", f"division {value} at the level of a {level[1]}, in {en}"
