"""A record as XML and back, without loss: every type, text with any white space, lists in their order.

A field is an element of its name in the standard's namespace, a list is its element repeated, an empty list is none.
Reading follows the field tree: what the tree doesn't have is a fault with its XPath (without prefixes, from /record).
"""

import re
from collections.abc import Sequence
from typing import Any, Final

from lxml import etree

from canonical_schema.errors import Unreadable
from canonical_schema.fields import Field, ObjectType
from canonical_schema.kinds.registry import KINDS
from canonical_schema.record import record_tree
from canonical_schema.types import ScalarType
from canonical_schema.validate import Fault

NAMESPACE: Final = "urn:liandan:canonical:1"
_XSI: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
_HINTS: Final = {f"{_XSI}schemaLocation", f"{_XSI}noNamespaceSchemaLocation"}
_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")
_INTEGERS: Final = {"int", "count"}
_MOMENT: Final = ("at", "precision")

Element = etree._Element  # noqa: SLF001 - lxml has no public name for it


def to_xml(record: dict[str, Any]) -> bytes:
    """The XML form, UTF-8. The record has no faults (validate.faults), else KeyError, TypeError or ValueError."""
    root = etree.Element(f"{{{NAMESPACE}}}record", nsmap={None: NAMESPACE})
    _write_object(root, record_tree(record["kind"]), record)
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _write_object(parent: Element, part: ObjectType, value: dict[str, Any]) -> None:
    for field in part.fields.values():
        if field.name in value:
            for item in value[field.name] if field.many else (value[field.name],):
                _write(etree.SubElement(parent, f"{{{NAMESPACE}}}{field.name}"), field.type, item)


def _write(element: Element, kind: ScalarType | ObjectType, value: Any) -> None:
    if isinstance(kind, ObjectType):
        _write_object(element, kind, value)
    elif kind.name == "moment":
        for name in _MOMENT:
            etree.SubElement(element, f"{{{NAMESPACE}}}{name}").text = value[name]
    elif kind.name == "sections":
        for name, index in value.items():
            section = etree.SubElement(element, f"{{{NAMESPACE}}}section")
            section.set("name", name)
            section.text = str(index)
    elif kind.name == "boolean":
        element.text = "true" if value else "false"
    else:
        element.text = str(value)


def from_xml(data: bytes) -> tuple[Any, list[Fault]]:
    """The record in its JSON form, and what isn't of the standard's form in the XML. Unreadable for what can't be read.

    The values themselves are validate.faults' work; `place` there becomes an XPath by `xpath`.
    """
    root = _parsed(data)
    if root.tag != f"{{{NAMESPACE}}}record":
        return None, [
            Fault(
                f"/{etree.QName(root).localname}",
                f"根元素应为命名空间 {NAMESPACE} 中的 <record>",
                f"the root should be <record> of the namespace {NAMESPACE}",
            )
        ]
    named = root.find(f"{{{NAMESPACE}}}kind")
    kind = "" if named is None else named.text or ""
    if kind not in KINDS:
        # Which tree to read by isn't known; validate.faults says so.
        return ({} if named is None else {"kind": kind}), []
    reader = _Reader()
    return reader.object(root, record_tree(kind), "/record"), reader.faults


def xpath(pointer: str) -> str:
    """The XPath of what a JSON Pointer names in the JSON form.

    >>> xpath("/content/wastes/0/quantity_t"), xpath("/sections/head")
    ('/record/content/wastes[1]/quantity_t', "/record/sections/section[@name='head']")
    """
    path = "/record"
    steps = pointer.split("/")[1:]
    for step in steps:
        if step.isdigit():
            path += f"[{int(step) + 1}]"
        elif path == "/record/sections":
            path += f"/section[@name='{step}']"
        else:
            path += f"/{step}"
    return path


def _parsed(data: bytes) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"不是格式良好的 XML: {error}", f"no well-formed XML: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("不接受带有 DOCTYPE 的 XML", "XML with a DOCTYPE isn't read")
    return root


