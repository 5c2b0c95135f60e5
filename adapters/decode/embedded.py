"""What stands inside a document and is a document itself: its place, prefix-free, and its text."""

from typing import Any

from lxml import etree

from adapters.decode.pointer import point
from adapters.decode.soap import returned
from adapters.decode.xml_text import path_of, string_value
from adapters.errors import Malformed


def embedded(tree: Any, step: str) -> tuple[str, str]:
    """(source in the tree, the text there) for the steps `soap` and `at:PLACE`. Raises Malformed where nothing is there."""
    kind, _, place = step.partition(":")
    if kind == "at" and not isinstance(tree, etree._Element):  # noqa: SLF001 - lxml's public name for an element
        return place, evaluate(tree, place)
    element = returned(tree, place) if kind == "soap" else _element(tree, place)
    return path_of(element), string_value(element)


def evaluate(tree: Any, source: str) -> str:
    """The string at a JSON Pointer, or the string value at an XPath. Raises Malformed where there is none."""
    if isinstance(tree, etree._Element):  # noqa: SLF001 - see above
        return string_value(_element(tree, source))
    value = point(tree, source)
    if not isinstance(value, str):
        raise Malformed(f"no text at {source} (该处没有文本)")
    return value


def _element(root: etree._Element, source: str) -> etree._Element:
    try:
        found = root.xpath(source)
    except etree.XPathError as error:
        raise Malformed(f"{source} is no XPath: {error} (XPath 错误)") from None
    if not isinstance(found, list) or len(found) != 1 or not isinstance(found[0], etree._Element):  # noqa: SLF001
        raise Malformed(f"not one element at {source} (该处不是单个元素)")
    return found[0]
