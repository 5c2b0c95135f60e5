"""Code lists: data files with edition, validity and source in their first comment lines.

An edition is added by adding a file `codes/<name>.csv`: comment lines `# key: value`, then a header row with at least
`code`. A column `spellings` holds what people write for the code, separated by `|`.
"""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from canonical_schema.errors import CodeListUnreadable

FOLDER = Path(__file__).with_name("codes")


@dataclass(frozen=True, slots=True)
class CodeList:
    """One edition of one list. `facts` are its comment lines, `rows` its rows by code in the file's order."""

    name: str
    facts: Mapping[str, str]
    rows: Mapping[str, Mapping[str, str]]

    @property
    def edition(self) -> str:
        return self.facts.get("edition", "")

    @property
    def complete(self) -> bool:
        """Whether a code that isn't here isn't one. False where an edition is only partly known."""
        return self.facts.get("complete", "yes") == "yes"

    def known(self, code: str) -> bool:
        return code in self.rows

    def title(self, code: str, lang: str = "zh") -> str:
        """The code's title; empty where the code or its title isn't known."""
        row = self.rows.get(code)
        return row.get("title" if lang == "zh" else "title_en", "") if row else ""

    def in_force(self, day: date) -> bool:
        first, last = self.facts.get("valid_from", ""), self.facts.get("valid_to", "")
        return first <= day.isoformat() and (not last or day.isoformat() <= last)

    def spellings(self) -> dict[str, str]:
        """What people write, case-folded → code. The code and its titles are spellings of it too."""
        written: dict[str, str] = {}
        for code, row in self.rows.items():
            names = (code, row.get("title", ""), row.get("title_en", ""), *row.get("spellings", "").split("|"))
            for name in filter(None, names):
                if written.setdefault(name.casefold(), code) != code:
                    raise CodeListUnreadable(f"{self.name}: '{name}' stands for {written[name.casefold()]} and {code}")
        return written


@cache
def code_list(name: str) -> CodeList:
    """The list `codes/<name>.csv`. CodeListUnreadable where there is none or it is broken."""
    path = FOLDER / f"{name}.csv"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise CodeListUnreadable(f"there is no code list '{name}'") from error
    comments = [line for line in lines if line.startswith("#")]
    facts = dict(_fact(name, line) for line in comments)
    table = csv.DictReader(line for line in lines if not line.startswith("#"))
    rows: dict[str, Mapping[str, str]] = {}
    for row in table:
        if not row.get("code") or row["code"] in rows or None in row or None in row.values():
            raise CodeListUnreadable(f"{name}: row '{row.get('code')}' is a duplicate or has too few or many columns")
        rows[row["code"]] = row
    return CodeList(name, facts, rows)


def names() -> tuple[str, ...]:
    """All lists, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.csv")))


@cache
def fingerprint() -> str:
    """SHA-256 in hex over every list: what any of them says decides what a value means."""
    digest = hashlib.sha256()
    for name in names():
        body = (FOLDER / f"{name}.csv").read_bytes()
        digest.update(f"{name} {len(body)}\n".encode() + body)
    return digest.hexdigest()


@cache
def editions(prefix: str) -> tuple[CodeList, ...]:
    """All editions of a list (`waste_2021`, `waste_2025` … of `waste`), the oldest first."""
    found = (code_list(name) for name in names() if name.startswith(f"{prefix}_"))
    return tuple(sorted(found, key=lambda edition: edition.facts.get("valid_from", "")))


def _fact(name: str, line: str) -> tuple[str, str]:
    key, colon, value = line.lstrip("# ").partition(":")
    if not colon:
        raise CodeListUnreadable(f"{name}: comment line '{line}' isn't 'key: value'")
    return key.strip(), value.strip()
