"""`liandan map infer`: what it reads, what it writes where, and what it says of what it can't read."""

import json
import re

import pytest

from contract_tests.drafted import mock_sample
from mappings import compile_mapping

ROWS = {
    "rows": [
        {"联单编号": f"2026320500012{n}", "产废单位名称": "苏州某某化工有限公司", "联单状态": "运输中"}
        for n in range(3)
    ]
}
XML = '<?xml version="1.0" encoding="{}"?><包><联单 编号="20263205000123"><产废单位>苏州镕某化工有限公司</产废单位></联单></包>'


@pytest.fixture
def sample(tmp_path):
    file = tmp_path / "page.json"
    file.write_text(json.dumps(ROWS, ensure_ascii=False), "utf-8")
    return file


def test_the_draft_goes_to_standard_output_and_the_reasons_beside_it(liandan, sample):
    said = liandan("map", "infer", sample, "--system", "zj")
    assert said.code == 0
    compile_mapping(said.out, "draft.yaml")
    assert "system: zj" in said.out
    assert re.search(r"^consignor/name\trows/产废单位名称\t0\.9[0-9]\tname\+values$", said.err, re.MULTILINE)
    assert "3 fields" in said.err


def test_json_tells_mapping_fields_and_what_is_left(liandan, sample):
    told = liandan("map", "infer", sample, "--json").json
    assert told["mapping"].startswith("# A draft")
    assert {one["field"] for one in told["fields"]} == {"national_no", "consignor/name", "status"}
    assert told["not_understood"] == []


def test_a_file_is_written_where_it_is_asked_for_and_it_lints(liandan, sample, tmp_path):
    said = liandan("map", "infer", sample, "-o", tmp_path / "m.yaml")
    assert (said.code, said.out) == (0, "")
    assert liandan("map", "lint", tmp_path / "m.yaml").code == 0
    said = liandan("map", "infer", sample, "-o", tmp_path / "no/such/m.yaml")
    assert said.code == 2
    assert "can't be written" in said.err


@pytest.mark.parametrize(("declared", "real"), [("GB2312", "gb18030"), ("UTF-8", "utf-8"), ("UTF-8", "gb18030")])
def test_xml_is_read_in_the_charset_that_it_has(liandan, tmp_path, declared, real):
    file = tmp_path / "a.xml"
    file.write_bytes(XML.format(declared).encode(real))
    told = liandan("map", "infer", file, "--json").json
    assert {one["field"]: one["path"] for one in told["fields"]}["consignor/name"] == "包/联单/产废单位"


def test_a_schema_alone_is_enough_and_labels_what_samples_say(liandan, tmp_path):
    schema = tmp_path / "s.json"
    schema.write_text(json.dumps({"properties": {"a": {"title": "联单编号"}, "b": {"title": "产废单位名称"}}}), "utf-8")
    told = liandan("map", "infer", "--schema", schema, "--json").json
    assert {one["field"]: one["path"] for one in told["fields"]} == {"national_no": "a", "consignor/name": "b"}
    page = tmp_path / "p.json"
    page.write_text(json.dumps({"a": "20263205000123", "b": "甲厂"}), "utf-8")
    told = liandan("map", "infer", page, "--schema", schema, "--json").json
    assert {one["field"]: one["why"] for one in told["fields"]}["consignor/name"] == "label+values"


def test_an_adapter_decodes_what_its_system_says(liandan, tmp_path):
    file = tmp_path / "page.json"
    file.write_text(json.dumps(mock_sample("js", 5), default=str), "utf-8")
    said = liandan("map", "infer", file, "--adapter", "js")
    assert said.code == 0
    assert "system: js" in said.out
    assert "name: transEntName" in said.out


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{not json", "can't be read as JSON (line 1, column 2)"),
        (b"<a><b></a>", "can't be read as XML"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "DOCTYPE"),
        (b"\xff\xff\xff", "neither in UTF-8 nor in GB18030"),
        (b"[" * 5000, "can't be read as JSON"),
    ],
)
def test_what_cant_be_read_is_one_sentence_in_both_languages(liandan, tmp_path, content, words):
    file = tmp_path / "bad"
    file.write_bytes(content)
    said = liandan("map", "infer", file)
    assert said.code == 2
    assert said.out == ""
    assert words in said.err
    assert "不是" in said.err or "既非" in said.err


def test_what_is_used_wrongly_is_said(liandan, sample, tmp_path):
    assert "samples or --schema are needed" in liandan("map", "infer").err
    assert liandan("map", "infer", tmp_path / "none.json").code == 2
    assert "json or xml" in liandan("map", "infer", sample, "--format", "yaml").err
    assert "no XSD, WSDL, JSON Schema or OpenAPI" in liandan("map", "infer", "--schema", sample).err
    assert liandan("map", "infer", sample, "--adapter", "nobody").code == 2
    other = tmp_path / "a.xml"
    other.write_text("<a><b>1</b></a>", "utf-8")
    assert "all JSON or all XML" in liandan("map", "infer", sample, other).err
