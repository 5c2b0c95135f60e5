"""What a field or an object says of itself in both languages.

The models describe in English; `descriptions_zh.csv` holds the same sentences in Chinese, and a test finds one without.
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

from canonical_schema.errors import SchemaError
from canonical_schema.export.scalars import scalar
from canonical_schema.fields import Field, ObjectType
from canonical_schema.kinds.registry import KINDS
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
    return _joined((translated(field.description), type_zh), "。"), _joined((field.description, type_en), ".")


def part_sentence(part: ObjectType) -> tuple[str, str]:
    """What is said of an object, Chinese and English. The Chinese of one whose words others share is under its name."""
    words = " ".join(part.description.split())
    return chinese().get(f"{part.name}: {words}", translated(words)), words


@cache
def kind_title(kind: str) -> tuple[str, str]:
    """What a kind is called, Chinese and English: how its module begins, `English title (中文名称)`."""
    told = (import_module(KINDS[kind].__module__).__doc__ or "").strip()
    english, _, rest = told.partition(" (")
    name, closed, _ = rest.partition(")")
    if not closed:
        raise SchemaError(f"the module of the kind '{kind}' doesn't begin with its title and (中文名称)")
    return name, english


def type_sentence(kind: ScalarType | ObjectType) -> tuple[str, str]:
    if isinstance(kind, ObjectType):
        return part_sentence(kind)
    published = scalar(kind)
    return published.zh, published.en


def _joined(sentences: tuple[str, str], stop: str) -> str:
    said = [one.strip().rstrip(".。") + stop for one in dict.fromkeys(sentences) if one.strip()]
    return ("" if stop == "。" else " ").join(said)
