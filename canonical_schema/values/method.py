"""Recovery or disposal method (利用处置方式代码), HJ 1033 附录F: R1, D10, C1, Y10, G21, S …

The annex itself was not obtained, so a code of the right shape that the list doesn't have is accepted.
"""

import re

from canonical_schema.codes import code_list
from canonical_schema.errors import InvalidFormat
from canonical_schema.values.sentence import Words, sentence
from canonical_schema.values.text import compact, shown

_KNOWN = code_list("methods").rows
# Systems append the title: R4-再循环/再利用金属和金属化合物.
_WRITTEN = re.compile(r"([RDCYG])\s?0?([1-9][0-9]?)(?:[\s\-:(/,—–].*)?|(S)(?:[\s\-:(/,—–]?\s*贮存.*)?", re.DOTALL)


def parse(text: str) -> str:
    """
    >>> parse("R4-再循环/再利用金属和金属化合物"), parse("d10"), parse("Ｒ９")
    ('R4', 'D10', 'R9')
    """
    if text in _KNOWN:
        return text
    found = _WRITTEN.fullmatch(compact(text).upper())
    if found is None:
        quoted = shown(text)
        raise InvalidFormat(
            text,
            f"“{quoted}”不是利用处置方式代码(如 R4、D10)",
            f"'{quoted}' is no recovery or disposal method (such as R4 or D10)",
        )
    return found[3] or found[1] + found[2]


def describe(text: str, lang: str = "zh") -> str:
    return sentence(parse, _words, text, lang)


def _words(value: str) -> Words:
    titles = code_list("methods")
    zh, en = titles.title(value) or "清单未列", titles.title(value, "en") or "not in the list"
    return f"利用处置方式 {value}: {zh}", f"method {value}: {en}"
