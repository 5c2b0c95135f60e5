"""rpc/encoded requests (SOAP 1.1 §5 and §7): every value says its type, an array how many it holds. zeep writes neither."""

from typing import Any

from lxml import etree
from zeep.xsd.elements import Any as XsdAny
from zeep.xsd.types import ComplexType

from adapters.errors import Misconfigured
from adapters.soap.arguments import ANY, Argument, elements_of, parsed, simple, unknown
from adapters.soap.known import ENCODING

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"


def encoded_body(body: Any, given: dict[str, Argument], soap: str) -> etree._Element:
    """The envelope. Raises Misconfigured for what the types don't have, or what they must have and isn't given."""
    envelope = etree.Element(
        f"{{{soap}}}Envelope", nsmap={"soapenv": soap, "xsi": XSI, "xsd": XSD, "soapenc": ENCODING}
    )
    call = etree.SubElement(etree.SubElement(envelope, f"{{{soap}}}Body"), body.qname)
    call.set(f"{{{soap}}}encodingStyle", ENCODING)
    _members(call, body.type, given, "")
    return envelope


def _members(parent: etree._Element, type_: Any, given: dict[str, Argument], path: str) -> None:
    names = [ANY if isinstance(element, XsdAny) else name for name, element in elements_of(type_)]
    for name in given:
        if name not in names:
            raise Misconfigured(unknown(name, tuple(names), path))
    for name, (_, element) in zip(names, elements_of(type_), strict=True):
        at = f"{path}/{name}"
        if name not in given:
            if not element.is_optional:
                raise Misconfigured(f"Missing element {name}: {at} (缺少参数)")
            continue
        if isinstance(element, XsdAny):
            parent.extend(parsed(given[name], at))
            continue
        argument = given[name]
        many = argument if isinstance(argument, list) and not _is_array(element.type) else [argument]
        if len(many) != 1 and not element.accepts_multiple:
            raise Misconfigured(f"{at} stands once in the WSDL, a list is given (此处不可重复)")
        for one in many:
            _value(parent, element.qname.text, element.type, one, at)


def _value(parent: etree._Element, name: str, type_: Any, argument: Argument, path: str) -> None:
    node = etree.SubElement(parent, name)
    if _is_array(type_):
        _array(node, type_, argument, path)
        return
    node.set(f"{{{XSI}}}type", etree.QName(type_.qname))
    simple_content = isinstance(type_, ComplexType) and [key for key, _ in type_.elements] == ["_value_1"]
    if isinstance(type_, ComplexType) and not simple_content:
        if not isinstance(argument, dict):
            raise Misconfigured(
                f"{path} holds {', '.join(key for key, _ in type_.elements)} in the WSDL (此处应为键值)"
            )
        _members(node, type_, argument, path)
    else:
        node.text = simple(argument, path)


def _is_array(type_: Any) -> bool:
    return isinstance(type_, ComplexType) and (
        type_._array_type is not None or type_.qname == etree.QName(ENCODING, "Array")  # noqa: SLF001 - zeep tells it nowhere else
    )


def _array(node: etree._Element, type_: Any, argument: Argument, path: str) -> None:
    if not isinstance(argument, list):
        raise Misconfigured(f"{path} is an array in the WSDL (此处应为列表)")
    member = getattr(type_._array_type, "array_type", None)  # noqa: SLF001 - see above
    node.set(f"{{{XSI}}}type", etree.QName(ENCODING, "Array"))
    # lxml writes a QName with the prefix that stands for it here
    node.set(f"{{{ENCODING}}}arrayType", etree.QName(member.qname if member is not None else f"{{{XSD}}}anyType"))
    node.set(f"{{{ENCODING}}}arrayType", f"{node.get(f'{{{ENCODING}}}arrayType')}[{len(argument)}]")
    for number, one in enumerate(argument):
        if member is None:
            etree.SubElement(node, "item").text = simple(one, f"{path}/{number}")
        else:
            _value(node, "item", member, one, f"{path}/{number}")
