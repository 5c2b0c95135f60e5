"""`liandan map replay` and `liandan map diff`, as an operator uses them."""

import pytest

NUMBER = "20263201000001"
ROW = {"key": "A-1", "no": NUMBER, "from": "甲化工厂", "wastes": [{"name": "废油", "kg": 1250.50}], "bill": "W-1"}
NOTHING = dict.fromkeys(("changed", "newly_accepted", "newly_refused", "still_refused"), 0)


@pytest.fixture
def mend(pack):
    """mend(what, by what) in the mapping of `aa`."""
    file = pack / "mappings/provinces/aa/manifests.yaml"

    def change(old, new):
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")

    return change


@pytest.fixture
def ingested(with_pack, page):
    rows = [ROW, ROW | {"key": "A-2", "no": None}, ROW | {"key": "A-3", "no": None, "wastes": []}]
    assert with_pack("ingest", "aa", "manifests", page("a.json", *rows)).code == 0
    return with_pack


def test_replay_tells_what_it_would_do_does_it_and_has_nothing_left(ingested, mend):
    mend("  planned_at: planned\n", "  planned_at: planned\n  waybill_no: bill\n")
    counts = NOTHING | {"exchanges": 1, "remapped": 3, "changed": 2, "unchanged": 0, "still_refused": 1}
    dry = ingested("map", "replay", "aa", "manifests", "--dry-run", "--json")
    assert (dry.code, dry.json) == (0, counts | {"dry_run": True})
    assert ingested("lineage", NUMBER, "waybill_no").code == 1
    said = ingested("map", "replay", "aa", "manifests")
    assert said.code == 0
    assert "changed 2" in said.out
    assert "W-1" in ingested("lineage", NUMBER, "waybill_no").out
    again = ingested("map", "replay", "aa", "manifests")
    assert "exchanges 0" in again.out
    assert "nothing is left to do" in again.err


def test_what_replay_is_asked_wrongly_is_told_in_both_languages(ingested, mend):
    said = ingested("map", "replay", "aa", "manifests", "--since", "March")
    assert (said.code, said.out) == (2, "")
    assert "不是日期" in said.err
    assert "'March' is no date" in said.err
    for beyond in ("9999-12-31T23:59:59-12:00", "0001-01-01T00:00+14:00"):
        said = ingested("map", "replay", "aa", "manifests", "--since", beyond)
        assert (said.code, f"{beyond!r} is no date" in said.err) == (2, True)
    assert ingested("map", "replay", "aa", "tracks").code == 2
    ingested("adapters", "stage", "aa", "suspended", "--reason", "a test")
    refused = ingested("map", "replay", "aa", "manifests", "--json")
    assert (refused.code, refused.json["type"]) == (2, "urn:liandan:problem:wrong-stage")


def test_diff_names_fields_and_records_with_where_the_value_stands(ingested, mend):
    same = ingested("map", "diff", "aa", "manifests", "--json").json
    assert (same["changed"], same["unchanged"], same["fields"], same["records"]) == (0, 2, [], [])
    mend("  planned_at: planned\n", "  planned_at: planned\n  waybill_no: bill\n")
    told = ingested("map", "diff", "aa", "manifests", "--json").json
    assert {name: told[name] for name in NOTHING} == NOTHING | {"changed": 2, "still_refused": 1}
    (bill,) = told["fields"]
    assert (bill["field"], bill["count"], bill["example"]["after"]) == ("/waybill_no", 2, "W-1")
    assert [one["source_key"] for one in told["records"]] == ["A-1", "A-2"]
    assert told["records"][1]["fields"] == [
        {
            "field": "/waybill_no",
            "after": "W-1",
            "inputs": [{"document": "d1", "source": "/rows/1/bill", "raw": "W-1"}],
        }
    ]
    said = ingested("map", "diff", "aa", "manifests", "--limit", "1")
    assert "── A-1   changed" in said.out
    assert "── A-2" not in said.out
    assert '/waybill_no\t2\tA-1\t∅ → "W-1"' in said.out
    assert "changed 2" in said.err
    assert ingested("lineage", NUMBER, "waybill_no").code == 1


def test_diff_against_a_file_tells_findings_and_what_is_refused_or_accepted(ingested, pack, tmp_path):
    text = (pack / "mappings/provinces/aa/manifests.yaml").read_text("utf-8")
    other = tmp_path / "other.yaml"
    other.write_text(text.replace("name: name\n", "name: {from: name, steps: [{after: 废}]}\n"), "utf-8")
    told = ingested("map", "diff", "aa", "manifests", "--against", other, "--json").json
    assert told["fields"][0]["field"] == "/wastes/*/name"
    assert (told["fields"][0]["example"]["before"], told["fields"][0]["example"]["after"]) == ("废油", "油")
    other.write_text(
        text.replace("consignor: {name: from", "consignor: {name: {from: planned, required: yes}"), "utf-8"
    )
    refused = ingested("map", "diff", "aa", "manifests", "--against", other, "--json").json
    assert refused["newly_refused"] == 2
    assert "required" in refused["records"][0]["reasons"][0]
    other.write_text(text.replace("wastes:\n    each: wastes", "wastes:\n    each: {wrong"), "utf-8")
    assert ingested("map", "diff", "aa", "manifests", "--against", other).code == 2


def test_diff_with_what_an_older_version_made(ingested, mend, pack, page):
    first = ingested("lineage", NUMBER, "--json").json["claims"][0]["mapping_hash"]
    mend("  planned_at: planned\n", "  planned_at: planned\n  waybill_no: bill\n")
    ingested("map", "replay", "aa", "manifests")
    ingested("ingest", "aa", "manifests", page("b.json", ROW | {"key": "A-4", "no": None}))
    assert ingested("map", "diff", "aa", "manifests", "--json").json["changed"] == 0
    told = ingested("map", "diff", "aa", "manifests", "--old", first[:12], "--json").json
    assert (told["changed"], [one["source_key"] for one in told["records"]]) == (2, ["A-1", "A-2"])
    said = ingested("map", "diff", "aa", "manifests", "--old", "zz")
    assert (said.code, said.out) == (2, "")
    assert first[:12] in said.err
