"""What may still be unpacked of one payload, one packing inside the other too: else bombs are only nested once more."""

from dataclasses import dataclass, replace

from adapters.errors import Malformed
from adapters.limits import Limits


@dataclass(slots=True)
class Room:
    """Bytes and members of archives that are left."""

    limits: Limits
    bytes: int
    members: int

    @classmethod
    def of(cls, limits: Limits) -> "Room":
        return cls(limits, limits.unpacked, limits.members)

    @property
    def bounds(self) -> Limits:
        """The limits for what is unpacked next."""
        return replace(self.limits, unpacked=self.bytes)

    def take(self, size: int) -> None:
        self.bytes -= size

    def enter(self, count: int) -> None:
        """So many members of one archive. Raises Malformed where they are too many."""
        if count > self.members:
            raise Malformed(f"{count} members, more than {self.members} (压缩包内文件过多)")
        self.members -= count
