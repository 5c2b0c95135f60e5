"""XML text to a tree: no DOCTYPE, no network, no recovery; what can't be read exactly is refused with line and column."""

import re

from lxml import etree

from adapters.decode.place import line_and_column
from adapters.errors import Malformed

DECLARATION = re.compile(r"\A\s*<\?xml[ \t\r\n][^>]*\?>")


def parse_xml(text: str) -> tuple[str, etree._Element]:
    """(the text without XML declaration, root element). Raises Malformed."""
    declaration = DECLARATION.match(text)
    cut = declaration.end() if declaration else 0
    bare = text[cut:]
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(bare.encode(), parser)
    except etree.XMLSyntaxError as error:
        line, column = _place(text, cut, error.lineno or 1, error.offset or 1)
        words = (error.msg or "not well-formed").rpartition(", line ")[0] or error.msg or "not well-formed"
        raise Malformed(f"not well-formed XML: {words} (XML 格式错误)", line=line, column=column) from None
    except UnicodeEncodeError as error:
        line, column = line_and_column(text, cut + error.start)
        raise Malformed("half a character in the text (不成对的代理字符)", line=line, column=column) from None
    # libxml2 tells of a DTD only after it was read; entities weren't resolved, so nothing has come of it
    if root.getroottree().docinfo.internalDTD is not None or root.getroottree().docinfo.doctype:
        line, column = line_and_column(text, max(0, text.find("<!DOCTYPE")))
        raise Malformed("a DOCTYPE isn't accepted (不接受 DOCTYPE 声明)", line=line, column=column)
    return bare, root


def _place(text: str, cut: int, line: int, column: int) -> tuple[int, int]:
    """The place in the text with its declaration; libxml2 saw it without."""
    above, last_line = text.count("\n", 0, cut), cut - (text.rfind("\n", 0, cut) + 1)
    return line + above, max(1, column) + (last_line if line == 1 else 0)


def path_of(element: etree._Element) -> str:
    """The absolute, prefix-free XPath 1.0 that selects just this element."""
    steps: list[str] = []
    node: etree._Element | None = element
    while node is not None:
        steps.append(_step(node))
        node = node.getparent()
    return "/" + "/".join(reversed(steps))


def _step(node: etree._Element) -> str:
    name = etree.QName(node).localname
    parent = node.getparent()
    if parent is None:
        return f"*[local-name()='{name}']"
    alike = [child for child in parent.iterchildren(etree.Element) if etree.QName(child).localname == name]
    return f"*[local-name()='{name}'][{alike.index(node) + 1}]"


def string_value(element: etree._Element) -> str:
    return str(element.xpath("string()"))
