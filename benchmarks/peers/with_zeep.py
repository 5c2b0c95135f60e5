"""SOAP answers read by zeep itself, from the bytes of the reply to Python values.

Two kinds: `tj`'s, whose result is JSON in a string (its JSON is read with the standard library after zeep), and one whose
WSDL types every value: the manifests of `js` as elements, which is where zeep does its own parsing.
"""

import io
import json
from collections.abc import Callable
from typing import Any

import zeep
from lxml import etree
from zeep.helpers import serialize_object

NAMESPACE = "http://typed.invalid/"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
XS = "http://www.w3.org/2001/XMLSchema"
Shape = dict[str, Any]  # name -> (many, Shape or None for text)


class _Answer:
    """What zeep looks at in a reply."""

    status_code = 200
    encoding = "utf-8"

    def __init__(self, content: bytes) -> None:
        self.content, self.headers = content, {"Content-Type": "text/xml; charset=utf-8"}


def reader(wsdl: bytes, operation: str) -> Callable[[bytes], Any]:
    """A function: reply → the operation's result as zeep gives it."""
    client = zeep.Client(io.BytesIO(wsdl), transport=object())
    binding = client.service._binding  # noqa: SLF001 - zeep shows its reading of replies in no other way
    return lambda body: binding.process_reply(client, binding.get(operation), _Answer(body))


def json_reader(wsdl: bytes, operation: str) -> Callable[[bytes], Any]:
    read = reader(wsdl, operation)
    return lambda body: json.loads(read(body))


def shape_of(rows: list[Any]) -> Shape:
    """The elements that these objects need; what is null or empty nowhere has one."""
    shape: Shape = {}
    for row in rows:
        for name, value in row.items():
            if value not in (None, "", []):
                many, before = shape.get(name, (False, []))
                inner = value if isinstance(value, list) else [value]
                shape[name] = (many or isinstance(value, list), [*before, *inner])
    return {
        name: (many, shape_of(values) if isinstance(values[0], dict) else None)
        for name, (many, values) in shape.items()
    }


def _schema(shape: Shape) -> str:
    parts = []
    for name, (many, inner) in shape.items():
        often = f'minOccurs="0" maxOccurs="{"unbounded" if many else 1}"'
        if inner is None:
            parts.append(f'<xs:element name="{name}" type="xs:string" {often}/>')
        else:
            parts.append(f'<xs:element name="{name}" {often}>{_schema(inner)}</xs:element>')
    return f"<xs:complexType><xs:sequence>{''.join(parts)}</xs:sequence></xs:complexType>"


def typed_wsdl(shape: Shape) -> bytes:
    schema = _schema({"manifest": (True, shape)})
    return (
        f'<wsdl:definitions targetNamespace="{NAMESPACE}" xmlns:tns="{NAMESPACE}" xmlns:xs="{XS}"'
        ' xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/">'
        f'<wsdl:types><xs:schema targetNamespace="{NAMESPACE}" elementFormDefault="qualified">'
        f'<xs:element name="list"><xs:complexType/></xs:element><xs:element name="listResponse">{schema}</xs:element></xs:schema></wsdl:types>'
        '<wsdl:message name="ask"><wsdl:part name="parameters" element="tns:list"/></wsdl:message>'
        '<wsdl:message name="answer"><wsdl:part name="parameters" element="tns:listResponse"/></wsdl:message>'
        '<wsdl:portType name="Manifests"><wsdl:operation name="list"><wsdl:input message="tns:ask"/><wsdl:output message="tns:answer"/>'
        '</wsdl:operation></wsdl:portType><wsdl:binding name="Bound" type="tns:Manifests">'
        '<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/><wsdl:operation name="list">'
        '<soap:operation soapAction=""/><wsdl:input><soap:body use="literal"/></wsdl:input>'
        '<wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation></wsdl:binding>'
        '<wsdl:service name="Service"><wsdl:port name="Port" binding="tns:Bound">'
        '<soap:address location="http://typed.invalid/"/></wsdl:port></wsdl:service></wsdl:definitions>'
    ).encode()


def typed_answer(rows: list[Any], shape: Shape) -> bytes:
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP, None: NAMESPACE})
    answer = etree.SubElement(etree.SubElement(root, f"{{{SOAP}}}Body"), f"{{{NAMESPACE}}}listResponse")
    for row in rows:
        _fill(etree.SubElement(answer, f"{{{NAMESPACE}}}manifest"), row, shape)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _fill(parent: Any, row: dict[str, Any], shape: Shape) -> None:
    for name, (many, inner) in shape.items():
        value = row.get(name)
        for one in value or () if many else () if value in (None, "") else (value,):
            node = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
            if inner is None:
                node.text = str(one)
            else:
                _fill(node, one, inner)


def told(value: Any) -> Any:
    """zeep's result or our document with what is absent left out and every element in a list: the two compared."""
    if isinstance(value, dict):
        kept = {name: told(inner) for name, inner in value.items() if inner not in (None, [])}
        return {name: inner if isinstance(inner, list) else [inner] for name, inner in kept.items()}
    return [told(one) for one in value] if isinstance(value, list) else value


def as_told(result: Any) -> Any:
    return told(serialize_object(result, dict))
