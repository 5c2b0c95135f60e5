"""What two WSDLs with their imports say differently: operations, parts, types. Pure; by XML alone, so that it also compares
what zeep leaves out (outputs, enumerations, patterns).

Addresses, documentation, prefixes, the order of declarations and which file something stands in say nothing new.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lxml import etree

from adapters.soap.gather import Bundle

_WSDL = "http://schemas.xmlsoap.org/wsdl/"
_XSD = "http://www.w3.org/2001/XMLSchema"
_SAID = ("minOccurs", "maxOccurs", "use", "nillable", "default", "fixed")
_DECLARED = {
    "element": "element",
    "complexType": "type",
    "simpleType": "type",
    "group": "group",
    "attribute": "attribute",
}

Key = tuple[str, str]
Members = dict[str, str]


class Change(NamedTuple):
    """`kind`: operation, message, type, element, group, attribute or port. `before` and `after`: what was said of `member`,
    "" where it wasn't there; a thing that came or went whole has no member."""

    kind: str
    name: str
    member: str
    before: str
    after: str

    def __str__(self) -> str:
        """
        >>> print(Change("operation", "P.get", "", "", "there"))
        + operation P.get
        >>> print(Change("type", "Ask", "page", "int", "string"))
        ~ type Ask: page: int → string
        """
        if not self.member:
            return f"{'+' if self.after else '-'} {self.kind} {self.name}"
        if not self.before:
            return f"~ {self.kind} {self.name}: + {self.member} {self.after}".rstrip()
        if not self.after:
            return f"~ {self.kind} {self.name}: - {self.member} {self.before}".rstrip()
        return f"~ {self.kind} {self.name}: {self.member}: {self.before} → {self.after}"


def compare(old: Bundle, new: Bundle) -> tuple[Change, ...]:
    """Both must have been understood before."""
    before, after = _things(old), _things(new)
    found: list[Change] = []
    for key in sorted(before.keys() | after.keys()):
        if key not in before or key not in after:
            found.append(Change(*key, "", "there" if key in before else "", "there" if key in after else ""))
            continue
        was, is_ = before[key], after[key]
        found += [
            Change(*key, member, was.get(member, ""), is_.get(member, ""))
            for member in sorted(was.keys() | is_.keys())
            if was.get(member) != is_.get(member)
        ]
    return tuple(found)


def _things(bundle: Bundle) -> Mapping[Key, Members]:
    things: dict[Key, Members] = {}
    for body in bundle.files.values():
        root = etree.fromstring(body)  # read before, by `gather`: no DOCTYPE
        for key, members in _declared(root):
            things.setdefault(key, {}).update(members)
    return things


def _declared(root: etree._Element) -> Iterator[tuple[Key, Members]]:
    for node in root.iter(f"{{{_WSDL}}}message"):
        parts = {part.get("name", ""): _type_of(part) for part in node.iterchildren(f"{{{_WSDL}}}part")}
        yield ("message", node.get("name", "")), parts
    for node in root.iter(f"{{{_WSDL}}}portType", f"{{{_WSDL}}}binding"):
        for operation in node.iterchildren(f"{{{_WSDL}}}operation"):
            bound = etree.QName(node).localname == "binding"
            yield (
                ("operation", f"{node.get('name')}.{operation.get('name')}"),
                dict(_binding(node, operation) if bound else _messages(operation)),
            )
    for node in root.iter(f"{{{_WSDL}}}port"):
        service = node.getparent()
        assert service is not None
        yield ("port", f"{service.get('name')}.{node.get('name')}"), {"binding": _name(node, "binding")}
    for schema in root.iter(f"{{{_XSD}}}schema"):
        for node in schema.iterchildren(*(f"{{{_XSD}}}{name}" for name in _DECLARED)):
            kind = _DECLARED[etree.QName(node).localname]
            yield (kind, node.get("name", "")), dict(_content(node))


def _messages(operation: etree._Element) -> Iterator[tuple[str, str]]:
    for one in operation.iterchildren(etree.Element):
        if one.get("message"):
            yield etree.QName(one).localname, _name(one, "message")


def _binding(binding: etree._Element, operation: etree._Element) -> Iterator[tuple[str, str]]:
    """What SOAP's extensions say: style, action, and how each message is used."""
    for one in (*binding.iterchildren(etree.Element), *operation.iterdescendants(etree.Element)):
        outer = one.getparent()
        if etree.QName(one).namespace == _WSDL or outer is None:
            continue
        where = "" if outer in (binding, operation) else etree.QName(outer).localname
        for attribute in ("style", "soapAction", "use", "parts", "namespace"):
            if one.get(attribute) is not None:
                yield f"{where} {attribute}".strip(), one.get(attribute, "")


def _content(node: etree._Element) -> Iterator[tuple[str, str]]:
    """A declaration's own type, and whatever stands in it: elements and attributes with their types, bases, values."""
    if said := _type_of(node):
        yield "type", said
    for one in node.iterdescendants(etree.Element):
        name, kind = etree.QName(one).localname, etree.QName(one).namespace
        if kind != _XSD or name in {"annotation", "documentation", "appinfo"}:
            continue
        if name in {"element", "attribute", "group", "attributeGroup"}:
            shown = one.get("name") or _name(one, "ref")
            yield (
                ("@" if name == "attribute" else "") + _within(one, node) + shown,
                _type_of(one) or "a type of its own",
            )
        elif name in {"any", "anyAttribute"}:
            yield _within(one, node) + name, _said(one) or "there"
        elif name in {"extension", "restriction"}:
            yield _within(one, node) + name, _name(one, "base")
        elif name == "enumeration":
            yield _within(one, node) + f"value {one.get('value')}", "allowed"
        elif one.get("value") is not None:
            yield _within(one, node) + name, one.get("value", "")
        elif name in {"choice", "all"} and one.getparent() is not None:
            yield _within(one, node) + name, _said(one) or "there"


def _within(one: etree._Element, top: etree._Element) -> str:
    """The names of the elements that it stands in, below the declaration."""
    names = []
    for outer in one.iterancestors(f"{{{_XSD}}}element"):
        if outer is top:
            break
        names.append(outer.get("name") or _name(outer, "ref"))
    return "".join(f"{name}/" for name in reversed(names))


def _type_of(node: etree._Element) -> str:
    kind = _name(node, "type") or _name(node, "element") or _name(node, "ref")
    return " ".join(part for part in (kind, _said(node)) if part)


def _said(node: etree._Element) -> str:
    return " ".join(f"{name}={node.get(name)}" for name in _SAID if node.get(name) is not None)


def _name(node: etree._Element, attribute: str) -> str:
    """The local name that an attribute refers to; of XML Schema's own with `xsd:`."""
    prefix, _, local = node.get(attribute, "").rpartition(":")
    return f"xsd:{local}" if local and node.nsmap.get(prefix or None) == _XSD else local
