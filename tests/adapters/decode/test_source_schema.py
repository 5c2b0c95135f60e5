import json
from decimal import Decimal

import pytest
from lxml import etree

from adapters.decode.source_schema import load_schema
from adapters.errors import Misconfigured

DRAFT4 = "http://json-schema.org/draft-04/schema#"


def schema(tmp_path, **members):
    file = tmp_path / "schema.json"
    file.write_text(json.dumps(members), "utf-8")
    return load_schema(file)


def test_every_fault_is_named_with_its_pointer(tmp_path):
    waste = {
        "type": "object",
        "required": ["a", "b"],
        "additionalProperties": False,
        "properties": {"a": {}, "b": {"type": "integer"}},
    }
    check = schema(
        tmp_path, **{"$schema": DRAFT4, "properties": {"wastes": {"items": waste}, "x/y": {"type": "string"}}}
    )
    faults = check({"wastes": [{"b": Decimal("1.67"), "c": 1}], "x/y": 1})
    assert [fault.partition(": ")[0] for fault in faults] == ["/wastes/0", "/wastes/0", "/wastes/0/b", "/x~1y"]
    said = [fault.partition(": ")[2] for fault in faults]
    assert sorted(said) == sorted(
        [
            "缺少必需的字段 a / the required field a is missing",
            "含有其规范之外的字段 / fields that their schema doesn't know: c",
            "应为 integer 类型 / 1.67 is no integer",
            "应为 string 类型 / 1 is no string",
        ]
    )


def test_values_are_shown_as_json_and_never_as_python(tmp_path):
    check = schema(tmp_path, properties={"a": {"enum": ["x", "y"]}, "b": {"maximum": 1}})
    said = " ".join(check({"a": Decimal("1.50"), "b": Decimal("2.5")}))
    assert '1.50 is none of ["x","y"]' in said
    assert "2.5 is greater than the maximum of 1" in said
    assert "Decimal" not in said


def test_an_alternative_counts_as_one_fault(tmp_path):
    check = schema(tmp_path, anyOf=[{"type": "string"}, {"type": "object", "required": ["a"]}])
    assert len(check({})) == 1


def test_formats_are_not_asserted_and_numbers_are_exact(tmp_path):
    check = schema(
        tmp_path,
        properties={
            "at": {"format": "date-time"},
            "n": {"multipleOf": 1},
            "i": {"type": "integer"},
            "d": {"type": "number"},
        },
    )
    assert check({"at": "yesterday", "n": Decimal(2), "i": Decimal("2.0"), "d": Decimal("1.1")}) == ()
    assert check({"i": Decimal("2.5")})[0].startswith("/i: ")
    assert check({"d": True})[0].startswith("/d: ")


def test_the_draft_goes_by_the_schema(tmp_path):
    assert schema(tmp_path, **{"$schema": DRAFT4, "minimum": 1, "exclusiveMinimum": True})(1)
    assert schema(tmp_path, minimum=1)(1) == ()


def test_nothing_is_fetched(tmp_path):
    check = schema(tmp_path, **{"$ref": "http://127.0.0.1:9/other.json"})
    with pytest.raises(Misconfigured, match="refers to"):
        check({})


@pytest.mark.parametrize("text", ['{"type": 5}', "{", '{"a": 1, "a": 2}'])
def test_a_wrong_schema_is_told_as_such(tmp_path, text):
    file = tmp_path / "schema.json"
    file.write_text(text, "utf-8")
    with pytest.raises(Misconfigured, match=r"schema\.json.*schema is wrong"):
        load_schema(file)


def test_an_xsd_names_each_fault(tmp_path):
    file = tmp_path / "rows.xsd"
    file.write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"><xs:complexType><xs:sequence>'
        '<xs:element name="n" type="xs:int" maxOccurs="9"/></xs:sequence></xs:complexType></xs:element></xs:schema>',
        "utf-8",
    )
    check = load_schema(file)
    assert check(etree.fromstring("<a><n>1</n></a>")) == ()
    assert [fault.partition(" ")[0] for fault in check(etree.fromstring("<a><n>x</n><n>y</n></a>"))] == [
        "/a/n[1]",
        "/a/n[2]",
    ]
