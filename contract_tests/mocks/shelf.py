"""The rows of one province that a mock serves, as an index: what is visible now, and which changes are still to come.

Only keys stand in memory; a row is made from the world when somebody asks for its page.
"""

from bisect import bisect_left, insort
from pathlib import Path
from typing import NamedTuple

from contract_tests.mocks.servers import StateFile
from contract_tests.world import Side, SideVersion, World


class Entry(NamedTuple):
    """`at` is the local time of the version, `yyyy-MM-dd HH:mm:ss`; entries order by time, then number."""

    at: str
    number: str
    journey: int
    version: int


class Shelf:
    """Newest visible version of each manifest, in the order of time and number. How many changes were revealed is kept on disk."""

    def __init__(self, world: World, adapter: str, folder: Path) -> None:
        self._world, self._adapter = world, adapter
        self._state = StateFile(folder / f"{adapter}.json", world.identity)
        self._current: dict[int, Entry] = {}
        self._pending: list[Entry] = []
        for side in world.for_province(adapter):
            for position, version in enumerate(side.versions):
                entry = Entry(version.modified_at.isoformat(" ", "seconds"), side.number, side.journey, position)
                if version.late:
                    self._pending.append(entry)
                else:
                    self._current[side.journey] = entry
        self._pending.sort()
        revealed = self._state.values.setdefault("revealed", 0)
        for entry in self._pending[:revealed]:
            self._current[entry.journey] = entry
        self.ordered = sorted(self._current.values())

    @property
    def revealed(self) -> int:
        return int(self._state.values["revealed"])

    @property
    def pending(self) -> int:
        return len(self._pending) - self.revealed

    def reveal(self, count: int) -> None:
        """The next changes come true: each row moves to the end, since changes are later than all that was there."""
        coming = self._pending[self.revealed : self.revealed + count]
        for entry in coming:
            old = self._current[entry.journey]
            del self.ordered[bisect_left(self.ordered, old)]
            insort(self.ordered, entry)
            self._current[entry.journey] = entry
        if coming:
            self._state.values["revealed"] += len(coming)
            self._state.save()

    def trickle(self, count: int) -> None:
        """Reveals while somebody reads, until half of the changes are out; the rest waits for `finish`."""
        if self.revealed * 2 < len(self._pending):
            self.reveal(count)

    def finish(self) -> None:
        self.reveal(self.pending)

    def counts(self) -> dict[str, int]:
        return {"rows": len(self.ordered), "revealed": self.revealed, "pending": self.pending}

    def read(self, entry: Entry) -> tuple[Side, SideVersion]:
        side = self._world.side(self._adapter, entry.journey)
        return side, side.versions[entry.version]
