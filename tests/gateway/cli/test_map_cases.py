"""`liandan map test`: the cases that we ship, and what a failing one says."""

import json

import pytest

from gateway.packs import OWN

ROW = {"key": "A-1", "from": "甲化工厂", "wastes": [{"name": "废油", "kg": 1250.50}], "planned": "someday"}


@pytest.fixture
def case(pack):
    """A case of `aa` with two records and one that is refused; its folder."""
    folder = pack / "contract_tests/provinces/aa/mapping/manifests/small"
    folder.mkdir(parents=True)
    rows = [ROW, ROW | {"key": "A-2"}, ROW | {"key": "A-3", "wastes": []}]
    (folder / "input.json").write_text(json.dumps({"rows": rows}, ensure_ascii=False), "utf-8")
    return folder


@pytest.fixture
def expected(case, with_pack):
    """The case as it passes, with one lineage entry wanted; its expected file."""
    file = case / "expected.json"
    assert with_pack("map", "test", "aa", "--update").code == 0
    told = json.loads(file.read_text("utf-8"))
    told["records"][0]["lineage"] = [{"field": "/wastes/0/quantity_t"}]
    file.write_text(json.dumps(told), "utf-8")
    assert with_pack("map", "test", "aa", "--update").code == 0
    assert with_pack("map", "test", "aa").code == 0
    return file


def mend(pack, old, new):
    file = pack / "mappings/provinces/aa/manifests.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize("adapter", ["js", "tj", "gd", "zj", "sh", "sc"])
def test_our_own_cases_pass_and_each_has_something_refused(liandan, adapter, tmp_path):
    told = liandan("map", "test", adapter, "--json")
    assert (told.code, told.json["failed"]) == (0, 0)
    assert told.json["cases"]
    for one in told.json["cases"]:
        expected = json.loads((OWN / one["expected"]).read_text("utf-8"))
        assert expected["records"]
        assert expected["refused"]
    assert not list((tmp_path / "data").glob("*"))


def test_the_first_update_writes_what_is_there_now(with_pack, case):
    said = with_pack("map", "test", "aa", "manifests")
    assert said.code == 1
    assert "no expected.json yet" in said.out
    dry = with_pack("map", "test", "aa", "--update", "--dry-run")
    assert (dry.code, (case / "expected.json").exists()) == (0, False)
    assert "would change" in dry.err
    assert with_pack("map", "test", "aa", "--update").code == 0
    told = json.loads((case / "expected.json").read_text("utf-8"))
    assert [one["source_key"] for one in told["records"]] == ["A-1", "A-2"]
    assert {"id": "M000", "fields": ["/planned_at"]} in told["records"][0]["findings"]
    (refused,) = told["refused"]
    assert (refused["source_key"], refused["place"]) == ("A-3", "/rows/2")
    assert with_pack("map", "test", "aa", "--json").json["failed"] == 0


def test_a_failing_case_names_the_field_both_values_and_where_it_stands(with_pack, pack, expected):
    mend(pack, "unit: kg", "unit: t")
    said = with_pack("map", "test", "aa")
    assert said.code == 1
    lines = said.out.splitlines()
    at = lines.index("  A-2   /wastes/0/quantity_t")
    assert [line.split() for line in lines[at + 1 : at + 4]] == [
        ["expected", '"1.2505"'],
        ["got", '"1250.5"'],
        ["from", "d1", "/rows/1/wastes/0/kg", "→", "1250.5"],
    ]
    told = with_pack("map", "test", "aa", "--json").json["cases"][0]
    lineage = [one for one in told["differences"] if one["field"].startswith("lineage")]
    assert [one["expected"]["steps"][-1] for one in lineage] == ["unit kg→t"]
    before = expected.read_bytes()
    said = with_pack("map", "test", "aa", "--update")
    assert (said.code, "1250.5" in said.out, expected.read_bytes() == before) == (0, True, False)
    assert with_pack("map", "test", "aa").code == 0


