"""What compiled mappings call. Everything here runs per value, so it's short and has no settings.

A *note* is what lineage needs beyond raw values: (positions, node id, word[, detail]). The words:

    b blank    d default used    a another alternative (its index)    x refused    e refused, went elsewhere (index there)
    u a count or volume, so `declared` stands    r digits were rounded    o order of a list's items (their source positions)
    n items whose seq the source didn't give, though there is a rule for it (their source positions)
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from unicodedata import is_normalized

from canonical_schema.errors import InvalidFormat, InvalidValue, UnknownCode
from canonical_schema.rules import Finding, refused_value
from canonical_schema.values import number, quantity, text
from mappings.errors import RecordRefused
from mappings.spec import Elsewhere, Leaf

At = tuple[int, ...]
Notes = list[tuple[Any, ...]]

MOST_UNITS = 1000  # remembered per rule: units are few, and strangers can't fill memory

NOT_LEAF = ()  # raw of an XML place that holds elements, or the same element several times


def clean(value: Any) -> str:
    """A source scalar as trimmed NFKC text. InvalidFormat for what isn't a scalar."""
    kind = value.__class__
    if kind is str:
        written: str = value
        if written.strip() is written and written.isprintable() and is_normalized("NFKC", written):
            return written
        return text.parse(written) if text.compact(written) else ""
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return str(value)
    if kind is Decimal:
        return format(value, "f")
    zh, en = ("多个值", "several") if kind in {list, tuple} else ("对象", "an object")
    raise InvalidFormat(str(value)[:80], f"此处应为单个值，实为{zh}", f"one value is expected here, not {en}")


def word(value: Any, fillers: frozenset[str]) -> str:
    """The text that a condition looks at; what is blank or no scalar is ''."""
    if value is None:
        return ""
    try:
        written = clean(value)
    except InvalidValue:
        return ""
    return "" if written in fillers else written


def known_words(leaf: Leaf, fillers: frozenset[str]) -> dict[str, Any]:
    """Source text → value, for a leaf whose words are listed: one lookup, or an enumeration without steps."""
    if len(leaf.steps) > 1 or (leaf.steps and not leaf.steps[0].looks_up):
        return {}
    known: dict[str, Any] = {}
    for listed in leaf.steps[0].words if leaf.steps else leaf.type.words:
        if listed not in fillers and clean(listed) == listed:
            try:
                known[listed] = leaf.type.parse(leaf.steps[0].run(listed) if leaf.steps else listed)
            except InvalidValue:
                continue  # the long way refuses it with its words
    return known


def xml_leaf(value: Any) -> Any:
    """The string value of what stands where a mapping expects a leaf element."""
    if value.__class__ is dict:
        return value.get("", NOT_LEAF)
    return NOT_LEAF


def xml_item(value: Any, place: int) -> Any:
    """The element at a position among those of its name; one that stands alone is the first."""
    items = value if value.__class__ is list else [] if value is None else [value]
    return items[place] if place < len(items) else None


class _Positions(dict[str, Any]):
    """A JSON array where a mapping names positions: `list/0`."""

    def __init__(self, items: list[Any]) -> None:
        super().__init__((str(place), item) for place, item in enumerate(items))

    def __missing__(self, name: str) -> Any:
        return None if name.isdigit() else NOT_LEAF

    def get(self, name: str, _: object = None) -> Any:
        return self[name]


class _Misshapen(dict[str, Any]):
    """What isn't the object that a mapping expects: none of its values can be read, and each says so."""

    def get(self, _: object, __: object = None) -> Any:
        return NOT_LEAF


_NONE: dict[str, Any] = {}
_MISSHAPEN = _Misshapen()


def json_object(value: Any) -> dict[str, Any]:
    """Nothing has no values; an array has its positions; any other scalar isn't an object."""
    if value is None or value == "":
        return _NONE
    return _Positions(value) if value.__class__ is list else _MISSHAPEN


def xml_object(value: Any) -> dict[str, Any]:
    """An element without children or attributes has no values; one that is there several times isn't one object."""
    return _MISSHAPEN if value.__class__ is list else _NONE


