"""Hazard characteristic (危险特性) of the national catalogue: T, C, I, R, In. One at a time; a list is split before."""

from canonical_schema.codes import code_list
from canonical_schema.values.listed import listed
from canonical_schema.values.sentence import Words, sentence

_parse = listed("hazards", "危险特性", "hazard characteristic")


def parse(text: str) -> str:
    """
    >>> parse("毒性"), parse("IN"), parse("Ｔ")
    ('T', 'In', 'T')
    """
    return _parse(text)


def describe(text: str, lang: str = "zh") -> str:
    return sentence(parse, _words, text, lang)


def _words(value: str) -> Words:
    titles = code_list("hazards")
    return f"危险特性 {value}: {titles.title(value)}", f"hazard characteristic {value}: {titles.title(value, 'en')}"
