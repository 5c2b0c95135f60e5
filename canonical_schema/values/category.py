"""Waste category (废物类别) HW01 to HW50; HW41 to HW44 don't exist (国家危险废物名录)."""

import re

from canonical_schema.codes import code_list
from canonical_schema.errors import UnknownCode
from canonical_schema.values.listed import listed
from canonical_schema.values.sentence import Words, sentence
from canonical_schema.values.text import compact

KNOWN = frozenset(code_list("categories").rows)
_parse = listed("categories", "废物类别", "waste category")
_TITLED = re.compile(r"(HW\s?[0-9]{2})[\s\-_:]*(\D+)", re.IGNORECASE)


def parse(text: str) -> str:
    """
    >>> parse("08"), parse("ＨＷ０８"), parse("HW08 废矿物油与含矿物油废物"), parse("废酸")
    ('HW08', 'HW08', 'HW08', 'HW34')
    """
    if text in KNOWN:
        return text
    if titled := _TITLED.fullmatch(compact(text)):
        return _parse(titled[1])
    return _parse(text)


def of(two_digits: str) -> str:
    """The category of a waste code's last two digits. UnknownCode where there is none."""
    category = f"HW{two_digits}"
    if category not in KNOWN:
        raise UnknownCode(two_digits, f"废物类别 {category} 不存在", f"there is no waste category {category}")
    return category


def describe(text: str, lang: str = "zh") -> str:
    return sentence(parse, _words, text, lang)


def _words(value: str) -> Words:
    titles = code_list("categories")
    return f"废物类别 {value}: {titles.title(value)}", f"waste category {value}: {titles.title(value, 'en')}"