def amount_reader(leaf: Leaf) -> Callable[[str, Any], tuple[str | None, bool, str]]:
    """(number, raw unit) → (tonnes or None where the unit is no mass, digits were rounded, the unit's text)."""
    assert leaf.amount is not None
    units, fixed = leaf.amount.units, leaf.amount.fixed
    known: dict[str, tuple[Decimal | None, str]] = {}

    def unit_of(raw: Any) -> tuple[Decimal | None, str]:
        written = clean(raw) if raw is not None else ""
        if not written:
            raise InvalidFormat("", "数量没有计量单位", "the quantity has no unit")
        try:
            return quantity.tonnes_in(units.get(written, written)), written
        except UnknownCode:  # no guess: what was written stands as declared
            return None, written

    def read(amount: str, raw: Any) -> tuple[str | None, bool, str]:
        unit = fixed if fixed is not None else raw
        found = known.get(unit) if unit.__class__ is str else None
        if found is None:
            found = unit_of(unit)
            if unit.__class__ is str and len(known) < MOST_UNITS:
                known[unit] = found
        (factor, written), value = found, number.decimal(amount)
        if factor is None:
            return None, False, written
        tonnes, rounded = quantity.rounded(number.EXACT.multiply(value, factor))
        return tonnes, rounded, written

    return read


def refusal(leaf: Leaf, file: str, field: str) -> Callable[..., None]:
    """What follows from a value that was refused: the record is refused, or a finding says so and the value is absent.

    `field` is the content pointer with {} for list positions.
    """
    elsewhere = leaf.elsewhere

    def refused(
        error: InvalidValue, raw: Any, target: dict[str, Any], at: At, notes: Notes, findings: list[Finding]
    ) -> None:
        pointer = field.format(*at)
        if leaf.reject or leaf.required:
            raise RecordRefused(f"{pointer}：{error.zh} / {error.en}（{file}:{leaf.line}）") from error
        findings.append(refused_value(leaf.type.finding, pointer, _shown(raw), error))
        written = _written(raw) if elsewhere is not None else ""
        if elsewhere is None or not written:
            notes.append((at, leaf.id, "x"))
        else:
            notes.append((at, leaf.id, "e", _put_elsewhere(elsewhere, written, target)))

    return refused


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


def lack(leaf: Leaf, file: str, field: str, sources: str) -> Callable[[At], RecordRefused]:
    def missing(at: At) -> RecordRefused:
        pointer = field.format(*at)
        return RecordRefused(
            f"{pointer}：缺少必需的值（来源 {sources}） / required, but {sources} gives nothing（{file}:{leaf.line}）"
        )

    return missing


def _shown(raw: Any) -> str:
    return raw if raw.__class__ is str else str(raw)


def list_reader(field: str, *, xml: bool) -> Callable[[Any, At, list[Finding]], list[Any]]:
    """What isn't a list where one is expected: in XML one element is a list of one, in JSON it's refused."""

    def read(value: Any, at: At, findings: list[Finding]) -> list[Any]:
        if value is None:
            return []
        if xml:
            return [value]
        error = InvalidFormat(str(value)[:80], "此处应为数组", "an array is expected here")
        findings.append(refused_value("M000", field.format(*at), _shown(value)[:80], error))
        return []

    return read


def arranger(node_id: int, field: str, *, numbered: bool, ruled: bool) -> Callable[..., list[Any]]:
    """Drops empty items, gives each its seq, puts them in its order; notes where they came from when that moved them."""
    prefix_of = field.format

    def arrange(items: list[Any], at: At, notes: Notes, findings: list[Finding]) -> list[Any]:
        if ruled and (counted := [place for place, item in enumerate(items) if item and "seq" not in item]):
            notes.append((at, node_id, "n", counted))
        if all(items) and (not numbered or in_order(items)):
            return items
        order = [place for place, item in enumerate(items) if item]
        kept = [items[place] for place in order]
        if numbered:
            in_order(kept)
            ranked = sorted(range(len(kept)), key=lambda place: kept[place]["seq"])
            kept, order = [kept[place] for place in ranked], [order[place] for place in ranked]
        if order != list(range(len(items))):
            notes.append((at, node_id, "o", order))
            findings[:] = [_moved(finding, prefix_of(*at), order) for finding in findings]
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


def _moved(finding: Finding, prefix: str, order: list[int]) -> Finding:
    """The finding with the positions that the list's items have now; one on a dropped item names the list."""

    def moved(pointer: str) -> str:
        if not pointer.startswith(prefix + "/"):
            return pointer
        place, slash, rest = pointer[len(prefix) + 1 :].partition("/")
        if not place.isdigit() or int(place) not in order:
            return prefix
        return f"{prefix}/{order.index(int(place))}{slash}{rest}"

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


def disagreement(field: str, first: Any, other: Any) -> Finding:
    """Rows of one group that say different things where one value is expected."""
    error = InvalidFormat(
        _shown(other),
        f"同一组各行的值不一致（首行为“{_shown(first)}”）",
        f"rows of one group differ (the first says '{_shown(first)}')",
    )
    return refused_value("M000", field, _shown(other), error)
