"""What compiled mappings call where a value is refused or lacking.

A *note* is what lineage needs beyond raw values: (positions, node id, word[, detail]). The words:

    b blank    d default used    a another alternative (its index)    x refused    e refused, went elsewhere (index there)
    u a count or volume, so `declared` stands    r digits were rounded    o order of a list's items (their source positions)
    z refused, default used    m the unit's word (it isn't the raw text)
    n items whose seq the source didn't give, though there is a rule for it (their source positions)

One more says that a listed word wasn't in its list; it isn't lineage's, and is taken out again (`unlisted`).
"""

from collections.abc import Callable
from typing import Any

from canonical_schema.errors import InvalidFormat, InvalidValue, UnknownCode
from canonical_schema.rules import Finding, refused_value
from mappings.compiler.reading import clean, shown
from mappings.errors import RecordRefused
from mappings.spec import Elsewhere, Leaf

At = tuple[int, ...]
Notes = list[tuple[Any, ...]]
_UNLISTED = "unlisted"


def refusal(leaf: Leaf, field: str) -> Callable[..., None]:
    """What follows from a value that was refused: the record is refused, or a finding says so and the value is absent (or
    the default, or goes elsewhere). `field` is the content pointer with {n} for list positions.
    """
    elsewhere = leaf.elsewhere

    def refused(
        error: InvalidValue, raw: Any, target: dict[str, Any], at: At, notes: Notes, findings: list[Finding]
    ) -> None:
        pointer = field.format(*at)
        if elsewhere is None and isinstance(error, UnknownCode):
            notes.append((at, leaf.id, _UNLISTED, error.value))
        if leaf.refused == "reject" or (leaf.required and leaf.refused != "default"):
            words = f"{pointer}：{error.zh} / {error.en}（{leaf.place}）"
            raise RecordRefused(words, leaf=leaf.id, at=at) from error
        findings.append(refused_value(leaf.type.finding, pointer, shown(raw), error))
        written = _written(raw) if elsewhere is not None else ""
        if leaf.refused == "default":
            target[leaf.field] = leaf.default
            notes.append((at, leaf.id, "z"))
        elif elsewhere is None or not written:
            notes.append((at, leaf.id, "x"))
        else:
            notes.append((at, leaf.id, "e", _put_elsewhere(elsewhere, written, target)))

    return refused


def unlisted(notes: Notes) -> tuple[tuple[int, str], ...]:
    """(node id, word) of each word that stood in no list, taken out of the notes."""
    found = tuple((note[1], note[3]) for note in notes if note[2] == _UNLISTED)
    if found:
        notes[:] = [note for note in notes if note[2] != _UNLISTED]
    return found


def _written(raw: Any) -> str:
    """The raw value as text, "" where it can't stand in content anywhere."""
    try:
        return clean(raw)
    except InvalidValue:
        return ""


def _put_elsewhere(elsewhere: Elsewhere, value: str, target: dict[str, Any]) -> int:
    """Adds the value to the list unless it's there; gives its position, -1 where it was there already."""
    item = {elsewhere.system_key: elsewhere.system, elsewhere.value_key: value}
    items = target.setdefault(elsewhere.list_field, [])
    if item in items:
        return -1
    items.append(item)
    return len(items) - 1


def lack(leaf: Leaf, field: str, sources: str) -> Callable[[At], RecordRefused]:
    def missing(at: At) -> RecordRefused:
        pointer = field.format(*at)
        words = f"{pointer}：缺少必需的值（来源 {sources}） / required, but {sources} gives nothing（{leaf.place}）"
        return RecordRefused(words, leaf=leaf.id, at=at)

    return missing


def disagreement(field: str, first: str, other: str) -> Finding:
    """Rows of one group that say different things where one value is expected."""
    zh, en = (f"首行为“{first}”", f"the first says '{first}'") if first else ("首行为空", "the first says nothing")
    error = InvalidFormat(other, f"同一组各行的值不一致（{zh}）", f"rows of one group differ ({en})")
    return refused_value("M000", field, other, error)
