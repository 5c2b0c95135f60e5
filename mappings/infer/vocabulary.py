"""The words that name things, from the data files beside this module, in every way a system may write them."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

Script = Literal["zh", "initials", "pinyin", "en"]
FOLDER = Path(__file__).parent
_LEAST_PINYIN = 4
"""Letters: a shorter syllable is found in any word."""


@dataclass(frozen=True, slots=True, eq=False)
class Idea:
    """What a thing may be called: Chinese, its initials, its pinyin; groups of English words. There is one of each."""

    name: str
    zh: tuple[str, ...]
    initials: tuple[str, ...]
    pinyin: tuple[str, ...]
    en: tuple[tuple[str, ...], ...]


def table(name: str) -> list[dict[str, str]]:
    """The rows of a data file without its comment lines."""
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@cache
def pinyin() -> Mapping[str, str]:
    return {row["code"]: row["pinyin"] for row in table("pinyin.csv")}


def spelled(word: str) -> str:
    """
    >>> spelled("废物名称")
    'feiwumingcheng'
    """
    return "".join(pinyin().get(letter, letter) for letter in word).lower()


def initials(word: str) -> str:
    """
    >>> initials("统一社会信用代码")
    'tyshxydm'
    """
    return "".join(pinyin().get(letter, letter)[0] for letter in word).lower()


@cache
def ideas() -> Mapping[str, Idea]:
    return {
        row["idea"]: _idea(row["idea"], row["zh"].split("|"), row["en"].split("|")) for row in table("synonyms.csv")
    }


def idea_of(name: str, zh: str, en: str) -> Idea:
    """An idea made of one phrase in both languages: a field's own title."""
    return _idea(name, [zh], [en.lower()])


def _idea(name: str, zh: list[str], en: list[str]) -> Idea:
    return Idea(
        name,
        tuple(word.lower() for word in dict.fromkeys(zh)),
        tuple(dict.fromkeys(map(initials, zh))),
        tuple(dict.fromkeys(found for word in zh if len(found := spelled(word)) >= _LEAST_PINYIN)),
        tuple(tuple(words.split()) for words in dict.fromkeys(en)),
    )


@cache
def english() -> frozenset[str]:
    """Every English word of the vocabulary: what a name without capitals is cut into."""
    return frozenset(word for idea in ideas().values() for group in idea.en for word in group)
