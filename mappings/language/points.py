"""Positions: a longitude and a latitude make one place, in a coordinate system that has to be told."""

from collections.abc import Callable
from dataclasses import replace

from canonical_schema.declared import Node
from canonical_schema.errors import InvalidFormat, InvalidValue
from canonical_schema.fields import ObjectType, ScalarType
from canonical_schema.values import coordinate, number
from mappings.language.leaf import leaf_of
from mappings.language.reader import Reader
from mappings.spec import Call, Leaf

SIDES = ("lon", "lat")


def coordinates(reader: Reader, node: Node, tree: ObjectType) -> dict[str, Leaf]:
    """The rules for lon and lat of an object that has both; each reads both, since a shift needs both."""
    if not set(SIDES) <= tree.fields.keys() or not set(SIDES) & node.entries.keys():
        return {}
    missing = [key for key in (*SIDES, "crs") if key not in node.entries]
    if missing:
        words = f"a position needs lon, lat and crs (WGS-84, CGCS2000, GCJ-02, BD-09, or {{from: path}}): {', '.join(missing)} is missing"
        reader.fault(node, words)
        return {}
    told = node.entries["crs"]
    asked = None
    fixed = ""
    if told.kind == "map":
        if not reader.keys(told, ("from",), "crs") or "from" not in told.entries:
            return {}
        asked = reader.path(told.entries["from"])
    else:
        try:
            fixed = coordinate.system(reader.text(told, "crs"))
        except InvalidValue as error:
            reader.fault(told, f"{error.en} / {error.zh}")
            return {}
    rules = {side: leaf_of(reader, node.entries[side], side, _DEGREES) for side in SIDES}
    if any(len(rule.reads) != 1 for rule in rules.values()):
        reader.fault(node, "lon and lat are read from one path each")
        return {}
    reads = (*rules["lon"].reads, *rules["lat"].reads, *((asked,) if asked is not None else ()))
    label = f"crs {fixed or 'as told'}→WGS-84"
    return {
        side: replace(rule, type=_NUMBER, reads=reads, call=Call(_converter(side, fixed), label), steps=())
        for side, rule in rules.items()
    }


_DEGREES = ScalarType("text", str, (), "M000")
_NUMBER = ScalarType("number", number.parse)


def _converter(side: str, fixed: str) -> Callable[..., str]:
    def run(lon: str | None, lat: str | None, told: str | None = None) -> str:
        if lon is None or lat is None:
            given = lon or lat or ""
            raise InvalidFormat(given, f"只有经度或只有纬度“{given}”", f"only one of longitude and latitude: '{given}'")
        return coordinate.wgs84(lon, lat, fixed or told or "")[side]

    return run
