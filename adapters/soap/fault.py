"""What a SOAP fault means: by the codes that the adapter file declares, then by HTTP's status, then by SOAP itself."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime

from lxml import etree

from adapters.decode.soap import SoapFault
from adapters.decode.xml_text import string_value
from adapters.decode.xpath import ask
from adapters.errors import AdapterError, Busy, Denied, Rejected
from adapters.protocol.answer import http_failure, of_code, retry_after
from adapters.spec import AnswerSpec

# Web Services Security 1.1.1 §12
_SECURITY = frozenset(
    {
        "FailedAuthentication",
        "FailedCheck",
        "InvalidSecurity",
        "InvalidSecurityToken",
        "MessageExpired",
        "SecurityTokenUnavailable",
        "UnsupportedSecurityToken",
    }
)
# SOAP 1.2 Part 2 §7.5.2, SOAP 1.1 §6.2: with these a fault says it all itself
_BY_FAULT = frozenset({400, 500})


def fault_codes(fault: SoapFault, spec: AnswerSpec) -> tuple[str, ...]:
    """The system's own code first, if the file says where that stands and it is there; then SOAP's, inmost first."""
    own = _text(fault.element, spec.fault_code)
    return (*([own] if own else []), *reversed(fault.codes), fault.code)


def fault_failure(
    fault: SoapFault, spec: AnswerSpec, status: int, headers: Mapping[str, str], now: datetime
) -> AdapterError:
    """The error of a fault that came with this status."""
    codes = fault_codes(fault, spec)
    shown = codes[0] if codes[0] not in fault.codes else fault.code
    words = _text(fault.element, spec.fault_words) or fault.told or spec.meanings.get(codes[0], "")
    for code in codes:
        if code in {*spec.token_invalid, *spec.denied, *spec.busy}:
            return _coded(of_code(spec, code, words), shown)
    by_status = None if status in _BY_FAULT else http_failure(status, headers, words, now)
    if by_status is not None:
        return _coded(by_status, shown)
    if any(code in _SECURITY for code in fault.codes):
        return Denied(words, code=shown)
    if fault.ours:
        return Rejected(words, code=shown)
    return Busy(words, code=shown, wait=retry_after(headers, now))


def _coded(failure: AdapterError, code: str) -> AdapterError:
    failure.code = code or failure.code
    return failure


def _text(element: etree._Element, path: str | None) -> str:
    """The text at the first place that the XPath finds, by local names: in SOAP 1.2 even `Detail` has a namespace. "" for none."""
    found = ask(_bare(element), path) if path else ""
    first = next(iter(found), "") if isinstance(found, list) else found
    text = string_value(first) if isinstance(first, etree._Element) else str(first)  # noqa: SLF001 - lxml's public name
    return " ".join(text.split())


def _bare(element: etree._Element) -> etree._Element:
    """The same without namespaces."""
    copy = deepcopy(element)
    for one in copy.iter(etree.Element):
        one.tag = etree.QName(one).localname
    return copy
