import json
from decimal import Decimal

import pytest
from lxml import etree
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

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


XSD = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:{} schemaLocation="{}"/>'
    '<xs:element name="a" type="T"/></xs:schema>'
)
TYPES = (
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:simpleType name="T"><xs:restriction base="xs:int"/>'
    "</xs:simpleType></xs:schema>"
)


@pytest.fixture
def split(tmp_path):
    """An XSD in a folder of its own that takes its types from elsewhere; the same types stand in several places."""
    own = tmp_path / "接口 1"
    (own / "parts").mkdir(parents=True)
    for folder in (own, own / "parts", tmp_path):
        (folder / "types.xsd").write_text(TYPES, "utf-8")

    def load(place, how="include"):
        (own / "rows.xsd").write_text(XSD.format(how, place), "utf-8")
        return load_schema(own / "rows.xsd")

    return load


@pytest.mark.parametrize("place", ["types.xsd", "parts/types.xsd", "parts/../types.xsd"])
def test_an_xsd_takes_in_files_of_its_own_folder(split, place):
    check = split(place)
    assert check(etree.fromstring("<a>1</a>")) == ()
    assert check(etree.fromstring("<a>x</a>"))


@pytest.mark.parametrize("how", ["include", "redefine", 'import namespace="urn:t"'])
@pytest.mark.parametrize("place", ["../types.xsd", "{}/types.xsd", "file://{}/types.xsd"])
def test_an_xsd_takes_in_nothing_from_another_folder(split, tmp_path, how, place):
    with pytest.raises(Misconfigured, match="isn't in its own folder"):
        split(place.format(tmp_path), how)


def test_an_xsd_follows_no_link_out_of_its_folder(split, tmp_path):
    (tmp_path / "接口 1/link.xsd").symlink_to(tmp_path / "types.xsd")
    with pytest.raises(Misconfigured, match="isn't in its own folder"):
        split("link.xsd")


@pytest.mark.parametrize("how", ["include", 'import namespace="urn:t"'])
def test_an_xsd_never_asks_the_network(split, servers, how):
    asked = []

    async def types(request):
        asked.append(request.url.path)
        return Response(TYPES, media_type="text/xml")

    url = servers.app(Starlette(routes=[Route("/{path:path}", types)]))
    with pytest.raises(Misconfigured, match="isn't in its own folder"):
        split(f"{url}/types.xsd", how)
    assert asked == []


def test_a_part_that_is_missing_is_told(split):
    with pytest.raises(Misconfigured, match="can't be read"):
        split("none.xsd")


def test_an_entity_in_a_part_reads_nothing_from_another_folder(split, tmp_path):
    (tmp_path / "secret.txt").write_text("hunter2", "utf-8")
    named = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]>'
    noted = "<xs:annotation><xs:documentation>&x;</xs:documentation></xs:annotation><xs:simpleType"
    (tmp_path / "接口 1/types.xsd").write_text(named + TYPES.replace("<xs:simpleType", noted), "utf-8")
    with pytest.raises(Misconfigured, match=r"includes .*secret\.txt, which isn't in its own folder"):
        split("types.xsd")


def test_a_document_cannot_name_a_schema_of_its_own(split, tmp_path):
    check = split("types.xsd")
    named = f'<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="{tmp_path}/types.xsd">x</a>'
    assert len(check(etree.fromstring(named))) == 1
