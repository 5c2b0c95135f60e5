"""XSD, and the types of a WSDL, as trees of places. Types and elements are found by local name: names of one source don't collide."""

import re
from collections.abc import Iterator
from typing import Any

from canonical_schema.values.text import compact
from mappings.infer.lookups import labelled
from mappings.infer.tree import MOST_PLACES, Place

XS = "{http://www.w3.org/2001/XMLSchema}"
DEEPEST = 24
LONGEST_LABEL = 60
_CODES = re.compile(r"\([A-Za-z0-9]{1,12}(?:[-=].*)?\Z")


def declared_in_xsd(root: Any) -> list[Place]:
    """One tree for each global element (of a schema without elements: for each named type); none for any other XML."""
    schemas = [root] if root.tag == f"{XS}schema" else list(root.iter(f"{XS}schema"))
    reader = _Reader(schemas)
    elements = [one for schema in schemas for one in schema.findall(f"{XS}element")]
    return [place for one in elements or reader.types.values() if (place := reader.tree(one)).children]


class _Reader:
    def __init__(self, schemas: list[Any]) -> None:
        self.types = _named(schemas, "complexType") | _named(schemas, "simpleType")
        self.elements = _named(schemas, "element")
        self.groups = _named(schemas, "group") | _named(schemas, "attributeGroup")
        self.left = MOST_PLACES

    def tree(self, declared: Any) -> Place:
        root = Place(())
        self.left = MOST_PLACES
        if declared.tag == f"{XS}element":
            self._element(declared, root, ())
        else:
            self._content(declared, root, ())
        return root

    def _element(self, node: Any, parent: Place, within: tuple[str, ...]) -> None:
        declared = self.elements.get(_local(node.get("ref")), node)
        name = declared.get("name")
        if not name or self.left <= 0 or len(within) > DEEPEST:
            return
        self.left -= name not in parent.children
        place = parent.child(name)
        place.many = place.many or node.get("maxOccurs", "1") not in {"0", "1"}
        self._typed(declared, place, within)

    def _typed(self, node: Any, place: Place, within: tuple[str, ...]) -> None:
        """What an element or attribute says of itself, then what its type says."""
        _describe(node, place)
        name = _local(node.get("type"))
        if name in self.types and name not in within:
            self._content(self.types[name], place, (*within, name))
        for inner in node:
            if inner.tag in {f"{XS}complexType", f"{XS}simpleType"}:
                self._content(inner, place, (*within, ""))

    def _content(self, node: Any, place: Place, within: tuple[str, ...]) -> None:
        if node.tag == f"{XS}simpleType":
            place.words |= dict(_enumerated(node))
        if not place.label:
            _describe(node, place)
        for inner in node:
            if inner.tag == f"{XS}element":
                self._element(inner, place, within)
            elif inner.tag == f"{XS}attribute" and inner.get("name"):
                self._typed(inner, place.child(f"@{inner.get('name')}"), within)
            elif inner.tag in {f"{XS}group", f"{XS}attributeGroup"}:
                self._part(self.groups.get(_local(inner.get("ref"))), f"#{inner.get('ref')}", place, within)
            elif inner.tag in {f"{XS}extension", f"{XS}restriction"}:
                base = _local(inner.get("base"))
                self._part(self.types.get(base), base, place, within)
                self._content(inner, place, within)
            elif inner.tag in {
                f"{XS}{name}" for name in ("sequence", "choice", "all", "complexContent", "simpleContent")
            }:
                self._content(inner, place, within)

    def _part(self, node: Any, name: str, place: Place, within: tuple[str, ...]) -> None:
        if node is not None and name not in within:
            self._content(node, place, (*within, name))


def _named(schemas: list[Any], kind: str) -> dict[str, Any]:
    return {node.get("name"): node for schema in schemas for node in schema.findall(f"{XS}{kind}") if node.get("name")}


def _local(name: str | None) -> str:
    return (name or "").rpartition(":")[2]


def _documentation(node: Any) -> str:
    return compact(" ".join("".join(one.itertext()) for one in node.findall(f"{XS}annotation/{XS}documentation")))


def _describe(node: Any, place: Place) -> None:
    told = _documentation(node)
    if told and not place.label:
        place.label = label(told)
    place.words |= labelled(told)


def _enumerated(node: Any) -> Iterator[tuple[str, str]]:
    for one in node.iter(f"{XS}enumeration"):
        yield one.get("value", ""), _documentation(one)


def label(sentence: str) -> str:
    """The name at the beginning of a description.

    >>> label("转移类型：1-省内转移"), label("意见（1：接受）"), label("移出量（吨）")
    ('转移类型', '意见', '移出量(吨)')
    """
    text = compact(sentence)[:LONGEST_LABEL]
    for mark in (":", ",", ";", "。", "\n"):
        text = text.partition(mark)[0] or text
    text = _CODES.sub("", text)
    return text.strip()
