"""The skeleton of a source: where its records stand, which rows belong together, which of its lists are lists of the standard."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mappings.infer.names import match, says
from mappings.infer.pairs import Source, best_name
from mappings.infer.shapes import fit
from mappings.infer.spelling import sayable
from mappings.infer.targets import Target, targets
from mappings.infer.tree import MOST_TEXTS, Path, Place, rows_at, text_at
from mappings.infer.vocabulary import ideas

LISTS = {
    "wastes": ("waste",),
    "legs": ("leg", "carrier"),
    "attachments": ("attachment",),
    "wastes/packages": ("package",),
}
"""The standard's lists of objects, and the ideas that name each."""
HEADS = ("consignor", "consignee", "national_no", "local_numbers", "status", "transfer_type")
"""Of these a manifest has one: where they stand, there is a record."""
CLEAR = 0.55
"""A name that says clearly which field a place is."""
NEARLY_ALL = 0.75
FITS = 0.42
"""What a list of the source is from, to be one of the standard's."""
TRIED = 60
"""Different texts of a place that its shape is judged by."""

Lists = Mapping[Path, str]


@dataclass(frozen=True)
class Within:
    """The lists of the standard around a place, and what the source calls the innermost."""

    lists: tuple[str, ...]
    name: str


NOWHERE = Within((), "")


@dataclass(frozen=True)
class Skeleton:
    """`records`: the path of the list, () where the document is one record. `lists`: source list → the standard's.

    `group`: the place whose value the rows of one record share. `rows`: how many there are.
    `bare`: the document is a list without a name."""

    records: Path
    rows: int
    sources: tuple[Source, ...]
    lists: Lists
    group: Path | None = None
    bare: bool = False

    @property
    def virtual(self) -> frozenset[str]:
        """Lists of the standard that the source has none for: written out, or spread over the rows."""
        return frozenset(LISTS) - set(self.lists.values())


def skeleton(root: Place, trees: Sequence[Any], *, xml: bool) -> Skeleton:
    at = records(root, xml=xml)
    record = find(root, at)
    lists = _lists(record, xml=xml)
    nested = any(name == "wastes" and find(root, path).many for path, name in lists.items())
    group = None if nested else _group(record, trees, lists)
    if group is not None:  # each row has its waste
        lists = {path: name for path, name in lists.items() if not name.startswith("wastes")}
    return Skeleton(at, record.seen, tuple(_sources(record, lists)), lists, group, root.many)


def find(root: Place, path: Path) -> Place:
    place = root
    for name in path:
        place = place.children[name]
    return place


def records(root: Place, *, xml: bool) -> Path:
    """The innermost place that still holds nearly all of what a manifest has once, at most the first list on the way.

    In JSON only a list can stand at `records`; any other document is one record. In XML one element is a list of one."""
    heads = _head_paths(root)
    place = root
    while not place.many or place is root:
        inside = [
            (sum(head[: len(one.path)] == one.path for head in heads), one)
            for one in place.children.values()
            if one.children and sayable(one.path)
        ]
        most, inner = max(inside, key=lambda one: one[0], default=(0, place))
        if not most or most < NEARLY_ALL * len(heads):
            break
        place = inner
    return place.path if place.many or xml else ()


def _head_paths(root: Place) -> list[Path]:
    wanted = [target for target in targets() if target.field.partition("/")[0] in HEADS]
    return [place.path for place in root.under() if place.leaf and not place.many and _names_head(place, wanted)]


def _names_head(place: Place, wanted: Sequence[Target]) -> bool:
    source = Source(place, tuple(reversed(place.path[:-1])))
    return any((said := best_name(source, target)).score > CLEAR and said.role for target in wanted)


