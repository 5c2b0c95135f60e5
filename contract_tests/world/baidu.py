"""Where a place lies, and the same as a Baidu map tells it (BD-09).

The formulas are those in general use for WGS-84 → GCJ-02 → BD-09. They are written out here once more, and only in this direction, so
that the truth doesn't rest on the code that is tested with it.
"""

import math
import zlib

_AXIS, _FLAT = 6378245.0, 0.00669342162296594323


def position(name: str) -> tuple[float, float]:
    """Longitude and latitude (WGS-84, six decimals) of a made-up place in Zhejiang: the same for the same name."""
    roll = zlib.crc32(name.encode())
    return round(118.9 + roll % 2_600_000 / 1e6, 6), round(28.1 + (roll >> 8) % 2_600_000 / 1e6, 6)


def bd09(lon: float, lat: float) -> tuple[float, float]:
    x, y = _gcj02(lon, lat)
    tilt = math.pi * 3000 / 180
    radius = math.sqrt(x * x + y * y) + 2e-5 * math.sin(y * tilt)
    angle = math.atan2(y, x) + 3e-6 * math.cos(x * tilt)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def _gcj02(lon: float, lat: float) -> tuple[float, float]:
    x, y = lon - 105, lat - 35
    root = math.sqrt(abs(x))
    ripple = 20 * _sine(6, x) + 20 * _sine(2, x)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (
        (ripple + 20 * _sine(1, y) + 40 * _sine(1 / 3, y) + 160 * _sine(1 / 12, y) + 320 * _sine(1 / 30, y)) * 2 / 3
    )
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (ripple + 20 * _sine(1, x) + 40 * _sine(1 / 3, x) + 150 * _sine(1 / 12, x) + 300 * _sine(1 / 30, x)) * 2 / 3
    at = math.radians(lat)
    bulge = 1 - _FLAT * math.sin(at) ** 2
    meridian = _AXIS * (1 - _FLAT) / bulge**1.5
    parallel = _AXIS / math.sqrt(bulge) * math.cos(at)
    return lon + math.degrees(east / parallel), lat + math.degrees(north / meridian)


def _sine(times: float, value: float) -> float:
    return math.sin(times * value * math.pi)
