"""A SOAP 1.1 or 1.2 envelope, read with lxml: its fault, or the element that an operation returned."""

from dataclasses import dataclass

from lxml import etree

from adapters.errors import Malformed

SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
NAMESPACES = (SOAP_11, SOAP_12)
ASKER = frozenset({"Client", "Sender", "VersionMismatch", "MustUnderstand", "DataEncodingUnknown"})
LONGEST_DETAIL = 500


@dataclass(frozen=True, slots=True)
class SoapFault:
    """`codes` from the outermost in, without prefixes: Client, Server.Busy (SOAP 1.1 §4.4.1), or Sender and its subcodes
    (SOAP 1.2 §5.4.1). `detail` is what its detail says, names and texts. `element` is where it stands."""

    codes: tuple[str, ...]
    words: str
    detail: str
    element: etree._Element

    @property
    def code(self) -> str:
        return "/".join(self.codes)

    @property
    def ours(self) -> bool:
        """Whether it blames the request: asking again changes nothing."""
        return bool(self.codes) and self.codes[0].partition(".")[0] in ASKER

    @property
    def told(self) -> str:
        """Words and detail, for people."""
        return f"{self.words} [{self.detail}]" if self.detail else self.words


def fault_of(root: etree._Element) -> SoapFault | None:
    """Raises Malformed where it's no such envelope."""
    answer = body_of(root)
    is_fault = etree.QName(answer).localname == "Fault" and etree.QName(answer).namespace in NAMESPACES
    return _fault(answer) if is_fault else None


def returned(root: etree._Element, name: str = "") -> etree._Element:
    """The element inside the operation's answer: the first, or the one of that name; the answer itself where it holds text
    and no element (document/literal, bare). Raises Malformed for none, and for a fault."""
    fault, answer = fault_of(root), body_of(root)
    if fault is not None:
        raise Malformed(f"a SOAP fault, {fault.code}: {fault.told} (SOAP 故障)")
    inside = [one for one in answer.iterchildren(etree.Element) if not name or etree.QName(one).localname == name]
    if inside:
        return _referred(root, inside[0])
    if not name and len(answer) == 0 and (answer.text or "").strip():
        return answer
    what = f"no <{name}> (接口未返回此项)" if name else "nothing (接口未返回结果)"
    raise Malformed(f"the operation returned {what}", line=answer.sourceline or 1, column=1)


def _referred(root: etree._Element, element: etree._Element) -> etree._Element:
    """What a value of rpc/encoded refers to, where it stands elsewhere in the envelope (SOAP 1.1 §5.4.1). Raises Malformed
    where that isn't there."""
    place = element.get("href", "")
    if not place.startswith("#") or len(element) or (element.text or "").strip():
        return element
    found = [one for one in root.iter(etree.Element) if one.get("id") == place[1:]]
    if len(found) != 1:
        raise Malformed(f"nothing has the id {place[1:]!r} (引用的元素不存在)", line=element.sourceline or 1, column=1)
    return found[0]


def body_of(root: etree._Element) -> etree._Element:
    """The first element of the envelope's body. Raises Malformed."""
    name = etree.QName(root)
    if name.localname != "Envelope" or name.namespace not in NAMESPACES:
        raise Malformed(f"not a SOAP envelope but <{name.localname}> (不是 SOAP 报文)", line=1, column=1)
    body = root.find(f"{{{name.namespace}}}Body")
    answer = next(body.iterchildren(etree.Element), None) if body is not None else None
    if answer is None:
        raise Malformed("the SOAP body is empty (SOAP 报文体为空)", line=root.sourceline or 1, column=1)
    return answer


def _fault(fault: etree._Element) -> SoapFault:
    if etree.QName(fault).namespace == SOAP_12:
        values = fault.xpath("*[local-name()='Code']/descendant-or-self::*/*[local-name()='Value']")
        codes = [str(one.xpath("string()")) for one in values]
        words = fault.xpath("string(*[local-name()='Reason']/*[local-name()='Text'][lang('zh')])")
        words = words or fault.xpath("string(*[local-name()='Reason']/*[local-name()='Text'])")
        detail = fault.find(f"{{{SOAP_12}}}Detail")
    else:
        # some stacks write them with the envelope's namespace, against SOAP 1.1 §4.4
        codes = [str(fault.xpath("string(*[local-name()='faultcode'])"))]
        words = fault.xpath("string(*[local-name()='faultstring'])")
        detail = next(iter(fault.xpath("*[local-name()='detail']")), None)
    bare = tuple(one.strip().rpartition(":")[2] for one in codes if one.strip())
    return SoapFault(bare, str(words).strip(), _said(detail), fault)


def _said(detail: etree._Element | None) -> str:
    if detail is None:
        return ""
    texts = [
        (etree.QName(one).localname + ": " if one is not detail else "") + " ".join(one.text.split())
        for one in detail.iter(etree.Element)
        if one.text and one.text.strip()
    ]
    told = "; ".join(texts)
    return told if len(told) <= LONGEST_DETAIL else told[:LONGEST_DETAIL] + "…"
