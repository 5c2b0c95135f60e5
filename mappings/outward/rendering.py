"""A payload's values as JSON, XML or one positional text."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec
from lxml import etree

from canonical_schema.errors import InvalidFormat
from mappings.errors import RecordRefused
from mappings.outward.shape import Shape
from mappings.outward.values import one_text

_encoder = msgspec.json.Encoder(decimal_format="number")


def arranged(value: Any, shape: Shape, at: str = "") -> Any:
    """The values in the file's order, what belongs into one text put there. RecordRefused where a value holds a mark."""
    if isinstance(value, list):
        items = [_object(item, shape, at) if isinstance(item, dict) else item for item in value]
        if shape.embedded:
            return to_json(items)
        mark = shape.mark if shape.between is None else shape.between
        return items if mark is None else _line(items, mark, shape, at)
    if isinstance(value, dict):
        made = _object(value, shape, at)
        return to_json(made) if shape.embedded else made
    return to_json(value) if shape.embedded else value


def _object(value: dict[str, Any], shape: Shape, at: str) -> Any:
    made = {name: arranged(value[name], inner, f"{at}/{name}") for name, inner in shape.fields.items() if name in value}
    if shape.mark is None:
        return made
    # What is absent leaves its place empty: those behind it keep theirs.
    names = [f"{at}/{name}" for name in shape.fields]
    return _line([made.get(name, "") for name in shape.fields], shape.mark, shape, at, names)


def _line(values: list[Any], mark: str, shape: Shape, at: str, names: Sequence[str] = ()) -> str:
    texts = [text_of(one) for one in values]
    try:
        return one_text(texts, mark)
    except InvalidFormat as error:
        place = next((name for name, text in zip(names, texts, strict=False) if mark in text), at)
        raise RecordRefused(f"{place}：{error.zh} / {error.en}（{shape.place}）") from error


def refuse_lines(values: dict[str, Any], shape: Shape) -> None:
    """A line of fields ends where a line feed stands: none may stand in a value. RecordRefused."""
    for name, value in values.items():
        if {"\n", "\r"} & set(text_of(value)):
            raise RecordRefused(f"/{name}：值中有换行 / a line feed stands in the value（{shape.place}）")


def text_of(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def to_json(value: Any) -> str:
    return _encoder.encode(value).decode()


def to_xml(value: dict[str, Any], root: str, namespace: str) -> str:
    """`@name` becomes an attribute, `.` the element's own text, a list elements of one name."""
    prefix = f"{{{namespace}}}" if namespace else ""
    element = etree.Element(prefix + root, nsmap={None: namespace} if namespace else None)
    _fill(element, value, prefix)
    return etree.tostring(element, encoding="unicode")


def is_xml_name(name: str) -> bool:
    """Whether an element or attribute may be called so. Prefixes are no part of it."""
    try:
        etree.QName(name)
    except ValueError:
        return False
    return not {":", "{"} & set(name)


def _fill(element: Any, value: Any, prefix: str) -> None:
    if not isinstance(value, dict):
        element.text = text_of(value)
        return
    for name, inner in value.items():
        if name.startswith("@"):
            element.set(name[1:], text_of(inner))
        elif name == ".":
            element.text = text_of(inner)
        else:
            for one in inner if isinstance(inner, list) else [inner]:
                _fill(etree.SubElement(element, prefix + name), one, prefix)
