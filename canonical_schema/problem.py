"""One value for a fault in a declared file, the same for lint, check, tests and console."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


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
        return f"{self.file}:{self.line}:{self.column}: {self.words}{meant}"


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
