"""What compiled mappings call to read a value: whatever stands there, as text or as an object that can be asked for more."""

from decimal import Decimal
from typing import Any
from unicodedata import is_normalized

from canonical_schema.errors import InvalidFormat, InvalidValue
from canonical_schema.values import text

NOT_LEAF = ()  # raw of an XML place that holds elements, or the same element several times
SCALARS = (str, int, bool, Decimal)


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


def word_or_none(value: Any, fillers: frozenset[str]) -> str | None:
    """The text that a function of several is given; None for a blank. InvalidFormat for what isn't a scalar."""
    written = clean(value) if value is not None else ""
    return None if written in fillers else written


def xml_leaf(value: Any) -> Any:
    """The string value of what stands where a mapping expects a leaf element; a scalar of JSON stays one."""
    if value.__class__ is dict:
        return value.get("", NOT_LEAF)
    return value if value.__class__ in SCALARS else NOT_LEAF


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
    return _MISSHAPEN if value.__class__ in {list, tuple} else _NONE
