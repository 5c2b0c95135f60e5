"""A fault of an adapter file with its place in it, and the one that every template can have."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from canonical_schema.problem import nearest

Place = tuple[str | int, ...]
SLOT = re.compile(r"(?<!\$)\{([A-Za-z_][A-Za-z0-9_]*)\}")


class Fault(NamedTuple):
    place: Place
    words: str
    suggestion: str = ""

    def inside(self, place: Place) -> "Fault":
        """The same fault, seen from further out."""
        return self._replace(place=(*place, *self.place))


Faults = Iterator[Fault]


def unfilled(place: Place, templates: Mapping[str, str] | Mapping[int, str], slots: tuple[str, ...]) -> Faults:
    """A placeholder that nobody fills would be sent as it stands, and the system blamed for not understanding it."""
    there = "there is " + ", ".join(f"{{{slot}}}" for slot in slots) if slots else "there is none here"
    for key, template in templates.items():
        for name in SLOT.findall(template):
            if name not in slots:
                meant = nearest(name, slots)
                words = f"nothing fills {{{name}}}: {there} (没有这个占位符)"
                yield Fault((*place, key), words, f"{{{meant}}}" if meant else "")


def zone_fault(place: Place, zone: str) -> Faults:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        words = f"{zone!r} is no time zone, such as Asia/Shanghai (没有这个时区)"
        yield Fault(place, words, nearest(zone, available_timezones()))
