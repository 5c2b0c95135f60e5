"""Samples and schemas of a source → the draft of its mapping. Pure; it knows no system, only how such systems write."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mappings.infer.habits import fillers, is_unit
from mappings.infer.moments import formats, union
from mappings.infer.schema import combined
from mappings.infer.score import Guess, Source, assign
from mappings.infer.structure import Skeleton, find, skeleton
from mappings.infer.targets import by_field
from mappings.infer.tree import Path, Place, gather
from mappings.infer.spelling import one_line, sayable
from mappings.infer.write import Layout, Line, written

NEWER = 0.5
EXAMPLE = 40


@dataclass(frozen=True)
class Leftover:
    """A place that no field was found for."""

    path: str
    example: str


@dataclass(frozen=True)
class Draft:
    """`text` is the mapping file; `lines` are its guesses in its order; `leftovers` what nothing was made of."""

    text: str
    lines: tuple[Line, ...]
    leftovers: tuple[Leftover, ...]
    layout: Layout


def infer(trees: Sequence[Any], *, xml: bool = False, system: str = "xx", declared: Sequence[Place] = ()) -> Draft:
    """`trees`: plain documents (mappings.document.plain); `declared`: what schemas say (infer.schema)."""
    root = combined(gather(trees), declared)
    empty = fillers(root.under())
    for place in root.under():
        place.texts = [text for text in place.texts if text not in empty]
    bones = skeleton(root, trees, xml=xml)
    record = find(root, bones.records)
    usable = [source for source in bones.sources if sayable(source.path)]
    units = [source.place for source in usable if is_unit(source.place)]
    unit_paths = {place.path for place in units}
    virtual = _virtual(bones)
    chosen, _ = assign([source for source in usable if source.path not in unit_paths], virtual)
    places = {source.path: source.place for source in usable}
    layout = _layout(bones, record, chosen, places, usable, empty, system, xml=xml)
    text, lines, used = written(layout, [one for one in chosen if by_field()[one.field].type], places, units)
    leftovers = tuple(
        Leftover(_shown(path), place.texts[0][:EXAMPLE] if place.texts else "")
        for path, place in ((place.path, place) for place in root.under() if place.leaf)
        if path not in used
    )
    return Draft(text + _remarks(leftovers), tuple(lines), leftovers, layout)


def _virtual(bones: Skeleton) -> frozenset[str]:
    """Lists of the standard that the source writes out, or spreads over rows."""
    return frozenset({"wastes", "legs", "attachments", "wastes/packages"} - set(bones.lists.values()))


def _layout(
    bones: Skeleton,
    record: Place,
    chosen: Sequence[Guess],
    places: dict[Path, Place],
    usable: Sequence[Source],
    empty: tuple[str, ...],
    system: str,
    *,
    xml: bool,
) -> Layout:
    by = {one.field: one for one in chosen}
    timed = [places[one.path] for one in chosen if by_field()[one.field].type == "moment"]
    newer = next((by[name] for name in ("newer/number", "newer/time") if name in by and by[name].confidence > NEWER), None)
    return Layout(
        system=system,
        xml=xml,
        records=bones.records,
        lists=bones.lists,
        group=bones.group,
        key=bones.group or _key(by, record, usable),
        newer=newer.path if newer else None,
        newer_formats=formats(places[newer.path].texts) if newer and newer.field == "newer/time" else (),
        times=union(formats(place.texts) for place in timed),
        fillers=empty,
    )


def _key(by: dict[str, Guess], record: Place, usable: Sequence[Source]) -> Path | None:
    """What names a record: its own number, else the first place that always says something, and never the same."""
    for field in ("local_numbers/number", "national_no", "other/internal"):
        if field in by and by[field].path[:-1] == by[field].path[: len(record.path)] + by[field].path[len(record.path) : -1]:
            path = by[field].path
            place = next(source.place for source in usable if source.path == path)
            if place.filled == place.seen or field == "local_numbers/number":
                return path
    for source in usable:
        place = source.place
        if not source.lists and not place.many and place.filled == place.seen > 0 and len(set(place.texts)) == len(place.texts):
            return place.path
    return None


def _shown(path: Path) -> str:
    return "/" + "/".join(path)


def _remarks(leftovers: Sequence[Leftover]) -> str:
    if not leftovers:
        return ""
    lines = [f"#   {one_line(one.path)}   {one_line(one.example)}".rstrip() for one in leftovers]
    return "\n# not understood (未能理解): give each a field, or a place under `ignore` with the reason\n" + "\n".join(lines) + "\n"

