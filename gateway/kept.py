"""What was made of files, kept for as long as none of them changes: who mends a file need not start `serve` anew."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Kept(Generic[T]):
    """By name; the files' times and sizes tell of a change. What can't be made isn't kept."""

    _made: dict[tuple[str, ...], tuple[object, T]] = field(default_factory=dict)

    def get(self, name: tuple[str, ...], files: Iterable[Path | None], make: Callable[[], T]) -> T:
        # Looked at before it is read: a change in between is noticed the next time.
        now = [(file, *_stamp(file)) for file in files if file is not None]
        known = self._made.get(name)
        if known is None or known[0] != now:
            known = self._made[name] = (now, make())
        return known[1]


def _stamp(file: Path) -> tuple[int, ...]:
    try:
        stat = file.stat()
    except OSError:
        return ()  # whoever reads it will say so
    return stat.st_mtime_ns, stat.st_size
