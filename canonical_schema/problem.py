"""One value for a fault in a declared file, the same for lint, check, tests and console."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

CHINESE: Final = {
    "unknown key": "没有这一项",
    "unknown field": "标准没有此字段",
    "unknown step": "没有这个步骤",
    "unknown function": "扩展包没有这个函数",
    "unknown table": "没有这个对照表",
    "unknown snippet": "没有这个片段",
    "missing key": "缺少此项",
    "mapping": "映射写法有误",
}
"""What a fault of this kind says in Chinese, where its own words don't."""
_HAN: Final = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault: where (line and column count from 1), what kind (one word), in words, and what was likely meant."""

    file: str
    line: int
    column: int
    kind: str
    words: str
    suggestion: str = ""

    def __str__(self) -> str:
        meant = f"; did you mean '{self.suggestion}'?" if self.suggestion else ""
        return f"{self.file}:{self.line}:{self.column}: {self.told}{meant}"

    @property
    def told(self) -> str:
        """The words, with their sense in Chinese."""
        zh = CHINESE.get(self.kind, "") if not _HAN.search(self.words) else ""
        return f"{self.words} ({zh})" if zh else self.words


class ProblemsFound(Exception):
    """All faults of one reading, in the order of the file. Prints one a line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        found = tuple(sorted(set(problems), key=lambda fault: (fault.file, fault.line, fault.column, fault.words)))
        super().__init__(found)
        self.problems = found

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


def nearest(name: str, names: Iterable[str]) -> str:
    """The known name most like this one; empty where none is like it.

    >>> nearest("titel", ["title", "driver"]), nearest("colour", ["title", "driver"])
    ('title', '')
    """
    known = {candidate.casefold(): candidate for candidate in names}
    close = get_close_matches(name.casefold(), known, n=1, cutoff=0.6)
    return known[close[0]] if close else ""
