"""A string of machines (digest, media type, address of a file): as given, without white space around it."""

from canonical_schema.errors import InvalidFormat
from canonical_schema.values.sentence import Words, sentence


def parse(text: str) -> str:
    """
    >>> parse(" application/pdf ")
    'application/pdf'
    """
    value = text.strip()
    if not value or not value.isprintable():
        raise InvalidFormat(text, "内容为空或含有控制字符", "the string is empty or holds a control character")
    return value


def describe(text: str, lang: str = "zh") -> str:
    return sentence(parse, _words, text, lang)


def _words(value: str) -> Words:
    return f"{len(value)} 个字符的字符串", f"a string of {len(value)} characters"
