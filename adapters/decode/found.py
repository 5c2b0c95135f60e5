"""What stands at a declared place: a JSON Pointer into plain values, an XPath 1.0 into an XML tree."""

from typing import Any

from lxml import etree

from adapters.decode.pointer import point
from adapters.decode.xpath import ask


def value_at(tree: Any, place: str) -> Any:
    """The plain value there, None where there is nothing. Of XML: the first node's string value, or what the XPath
    computes. Raises Misconfigured for no XPath."""
    if not isinstance(tree, etree._Element):  # noqa: SLF001 - lxml's public name for an element
        return point(tree, place)
    found = ask(tree, place)
    if isinstance(found, list):
        return next((_string(node) for node in found), None)
    return int(found) if isinstance(found, float) and found.is_integer() else found


def rows_at(tree: Any, place: str | None) -> Any:
    """What should be a list of rows; with no place the tree itself. Of XML always a list, perhaps an empty one."""
    if isinstance(tree, etree._Element):  # noqa: SLF001 - see above
        return ask(tree, place or "/*")
    return point(tree, place or "")


def _string(node: Any) -> str:
    return str(node.xpath("string()")) if isinstance(node, etree._Element) else str(node)  # noqa: SLF001 - see above
