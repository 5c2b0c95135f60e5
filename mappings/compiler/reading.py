"""What compiled mappings call to read a value: whatever stands there, as text or as an object that can be asked for more."""

from decimal import Decimal
from typing import Any
from unicodedata import is_normalized

import msgspec

from canonical_schema.errors import InvalidFormat, InvalidValue
from canonical_schema.values import text

SCALARS = (str, int, bool, Decimal)
LONGEST_SHOWN = 80
_encoder = msgspec.json.Encoder(decimal_format="number")


class Wrong:
    """What stands where a value of another shape is due: kept, so that the refusal can show it. Lineage has no raw for it."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Wrong) and self.value == other.value

    __hash__ = None  # type: ignore[assignment] # it may hold a dict


def shown(value: Any) -> str:
    """A source value in the words of a refusal: text as it is, all else as JSON writes it."""
    if value.__class__ is str:
        return str(value)
    if value.__class__ is Wrong:
        return shown(value.value)
    if value.__class__ is list and any(one.__class__ is Wrong for one in value):
        value = [one.value if one.__class__ is Wrong else one for one in value]
    return _encoder.encode(value).decode("utf-8", "replace")[:LONGEST_SHOWN]


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
    inner = value.value if kind is Wrong else value
    if kind is Wrong and inner.__class__ in SCALARS:
        raise InvalidFormat(shown(inner), "此处应为对象，实为单个值", "an object is expected here, not one value")
    zh, en = ("多个值", "several") if inner.__class__ is list else ("对象", "an object")
    raise InvalidFormat(shown(inner), f"此处应为单个值，实为{zh}", f"one value is expected here, not {en}")


def word(value: Any, fillers: frozenset[str]) -> str:
    """The text that a condition looks at; what is blank or no scalar is ''."""
    if value is None:
        return ""
    try:
        written = clean(value)
    except InvalidValue:
        return ""
    return "" if written in fillers else written


def word_or_none(value: Any, fillers: frozenset[str]) -> str | None:
    """The text that a function of several is given; None for a blank. InvalidFormat for what isn't a scalar."""
    written = clean(value) if value is not None else ""
    return None if written in fillers else written


def xml_leaf(value: Any) -> Any:
    """The string value of what stands where a mapping expects a leaf element; a scalar of JSON stays one."""
    if value.__class__ is dict:
        return value[""] if "" in value else Wrong(value)
    return value if value.__class__ in SCALARS or value.__class__ is Wrong else Wrong(value)


def xml_item(value: Any, place: int) -> Any:
    """The element at a position among those of its name; one that stands alone is the first.

    >>> xml_item(["a", "b"], 1), xml_item("a", 0), xml_item("a", 1), xml_item(Wrong([]), 1) == Wrong([])
    ('b', 'a', None, True)
    """
    if value.__class__ is Wrong:  # no position is nothing there: what they would be counted in has another shape
        return value
    items = value if value.__class__ is list else [] if value is None else [value]
    return items[place] if place < len(items) else None


class _Positions(dict[str, Any]):
    """A JSON array where a mapping names positions: `list/0`."""

    def __init__(self, items: list[Any]) -> None:
        super().__init__((str(place), item) for place, item in enumerate(items))

    def __missing__(self, name: str) -> Any:
        return None if name.isdigit() else Wrong(list(self.values()))

    def get(self, name: str, _: object = None) -> Any:
        return self[name]


class _Misshapen(dict[str, Any]):
    """What isn't the object that a mapping expects: none of its values can be read, and each says so."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.wrong = value if value.__class__ is Wrong else Wrong(value)

    def get(self, _: object, __: object = None) -> Any:
        return self.wrong


class _Text(_Misshapen):
    """An element of XML that holds a text where others are expected in it. It may lack attributes all the same."""

    def get(self, name: Any, __: object = None) -> Any:
        return None if name[:1] == "@" else self.wrong


_NONE: dict[str, Any] = {}


def json_object(value: Any) -> dict[str, Any]:
    """Nothing has no values; an array has its positions; any other scalar isn't an object."""
    if value is None or value == "":
        return _NONE
    return _Positions(value) if value.__class__ is list else _Misshapen(value)


def xml_object(value: Any) -> dict[str, Any]:
    """An element without children, attributes or text has no values; one that is there several times isn't one object."""
    if value is None or (value.__class__ is str and not value.strip()):
        return _NONE
    return _Text(value) if value.__class__ is str else _Misshapen(value)
