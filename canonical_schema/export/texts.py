"""The reference's own words in both languages, from `texts.csv`: a name's rows are its lines."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

Lang = Literal["zh", "en"]

FILE: Final = Path(__file__).with_name("texts.csv")
EXAMPLE_PARTS: Final = ("kind", "schema_version", "record_id", "version", "change", "recorded_at")
"""What of the envelope the page's first example shows."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Lines by name in one language."""

    by_name: Mapping[str, list[str]]

    def __getitem__(self, name: str) -> str:
        return self.by_name[name][0]

    def row(self, *names: str) -> tuple[str, ...]:
        return tuple(self[name] for name in names)

    def lines(self, name: str) -> list[str]:
        return self.by_name[name]


@cache
def texts(lang: Lang) -> Texts:
    by_name: dict[str, list[str]] = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            by_name.setdefault(row["name"], []).append(row[lang])
    return Texts(by_name)
