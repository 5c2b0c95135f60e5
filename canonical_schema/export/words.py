"""What a field or an object says of itself in both languages.

The models describe in English; `descriptions_zh.csv` holds the same sentences in Chinese, and a test finds one without.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from canonical_schema.export.scalars import scalar
from canonical_schema.fields import Field, ObjectType
from canonical_schema.types import ScalarType

FILE = Path(__file__).with_name("descriptions_zh.csv")


@cache
def chinese() -> Mapping[str, str]:
    """English sentence → Chinese."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["en"]: row["zh"] for row in csv.DictReader(file)}


def translated(sentence: str) -> str:
    """The sentence in Chinese; itself where it isn't translated."""
    return chinese().get(sentence, sentence)


def sentences(field: Field) -> tuple[str, str]:
    """The field's description, Chinese and English: what is said of the field, then of its type."""
    type_zh, type_en = type_sentence(field.type)
    own = _joined((translated(field.description), type_zh), "。"), _joined((field.description, type_en), ".")
    return own


def part_sentence(part: ObjectType) -> tuple[str, str]:
    """What is said of an object, Chinese and English."""
    words = " ".join(part.description.split())
    return translated(words), words


def type_sentence(kind: ScalarType | ObjectType) -> tuple[str, str]:
    if isinstance(kind, ObjectType):
        return part_sentence(kind)
    published = scalar(kind)
    return published.zh, published.en


def _joined(sentences: tuple[str, str], stop: str) -> str:
    said = [one.strip().rstrip(".。") + stop for one in dict.fromkeys(sentences) if one.strip()]
    return ("" if stop == "。" else " ").join(said)
