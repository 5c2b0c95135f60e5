"""The shifts between coordinate systems in China: WGS-84 → GCJ-02 (mapping bureau) → BD-09 (Baidu), and how one is undone.

Neither was ever published by those who apply it; the formulas are the ones in general use, true to about a metre, and here
only to take the shift back. Angles are degrees, longitude first.
"""

from collections.abc import Callable
from math import atan2, cos, hypot, pi, radians, sin, sqrt

Shift = Callable[[float, float], tuple[float, float]]
_AXIS = 6378245.0
_ECCENTRICITY = 0.00669342162296594323
_BAIDU = pi * 3000 / 180
_ROUNDS = 10  # each leaves less than a thousandth of the error before it


def defined(lon: float, lat: float) -> bool:
    """Whether the shifts are applied there; the bounds are those in general use."""
    return 72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271


def gcj_from_wgs(lon: float, lat: float) -> tuple[float, float]:
    east, north = _metres_east(lon - 105, lat - 35), _metres_north(lon - 105, lat - 35)
    flat = 1 - _ECCENTRICITY * sin(radians(lat)) ** 2
    lon_shift = east * 180 / (_AXIS / sqrt(flat) * cos(radians(lat)) * pi)
    lat_shift = north * 180 / (_AXIS * (1 - _ECCENTRICITY) / (flat * sqrt(flat)) * pi)
    return lon + lon_shift, lat + lat_shift


def bd_from_gcj(lon: float, lat: float) -> tuple[float, float]:
    length = hypot(lon, lat) + 0.00002 * sin(lat * _BAIDU)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * _BAIDU)
    return length * cos(angle) + 0.0065, length * sin(angle) + 0.006


def undo(shift: Shift, lon: float, lat: float) -> tuple[float, float]:
    """The position that `shift` takes to this one."""
    lon_at, lat_at = lon, lat
    for _ in range(_ROUNDS):
        shifted_lon, shifted_lat = shift(lon_at, lat_at)
        lon_at, lat_at = lon_at - (shifted_lon - lon), lat_at - (shifted_lat - lat)
    return lon_at, lat_at


def _metres_east(x: float, y: float) -> float:
    metres = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    metres += (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    metres += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    return metres + (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3


def _metres_north(x: float, y: float) -> float:
    metres = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    metres += (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    metres += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    return metres + (160 * sin(y / 12 * pi) + 320 * sin(y / 30 * pi)) * 2 / 3
