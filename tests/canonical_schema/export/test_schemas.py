import json
from copy import deepcopy

import jsonschema
import pytest
from lxml import etree

from canonical_schema.export.json_schema import json_schema
from canonical_schema.export.openapi import openapi
from canonical_schema.export.samples import sample
from canonical_schema.export.scalars import leaves, list_of, objects, scalar
from canonical_schema.export.words import chinese, kind_title, part_sentence
from canonical_schema.export.write import files
from canonical_schema.export.xsd import xsd
from canonical_schema.kinds.registry import KINDS
from canonical_schema.record import record_tree
from canonical_schema.xml_form import to_xml

OTHER_SPELLINGS = ["1.250", "1e3", "+1", "01", ".5", "1.", "", " 1", "一吨", "1.1234567", "-1"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_schema_stands_alone_and_is_one(kind):
    schema = json_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:liandan:canonical:1:{kind}"
    assert set(_refs(schema)) <= {f"#/$defs/{name}" for name in schema["$defs"]}
    tree = etree.fromstring(xsd(kind))
    assert tree.get("targetNamespace") == "urn:liandan:canonical:1"
    assert tree.findall("{*}import") == tree.findall("{*}include") == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_says_what_it_is(kind):
    fields = list(_properties(json_schema(kind)))
    assert fields
    for name, field in fields:
        assert all(field.get(fact) for fact in ("title", "title_en", "description", "description_en")), name
        assert name.endswith("_t") <= (field.get("unit") == "t"), name
    personal = {name for name, field in fields if field.get("x-personal")}
    known = {name for name, _ in fields}
    assert known & {"contact", "handler", "driver", "escort", "officers", "emergency_phone"} <= personal


@pytest.mark.parametrize("kind", KINDS)
def test_everything_said_is_said_in_chinese(kind):
    for part in objects(record_tree(kind)).values():
        assert part_sentence(part)[0] != part_sentence(part)[1], part.name
        told = [field.description for field in part.fields.values() if field.description]
        assert [sentence for sentence in told if sentence not in chinese()] == [], part.name


def test_no_translation_is_left_over():
    said = set()
    for kind in KINDS:
        for part in objects(record_tree(kind)).values():
            words = part_sentence(part)[1]
            named = f"{part.name}: {words}"
            said |= {named if named in chinese() else words, *(field.description for field in part.fields.values())}
    assert chinese().keys() - said == set()


def test_each_kind_has_a_title_in_both_languages():
    titles = {kind: kind_title(kind) for kind in KINDS}
    assert titles["manifest"] == ("危险废物转移联单", "Hazardous-waste manifest")
    assert len({zh for zh, _ in titles.values()}) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_word_is_explained_by_a_code_list(kind):
    for part, field, type_ in leaves(record_tree(kind)):
        if type_.name == "word" and field.name != "kind":
            codes = list_of(type_.words)
            assert codes is not None, f"{part.name}.{field.name}: no code list has exactly {type_.words}"
            assert all(codes.title(word) and codes.title(word, "en") for word in type_.words)


def test_the_published_patterns_take_the_examples_and_the_types_agree():
    seen = set()
    for kind in KINDS:
        defined = json_schema(kind)["$defs"]
        for _, field, type_ in leaves(record_tree(kind)):
            one = scalar(type_)
            if one.base == "string" and type_.name != "word":
                seen.add(type_.name)
                assert type_.parse(one.example) == one.example, field.name
                assert jsonschema.Draft202012Validator(defined[type_.name]).is_valid(one.example), field.name
    assert seen >= {"manifest_no", "uscc", "waste_code", "plate", "tonnes", "division", "container_id"}


@pytest.mark.parametrize("written", OTHER_SPELLINGS)
def test_another_spelling_of_a_quantity_is_refused(judges, written):
    record = sample("manifest", "full")
    record["content"]["wastes"][0]["quantity_t"] = written
    assert not judges("manifest").json.is_valid(record)
    assert not judges("manifest").lxml.validate(etree.fromstring(to_xml(record)))


@pytest.mark.parametrize("bad", [None, "", 1, 1.25, True, [], {}, {"unexpected": True}, "不在表中"])
def test_what_isnt_of_the_standard_is_refused(judges, bad):
    judge = judges("manifest").json
    for path in (["status"], ["national_no"], ["wastes", 0, "code"], ["wastes", 0, "hazards", 0], ["planned_at"]):
        record = deepcopy(sample("manifest", "full"))
        at = record["content"]
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = bad
        assert not judge.is_valid(record), path


def test_the_two_parts_of_a_moment_agree(judges):
    record = sample("manifest", "full")
    for at, precision in (("2026-03-05", "second"), ("2026-03-05T08:30:15+08:00", "minute"), ("2026-13-05", "day")):
        record["content"]["planned_at"] = {"at": at, "precision": precision}
        assert not judges("manifest").json.is_valid(record)


def test_the_components_resolve_and_each_record_is_one():
    described = openapi()
    parts = described["components"]["schemas"]
    assert {ref.removeprefix("#/components/schemas/") for ref in _refs(described)} <= parts.keys()
    assert set(parts["Record"]["discriminator"]["mapping"]) == set(KINDS)
    judge = jsonschema.Draft202012Validator({"$ref": "#/components/schemas/Record", **described})
    for kind in KINDS:
        assert [error.message for error in judge.iter_errors(sample(kind, "full"))] == []
    assert not judge.is_valid({"kind": "manifest"})


def test_two_exports_are_the_same_bytes_and_carry_every_waste_code():
    first, second = dict(files()), dict(files())
    assert first == second
    assert all(data.endswith(b"\n") for data in first.values())
    assert first["codes/waste_2021.csv"].count(b"\n") == 468
    assert len(json.loads(first["codes/waste_2021.json"])["codes"]) == 467


@pytest.mark.parametrize("kind", KINDS)
def test_the_reference_explains_every_field(kind):
    pages = {path: data.decode() for path, data in files() if path.startswith("reference/")}
    assert sorted(pages) == ["reference/en.html", "reference/en.md", "reference/zh.html", "reference/zh.md"]
    for part in objects(record_tree(kind)).values():
        for field in part.fields.values():
            assert f"<code>{field.name}</code>" in pages["reference/zh.html"]
            assert field.title in pages["reference/zh.html"]
            assert f"`{field.name}`" in pages["reference/en.md"]


def test_every_link_within_the_reference_leads_somewhere():
    for path, data in files():
        if path.startswith("reference/") and path.endswith(".html"):
            root = etree.HTML(data)
            anchors = root.xpath("//@id")
            assert len(anchors) == len(set(anchors))
            wanted = {href[1:] for href in root.xpath("//@href") if href.startswith("#")}
            assert wanted <= set(anchors)
            known = {name for name, _ in files()} | {"reference/zh.html", "reference/en.html"}
            outside = {href for href in root.xpath("//@href") if not href.startswith("#")}
            assert {href.removeprefix("../") if href[:3] == "../" else f"reference/{href}" for href in outside} <= known


def _refs(node):
    if isinstance(node, dict):
        yield from [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else []:
        yield from _refs(inner)


def _properties(node):
    if isinstance(node, list):
        for inner in node:
            yield from _properties(inner)
    if not isinstance(node, dict):
        return
    for key, inner in node.items():
        if key in {"properties", "$defs"}:
            for name, field in inner.items():
                yield from [(name, field)] if key == "properties" else []
                yield from _properties(field)
        elif key not in {"if", "then", "enum", "examples", "required"}:
            yield from _properties(inner)
