"""A name of a source, read in every script that it could be written in."""

import re
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

from mappings.infer.vocabulary import Script, english

REMEMBERED = 50_000
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
# No syllable begins with one of these: a name that holds one isn't written in initials.
_NO_INITIAL = re.compile("[iuv]")
_LONGEST_NAME = 80
_LONGEST_WORD = 16


@dataclass(frozen=True, slots=True)
class Reading:
    """A name in one script: letters, or English words."""

    script: Script
    units: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join(self.units)


@lru_cache(REMEMBERED)
def readings(name: str) -> tuple[Reading, ...]:
    """
    >>> [(one.script, " ".join(one.units)) for one in readings("recvEntName")]
    [('en', 'recv ent name'), ('pinyin', 'r e c v e n t n a m e')]
    >>> [one.script for one in readings("@fwmc")]
    ['initials', 'pinyin']
    """
    plain = normalize("NFKC", name)[:_LONGEST_NAME].lstrip("@")
    if _HAN.search(plain):
        return (Reading("zh", tuple(letter for letter in plain.lower() if letter.isalnum())),)
    words = tuple(part.lower() for part in _WORDS.findall(plain))
    joined = "".join(word for word in words if word.isalpha())
    if not joined:
        return ()
    found: list[Reading] = []
    cut = [piece for word in words for piece in _cut(word)]
    if any(map(_known, cut)):
        found.append(Reading("en", tuple(word for word in cut if word.isalpha())))
    short = joined.removesuffix("id") if len(joined) > 4 else joined
    if not _NO_INITIAL.search(short):
        found.append(Reading("initials", tuple(short)))
    if len(joined) > 3:
        found.append(Reading("pinyin", tuple(joined)))
    return tuple(found)


def _known(word: str) -> bool:
    return word in english() or word.removesuffix("s") in english()


@lru_cache(REMEMBERED)
def _cut(word: str) -> tuple[str, ...]:
    """A run of letters as known English words, the fewest that fill it; itself where none do."""
    best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _LONGEST_WORD), end):
            before, piece = best[start], word[start:end]
            if before is None or not _known(piece) or (len(piece) < 3 and piece != word):
                continue
            if best[end] is None or len(before) + 1 < len(best[end] or ()):
                best[end] = (*before, piece)
    return best[-1] or (word,)
