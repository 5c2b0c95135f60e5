"""ingest, trace, lineage, quarantine and deliveries, as an operator uses them."""

import json

import pytest

NUMBER = "20263201000001"
ROW = {"key": "A-1", "no": NUMBER, "changed": "1", "from": "甲化工厂", "wastes": [{"name": "废油", "kg": 1250.50}]}


@pytest.fixture
def ingested(with_pack, page):
    said = with_pack(
        "ingest", "aa", "manifests", page("good.json", ROW, ROW | {"key": "A-2", "no": None, "wastes": []}), "--json"
    )
    assert (said.code, said.json) == (0, {"pulled": 2, "accepted": 1, "unchanged": 0, "quarantined": 1})
    return with_pack


def test_ingest_is_refused_before_the_adapter_is_live_naming_the_command(liandan, pack, page):
    said = liandan("ingest", "aa", "manifests", page("a.json", ROW), "--pack", pack)
    assert said.code == 2
    assert said.out == ""
    assert f"liandan adapters stage aa live --reason '…' --pack {pack}" in said.err
    as_json = liandan("ingest", "aa", "manifests", page("a.json", ROW), "--pack", pack, "--json")
    assert as_json.code == 2
    assert as_json.json["type"] == "urn:liandan:problem:wrong-stage"


def test_the_same_file_again_is_unchanged(ingested, page):
    again = ingested(
        "ingest", "aa", "manifests", page("good.json", ROW, ROW | {"key": "A-2", "no": None, "wastes": []}), "--json"
    )
    assert (again.code, again.json) == (0, {"pulled": 2, "accepted": 0, "unchanged": 2, "quarantined": 0})


def test_a_file_that_isnt_json_is_quarantined_with_line_and_column(ingested, tmp_path):
    file = tmp_path / "broken.json"
    file.write_text('{"rows": [\n  {"key": }\n]}', "utf-8")
    said = ingested("ingest", "aa", "manifests", file, "--json")
    assert (said.code, said.json["quarantined"]) == (0, 1)
    item = ingested("quarantine", "list", "--json").json["items"][-1]
    assert "broken.json" in item["place"]
    assert any("line 2" in reason for reason in item["reasons"])


@pytest.mark.parametrize(("adapter", "dataset", "named"), [("yy", "manifests", "'yy'"), ("aa", "tracks", "manifests")])
def test_an_unknown_adapter_or_dataset_is_told_with_those_there_are(ingested, page, adapter, dataset, named):
    said = ingested("ingest", adapter, dataset, page("a.json", ROW))
    assert said.code == 2
    assert named in said.err


def test_lineage_as_json_is_the_whole_and_one_field_for_people(ingested):
    told = ingested("lineage", NUMBER, "--documents", "--json").json
    (claim,) = told["claims"]
    assert (claim["adapter"], claim["source_key"]) == ("aa", "A-1")
    assert json.loads(claim["documents"][0]["text"])["rows"][0]["key"] == "A-1"
    said = ingested("lineage", NUMBER, "/wastes/0/quantity_t")
    assert "1.2505" in said.out
    assert "/rows/0/wastes/0/kg" in said.out
    assert "unit kg→t" in said.out


def test_trace_names_the_number_and_the_system(ingested):
    told = ingested("trace", NUMBER, "--json").json
    assert told["national_no"] == NUMBER
    assert {step["adapter"] for step in told["steps"]} == {"aa"}
    assert NUMBER in ingested("trace", "aa:A-1").out


@pytest.mark.parametrize("command", ["trace", "lineage"])
@pytest.mark.parametrize("no", ["20993201999999", "nothing", "\udcff", "x" * 300])
def test_an_unknown_number_ends_with_1(ingested, command, no):
    said = ingested(command, no, "--json")
    assert said.code == 1
    assert said.json["type"] == "urn:liandan:problem:not-found"
    assert ingested(command, no).out == ""


def test_what_is_quarantined_is_shown_with_its_bytes(ingested, tmp_path):
    (item,) = ingested("quarantine", "list", "--json").json["items"]
    assert set(item) >= {"id", "adapter", "dataset", "source_key", "payload_hash", "place", "reasons"}
    told = ingested("quarantine", "show", item["id"], "--json").json
    assert told["source_name"] == "good.json"
    assert ingested("quarantine", "show", item["id"], "--payload").out == (tmp_path / "good.json").read_text("utf-8")
    assert "A-2" in ingested("quarantine", "show", item["id"]).out
    assert ingested("quarantine", "show", "99").code == 1


def test_deliveries_are_counted_and_listed(ingested):
    told = ingested("deliveries", "list", "--json").json
    assert set(told["counts"]) == {"delivered", "dead", "pending", "attempts"}
    assert len(told["deliveries"]) == told["counts"]["pending"]
    assert ingested("deliveries", "list", "--state", "lost").code == 2


def test_words_of_a_province_cant_move_the_terminals_cursor(with_pack, page):
    with_pack("ingest", "aa", "manifests", page("a.json", ROW | {"from": "甲\u009b31m厂"}))
    said = with_pack("lineage", NUMBER, "consignor")
    assert "\u009b" not in said.out
    assert "\x1b" not in said.out
