"""Requests in every style, read as a service reads them."""

import pytest
from lxml import etree

from adapters.errors import Misconfigured
from tests.adapters.drivers.soap.conftest import ENC, NS, SoapService

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
T = f"{{{NS}}}"
ASK = "{operation: getRows, arguments: [T1, {since: '{from}', page: '{page}', code: [a, b], '@lang': zh, inner: {note: n, '*': \"<q:x xmlns:q='urn:q'>{from}</q:x>\"}}]}"


def shape(node):
    """Name, text or children: what a request says, whatever its prefixes."""
    return node.tag, [shape(one) for one in node] if len(node) else node.text


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_document_literal_wrapped(run, version):
    service = SoapService(version=version)
    assert run(service, request=ASK).error is None
    inner = (f"{T}inner", [(f"{T}note", "n"), ("{urn:q}x", "2026-01-01")])
    ask = [(f"{T}since", "2026-01-01"), (f"{T}page", "1"), (f"{T}code", "a"), (f"{T}code", "b"), inner]
    assert shape(service.sent()) == (f"{T}getRows", [(f"{T}token", "T1"), (f"{T}ask", ask)])
    assert service.sent()[1].get("lang") == "zh"
    headers = service.headers[-1]
    if version == "1.1":
        assert (headers["content-type"], headers["soapaction"]) == ("text/xml; charset=utf-8", '"urn:getRows"')
    else:
        assert headers["content-type"] == 'application/soap+xml; charset=utf-8; action="urn:getRows"'
        assert "soapaction" not in headers


def test_document_literal_bare(run):
    service = SoapService(bare=True)
    assert run(service, request="{operation: getRows, arguments: {since: '{from}', page: '{page}'}}").error is None
    assert shape(service.sent()) == (f"{T}getRows", [(f"{T}since", "2026-01-01"), (f"{T}page", "1")])


def test_document_literal_bare_text(run):
    service = SoapService(bare=True, parts={"asked": "xsd:string"})
    assert run(service, request="{operation: getRows, arguments: ['{from}/{page}']}").error is None
    assert shape(service.sent()) == (f"{T}getRows", "2026-01-01/1")


def test_rpc_literal(run):
    service = SoapService("rpc")
    assert run(service).error is None
    assert shape(service.sent()) == (
        f"{T}getRows",
        [("token", "t"), ("ask", [("since", "2026-01-01"), ("page", "1")])],
    )


def test_rpc_encoded_says_every_type_and_how_many(run):
    service = SoapService("rpc", "encoded", parts={"token": "soapenc:string", "ask": "tns:Ask", "codes": "tns:Codes"})
    request = "{operation: getRows, arguments: {ask: {since: '{from}', page: '{page}'}, codes: [a, b], token: T1}}"
    assert run(service, request=request).error is None
    call = service.sent()
    assert shape(call) == (
        f"{T}getRows",
        [
            ("token", "T1"),
            ("ask", [("since", "2026-01-01"), ("page", "1")]),
            ("codes", [("item", "a"), ("item", "b")]),
        ],
    )
    said = {one.tag: named(one, one.get(f"{XSI}type")) for one in call.iter("*") if one is not call}
    assert said["token"] == f"{{{ENC}}}string"
    assert said["ask"] == f"{T}Ask"
    assert said["page"] == "{http://www.w3.org/2001/XMLSchema}int"
    assert said["codes"] == f"{{{ENC}}}Array"
    assert said["item"] == "{http://www.w3.org/2001/XMLSchema}string"
    kind, _, count = call.find("codes").get(f"{{{ENC}}}arrayType").partition("[")
    assert (named(call, kind), count) == ("{http://www.w3.org/2001/XMLSchema}string", "2]")
    assert call.get("{http://schemas.xmlsoap.org/soap/envelope/}encodingStyle") == ENC


def named(node, text):
    prefix, _, name = text.partition(":")
    return f"{{{node.nsmap[prefix]}}}{name}"


