"""A SOAP 1.1 or 1.2 envelope, read with lxml: its fault, or the element that an operation returned."""

from dataclasses import dataclass

from lxml import etree

from adapters.errors import Malformed

NAMESPACES = ("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope")


@dataclass(frozen=True, slots=True)
class SoapFault:
    """`code` without prefix: Client, Server, Sender, Receiver …"""

    code: str
    words: str

    @property
    def ours(self) -> bool:
        """Whether it blames the request: asking again changes nothing."""
        return self.code.partition(".")[0] in {"Client", "Sender", "VersionMismatch", "MustUnderstand"}


def returned(root: etree._Element) -> etree._Element | SoapFault:
    """The first element inside the operation's answer, or the fault. Raises Malformed where it's no such envelope."""
    name = etree.QName(root)
    if name.localname != "Envelope" or name.namespace not in NAMESPACES:
        raise Malformed(f"not a SOAP envelope but <{name.localname}> (不是 SOAP 报文)", line=1, column=1)
    body = root.find(f"{{{name.namespace}}}Body")
    answer = next(body.iterchildren(etree.Element), None) if body is not None else None
    if answer is None:
        raise Malformed("the SOAP body is empty (SOAP 报文体为空)", line=root.sourceline or 1, column=1)
    if etree.QName(answer).localname == "Fault":
        return _fault(answer)
    result = next(answer.iterchildren(etree.Element), None)
    if result is None:
        raise Malformed("the operation returned nothing (接口未返回结果)", line=answer.sourceline or 1, column=1)
    return result


def _fault(fault: etree._Element) -> SoapFault:
    code = fault.xpath("string(faultcode | *[local-name()='Code']/*[local-name()='Value'])")
    words = fault.xpath("string(faultstring | *[local-name()='Reason']/*[local-name()='Text'])")
    return SoapFault(str(code).strip().rpartition(":")[2], str(words).strip())
