"""Rule T001: positions that can't be, or are missing. Each kind of fault is told once per record, with its count."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from math import asin, cos, radians, sin, sqrt

from canonical_schema.rules.rule import Content, Finding, warning

FASTEST_KMH = 120.0
"""Above it, a truck's own speed or the one between two positions isn't believed."""
LONGEST_GAP_S = 300.0
"""Dangerous-goods vehicles report twice a minute; five minutes without a position are a gap."""
LONGEST_STOP_S, STOPPED_KM = 1800.0, 0.1
"""A vehicle that stays this long within this distance has stopped. No law names a limit; this one is a default."""
CHINA = (73.0, 136.0, 3.0, 54.0)
"""Longitude and latitude within which China lies, wide enough for its seas."""
_EARTH_KM = 6371.0088
_Fix = tuple[datetime, float, float]

_WORDS = {
    "order": ("定位时间早于前一点", "positions stand before the one they follow"),
    "speed": (f"速度超过 {FASTEST_KMH:g} km/h", f"speeds above {FASTEST_KMH:g} km/h"),
    "jump": ("相邻两点之间的位移不可能", "jumps that no vehicle makes"),
    "gap": (f"定位中断超过 {LONGEST_GAP_S:g} 秒", f"gaps of more than {LONGEST_GAP_S:g} s"),
    "stop": (f"停留超过 {LONGEST_STOP_S / 60:g} 分钟", f"stops of more than {LONGEST_STOP_S / 60:g} minutes"),
    "area": ("位置在中国境外", "positions outside China"),
}


def positions_plausible(content: Content, _: date) -> Iterator[Finding]:
    """T001: order, speed, jump, gap, stop, area."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    before: _Fix | None = None
    anchor: _Fix | None = None  # where and when it came to stand
    told = False
    for place, position in enumerate(content["positions"]):
        at, lon, lat = datetime.fromisoformat(position["at"]), float(position["lon"]), float(position["lat"])
        west, east, south, north = CHINA
        if not (west <= lon <= east and south <= lat <= north):
            found["area"].append(place)
        if float(position.get("speed_kmh", 0)) > FASTEST_KMH:
            found["speed"].append(place)
        here = (at, lon, lat)
        if before is not None:
            for fault in _between(before, here):
                found[fault].append(place)
        if anchor is None or kilometres(anchor[1:], here[1:]) > STOPPED_KM:
            anchor, told = here, False
        elif not told and (at - anchor[0]).total_seconds() > LONGEST_STOP_S:
            found["stop"].append(place)
            told = True
        # A late one is told as such; what follows is measured from the latest time, else it would seem a gap.
        if before is None or at >= before[0]:
            before = here
    for fault, (zh, en) in _WORDS.items():
        if places := found.get(fault):
            yield warning(
                "T001",
                (f"/positions/{places[0]}",),
                f"{zh}：{len(places)} 处，首处为第 {places[0] + 1} 点",
                f"{en}: {len(places)}, the first at position {places[0] + 1}",
            )


def _between(before: _Fix, now: _Fix) -> Iterator[str]:
    seconds = (now[0] - before[0]).total_seconds()
    if seconds < 0:
        yield "order"
        return
    if seconds > LONGEST_GAP_S:
        yield "gap"
    # Positions are rounded: within a second or two even a standing vehicle seems to move.
    if kilometres(before[1:], now[1:]) > max(0.05, FASTEST_KMH * seconds / 3600):
        yield "jump"


def kilometres(first: tuple[float, float], second: tuple[float, float]) -> float:
    """The great-circle distance of two (longitude, latitude) in degrees.

    >>> round(kilometres((118.7969, 32.0603), (121.4737, 31.2304)), 1)
    269.7
    """
    (lon, lat), (other_lon, other_lat) = first, second
    half = sin(radians(other_lat - lat) / 2) ** 2
    half += cos(radians(lat)) * cos(radians(other_lat)) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(half))
