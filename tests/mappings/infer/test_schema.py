"""Names, labels, code lists and repetition from schemas alone, and beside samples."""

from lxml import etree

from mappings.infer import declared_in, infer
from mappings.infer.schema import combined
from mappings.infer.tree import gather

OPENAPI = {
    "openapi": "3.0.0",
    "paths": {
        "/list": {
            "get": {
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}}}
                }
            }
        }
    },
    "components": {
        "schemas": {
            "Page": {
                "type": "object",
                "properties": {"data": {"type": "array", "items": {"$ref": "#/components/schemas/Bill"}}},
            },
            "Bill": {
                "properties": {
                    "f1": {"type": "string", "description": "联单编号"},
                    "f2": {"type": "string", "title": "产废单位名称"},
                    "f3": {"type": "string", "description": "转移类型：1-省内转移，2-跨省转移", "enum": ["1", "2"]},
                    "f4": {"allOf": [{"$ref": "#/components/schemas/Party"}]},
                    "f5": {
                        "type": "array",
                        "items": {
                            "properties": {"f6": {"description": "废物代码"}, "f7": {"description": "转移量（吨）"}}
                        },
                    },
                }
            },
            "Party": {
                "description": "接收单位",
                "properties": {"f8": {"description": "接收单位名称"}, "up": {"$ref": "#/components/schemas/Party"}},
            },
        }
    },
}

XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
 <xs:element name="包"><xs:complexType><xs:sequence><xs:element name="联单" type="LD" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>
 <xs:complexType name="LD"><xs:sequence>
  <xs:element name="a"><xs:annotation><xs:documentation>联单编号</xs:documentation></xs:annotation></xs:element>
  <xs:element name="b" type="State"><xs:annotation><xs:documentation>联单状态</xs:documentation></xs:annotation></xs:element>
  <xs:element name="c" type="Carrier" maxOccurs="unbounded"/>
  <xs:element name="self" type="LD" minOccurs="0"/></xs:sequence>
  <xs:attribute name="d"><xs:annotation><xs:documentation>产废单位名称</xs:documentation></xs:annotation></xs:attribute></xs:complexType>
 <xs:complexType name="Carrier"><xs:complexContent><xs:extension base="Named"><xs:sequence><xs:element name="车牌号"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
 <xs:complexType name="Named"><xs:sequence><xs:element name="运输单位名称"/></xs:sequence></xs:complexType>
 <xs:simpleType name="State"><xs:restriction base="xs:string">
  <xs:enumeration value="10"><xs:annotation><xs:documentation>运输中</xs:documentation></xs:annotation></xs:enumeration>
  <xs:enumeration value="20"><xs:annotation><xs:documentation>已办结</xs:documentation></xs:annotation></xs:enumeration></xs:restriction></xs:simpleType>
</xs:schema>"""


def fields(draft):
    return {line.field: line.path for line in draft.lines}


def test_a_draft_from_openapi_alone():
    draft = infer([], declared=declared_in(OPENAPI))
    assert fields(draft) == {
        "national_no": "data/f1",
        "transfer_type": "data/f3",
        "consignor/name": "data/f2",
        "wastes/code": "data/f5/f6",
        "wastes/quantity_t": "data/f5/f7",
        "consignee/name": "data/f4/f8",
    }
    assert "transfer_type: {from: f3, lookup: {1: intra_province, 2: cross_province}}" in draft.text
    assert "{from: f7, unit: 吨}" in draft.text


def test_a_draft_from_xsd_alone():
    draft = infer([], xml=True, declared=declared_in(etree.fromstring(XSD)))
    assert draft.layout.records == ("包", "联单")
    assert draft.layout.lists == {("包", "联单", "c"): "legs"}
    assert fields(draft)["consignor/name"] == "包/联单/@d"
    assert fields(draft)["legs/vehicle/plate"] == "包/联单/c/车牌号"
    assert "status: {from: b, lookup: {10: in_transit, 20: completed}}" in draft.text


def test_a_wsdl_declares_what_its_types_do():
    wsdl = etree.fromstring(f'<definitions xmlns="http://schemas.xmlsoap.org/wsdl/"><types>{XSD}</types></definitions>')
    (found,) = declared_in(wsdl)
    assert [place.path for place in found.under()][:3] == [("包",), ("包", "联单"), ("包", "联单", "a")]


def test_samples_get_their_labels_and_codes_from_the_schema():
    draft = infer([{"data": [{"f1": "20263205000123", "f2": "甲公司", "f3": "1"}]}], declared=declared_in(OPENAPI))
    assert fields(draft)["consignor/name"] == "data/f2"
    assert fields(draft)["wastes/code"] == "data/f5/f6", "declared, and in none of the samples"
    assert next(line.why for line in draft.lines if line.field == "consignor/name") == "label+values"


def test_what_is_no_schema_declares_nothing():
    assert declared_in({"data": [{"f1": 1}]}) == []
    assert declared_in([1]) == []
    assert declared_in(etree.fromstring("<a><b/></a>")) == []


def test_a_schema_in_a_circle_ends():
    circle = {
        "$defs": {
            "a": {"properties": {"x": {"$ref": "#/$defs/a"}, "y": {"$ref": "#/$defs/b"}}},
            "b": {"$ref": "#/$defs/b"},
        }
    }
    (found,) = declared_in(circle)
    assert {place.name for place in found.under()} == {"x", "y"}


def test_a_schema_unlike_the_sample_says_nothing_of_it():
    other = declared_in({"properties": {"x": {"title": "联单编号"}, "y": {"title": "状态"}, "z": {"title": "附件"}}})
    assert combined(gather([{"a": 1, "b": 2, "c": 3}]), other).children.keys() == {"a", "b", "c"}