@pytest.mark.parametrize(
    ("soap", "request_", "sent"),
    [
        ("action: quoted", "", '"urn:getRows"'),
        ("action: bare", "", "urn:getRows"),
        ("action: empty", "", '""'),
        ("action: none", "", None),
        ("action: quoted", ", action: 'urn:other'", '"urn:other"'),
    ],
)
def test_soapaction_as_a_system_wants_it(run, soap, request_, sent):
    service = SoapService()
    request = f"{{operation: getRows, arguments: [t, {{since: a, page: 1}}]{request_}}}"
    run(service, soap=f"{{wsdl: '/svc?wsdl', endpoint: /svc, {soap}}}", request=request)
    assert service.headers[-1].get("soapaction") == sent


@pytest.mark.parametrize(("action", "media"), [("none", ""), ("empty", ""), ("quoted", '; action="urn:getRows"')])
def test_action_of_soap_12(run, action, media):
    service = SoapService(version="1.2")
    run(service, soap=f"{{wsdl: '/svc?wsdl', endpoint: /svc, action: {action}}}")
    assert service.headers[-1]["content-type"] == f"application/soap+xml; charset=utf-8{media}"


def test_another_order_than_the_wsdl_says(run):
    service = SoapService("rpc")
    run(service, request="{operation: getRows, arguments: [t, {since: a, page: 1}], order: [ask, token]}")
    assert [one.tag for one in service.sent()] == ["ask", "token"]


def test_a_header_with_the_token_is_escaped(run):
    service = SoapService()
    header = "\"<h:Auth xmlns:h='urn:h'><h:key>${XX_KEY}</h:key></h:Auth>\""
    request = f"{{operation: getRows, arguments: [t, {{since: a, page: 1}}], header: {header}}}"
    assert run(service, {"XX_KEY": "a<&>'b"}, request=request).error is None
    assert service.calls[-1].findtext(".//{urn:h}key") == "a<&>'b"
    assert etree.QName(service.calls[-1][0]).localname == "Header"


def test_addressing_names_the_endpoint_that_is_called(run):
    service = SoapService(version="1.2")
    run(service, soap="{wsdl: '/svc?wsdl', endpoint: /svc, addressing: yes}")
    wsa = "{http://www.w3.org/2005/08/addressing}"
    assert service.calls[-1].findtext(f".//{wsa}Action") == "urn:getRows"
    assert service.calls[-1].findtext(f".//{wsa}To").endswith("/svc")
    assert service.calls[-1].findtext(f".//{wsa}MessageID").startswith("urn:uuid:")


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ("{operation: getRows, arguments: [t]}", "getRows(token, ask) takes 2 arguments, the adapter file gives 1"),
        ("{operation: getRows, arguments: {tokn: t}}", "no 'tokn'; did you mean 'token'?"),
        ("{operation: getRows, arguments: [t, {since: a, pgae: 1}]}", "no 'pgae' in /ask; did you mean 'page'?"),
        ("{operation: getRows, arguments: [t, {since: a}]}", "Missing element page"),
        ("{operation: getRows, arguments: [t, {since: [a, b], page: 1}]}", "/ask/since stands once"),
        ("{operation: getRows, arguments: [t, text]}", "/ask holds since, page, code, inner"),
        ("{operation: getRows, arguments: [{a: b}, {since: a, page: 1}]}", "/token is one text"),
        ("{operation: getRows, arguments: [t, {since: a, page: 1, inner: {'*': '<a'}}]}", "/ask/inner/*: not well"),
    ],
)
@pytest.mark.parametrize(("style", "use"), [("document", "literal"), ("rpc", "encoded")])
def test_arguments_that_do_not_fit_are_told_before_anything_is_sent(run, request_, words, style, use):
    service = SoapService(style, use)
    pulled = run(service, request=request_)
    assert isinstance(pulled.error, Misconfigured)
    assert words in str(pulled.error)
    assert service.calls == []