def _lists(record: Place, *, xml: bool) -> Lists:
    """Each list of the standard is given at most one of the source, that which fits it best; a repeated one before any other."""
    inside = [
        place
        for place in record.under()
        if place.children and (place.many or (xml and not place.texts)) and sayable(place.path)
    ]
    scored = [
        (score + 0.3 * place.many, place.path, name)
        for place in inside
        for name in LISTS
        if (score := _fits(place, name)) >= FITS
    ]
    chosen: dict[Path, str] = {}
    for _, path, name in sorted(scored, key=lambda one: (-one[0], -len(one[1]), one[1])):
        if path not in chosen and name not in chosen.values():
            chosen[path] = name
    return {path: name for path, name in chosen.items() if _well_placed(path, name, chosen)}


def _well_placed(path: Path, name: str, chosen: Lists) -> bool:
    """Whether every list of ours around it is one around it in the standard."""
    around = [other for owner, other in chosen.items() if owner != path and path[: len(owner)] == owner]
    return all(name.startswith(f"{other}/") for other in around)


def _fits(place: Place, name: str) -> float:
    """How well what stands in a list of the source stands in this one of the standard; a little for its own name."""
    fields = [target for target in targets() if target.field.startswith(f"{name}/")]
    leaves = [one for one in place.under() if one.leaf]
    best = [max(_clear(one, place, target) for target in fields) for one in leaves]
    named = any(says(place.name, ideas()[idea]) for idea in LISTS[name])
    return 0.6 * sum(best) / len(best) + 0.4 * named if best else 0.0


def _clear(leaf: Place, around: Place, target: Target) -> float:
    """How clearly a place in a list is a field in one of ours."""
    names = tuple(reversed(leaf.path[len(around.path) - 1 : -1]))
    said = match(leaf.label or leaf.name, names, target.wanted)
    return said.score if not leaf.texts or fit(target.shape, leaf.texts[:TRIED]) > 0.4 else 0.0


def _sources(record: Place, lists: Lists, around: tuple[str, ...] = (), within: Within = NOWHERE) -> Iterator[Source]:
    """The record's places that hold values, with the standard's lists that they stand in. A list that is none of them holds none.

    The names around end at the list: that one is known."""
    for place in record.children.values():
        texts = tuple(dict.fromkeys(place.texts))[:TRIED]
        if place.path in lists:
            inside = Within((*within.lists, lists[place.path]), place.name)
            if place.texts:  # repeated elements with text and attributes
                yield Source(place, (), inside.lists, texts, inside.name)
            yield from _sources(place, lists, (), inside)
            continue
        if place.leaf:
            yield Source(place, around, within.lists, texts, within.name, many=place.many)
        if not place.many:
            yield from _sources(place, lists, (place.name, *around), within)


def _group(record: Place, trees: Sequence[Any], lists: Lists) -> Path | None:
    """The number that several rows share, where those rows agree in what a manifest has once."""
    rows = [row for tree in trees for row in rows_at(tree, record.path)]
    if not rows:
        return None
    inner = len(record.path)
    numbers = [target for target in targets() if target.field in {"national_no", "local_numbers/number"}]
    best: tuple[float, float, Path] | None = None
    for source in _sources(record, lists):
        place = source.place
        if source.lists or source.many or not place.filled or place.filled < len(rows) / 2:
            continue
        score = max(best_name(source, target).score * (fit(target.shape, place.texts) > 0.5) for target in numbers)
        rank = (place.filled / len(rows), score, place.path)
        if score > CLEAR and (best is None or rank > best) and _shared(rows, record, place.path[inner:]):
            best = rank
    return best[2] if best else None


def _shared(rows: Sequence[Any], record: Place, key: Path) -> bool:
    """Whether rows of one number say the same at most of their places, and not at all."""
    groups: dict[str, list[Any]] = {}
    for row in rows[:MOST_TEXTS]:
        groups.setdefault(text_at(row, key), []).append(row)
    several = [members for number, members in groups.items() if number and len(members) > 1]
    places = [place.path[len(record.path) :] for place in record.under() if place.leaf and not place.many]
    same = [all(len({text_at(row, path) for row in members}) == 1 for members in several) for path in places]
    return bool(several) and len(same) / 2 < sum(same) < len(same)
