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
    assert ingested("map", "replay", "aa", "tracks").code == 2
    ingested("adapters", "stage", "aa", "suspended", "--reason", "a test")
    refused = ingested("map", "replay", "aa", "manifests", "--json")
    assert (refused.code, refused.json["type"]) == (2, "urn:liandan:problem:wrong-stage")
