import json

import pytest

from canonical_schema.export.samples import sample
from canonical_schema.kinds.registry import KINDS
from canonical_schema.record_file import as_json
from canonical_schema.xml_form import to_xml


@pytest.fixture
def exported(liandan, tmp_path):
    assert liandan("schema", "export", tmp_path / "a").code == 0
    return tmp_path / "a"


def test_export_writes_every_published_file(liandan, tmp_path):
    said = liandan("schema", "export", tmp_path / "a", "--json")
    assert said.code == 0
    written = said.json["files"]
    assert all((tmp_path / "a" / path).stat().st_size > 0 for path in written)
    assert {f"json-schema/{kind}.schema.json" for kind in KINDS} | {"openapi.json", "reference/zh.html"} <= set(written)
    assert liandan("schema", "export", tmp_path / "b", "--only", "xsd").out.splitlines() == [
        f"xsd/{kind}.xsd" for kind in KINDS
    ]
    (tmp_path / "file").write_text("")
    assert liandan("schema", "export", tmp_path / "file").code == 2


def test_validate_takes_both_forms(liandan, tmp_path):
    (tmp_path / "a.json").write_bytes(as_json(sample("manifest", "full")))
    (tmp_path / "a.xml").write_bytes(to_xml(sample("manifest", "full")))
    said = liandan("schema", "validate", "a.json", "a.xml")
    assert said.code == 0
    assert said.out == "a.json: 有效 · valid (manifest)\na.xml: 有效 · valid (manifest)\n"


def test_validate_names_each_fault_by_file_and_place(liandan, tmp_path):
    record = sample("manifest", "full")
    record["content"]["wastes"][0]["quantity_t"] = "1e3"
    (tmp_path / "a.json").write_bytes(as_json(record))
    (tmp_path / "a.xml").write_bytes(to_xml(record))
    said = liandan("schema", "validate", "a.json", "a.xml")
    assert said.code == 1
    assert "a.json: /content/wastes/0/quantity_t: " in said.out
    assert "a.xml: /record/content/wastes[1]/quantity_t: " in said.out
    told = liandan("schema", "validate", "a.json", "--json")
    assert told.code == 1
    (file,) = told.json["files"]
    assert (file["valid"], [fault["place"] for fault in file["faults"]]) == (False, ["/content/wastes/0/quantity_t"])


@pytest.mark.parametrize(
    "broken",
    [b"{", b"<a", b"", b"\xff\xfe", b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>', b"[" * 99_999],
)
def test_a_file_that_cant_be_read_is_1_and_a_sentence(liandan, tmp_path, broken):
    (tmp_path / "broken").write_bytes(broken)
    for words in (["validate", "broken"], ["convert", "broken", "--to", "xml"]):
        said = liandan("schema", *words)
        assert said.code == 1
        assert (said.out + said.err).startswith("broken: ")
    assert liandan("schema", "validate", "no such file").code == 1


def test_what_a_record_says_moves_no_terminal(liandan, tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"kind": "manifest", "\x1b[2J\ud800": "\x1b[2J\n"}))
    said = liandan("schema", "validate", "a.json")
    assert said.code == 1
    assert "\x1b" not in said.out


def test_convert_there_and_back_is_the_same(liandan, tmp_path):
    record = sample("manifest", "full")
    (tmp_path / "a.json").write_bytes(as_json(record))
    said = liandan("schema", "convert", "a.json", "--to", "xml")
    assert said.code == 0
    (tmp_path / "b.xml").write_text(said.out, encoding="utf-8")
    assert liandan("schema", "convert", "b.xml", "--to", "json").json == record
    record["content"]["status"] = "sent"
    (tmp_path / "a.json").write_bytes(as_json(record))
    said = liandan("schema", "convert", "a.json", "--to", "xml")
    assert (said.code, said.out) == (1, "")
    assert "/content/status" in said.err
    assert liandan("schema", "convert", "b.xml", "--to", "yaml").code == 2


def test_diff_tells_additions_from_breaks(liandan, exported, tmp_path):
    assert liandan("schema", "diff", exported, exported).out == "兼容 · compatible\n"
    newer = tmp_path / "b" / "json-schema"
    newer.mkdir(parents=True)
    for path in (exported / "json-schema").iterdir():
        (newer / path.name).write_text(path.read_text("utf-8").replace('"pipeline"', '"conduit"'), "utf-8")
    said = liandan("schema", "diff", exported, tmp_path / "b")
    assert said.code == 1
    assert "pipeline" in said.out
    told = liandan("schema", "diff", exported, tmp_path / "b", "--json").json
    assert told["compatible"] is False
    assert {one["verdict"] for one in told["changes"]} == {"addition", "break"}
    assert liandan("schema", "diff", exported, tmp_path / "none").code == 2


def test_rules_are_listed_and_explained(liandan):
    said = liandan("rules", "list", "--json")
    assert {"M001", "M020", "X001"} <= {rule["id"] for rule in said.json["rules"]}
    assert "M003\twarning" in liandan("rules", "list").out
    assert liandan("rules", "explain", "m003", "--json").json["source"] == "HJ 1259-2022"
    assert "HJ 1259-2022" in liandan("rules", "explain", "M003").out
    assert "不能识别 not understood: /national_no = 'LX2025-1001'" in liandan("rules", "explain", "M001").out
    assert '已有记录 beside it: {"permit":[{' in liandan("rules", "explain", "M041").out
    assert "isn't judged" in liandan("rules", "explain", "M041").out
    assert (
        liandan("rules", "explain", "M001", "--json").json["shown"][0]["value"] == "/national_no = '2026 3205 000123'"
    )
    said = liandan("rules", "explain", "M0200")
    assert said.code == 1
    assert "M020" in said.err
