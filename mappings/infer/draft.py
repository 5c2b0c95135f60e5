"""Samples and schemas of a source → the draft of its mapping. Pure; it knows no system, only how such systems write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mappings.infer.assign import Guess, assign
from mappings.infer.habits import fillers, is_unit
from mappings.infer.moments import formats, union
from mappings.infer.pairs import Source
from mappings.infer.schema import combined
from mappings.infer.shapes import fit
from mappings.infer.spelling import one_line, sayable
from mappings.infer.structure import Skeleton, skeleton
from mappings.infer.targets import by_field
from mappings.infer.tree import Path, Place, gather
from mappings.infer.write import DEFAULT_TIMES, Layout, Line, written

NEWER_BY = ("newer/number", "newer/time")
NEWER = 0.5
"""From here on a version number, or else a time of change, decides what is newer: a wrong one would lose corrections."""
KEYS = ("local_numbers/number", "national_no", "other/internal")
NO_KEYS = ("moment", "phone", "uscc", "company", "person", "plate")
ENOUGH = 5
"""Rows: what is different in fewer says nothing."""
LONGEST_EXAMPLE = 40

Usable = Mapping[Path, Source]


@dataclass(frozen=True)
class Leftover:
    """A place that no field was given: an example of its values, and the field that it would best have been."""

    path: str
    example: str
    perhaps: str


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
    usable = {source.path: source for source in bones.sources if sayable(source.path)}
    units = [source.place for source in usable.values() if is_unit(source.place)]
    measured = {place.path for place in units}
    chosen, perhaps = assign([source for path, source in usable.items() if path not in measured], bones.virtual)
    layout = _layout(bones, {one.field: one for one in chosen}, usable, empty, system, xml=xml)
    guesses = [one for one in chosen if by_field()[one.field].type]
    text, lines, used = written(layout, guesses, {path: source.place for path, source in usable.items()}, units)
    left = tuple(_leftover(place, perhaps) for place in root.under() if place.leaf and place.path not in used)
    return Draft(text + _remarks(left), tuple(lines), left, layout)


def _layout(
    bones: Skeleton, by: Mapping[str, Guess], usable: Usable, empty: tuple[str, ...], system: str, *, xml: bool
) -> Layout:
    timed = [usable[one.path].texts for one in by.values() if by_field()[one.field].type == "moment"]
    version, time = (by[name].path if name in by and by[name].confidence > NEWER else None for name in NEWER_BY)
    return Layout(
        system=system,
        xml=xml,
        records=bones.records,
        lists=bones.lists,
        group=bones.group,
        key=bones.group or _key(by, usable, bones.rows),
        newer=version or time,
        newer_formats=(formats(usable[time].texts) or DEFAULT_TIMES) if time and not version else (),
        times=union(formats(texts) for texts in timed),
        fillers=empty,
        bare=bones.bare,
    )


def _key(by: Mapping[str, Guess], usable: Usable, rows: int) -> Path | None:
    """What names a record: a number of its own that it always has, else another such place, else a number at all."""
    alone = {path: source.place for path, source in usable.items() if not source.lists and not source.many}
    numbers = [by[name].path for name in KEYS if name in by and by[name].path in alone]
    others = alone if rows >= ENOUGH else ()
    always = [path for path in (*numbers, *others) if _names(alone[path], rows)]
    return next(iter((*always, *numbers)), None)


def _names(place: Place, rows: int) -> bool:
    """Whether its values always stand there, never twice, and look like nothing else than numbers of something."""
    always = place.filled == rows > 0 and len(set(place.texts)) == len(place.texts)
    return (
        always and fit("identifier", place.texts) == 1 and not any(fit(shape, place.texts) > 0.5 for shape in NO_KEYS)
    )


def _leftover(place: Place, perhaps: Mapping[Path, Guess]) -> Leftover:
    example = place.texts[0][:LONGEST_EXAMPLE] if place.texts else ""
    best = perhaps.get(place.path)
    field = best.field if best is not None and by_field()[best.field].type else ""
    return Leftover("/" + "/".join(place.path), example, field)


def _remarks(left: Sequence[Leftover]) -> str:
    if not left:
        return ""
    head = "\n# not understood (未能理解): give each a field, or a place under `ignore` with the reason\n"
    return head + "".join(f"#   {one_line(_told(one))}\n" for one in left)


def _told(one: Leftover) -> str:
    parts = (one.path, one.example, f"perhaps {one.perhaps} (或为此字段)" if one.perhaps else "")
    return "   ".join(part for part in parts if part)
