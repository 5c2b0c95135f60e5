"""Requests built from generated arguments say just these; bytes that are no WSDL end in one kind of error."""

import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from adapters.errors import Misconfigured
from adapters.soap.wsdl import Wsdl
from tests.adapters.drivers.soap.conftest import NS, SoapService
from tests.adapters.soap.test_compare import bundle

# what XML 1.0 can hold; a carriage return is written as a reference, so it comes back too
TEXTS = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=("Cs", "Cc"),
        include_characters="\t\n\r\ue000<&>'\"镕㙟",
        exclude_characters="\ufffe\uffff",
    ),
    max_size=20,
)
STYLES = [("document", "literal"), ("rpc", "literal"), ("rpc", "encoded")]
WSDLS = {
    (style, use, version): Wsdl(bundle(SoapService(style, use, version).wsdl()))
    for style, use in STYLES
    for version in ("1.1", "1.2")
}


@pytest.mark.parametrize("way", WSDLS)
@given(
    token=TEXTS,
    since=TEXTS,
    page=st.integers(-(2**31), 2**31 - 1),
    codes=st.lists(TEXTS, max_size=4),
    note=st.none() | TEXTS,
    by_name=st.booleans(),
)
def test_what_is_given_is_what_is_sent(way, token, since, page, codes, note, by_name):
    ask = {"since": since, "page": str(page), "code": codes} | ({"inner": {"note": note}} if note is not None else {})
    envelope, _ = WSDLS[way].message("getRows", {"ask": ask, "token": token} if by_name else [token, ask])
    read = etree.fromstring(etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"))
    call = next(one for one in read.iter() if etree.QName(one).localname == "getRows")
    assert etree.QName(call).namespace == NS
    assert [etree.QName(one).localname for one in call] == ["token", "ask"]
    told = [(etree.QName(one).localname, one.text or "") for one in call.iter() if len(one) == 0]
    wanted = [("token", token), ("since", since), ("page", str(page)), *(("code", code) for code in codes)]
    assert told == wanted + ([("note", note)] if note is not None else [])


@settings(max_examples=300)
@given(
    st.binary(max_size=200)
    | st.binary(max_size=60).map(lambda body: b"<definitions xmlns='http://schemas.xmlsoap.org/wsdl/'>" + body)
)
def test_any_bytes_are_a_wsdl_or_misconfigured(body):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # zeep's words about what it can't read
        assert outcome(body) == "no operations"


def outcome(body):
    try:
        known = Wsdl(bundle(body)).operations
    except Misconfigured as error:
        return "no operations" if error.words and error.where else "refused without words or place"
    return "no operations" if known == () else known
