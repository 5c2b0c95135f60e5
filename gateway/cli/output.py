"""What commands print: JSON alone on standard output with --json, else words for people.

A table goes to a terminal as a table, and to a file or pipe as tab-separated lines without colour, uncut.
"""

import sys
from collections.abc import Iterable, Sequence
from typing import Any


def emit_json(value: Any) -> None:
    """One JSON value and a line feed. Bytes are JSON already."""
    from gateway.read.answer import encode  # noqa: PLC0415

    data = value if isinstance(value, bytes) else encode(value)
    sys.stdout.flush()
    sys.stdout.buffer.write(data + b"\n")
    sys.stdout.buffer.flush()


def say(text: str) -> None:
    """A line on standard output."""
    sys.stdout.write(f"{text}\n")


def note(text: str) -> None:
    """A line on standard error: progress, hints, warnings."""
    sys.stderr.write(f"{text}\n")


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str, aside: bool = False) -> None:
    """Rows under bilingual headings; the sentence `empty` where there are none. `aside`: on standard error."""
    shown = [[printable(value) for value in row] for row in rows]
    tell = note if aside else say
    if not (sys.stderr if aside else sys.stdout).isatty():
        for row in shown:
            tell("\t".join(row))
        return
    if not shown:
        tell(empty)
        return
    from rich.console import Console  # noqa: PLC0415 - slow to import, and only needed for a terminal
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    grid = Table(*headings, header_style="bold")
    for row in shown:
        grid.add_row(*(Text(cell, overflow="fold") for cell in row))
    Console(stderr=aside).print(grid)


def printable(value: object) -> str:
    """Text without control characters: what provinces write must not move a terminal's cursor."""
    text = "" if value is None else str(value)
    return "".join(letter if letter.isprintable() else " " for letter in text)
