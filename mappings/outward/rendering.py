"""A payload's values as JSON, XML or one positional text."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
from lxml import etree

from canonical_schema.errors import InvalidFormat
from mappings.outward.shape import Shape

_encoder = msgspec.json.Encoder(decimal_format="number")


def arranged(value: Any, shape: Shape) -> Any:
    """The values in the file's order, what belongs into one text put there. InvalidFormat where a value holds the mark."""
    if isinstance(value, list):
        items = [_ordered(item, shape) if isinstance(item, dict) else item for item in value]
        return (
            _encoder.encode(items).decode()
            if shape.embedded
            else items
            if shape.mark is None
            else _line(items, shape.mark)
        )
    if isinstance(value, dict):
        made = _ordered(value, shape)
        if shape.mark is not None:
            return _line([made.get(name, "") for name in shape.fields], shape.mark)
        return _encoder.encode(made).decode() if shape.embedded else made
    return value


def _ordered(value: dict[str, Any], shape: Shape) -> dict[str, Any]:
    return {name: arranged(value[name], inner) for name, inner in shape.fields.items() if name in value}


def _line(values: list[Any], mark: str) -> str:
    texts = [text_of(one) for one in values]
    for one in texts:
        if mark in one:
            raise InvalidFormat(
                one, f"“{one}”中有分隔符 {mark}", f"'{one}' holds the mark '{mark}' that separates values"
            )
    return mark.join(texts)


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


def bad_names(shapes: dict[str, Shape]) -> Iterator[str]:
    """The names that XML doesn't allow."""
    for name, shape in shapes.items():
        try:
            etree.QName(name.removeprefix("@") if name != "." else "text")
        except ValueError:
            yield name
        yield from bad_names(shape.fields)


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
