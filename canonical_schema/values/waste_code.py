"""Waste code (废物代码), eight digits written AAA-BBB-CC: industry (GB/T 4754, 900 for none), serial, category.

Source: 国家危险废物名录 Art. 5(3). Whether the code stands in an edition of the catalogue is rule M010's question, not
a reason to refuse it: editions change and the newest isn't fully known here.
"""

import re

from canonical_schema.codes import code_list
from canonical_schema.errors import InvalidFormat, UnknownCode
from canonical_schema.values import category
from canonical_schema.values.sentence import Words, sentence
from canonical_schema.values.text import compact, shown

_CANONICAL = re.compile(r"[0-9]{3}-[0-9]{3}-([0-9]{2})")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−一_.·", "-"))
# The official PDF itself writes HW900-042-49: a prefix without its two digits.
_WRITTEN = re.compile(r"(?:HW([0-9]{2})?[\s\-/:,()]*|([0-9]{2})[\s/])?([0-9]{3})[\s\-]*([0-9]{3})[\s\-]*([0-9]{2})\)?")


def parse(text: str) -> str:
    """
    >>> parse("HW08 900-249-08"), parse("90024908"), parse("HW08/900-249-08"), parse("HW900-042-49")
    ('900-249-08', '900-249-08', '900-249-08', '900-042-49')
    """
    canonical = _CANONICAL.fullmatch(text)
    if canonical and f"HW{canonical[1]}" in category.KNOWN:
        return text
    found = _WRITTEN.fullmatch(compact(text).upper().translate(_DASHES))
    if found is None:
        quoted = shown(text)
        raise InvalidFormat(
            text,
            f"“{quoted}”不是废物代码(应为 AAA-BBB-CC 八位数字)",
            f"'{quoted}' is no waste code (eight digits as AAA-BBB-CC)",
        )
    prefix, digits = found[1] or found[2], found[5]
    if f"HW{digits}" not in category.KNOWN:
        raise UnknownCode(
            text,
            f"废物代码“{shown(text)}”的类别 HW{digits} 不存在",
            f"there is no waste category HW{digits} as in '{shown(text)}'",
        )
    if prefix and prefix != digits:
        raise InvalidFormat(
            text,
            f"“{shown(text)}”中的类别 HW{prefix} 与代码末两位 {digits} 不一致",
            f"category HW{prefix} in '{shown(text)}' isn't the code's last two digits {digits}",
        )
    return f"{found[3]}-{found[4]}-{digits}"


def describe(text: str, lang: str = "zh") -> str:
    return sentence(parse, _words, text, lang)


def _words(value: str) -> Words:
    family = category.of(value[-2:])
    titles = code_list("categories")
    return (
        f"废物代码 {value}, 类别 {family} {titles.title(family)}",
        f"waste code {value} of category {family}, {titles.title(family, 'en')}",
    )