def test_findings_refusals_and_records_that_are_missing_or_new_fail_it(with_pack, pack, expected):
    mend(pack, "planned_at: planned", "planned_at: {from: planned, refused: reject}")
    differences = with_pack("map", "test", "aa", "--json").json["cases"][0]["differences"]
    assert {(one["record"], one["field"]) for one in differences} == {
        ("A-1", ""),
        ("A-2", ""),
        ("A-1", "refused"),
        ("A-2", "refused"),
        ("A-3", "refused"),
    }
    mend(pack, "planned_at: {from: planned, refused: reject}", "waybill_no: planned")
    differences = with_pack("map", "test", "aa", "--json").json["cases"][0]["differences"]
    assert {one["field"] for one in differences} == {"/waybill_no", "findings"}


def test_a_line_that_moves_breaks_no_case(with_pack, pack, expected, case):
    (case / "input.json").write_text(json.dumps({"rows": [ROW, {"from": "x"}]}), "utf-8")
    with_pack("map", "test", "aa", "--update")
    mend(pack, "zone:", "# a comment\nzone:")
    assert with_pack("map", "test", "aa").code == 0


def test_what_is_asked_wrongly_is_told(with_pack, case):
    assert with_pack("map", "test", "aa", "--dry-run").code == 2
    assert with_pack("map", "test", "bb").code == 1
    assert "no cases" in with_pack("map", "test", "aa", "tracks").err
    (case / "input.xml").write_text("<a/>", "utf-8")
    said = with_pack("map", "test", "aa")
    assert (said.code, "holds 2" in said.err) == (2, True)
    (case / "input.xml").unlink()
    for text in ('{"records": [', '{"records": [{"source_key": "A-1"}]}', "[]"):
        (case / "expected.json").write_text(text, "utf-8")
        said = with_pack("map", "test", "aa")
        assert (said.code, said.out) == (2, "")
        assert "expected.json isn't what a case expects" in said.err


def test_an_expected_file_that_cant_be_written_is_told(with_pack, case):
    (case / "expected.json").mkdir()
    said = with_pack("map", "test", "aa", "--update")
    assert (said.code, said.out) == (2, "")
    assert "无法写入" in said.err
    assert "expected.json can't be written: Is a directory" in said.err


BAD_EXPECTED = [
    {"records": 5},
    {"records": [5]},
    {"records": [{"source_key": "A-1"}]},
    {"records": [{"source_key": ["a"], "content": {}}]},
    {"records": [{"source_key": "A-1", "content": 5}]},
    {"records": [{"source_key": "A-1", "reasons": []}]},
    {"records": [{"source_key": "A-1", "content": {}, "findings": 5}]},
    *({"records": [{"source_key": "A-1", "content": {}, "lineage": bad}]} for bad in ([{"how": "const"}], "x", 5)),
    *({"refused": [{"source_key": None, "reasons": bad}]} for bad in (5, [5])),
    {"refused": [{"source_key": "A-1", "content": {}}]},
]


@pytest.mark.parametrize("bad", BAD_EXPECTED, ids=str)
def test_an_expected_file_of_another_shape_is_told(with_pack, case, bad):
    (case / "expected.json").write_text(json.dumps(bad), "utf-8")
    for more in ((), ("--update",)):
        said = with_pack("map", "test", "aa", *more)
        assert (said.code, said.out) == (2, "")
        assert "不是用例的预期结果" in said.err
        assert "expected.json isn't what a case expects" in said.err


def test_run_refuses_what_the_store_would_refuse(with_pack, case):
    told = with_pack("map", "run", "aa", "manifests", case / "input.json", "--json")
    assert told.code == 1
    assert [one["source_key"] for one in told.json["records"]] == ["A-1", "A-2"]
    assert "wastes" in told.json["refused"][0]["reasons"][0]


def test_run_notes_rules_that_found_nothing_and_keys_under_which_records_differ(with_pack, pack, page):
    mend(pack, "  planned_at: planned\n", "  planned_at: planed\n")
    rows = [ROW, ROW | {"key": "A-2"}, ROW | {"key": "A-2"}, ROW | {"from": "乙化工厂"}]
    said = with_pack("map", "run", "aa", "manifests", page("page.json", *rows))
    assert said.code == 0
    assert [line.split()[1] for line in said.err.splitlines() if line.startswith("≠")] == ["A-1"]
    assert "/planned_at" in [line.split()[1] for line in said.err.splitlines() if line.startswith("∅")]
    assert "/consignor/name" not in said.err
