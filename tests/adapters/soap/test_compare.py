"""What a changed WSDL is told to have changed, and what says nothing new."""

import pytest

from adapters.soap.compare import compare
from adapters.soap.gather import gather
from tests.adapters.drivers.soap.conftest import TYPES, SoapService

LISTED = '<xsd:simpleType><xsd:restriction base="xsd:string"><xsd:enumeration value="zh"/></xsd:restriction></xsd:simpleType>'


def bundle(wsdl, **files):
    """Gathered from memory; `files` by their query."""
    gathering = gather("http://h/svc?wsdl", most_bytes=1 << 20)
    next(gathering)
    try:
        url = gathering.send(wsdl if isinstance(wsdl, bytes) else wsdl.encode())
        while True:
            url = gathering.send(files[url.partition("?")[2].replace("=", "")].encode())
    except StopIteration as done:
        return done.value


def changed(old, new, **more):
    """The changes after `old` became `new` in the WSDL's text."""
    service = SoapService(**more)
    before = service.wsdl()
    assert old in before
    return [str(one) for one in compare(bundle(before), bundle(before.replace(old, new)))]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'name="since" type="xsd:string"',
            'name="since" type="xsd:date"',
            ["~ type Ask: since: xsd:string → xsd:date"],
        ),
        ('name="since"', 'name="from"', ["~ type Ask: + from xsd:string", "~ type Ask: - since xsd:string"]),
        (
            'name="inner" type="tns:Inner" minOccurs="0"',
            'name="inner" type="tns:Inner"',
            ["~ type Ask: inner: Inner minOccurs=0 → Inner"],
        ),
        ('<xsd:attribute name="lang" type="xsd:string"/>', "", ["~ type Ask: - @lang xsd:string"]),
        (
            '<xsd:attribute name="lang" type="xsd:string"/>',
            f'<xsd:attribute name="lang">{LISTED}</xsd:attribute>',
            [
                "~ type Ask: @lang: xsd:string → a type of its own",
                "~ type Ask: + restriction xsd:string",
                "~ type Ask: + value zh allowed",
            ],
        ),
        (
            '<wsdl:part name="parameters" element="tns:login"/>',
            '<wsdl:part name="parameters" element="tns:login"/><wsdl:part name="more" type="xsd:int"/>',
            ["~ message loginIn: + more xsd:int"],
        ),
        (
            '<wsdl:part name="return" type="xsd:string"/></wsdl:message><wsdl:message name="loginIn">',
            '<wsdl:part name="return" type="xsd:int"/></wsdl:message><wsdl:message name="loginIn">',
            ["~ message getRowsOut: return: xsd:string → xsd:int"],
        ),
        (
            '<wsdl:operation name="login"><soap:operation soapAction="urn:getRows"/>',
            '<wsdl:operation name="login"><soap:operation soapAction="urn:login"/>',
            ["~ operation B.login: soapAction: urn:getRows → urn:login"],
        ),
        ('<wsdl:port name="Main"', '<wsdl:port name="Principal"', ["- port S.Main", "+ port S.Principal"]),
        (
            '<xsd:complexType name="Inner">',
            '<xsd:complexType name="More"/><xsd:complexType name="Inner">',
            ["+ type More"],
        ),
        (
            'maxOccurs="unbounded"',
            'maxOccurs="9"',
            ["~ type Ask: code: xsd:string minOccurs=0 maxOccurs=unbounded → xsd:string minOccurs=0 maxOccurs=9"],
        ),
    ],
)
def test_what_changed_is_named_with_before_and_after(old, new, told):
    assert changed(old, new) == told


def test_an_operation_that_came_or_went():
    service = SoapService()
    before = bundle(service.wsdl())
    service.operations["voids"] = {"since": "xsd:date"}
    after = bundle(service.wsdl())
    assert [str(one) for one in compare(before, after)] == [
        "+ element voids",
        "+ message voidsIn",
        "+ message voidsOut",
        "+ operation B.voids",
        "+ operation P.voids",
    ]
    assert {str(one)[0] for one in compare(after, before)} == {"-"}


def test_style_and_use_of_a_binding():
    told = [
        str(one) for one in compare(bundle(SoapService("rpc").wsdl()), bundle(SoapService("rpc", "encoded").wsdl()))
    ]
    assert told == [
        f"~ operation B.{name}: {way} use: literal → encoded"
        for name in ("getRows", "login")
        for way in ("input", "output")
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("http://10.1.2.3:8080/only/inside", "http://elsewhere.invalid/svc"),
        ("<wsdl:types>", "<wsdl:documentation>made at 12:31</wsdl:documentation>\n  <wsdl:types>"),
        ("tns:", "q:"),
        ('name="since" type="xsd:string"/>', 'type="xsd:string" name="since"><xsd:annotation/></xsd:element>'),
    ],
)
def test_what_says_nothing_new(old, new):
    if old == "tns:":
        before = SoapService().wsdl()
        after = before.replace("tns:", "q:").replace("xmlns:tns", "xmlns:q")
        assert compare(bundle(before), bundle(after)) == ()
        return
    assert changed(old, new) == []


def test_types_that_moved_to_another_file():
    service = SoapService()
    before = bundle(service.wsdl())
    head, _, _ = service.schema().partition(">")
    service.types, service.imports = "", '<xsd:include schemaLocation="?xsd=1"/>'
    assert compare(before, bundle(service.wsdl(), xsd1=f"{head}>{TYPES}</xsd:schema>")) == ()
