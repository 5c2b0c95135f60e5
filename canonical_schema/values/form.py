"""Physical form of a waste (形态): S, SS, L, G."""

from canonical_schema.codes import code_list
from canonical_schema.values.listed import listed
from canonical_schema.values.sentence import Words, sentence

_parse = listed("forms", "废物形态", "physical form")


def parse(text: str) -> str:
    """
    >>> parse("半固体"), parse("l")
    ('SS', 'L')
    """
    return _parse(text)


def describe(text: str, lang: str = "zh") -> str:
    return sentence(parse, _words, text, lang)


def _words(value: str) -> Words:
    titles = code_list("forms")
    return f"形态 {value}: {titles.title(value)}", f"form {value}: {titles.title(value, 'en')}"
