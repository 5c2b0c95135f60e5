"""JSON Pointer (RFC 6901) into plain values; into XML the same by local names, with `@name` for an attribute."""

from typing import Any

from lxml import etree

_Element = etree._Element  # noqa: SLF001 - lxml has no public name for it


def point(tree: Any, pointer: str) -> Any:
    """The value there, None where there is nothing. In XML: a text, or the elements where there are several.

    >>> point({"a": [{"b/c": 1}]}, "/a/0/b~1c")
    1
    >>> point(etree.fromstring("<r n='2'><x>1</x></r>"), "/r/@n"), point(etree.fromstring("<r><x>1</x></r>"), "/r/x")
    ('2', '1')
    """
    if isinstance(tree, _Element):
        return _in_xml(tree, pointer)
    value = tree
    for key in _tokens(pointer):
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isascii() and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value


def elements(tree: _Element, pointer: str) -> list[_Element]:
    """All elements there. A document's pointer begins with its root's name, that of an element inside it below the element."""
    found, names = [tree], list(_tokens(pointer))
    if tree.getparent() is None and (not names or etree.QName(tree).localname != names.pop(0)):
        return []
    for name in names:
        found = [child for one in found for child in one.iterchildren("{*}" + name)]
    return found


def _in_xml(tree: _Element, pointer: str) -> Any:
    place, at, name = pointer.rpartition("/@")
    found = elements(tree, place if at else pointer)
    if len(found) != 1:
        return found or None
    if not at:
        return "".join(str(text) for text in found[0].itertext())
    return next((str(value) for key, value in found[0].items() if etree.QName(key).localname == name), None)


def _tokens(pointer: str) -> list[str]:
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]
