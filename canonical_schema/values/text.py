"""Text: NFKC, trimmed, never empty, never cut. Control characters are refused: XML can't carry them (canonical.md §1)."""

import re
from unicodedata import is_normalized, normalize

from canonical_schema.errors import InvalidFormat
from canonical_schema.values.sentence import Words, sentence

# White space that NFKC leaves, and marks without width that editors put at the ends of a text.
_EDGES = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u1680\u2028\u2029\u200b\u2060\ufeff"
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SHOWN = 60


def compact(text: str) -> str:
    """NFKC, trimmed; may be empty.

    >>> compact(" ＨＷ０８ ")
    'HW08'
    """
    return normalize("NFKC", text).strip(_EDGES)


def shown(text: str) -> str:
    """The text as a message quotes it: without control characters, at most 60 characters."""
    plain = "".join(char if char.isprintable() else "�" for char in text[: _SHOWN + 1])
    return plain if len(plain) <= _SHOWN else plain[:_SHOWN] + "…"


def parse(text: str) -> str:
    """One spelling of a text.

    >>> parse("　天津某某（环保）公司 ")
    '天津某某(环保)公司'
    """
    if text.isprintable() and text and text[0] != " " and text[-1] != " " and is_normalized("NFKC", text):
        return text
    normal = compact(text).replace("\r\n", "\n").replace("\r", "\n")
    if not normal:
        raise InvalidFormat(text, "文本为空", "the text is empty")
    if bad := NOT_IN_XML.search(normal):
        code = f"U+{ord(bad[0]):04X}"
        raise InvalidFormat(
            text, f"文本含有不允许的字符 {code}", f"the text holds the character {code}, which isn't allowed"
        )
    return normal


def describe(text: str, lang: str = "zh") -> str:
    """One sentence, Chinese unless `lang` is "en"."""
    return sentence(parse, _words, text, lang)


def _words(value: str) -> Words:
    return f"{len(value)} 个字符的文本", f"a text of {len(value)} characters"
