"""What an adapter file gives an operation, fitted to the types of the WSDL.

An argument is a text, a list or names with values, as deep as the type goes. In names with values `@name` is an attribute and
`*` the text of XML that stands at an xs:any. A text is sent as it is written: the file knows the form that a system wants.
"""

from base64 import b64decode
from binascii import Error as Base64Error
from typing import Any, TypeAlias

from lxml import etree
from zeep import xsd
from zeep.xsd.elements import Any as XsdAny
from zeep.xsd.types import ComplexType

from adapters.decode.xml_text import parse_xml
from adapters.errors import Malformed, Misconfigured
from canonical_schema.problem import nearest

Argument: TypeAlias = str | list["Argument"] | dict[str, "Argument"]
ANY = "*"


def takes(body: Any) -> tuple[str, ...]:
    """What an operation takes, in order, by name: parts, or what the one element of its message holds."""
    if body is None:
        return ()
    if not isinstance(body.type, ComplexType):
        return (str(body.name),)
    return tuple(ANY if isinstance(element, XsdAny) else str(name) for name, element in elements_of(body.type))


def placed(body: Any, arguments: Argument) -> dict[str, Argument]:
    """The arguments by name. Raises Misconfigured for another number of them, or a name that isn't there."""
    names = takes(body)
    if isinstance(arguments, list):
        if len(arguments) != len(names):
            raise Misconfigured(f"takes {len(names)} arguments, not {len(arguments)} (参数个数不符)")
        return dict(zip(names, arguments, strict=True))
    if not isinstance(arguments, dict):
        raise Misconfigured("arguments are a list or names with values (参数应为列表或键值)")
    known = names if body is None else (*names, *_attribute_names(body.type))
    for name in arguments:
        if name not in known:
            raise Misconfigured(unknown(name, known))
    return arguments


def values(body: Any, given: dict[str, Argument]) -> tuple[list[Any], dict[str, Any]]:
    """(positional, named) values as zeep wants them. Raises Misconfigured."""
    if body is None:
        return [], {}
    if not isinstance(body.type, ComplexType):
        return [_of_type(argument, body.type, name) for name, argument in given.items()], {}
    return [], _complex(given, body.type, "")


def elements_of(type_: Any) -> list[tuple[str, Any]]:
    return list(type_.elements) if isinstance(type_, ComplexType) else []


def simple(argument: Argument, path: str) -> str:
    """Raises Misconfigured where more than a text is given."""
    if not isinstance(argument, str):
        raise Misconfigured(f"{path} is one text in the WSDL (此处应为文本)")
    return argument


def parsed(argument: Argument, path: str) -> list[etree._Element]:
    """The elements that stand at an xs:any. Raises Misconfigured where the text is no XML."""
    texts = argument if isinstance(argument, list) else [argument]
    try:
        return [parse_xml(simple(text, path))[1] for text in texts]
    except Malformed as error:
        raise Misconfigured(f"{path}: {error.words}, line {error.line}, column {error.column}") from None


def _element(argument: Argument, element: Any, path: str) -> Any:
    if isinstance(element, XsdAny):
        found = parsed(argument, path)
        return found if element.accepts_multiple else found[0]
    if isinstance(argument, list):
        if not element.accepts_multiple:
            raise Misconfigured(f"{path} stands once in the WSDL, a list is given (此处不可重复)")
        return [_of_type(one, element.type, f"{path}/{number}") for number, one in enumerate(argument)]
    value = _of_type(argument, element.type, path)
    return [value] if element.accepts_multiple else value


def _of_type(argument: Argument, type_: Any, path: str) -> Any:
    if isinstance(type_, ComplexType):
        if isinstance(argument, str):
            argument = _content(argument, type_, path)
        if isinstance(argument, list):
            raise Misconfigured(f"{path} is no list in the WSDL (此处应为键值)")
        return _complex(argument, type_, path)
    text = simple(argument, path)
    if isinstance(type_, xsd.Base64Binary):
        try:
            return b64decode(text, validate=True)
        except Base64Error:
            raise Misconfigured(f"{path} is Base64 in the WSDL (此处应为 Base64)") from None
    return text


def _content(text: str, type_: Any, path: str) -> dict[str, Argument]:
    """The text of an element that may have attributes too; nothing at all for an element that holds others."""
    names = [name for name, _ in type_.elements]
    if names == ["_value_1"] and not isinstance(type_.elements[0][1], XsdAny):
        return {"_value_1": text}
    if not text:
        return {}
    raise Misconfigured(f"{path} holds {', '.join(names) or 'nothing'} in the WSDL, a text is given (此处应为键值)")


def _complex(given: dict[str, Argument], type_: Any, path: str) -> dict[str, Any]:
    elements = dict(type_.elements)
    anything = next((name for name, element in elements.items() if isinstance(element, XsdAny)), None)
    attributes = {f"@{attribute.name}": name for name, attribute in type_.attributes if attribute.name}
    made: dict[str, Any] = {}
    for name, argument in given.items():
        at = f"{path}/{name}"
        if name == ANY and anything is not None:
            made[anything] = _element(argument, elements[anything], at)
        elif name in attributes:
            made[attributes[name]] = simple(argument, at)
        elif name in elements:
            made[name] = _element(argument, elements[name], at)
        else:
            shown = [ANY if isinstance(element, XsdAny) else key for key, element in elements.items()]
            raise Misconfigured(unknown(name, (*shown, *attributes), path))
    return made


def _attribute_names(type_: Any) -> tuple[str, ...]:
    attributes = type_.attributes if isinstance(type_, ComplexType) else ()
    return tuple(f"@{attribute.name}" for _, attribute in attributes if attribute.name)


def unknown(name: str, known: tuple[str, ...], path: str = "") -> str:
    meant = nearest(name, known)
    guess = f"; did you mean {meant!r}?" if meant else ""
    within = f" in {path}" if path else ""
    return f"no {name!r}{within}{guess} There are {', '.join(known) or 'none'} (没有这个参数)"