class _Reader:
    """Builds the JSON form and collects faults; goes on after each."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def object(self, element: Element, part: ObjectType, path: str) -> dict[str, Any]:
        self._no_attributes(element, path)
        self._no_text(element, path)
        value: dict[str, Any] = {}
        order = list(part.fields)
        last = 0
        for child in element:
            field, place = self._known(child, part, value, path)
            if field is None:
                continue
            if order.index(field.name) < last:
                self._fault(place, "元素顺序与标准不符", "the element stands out of the standard's order")
            last = max(last, order.index(field.name))
            if field.many:
                value.setdefault(field.name, []).append(self._read(child, field.type, place))
            else:
                value[field.name] = self._read(child, field.type, place)
        for field in part.fields.values():
            # A list that is always there and may be empty has no element when it is.
            if field.many and field.required and not field.at_least_one:
                value.setdefault(field.name, [])
        return value

    def _known(self, child: Element, part: ObjectType, value: dict[str, Any], path: str) -> tuple[Field | None, str]:
        name = etree.QName(child)
        field = part.fields.get(name.localname)
        if field is None or name.namespace != NAMESPACE:
            self._fault(
                f"{path}/{name.localname}", f"未知元素 <{name.localname}>", f"unknown element <{name.localname}>"
            )
            return None, ""
        if field.many:
            return field, f"{path}/{field.name}[{len(value.get(field.name, ())) + 1}]"
        if field.name in value:
            self._fault(f"{path}/{field.name}", "元素重复", "the element stands twice")
            return None, ""
        return field, f"{path}/{field.name}"

    def _read(self, element: Element, kind: ScalarType | ObjectType, path: str) -> Any:
        if isinstance(kind, ObjectType):
            return self.object(element, kind, path)
        if kind.name == "moment":
            return self._moment(element, path)
        if kind.name == "sections":
            return self._sections(element, path)
        self._no_attributes(element, path)
        if len(element):
            self._fault(path, "此处应为文本, 不应有子元素", "text is expected here, no elements")
            return None
        return self._scalar(kind.name, element.text or "", path)

    def _scalar(self, kind: str, text: str, path: str) -> Any:
        if kind == "boolean":
            if text not in {"true", "false"}:
                self._fault(path, "应为 true 或 false", "expected true or false")
            return text == "true"
        if kind in _INTEGERS:
            if not _INTEGER.fullmatch(text) or text == "-0":
                self._fault(path, "应为整数", "expected a whole number")
                return 0
            return int(text)
        return text

    def _moment(self, element: Element, path: str) -> dict[str, Any]:
        self._no_attributes(element, path)
        self._no_text(element, path)
        value: dict[str, Any] = {}
        if [child.tag for child in element] != [f"{{{NAMESPACE}}}{name}" for name in _MOMENT]:
            self._fault(path, "时刻应依次含 <at> 与 <precision>", "a moment has <at> and <precision>, in this order")
            return value
        for name, child in zip(_MOMENT, element, strict=True):
            value[name] = self._read(child, ScalarType("string", str), f"{path}/{name}")
        return value

    def _sections(self, element: Element, path: str) -> dict[str, Any]:
        self._no_attributes(element, path)
        self._no_text(element, path)
        value: dict[str, Any] = {}
        for child in element:
            name = child.attrib.pop("name", "")
            if child.tag != f"{{{NAMESPACE}}}section" or not name or name in value:
                self._fault(path, "应为各不相同的 <section name=…>", "expected <section name=…>, each name once")
                continue
            value[name] = self._read(child, ScalarType("count", str), f"{path}/section[@name='{name}']")
        return value

    def _no_attributes(self, element: Element, path: str) -> None:
        for name in sorted(set(element.attrib) - _HINTS):
            local = etree.QName(name).localname
            self._fault(f"{path}/@{local}", f"未知属性 {local}", f"unknown attribute {local}")

    def _no_text(self, element: Element, path: str) -> None:
        said: Sequence[str | None] = [element.text, *(child.tail for child in element)]
        if any(text is not None and text.strip(" \t\r\n") for text in said):
            self._fault(path, "此处不应有文本", "no text is expected here")

    def _fault(self, place: str, zh: str, en: str) -> None:
        self.faults.append(Fault(place, zh, en))
