"""What compiled mappings call to make lists: their elements read, their items put in order."""

from collections.abc import Callable
from typing import Any

from canonical_schema.errors import InvalidFormat
from canonical_schema.rules import Finding, refused_value
from mappings.compiler.reading import Wrong, shown
from mappings.compiler.refusing import At, Notes


def list_reader(field: str, *, xml: bool) -> Callable[[Any, At, list[Finding]], list[Any]]:
    """What isn't a list where one is expected: in XML one element is a list of one, in JSON it's refused."""

    def read(value: Any, at: At, findings: list[Finding]) -> list[Any]:
        if value is None:
            return []
        if xml and value.__class__ is not Wrong:
            return [value]
        zh, en = (
            ("此处应为一个列表", "one list is expected here") if xml else ("此处应为数组", "an array is expected here")
        )
        findings.append(refused_value("M000", field.format(*at), shown(value), InvalidFormat(shown(value), zh, en)))
        return []

    return read


_NOTHING: tuple[Any, ...] = (None, {})  # zero and false are something


def arranger(node_id: int, field: str, *, numbered: bool, ruled: bool, once: bool = False) -> Callable[..., list[Any]]:
    """Drops empty items (with `once`: and values that stand there already), gives each its seq, puts them in its order;
    notes where they came from when that moved them."""
    prefix_of = field.format

    def arrange(items: list[Any], at: At, notes: Notes, findings: list[Finding], before: int) -> list[Any]:
        if ruled and (counted := [place for place, item in enumerate(items) if item and "seq" not in item]):
            notes.append((at, node_id, "n", counted))
        if all(items) and (not numbered or in_order(items)) and not (once and len(set(items)) < len(items)):
            return items
        said = [place for place, item in enumerate(items) if item not in _NOTHING]
        order = [place for place in said if not (once and items[place] in items[:place])]
        kept = [items[place] for place in order]
        if numbered:
            in_order(kept)
            ranked = sorted(range(len(kept)), key=lambda place: kept[place]["seq"])
            kept, order = [kept[place] for place in ranked], [order[place] for place in ranked]
        if order != list(range(len(items))):
            notes.append((at, node_id, "o", order))
            # Only what was found in this list can point into it.
            now = {source: place for place, source in enumerate(order)}
            findings[before:] = [_moved(finding, prefix_of(*at), now) for finding in findings[before:]]
        return kept

    def in_order(items: list[dict[str, Any]]) -> bool:
        """Gives a seq to each that has none; whether they stand in its order."""
        ordered, before = True, 0
        for place, item in enumerate(items, 1):
            seq = item.setdefault("seq", place)
            ordered = ordered and seq >= before
            before = seq
        return ordered

    return arrange


def _moved(finding: Finding, prefix: str, now: dict[int, int]) -> Finding:
    """The finding with the positions that the list's items have now; one on a dropped item names the list."""

    def moved(pointer: str) -> str:
        if not pointer.startswith(prefix + "/"):
            return pointer
        place, slash, rest = pointer[len(prefix) + 1 :].partition("/")
        if not place.isdigit() or int(place) not in now:
            return prefix
        return f"{prefix}/{now[int(place)]}{slash}{rest}"

    fields = tuple(moved(pointer) for pointer in finding.fields)
    return Finding(finding.id, finding.severity, fields, finding.message, finding.message_en)


def splitter(marks: str) -> Callable[[str], list[str]]:
    """Parts of a text between any of the marks, blanks gone, each once."""
    first, others = marks[0], marks[1:]

    def split(whole: str) -> list[str]:
        for mark in others:
            whole = whole.replace(mark, first)
        return list(dict.fromkeys(part for piece in whole.split(first) if (part := piece.strip())))

    return split


def value_at(row: Any, segments: tuple[str, ...]) -> Any:
    """The scalar at a path of keys, None where there is none."""
    for segment in segments:
        if row.__class__ is not dict:
            return None
        row = row.get(segment)
    return row.get("") if row.__class__ is dict else row
