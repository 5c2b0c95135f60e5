"""`liandan map` on the way back: outward mappings checked, and records written by them."""

import json
from pathlib import Path

import pytest

from canonical_schema.export.samples import sample

JS = Path(__file__).resolve().parents[3] / "mappings/provinces/js/out/manifests.yaml"


def test_lint_knows_an_outward_mapping_by_its_to(liandan, tmp_path):
    assert liandan("map", "lint", JS).code == 0
    bad = tmp_path / "bad.yaml"
    bad.write_text(JS.read_text("utf-8").replace("nationalNo: national_no", "nationalNo: nationl_no"), "utf-8")
    said = liandan("map", "lint", bad)
    assert said.code == 1
    assert (
        "bad.yaml:15:15: the standard's Manifest has no field 'nationl_no' (标准没有此字段); did you mean 'national_no'?"
        in said.out
    )


def test_a_record_is_shown_written_with_the_origin_of_every_value(liandan, tmp_path):
    file = tmp_path / "record.json"
    record = sample("manifest", "full")
    file.write_text(json.dumps(record), "utf-8")
    said = liandan("map", "run", "js", "manifests", file, "--out")
    assert said.code == 0
    assert f"── {record['record_id']}   record.json#1" in said.out
    assert '"transType":"2"' in said.out
    assert '/transType = "2"   looked_up   manifests.yaml:16' in said.out
    assert 'record /content/transfer_type → "cross_province"' in said.out
    assert "is told to the day" in said.err
    told = liandan("map", "run", "js", "manifests", file, "--out", "--json").json
    [one] = told["records"]
    assert json.loads(one["text"]) == one["values"]
    assert one["values"]["wastes"][0]["qty"] == 1.25
    assert {entry["field"] for entry in one["entries"]} >= {"/transNo", "/legs/0/driver/licence"}
    assert [finding["fields"] for finding in one["findings"]][:1] == [["/voidInfo/voidTime"]]


@pytest.mark.parametrize("joined", [json.dumps, lambda records: "\n".join(map(json.dumps, records)) + "\n"])
def test_several_records_stand_in_an_array_or_one_a_line(liandan, tmp_path, joined):
    file = tmp_path / "records.json"
    file.write_text("\ufeff" + joined([sample("manifest", "full"), sample("manifest", "minimal")]), "utf-8")
    told = liandan("map", "run", "gd", "manifests", file, "--out", "--json").json
    assert [one["place"] for one in told["records"]] == ["records.json#1", "records.json#2"]
    assert [one["text"].count("<废物 ") for one in told["records"]] == [2, 1]


def test_a_record_that_cant_be_written_is_told_and_the_others_are_shown(liandan, tmp_path):
    file = tmp_path / "records.json"
    record = sample("manifest", "full")
    record["content"]["legs"][0]["via"] = [{"name": "甲、乙"}, {"name": "丙"}]
    file.write_text(json.dumps([record, sample("manifest", "minimal")]), "utf-8")
    said = liandan("map", "run", "tj", "manifests", file, "--out", "--json")
    assert said.code == 1
    [refused] = said.json["refused"]
    assert refused["place"] == "records.json#1"
    assert "/ysxx/tjds：“甲、乙”中有分隔符 、" in refused["reasons"][0]
    assert [one["place"] for one in said.json["records"]] == ["records.json#2"]


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("{", "record.json 无法读取", "record.json can't be read as JSON"),
        ('{"a": 1}\n{"a": ', "record.json 无法读取", "record.json can't be read as JSON"),
        ("[" * 100_000, "record.json 无法读取", "record.json can't be read as JSON"),
        ("[1]", "record.json#1 不是标准记录", "record.json#1 is no record of the standard"),
        ('{"kind": "manifest"}', "record.json#1 不是标准记录", "record.json#1 is no record of the standard"),
        ('{"kind": "permit", "content": {}}', "的种类是 'permit'", "is of the kind 'permit'"),
    ],
)
def test_a_file_without_records_is_told_in_one_sentence(liandan, tmp_path, text, zh, en):
    file = tmp_path / "record.json"
    file.write_text(text, "utf-8")
    said = liandan("map", "run", "js", "manifests", file, "--out")
    assert (said.code, said.out) == (2, "")
    assert zh in said.err
    assert en in said.err
    assert "Traceback" not in said.err


def test_a_dataset_without_an_outward_mapping_is_told(liandan, tmp_path, pack):
    file = tmp_path / "record.json"
    file.write_text("{}", "utf-8")
    said = liandan("map", "run", "aa", "manifests", file, "--out", "--pack", pack)
    assert said.code == 2
    assert "has no outward mapping for a dataset 'manifests' (out/manifests.yaml)" in said.err
