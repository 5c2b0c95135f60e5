"""What the demo says while it runs, on standard error: bars on a terminal, a line now and then elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from gateway.intake.page import Counts


class Bars:
    """A line per step; `quiet` says nothing at all."""

    def __init__(self, *, quiet: bool) -> None:
        self._console = Console(stderr=True)
        self._quiet = quiet
        self._progress = Progress(
            TextColumn("{task.description:<38}"), BarColumn(20), TextColumn("{task.completed:>7,.0f}"), TimeElapsedColumn(),
            console=self._console, disable=quiet or not sys.stderr.isatty(),
        )  # fmt: skip

    @contextmanager
    def showing(self) -> Iterator[None]:
        with self._progress:
            yield

    def say(self, text: str) -> None:
        if not self._quiet:
            self._progress.console.print(text, highlight=False)

    def counter(self, text: str) -> Callable[[Counts], None]:
        """A bar that counts the records of every page it is told of."""
        task = self._progress.add_task(text, total=None)

        def told(counts: Counts) -> None:
            self._progress.advance(task, counts.pulled)

        return told
