"""XPath 1.0 as adapter files declare it: checked when the file is read, asked of a tree later."""

from typing import Any

from lxml import etree

from adapters.errors import Misconfigured


def xpath_fault(path: str, *, nodes: bool = False) -> str:
    """What is wrong with an XPath, or with one that should give `nodes`; "" when nothing is.

    >>> xpath_fault("/a/b", nodes=True), xpath_fault("/a["), xpath_fault("count(/a)", nodes=True)
    ('', "'/a[' is no XPath: Invalid expression (XPath 有误)", "'count(/a)' gives no nodes (该 XPath 不选取节点)")
    """
    try:
        found = etree.Element("none").xpath(path)
    except etree.XPathError as error:
        return f"{path!r} is no XPath: {error} (XPath 有误)"
    return f"{path!r} gives no nodes (该 XPath 不选取节点)" if nodes and not isinstance(found, list) else ""


def ask(node: etree._Element, path: str) -> Any:
    """What the XPath gives there. Raises Misconfigured: a condition in it is only tried on what it is asked of."""
    try:
        return node.xpath(path)
    except etree.XPathError as error:
        raise Misconfigured(f"{path!r} is no XPath: {error} (XPath 有误)") from None
