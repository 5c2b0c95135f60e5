"""What each system has a place for and yet can't say: the differences that a record may show when it comes back.

    told(system, content, left_out)   the content as it comes back; `left_out`: the fields that its outward mapping names so

Every other difference is a fault of a mapping.
"""

from collections.abc import Callable, Collection, Iterator
from copy import deepcopy
from typing import Any

from contract_tests.world.views.coarse import moment

Json = dict[str, Any]
Change = Callable[[Json], None]


def told(system: str, content: Json, left_out: Collection[str]) -> Any:
    """A copy; None where nothing remains."""
    content = deepcopy(content)
    for change in LOSSES[system].values():
        change(content)
    return carried(content, left_out)


def carried(value: Any, left_out: Collection[str], at: str = "") -> Any:
    """What isn't left out. An object or list of which nothing remains isn't there."""
    if at in left_out:
        return None
    if isinstance(value, dict):
        kept = {name: carried(inner, left_out, f"{at}/{name}".lstrip("/")) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner is not None} or None
    if isinstance(value, list):
        return [one for item in value if (one := carried(item, left_out, at)) is not None] or None
    return value


def _parts(content: Json, *names: str) -> Iterator[Json]:
    """Every object under one of these names, wherever it stands."""
    for name, inner in content.items():
        for one in inner if isinstance(inner, list) else [inner]:
            if isinstance(one, dict):
                if name in names:
                    yield one
                yield from _parts(one, *names)


def _no_finer_than(precision: str) -> Change:
    def change(part: Json) -> None:
        for name, inner in part.items():
            if isinstance(inner, dict) and "precision" in inner:
                part[name] = moment(inner, precision) if inner["precision"] != "day" else inner
            for one in inner if isinstance(inner, list) else [inner]:
                if isinstance(one, dict):
                    change(one)

    return change


def _no_days(part: Json) -> None:
    for name, inner in list(part.items()):
        if isinstance(inner, dict) and inner.get("precision") == "day":
            del part[name]
        for one in inner if isinstance(inner, list) else [inner]:
            if isinstance(one, dict):
                _no_days(one)


def _own_number(system: str) -> Change:
    def change(content: Json) -> None:
        content["local_numbers"] = [one for one in content["local_numbers"] if one["system"] == system][:1]

    return change


def _one_quantity(content: Json) -> None:
    for part in _parts(content, "wastes", "receipt"):
        if "quantity_t" in part:
            part.pop("declared", None)


def _one_unit(content: Json) -> None:
    for waste in content["wastes"]:
        receipt = waste.get("receipt", {})
        unit = _unit_of(waste) or _unit_of(receipt)
        for part in (waste, receipt):
            if "declared" in part and (unit != "桶" or part["declared"]["unit"] != "桶"):
                del part["declared"]
            if "quantity_t" in part and unit != "吨":
                del part["quantity_t"]


def _unit_of(part: Json) -> str:
    if "quantity_t" in part:
        return "吨"
    return "桶" if part.get("declared", {}).get("unit") == "桶" else ""


def _one_package(content: Json) -> None:
    for waste in content["wastes"]:
        if "packages" in waste:
            waste["packages"] = waste["packages"][:1]


def _no_count_of_zero(content: Json) -> None:
    for package in _parts(content, "packages"):
        if package.get("count") == 0:
            del package["count"]


def _each_place_once(content: Json) -> None:
    for leg in _parts(content, "legs"):
        if "via" in leg:
            leg["via"] = list({place.get("name"): place for place in leg["via"]}.values())


def _land_and_water(content: Json) -> None:
    if content.get("transport_mode") not in {"road", "rail", "waterway"}:
        content.pop("transport_mode", None)


def _five_colours(content: Json) -> None:
    for vehicle in _parts(content, "vehicle"):
        if vehicle.get("plate_colour") not in COLOURS:
            vehicle.pop("plate_colour", None)


def _four_stages(content: Json) -> None:
    if "status" in content:
        content["status"] = _STAGES.get(content["status"], content["status"])


COLOURS = ("蓝", "黄", "绿", "黄绿", "渐变绿")
_STAGES = {"handed_over": "declared", "arrived": "in_transit", "partly_received": "received", "refused": "received"}
LOSSES: dict[str, dict[str, Change]] = {
    "js": {
        "a time has at least minutes": _no_days,
        "one number, its own": _own_number("js"),
        "one quantity: tonnes where they are known": _one_quantity,
        "neither pipelines nor other ways": _land_and_water,
        "five colours": _five_colours,
    },
    "tj": {
        "dates have no time": _no_finer_than("day"),
        "one number, its own": _own_number("tj"),
        "one unit for both quantities, tonnes or drums": _one_unit,
        "neither pipelines nor other ways": _land_and_water,
        "one package": _one_package,
        "0 packages means that nobody counted": _no_count_of_zero,
        "a list in a text holds each place once": _each_place_once,
    },
    "gd": {
        "times have no seconds": _no_finer_than("minute"),
        "one number, its own": _own_number("gd"),
        "one unit for both quantities, tonnes or drums": _one_unit,
        "one package": _one_package,
        "four stages": _four_stages,
    },
}
"""By system: why, and what it does to a content."""
