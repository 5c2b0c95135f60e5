"""The records of a document: where they stand, and the elements around them that `..` reaches."""

from dataclasses import dataclass
from typing import Any

from mappings.compiler.reading import Wrong
from mappings.paths import Step


@dataclass(frozen=True, slots=True)
class Row:
    """`positions`: one for each list on the way (none where the document is the record); `outer`: the document's root,
    then the element of each list that is passed. `document`: the id of the one it stands in."""

    positions: tuple[int, ...]
    outer: tuple[Any, ...]
    value: Any
    document: str = ""


def rows_of(root: Any, segments: tuple[str, ...], *, xml: bool) -> list[Row] | None:
    """Every record in order; None where the first list isn't there. `*` in `segments` passes a list; without any, the document
    is the record, or the list of them.

    Below an element that is passed, a list that isn't there has no records: not every firm has manifests. What stands there
    and is no list is a Wrong row: it can't be a record, and isn't lost.
    """
    if not segments:
        whole = root.__class__ is list
        return [Row((place,), (root,), item) for place, item in enumerate(root)] if whole else [Row((), (root,), root)]
    *passed, last = _split(segments)
    outer = [Row((), (root,), root)]
    for depth, part in enumerate([*passed, last]):
        inner: list[Row] = []
        for row in outer:
            if row.value.__class__ is Wrong:
                inner.append(row)
                continue
            items = _list(row.value, part, xml=xml, root=depth == 0)
            if items is None and depth == 0:
                return None
            if items.__class__ is Wrong:
                inner.append(Row(row.positions, (*row.outer, row.value), items))
                continue
            around = row.outer if depth == 0 else (*row.outer, row.value)
            inner += [Row((*row.positions, place), around, item) for place, item in enumerate(items or ())]
        outer = inner
    return outer


def _split(segments: tuple[str, ...]) -> list[tuple[str, ...]]:
    out: list[tuple[str, ...]] = [()]
    for segment in segments:
        if segment == "*":
            out.append(())
        else:
            out[-1] = (*out[-1], segment)
    return out


def _list(found: Any, segments: tuple[str, ...], *, xml: bool, root: bool) -> Any:
    """The list at a path of keys, None where there is none, Wrong where something else stands. In XML one element is a list
    of one, and an element without any has an empty list; but the root must be the one that is named."""
    if not segments and found.__class__ is list:
        return list(found)
    blank = found is None or (found.__class__ is str and not found.strip())
    if not root and found.__class__ is not dict and not blank:
        return Wrong(found)
    for depth, segment in enumerate(segments):
        last = depth == len(segments) - 1
        if found.__class__ is not dict or segment not in found:
            empty = xml and last and (found.__class__ is dict or found == "" or str(found).isspace())
            return [] if empty and not (root and depth == 0) else None
        found = found[segment]
    if found.__class__ is list:
        return list(found)
    return [found] if xml else None if root or found is None else Wrong(found)


def placed(segments: tuple[str, ...] | list[str], positions: tuple[int, ...] | list[int]) -> list[Step]:
    """The steps to a record: each position behind the list it counts in.

    >>> placed(("firms", "*", "list"), (1, 4))
    ['firms', 1, 'list', 4]
    """
    rest = iter(positions)
    steps: list[Step] = [next(rest, 0) if segment == "*" else segment for segment in segments]
    return [*steps, *rest]
