"""The skeleton of a source: where its records stand, which rows belong together, which of its lists are lists of the standard."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from mappings.infer.names import match, says
from mappings.infer.score import Source, best_name
from mappings.infer.shapes import fit
from mappings.infer.targets import Target, by_field, targets
from mappings.infer.tree import Path, Place, rows_at, text_at
from mappings.infer.vocabulary import ideas

LISTS = {"wastes": "waste", "legs": "leg", "attachments": "attachment", "wastes/packages": "package"}
"""The standard's lists of objects, and the idea that names each."""
CLEAR = 0.55
"""A name that says clearly which field a place is."""


@dataclass(frozen=True)
class Skeleton:
    """`records`: the path of the list, () where the document is one record. `lists`: source list → the standard's."""

    records: Path
    sources: tuple[Source, ...]
    lists: dict[Path, str]
    group: Path | None = None


def skeleton(root: Place, trees: Sequence[Any], *, xml: bool) -> Skeleton:
    at = records(root, xml=xml)
    record = find(root, at)
    lists = _lists(record, xml=xml)
    group = None if "wastes" in lists.values() and any(record_list.many for record_list in map(lambda path: find(root, path), lists)) else _group(record, trees, lists)
    if group is not None:
        lists = {path: name for path, name in lists.items() if not name.startswith("wastes")}
    return Skeleton(at, tuple(sources(record, lists)), lists, group)


def find(root: Place, path: Path) -> Place:
    place = root
    for name in path:
        place = place.children[name]
    return place


def records(root: Place, *, xml: bool) -> Path:
    """The innermost place that still holds nearly all that names a party or the head of a manifest."""
    heads = _head_paths(root)
    place, path = root, ()
    while True:
        inside = [(sum(one[: len(child.path)] == child.path for one in heads), child) for child in place.children.values() if child.children]
        best = max(inside, key=lambda one: one[0], default=(0, None))
        if best[1] is None or best[0] < 0.75 * max(1, len(heads)) or (not xml and place.many and place is not root):
            break
        place, path = best[1], best[1].path
        if place.many:
            break
    return path if place.many or xml else _outermost_single(root, path)


def _outermost_single(root: Place, path: Path) -> Path:
    """A JSON document without a list of records is one record; only a list can stand at `records`."""
    return ()


def _head_paths(root: Place) -> list[Path]:
    """Places that name something of which a record has one."""
    wanted = [target for target in targets() if target.type and target.field.partition("/")[0] in {"consignor", "consignee", "national_no", "status", "transfer_type"}]
    found = []
    for place in root.under():
        if place.leaf and not place.many:
            source = Source(place, tuple(reversed(place.path[:-1])), (), ())
            if any(best_name(source, target).score > CLEAR and best_name(source, target).role for target in wanted):
                found.append(place.path)
    return found


def _lists(record: Place, *, xml: bool) -> dict[Path, str]:
    """Each list of the standard is given at most one list of the source: that which fits it best."""
    candidates = [place for place in record.under() if place.children and (place.many or xml)]
    scored: list[tuple[float, Path, str]] = []
    for place in candidates:
        for name, idea in LISTS.items():
            score = _fits(place, name, idea)
            if score >= 0.45:
                scored.append((score + 0.3 * place.many, place.path, name))
    chosen: dict[Path, str] = {}
    for _, path, name in sorted(scored, key=lambda one: (-one[0], -len(one[1]), one[1])):
        if path in chosen or name in chosen.values() or not find_many_or_xml(path, candidates):
            continue
        chosen[path] = name
    return {path: name for path, name in chosen.items() if _well_placed(path, name, chosen)}


def find_many_or_xml(path: Path, candidates: Iterable[Place]) -> bool:
    return any(place.path == path for place in candidates)


def _well_placed(path: Path, name: str, chosen: dict[Path, str]) -> bool:
    """No list of ours inside a list of the source that isn't its parent here."""
    around = [other for owner, other in chosen.items() if owner != path and path[: len(owner)] == owner]
    return all(name.startswith(other + "/") for other in around)


def _fits(place: Place, name: str, idea: str) -> float:
    """How well what stands in a list of the source stands in one of the standard's; a little for its own name."""
    inside = [target for target in targets() if target.lists and target.lists[0] == name.partition("/")[0] and target.field.startswith(name + "/")]
    leaves = [child for child in place.under() if child.leaf]
    if not leaves:
        return 0.0
    best = [max((_clear(child, place, target) for target in inside), default=0.0) for child in leaves]
    return 0.75 * sum(best) / len(best) + 0.25 * says(place.name, ideas()[idea])


def _clear(place: Place, inside: Place, target: Target) -> float:
    source = Source(place, tuple(reversed(place.path[:-1]))[: len(place.path) - len(inside.path)], (), ())
    said = match(place.name, source.around, target.wanted) if not place.label else best_name(source, target)
    fitting = fit(target.shape, place.texts[:40]) if place.texts else 0.5
    return said.score if fitting >= 0.4 else 0.0


def sources(record: Place, lists: dict[Path, str]) -> Iterable[Source]:
    """The record's places that hold values, with the standard's lists that they stand in."""
    depth = len(record.path)
    for place in record.under():
        stands = tuple(lists[place.path[:end]] for end in range(depth + 1, len(place.path) + 1) if place.path[:end] in lists)
        unknown = any(
            one.many and one.children and one.path not in lists and place.path[: len(one.path)] == one.path
            for one in record.under()
        )
        if place.leaf and not unknown:
            yield Source(place, tuple(reversed(place.path[depth:-1])), stands, tuple(dict.fromkeys(place.texts)))


def _group(record: Place, trees: Sequence[Any], lists: dict[Path, str]) -> Path | None:
    """The number that several rows share, where those rows agree in what a manifest has once."""
    depth = len(record.path)
    rows = [row for tree in trees for row in rows_at(tree, record.path)]
    numbers = [by_field()["national_no"], by_field()["local_numbers/number"]]
    best: tuple[float, Path] | None = None
    for place in record.under():
        if not place.leaf or place.many or place.filled < place.seen or any(place.path[: len(one)] == one for one in lists):
            continue
        source = Source(place, tuple(reversed(place.path[depth:-1])), (), tuple(place.texts))
        score = max(best_name(source, target).score * (fit(target.shape, place.texts) > 0.5) for target in numbers)
        counts = Counter(text_at(row, place.path[depth:]) for row in rows)
        if score > CLEAR and len(counts) < len(rows) and _agree(rows, record, place) and (best is None or score > best[0]):
            best = (score, place.path)
    return best[1] if best else None


def _agree(rows: Sequence[Any], record: Place, key: Place) -> bool:
    """Rows of one number say the same at most of their places, and not at all."""
    depth = len(record.path)
    groups: dict[str, list[Any]] = {}
    for row in rows:
        groups.setdefault(text_at(row, key.path[depth:]), []).append(row)
    several = [members for members in groups.values() if len(members) > 1]
    places = [place.path[depth:] for place in record.under() if place.leaf and not place.many]
    same = [all(len({text_at(row, path) for row in members}) == 1 for members in several) for path in places]
    return sum(same) > len(same) / 2 and not all(same)
