"""A position in degrees (经纬度): WGS-84, at most 7 decimals (a centimetre), as text (canonical.md §1).

Systems give WGS-84, CGCS2000 (its equal at this accuracy), GCJ-02 or BD-09, which lie hundreds of metres apart. Which it
is can't be seen in the numbers, so it has to be told: a position without its system is refused, never guessed.
"""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal

from canonical_schema.errors import InvalidFormat, UnknownCode
from canonical_schema.values import number
from canonical_schema.values.listed import listed
from canonical_schema.values.sentence import Words, sentence
from canonical_schema.values.shift import bd_from_gcj, defined, gcj_from_wgs, undo
from canonical_schema.values.text import compact, shown

DECIMALS = 7
_STEP = Decimal(1).scaleb(-DECIMALS)
_DEGREES = re.compile(
    r"(?P<before>[EWNS]|东经|西经|北纬|南纬)?\s*(?P<sign>[+-])?(?P<d>[0-9]{1,3}(?:\.[0-9]{1,20})?)\s*[°度]?"
    r"(?:(?<=[°度])\s*(?P<m>[0-5]?[0-9](?:\.[0-9]{1,20})?)\s*['′分](?:\s*(?P<s>[0-5]?[0-9](?:\.[0-9]{1,20})?)\s*(?:\"|''|′′|秒))?)?"
    r"\s*(?P<after>[EWNS])?"
)
_SIDES = {
    "longitude": ("经度", {"E": 1, "东经": 1, "W": -1, "西经": -1}, 180),
    "latitude": ("纬度", {"N": 1, "北纬": 1, "S": -1, "南纬": -1}, 90),
}
_system = listed("coordinate_systems", "坐标系", "coordinate reference system")


def longitude(text: str) -> str:
    """
    >>> longitude("118.79690"), longitude("东经118°47′48.84″"), longitude("118.7969E")
    ('118.7969', '118.7969', '118.7969')
    """
    return _rounded(_degrees(text, "longitude"))


def latitude(text: str) -> str:
    """
    >>> latitude("32.0603"), latitude("N 32°03'37.08\\"")
    ('32.0603', '32.0603')
    """
    return _rounded(_degrees(text, "latitude"))


def parse(text: str) -> str:
    """A pair, longitude first.

    >>> parse("118.79690, 32.0603")
    '118.7969,32.0603'
    """
    parts = re.split(r"[,;]", compact(text))
    if len(parts) != 2:
        raise InvalidFormat(
            text,
            f"“{shown(text)}”不是经度、纬度各一的坐标",
            f"'{shown(text)}' isn't a longitude and a latitude",
        )
    try:
        lon, lat = longitude(parts[0]), latitude(parts[1])
    except InvalidFormat as error:
        # What is refused is the whole pair that stood there.
        raise InvalidFormat(text, error.zh, error.en) from error
    return f"{lon},{lat}"


def system(text: str) -> str:
    """The code of a coordinate reference system. UnknownCode where it isn't known or isn't told.

    >>> system("gcj02"), system("百度")
    ('GCJ-02', 'BD-09')
    """
    if not compact(text):
        raise UnknownCode(
            text, "未说明坐标系，不得猜测", "the coordinate reference system isn't told, and it isn't guessed"
        )
    return _system(text)


def wgs84(lon: str, lat: str, given_in: str) -> dict[str, str]:
    """The standard's point for a position in the system `given_in`.

    UnknownCode where the system isn't known; InvalidFormat where there is no such place, where 0, 0 stands for no
    position, or where a shifted system isn't defined.

    >>> wgs84("118.7969", "32.0603", "CGCS2000")
    {'lon': '118.7969', 'lat': '32.0603'}
    >>> wgs84("116.41662", "39.91", "BD-09")
    {'lon': '116.4039837', 'lat': '39.9022972'}
    """
    told = system(given_in)
    if _exchanged(lon, lat):
        raise InvalidFormat(
            f"{lon},{lat}",
            f"经度“{shown(lon)}”、纬度“{shown(lat)}”似乎颠倒",
            f"longitude '{shown(lon)}' and latitude '{shown(lat)}' seem to be exchanged",
        )
    exact = _degrees(lon, "longitude"), _degrees(lat, "latitude")
    at = _rounded(exact[0]), _rounded(exact[1])
    if at == ("0", "0"):
        raise InvalidFormat(
            f"{lon},{lat}", "0, 0 表示没有定位，不是位置", "0, 0 is how systems write that there is no position"
        )
    if told in _SHIFTED:
        shifted = float(exact[0]), float(exact[1])
        if not defined(*shifted):
            raise InvalidFormat(
                f"{lon},{lat}",
                f"{told} 仅在中国范围内有定义，{at[0]}, {at[1]} 在其外",
                f"{told} is defined within China only, {at[0]}, {at[1]} lies outside",
            )
        for shift in _SHIFTED[told]:
            shifted = undo(shift, *shifted)
        at = _rounded(Decimal(shifted[0])), _rounded(Decimal(shifted[1]))
    return {"lon": at[0], "lat": at[1]}


# The shifts to be taken back, the last that was applied first.
_SHIFTED: dict[str, tuple[Callable[[float, float], tuple[float, float]], ...]] = {
    "GCJ-02": (gcj_from_wgs,),
    "BD-09": (bd_from_gcj, gcj_from_wgs),
}


def describe(text: str, lang: str = "zh") -> str:
    return sentence(parse, _words, text, lang)


def _words(value: str) -> Words:
    lon, lat = value.split(",")
    return f"经度 {lon}°, 纬度 {lat}°", f"longitude {lon}°, latitude {lat}°"


def _degrees(text: str, kind: str) -> Decimal:
    title, signs, most = _SIDES[kind]
    found = _DEGREES.fullmatch(compact(text).replace("\u2212", "-").upper())
    marks = [found[name] for name in ("before", "after") if found[name]] if found else []
    if found is None or len(marks) > 1 or (marks and (found["sign"] or marks[0] not in signs)):
        raise InvalidFormat(text, f"“{shown(text)}”不是{title}", f"'{shown(text)}' is no {kind}")
    parts = (Decimal(found[name] or 0) / scale for name, scale in (("d", 1), ("m", 60), ("s", 3600)))
    degrees = sum(parts, Decimal(0)) * (signs[marks[0]] if marks else 1) * (-1 if found["sign"] == "-" else 1)
    if abs(degrees) > most:
        raise InvalidFormat(
            text,
            f"{title}“{shown(text)}”超出 ±{most}°",
            f"the {kind} '{shown(text)}' is beyond ±{most}°",
        )
    return degrees


def _rounded(degrees: Decimal) -> str:
    return number.plain(degrees.quantize(_STEP, rounding=ROUND_HALF_EVEN, context=number.EXACT))


def _exchanged(lon: str, lat: str) -> bool:
    """Whether only the other way round both are coordinates."""
    return not _is(latitude, lat) and _is(longitude, lat) and _is(latitude, lon)


def _is(parse_one: Callable[[str], str], text: str) -> bool:
    try:
        parse_one(text)
    except InvalidFormat:
        return False
    return True
