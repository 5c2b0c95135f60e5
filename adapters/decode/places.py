"""One place in a tree, whichever it is: a JSON Pointer that goes through XML too, by local names and `@attributes`.

In XML the first name is the root element's own, within a row the first is that of a child: `/data/row`, and in it `/no`.
A position counts what has the name before it, from 0. Mapping files write their paths alike.
"""

from functools import lru_cache
from typing import Any

from lxml import etree

from adapters.decode.pointer import point
from adapters.decode.xml_text import string_value


def value_at(tree: Any, place: str) -> Any:
    """The value there, in XML the text of the first such node without blanks around it; None where there is nothing.

    >>> root = etree.fromstring('<q:row xmlns:q="urn:q" no="7"><q:name>a</q:name><name> b </name></q:row>')
    >>> value_at({"a": [1]}, "/a/0"), value_at(root, "/row/@no"), value_at(root, "/row/name/1"), value_at(root, "/none")
    (1, '7', 'b', None)
    """
    return _first(_nodes(tree, place, "/")) if is_xml(tree) else point(tree, place)


def value_in(row: Any, place: str) -> Any:
    """The value there within a row.

    >>> value_in(etree.fromstring('<row><no>7</no></row>'), "/no"), value_in({"no": 7}, "/no")
    ('7', 7)
    """
    return _first(_nodes(row, place, "./")) if is_xml(row) else point(row, place)


def list_at(tree: Any, place: str) -> Any:
    """The list there: in XML each such element, and none of them where only what they would stand in is there.

    >>> root = etree.fromstring("<a><b/><b/></a>")
    >>> len(list_at(root, "/a/b")), list_at(root, "/a/c"), list_at(root, "/x/b")
    (2, [], None)
    """
    if not is_xml(tree):
        return point(tree, place)
    found, holder = _nodes(tree, place, "/"), place.rpartition("/")[0]
    return found if found or (holder and _nodes(tree, holder, "/")) else None


def repeated_beside(tree: Any, place: str) -> str:
    """In XML: which other element stands several times where rows were looked for in vain; "" for none.

    >>> root = etree.fromstring("<a><n>2</n><b/><b/></a>")
    >>> repeated_beside(root, "/a/c"), repeated_beside(root, "/a/n"), repeated_beside({"a": [1, 1]}, "/b")
    ('b', 'b', '')
    """
    holder = place.rpartition("/")[0]
    if not is_xml(tree) or not holder:
        return ""
    held = [
        etree.QName(one).localname for node in _nodes(tree, holder, "/") for one in node.iterchildren(etree.Element)
    ]
    return next((name for name in dict.fromkeys(held) if held.count(name) > 1), "")


def comparable(row: Any) -> Any:
    """A row as a value that equals that of a row met before: of XML, whose elements are never equal, its text."""
    return etree.tostring(row, encoding="unicode", with_tail=False) if is_xml(row) else row


def is_xml(tree: Any) -> bool:
    return isinstance(tree, etree._Element)  # noqa: SLF001 - lxml's public name for an element


def _first(found: list[Any]) -> str | None:
    if not found:
        return None
    return (string_value(found[0]) if is_xml(found[0]) else str(found[0])).strip()


def _nodes(tree: etree._Element, place: str, start: str) -> list[Any]:
    path, names = _xpath(place, start)
    found: list[Any] = path(tree, **names)
    return found


@lru_cache(maxsize=256)
def _xpath(place: str, start: str) -> tuple[etree.XPath, dict[str, str]]:
    """Names are handed in as variables: whatever they hold, they are names."""
    path, names = start.removesuffix("/"), dict[str, str]()
    for segment in place.split("/")[1:]:
        name = segment.replace("~1", "/").replace("~0", "~")
        if names and name.isascii() and name.isdigit():
            path += f"[{int(name) + 1}]"
            continue
        variable = f"n{len(names)}"
        names[variable] = name.removeprefix("@")
        path += f"/{'@' if name.startswith('@') else ''}*[local-name()=${variable}]"
    return etree.XPath(path), names
