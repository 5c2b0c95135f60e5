"""A declared SOAP request filled in: arguments of any depth, and the XML of a header."""

from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from adapters.decode.xml_text import parse_xml
from adapters.errors import Malformed, Misconfigured
from adapters.protocol.template import Reveal, Values, fill
from adapters.soap.arguments import ANY, Argument

_QUOTES = {'"': "&quot;", "'": "&apos;"}


def filled(declared: Any, values: Values, reveal: Reveal) -> Argument:
    """The arguments with their slots filled; in XML (`*`) what is filled in is escaped."""
    if isinstance(declared, list | tuple):
        return [filled(one, values, reveal) for one in declared]
    if isinstance(declared, dict):
        return {
            name: filled_xml(one, values, reveal) if name == ANY else filled(one, values, reveal)
            for name, one in declared.items()
        }
    return fill(str(declared), values, reveal)


def filled_xml(declared: Any, values: Values, reveal: Reveal) -> Argument:
    if isinstance(declared, list | tuple):
        return [filled_xml(one, values, reveal) for one in declared]
    escaped = {name: escape(str(value), _QUOTES) for name, value in values.items()}
    return fill(str(declared), escaped, lambda name: escape(reveal(name), _QUOTES))


def reorder(envelope: etree._Element, order: tuple[str, ...]) -> None:
    """Puts the named arguments first, in this order: some systems go by place and have other places than their WSDL.

    Raises Misconfigured for a name that isn't sent.
    """
    call = _body(envelope)[0]
    sent = {etree.QName(one).localname: one for one in call}
    for name in order:
        if name not in sent:
            raise Misconfigured(f"'order' names {name!r}, but sent are {', '.join(sent) or 'none'} (没有这个参数)")
    first = [sent[name] for name in order]
    call[:] = [*first, *(one for one in call if one not in first)]


def add_header(envelope: etree._Element, text: str) -> None:
    """Raises Misconfigured where the text is no XML."""
    try:
        _, root = parse_xml(text)
    except Malformed as error:
        # the text may hold a secret: the parser's words about it aren't told
        at = f"line {error.line}, column {error.column}"
        raise Misconfigured(f"'header' isn't one XML element: {at} (header 不是 XML)") from None
    namespace = etree.QName(envelope).namespace
    header = envelope.find(f"{{{namespace}}}Header")
    if header is None:
        header = etree.Element(f"{{{namespace}}}Header")
        envelope.insert(0, header)
    header.append(root)


def _body(envelope: etree._Element) -> etree._Element:
    body = envelope.find(f"{{{etree.QName(envelope).namespace}}}Body")
    assert body is not None
    return body
