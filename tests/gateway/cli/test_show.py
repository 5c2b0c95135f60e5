"""`liandan show`: one record as it is, as it was, or what changed in it."""

import json

import pytest

NUMBER = "20263201000001"
ROW = {"key": "A-1", "no": NUMBER, "changed": "1", "from": "甲化工厂", "wastes": [{"name": "废油", "kg": 1250.50}]}


@pytest.fixture
def twice(with_pack, page):
    """A manifest in two versions, and another province's word that differs."""
    for name, row in (("a.json", ROW), ("b.json", ROW | {"changed": "2", "to": "乙处置厂"})):
        assert with_pack("ingest", "aa", "manifests", page(name, row)).code == 0
    other = ROW | {"key": "B-1", "wastes": [{"name": "废油", "kg": 1000}], "to": "乙处置厂"}
    assert with_pack("ingest", "bb", "manifests", page("c.json", other)).code == 0
    return with_pack


def test_the_record_stands_there_with_what_is_odd_in_it(twice):
    said = twice("show", NUMBER)
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0].startswith(f"manifest {NUMBER}   record ")
    assert "/wastes/0/quantity_t\t1.2505" in lines
    assert any(line.startswith("! X001 ") for line in lines)
    assert any(line.startswith("≠ /wastes/0/quantity_t   aa: 1.2505  bb: 1") for line in lines)
    assert twice("show", NUMBER, "--json").json["content"]["consignee"]["name"] == "乙处置厂"


def test_an_earlier_version_and_what_changed_since(twice):
    assert "consignee" not in twice("show", NUMBER, "--version", "1", "--json").json["content"]
    said = twice("show", NUMBER, "--diff", "1", "2")
    assert "/consignee/name\t∅\t乙处置厂" in said.out.splitlines()
    told = json.loads(twice("show", NUMBER, "--diff", "1", "2", "--json").out)
    assert {"field": "/consignee/name", "after": "乙处置厂"} in told["fields"]


def test_a_moment_before_it_was_known_is_a_no(twice):
    said = twice("show", NUMBER, "--at", "2020-01-01")
    assert (said.code, said.out) == (1, "")
    assert twice("show", NUMBER, "--at", "2020-01-01", "--json").json["known"] is None
    assert "乙处置厂" in twice("show", NUMBER, "--at", "2999-01-01").out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--at", "soon"), 2),
        (("--at", "2026-01-01", "--version", "1"), 2),
        (("--version", "9"), 1),
        (("--diff", "1", "9"), 1),
    ],
)
def test_what_cannot_be_shown_is_told(twice, arguments, code):
    said = twice("show", NUMBER, *arguments)
    assert (said.code, said.out) == (code, "")
    assert said.err.strip()


def test_records_are_found_by_what_they_say(twice):
    said = twice("search", "--party", "乙处置", "--from", "2020-01-01", "--json")
    assert said.json["records"] == []  # it tells no moment, so it has no day
    (record,) = twice("search", "--party", "乙处置", "--json").json["records"]
    assert record["content"]["national_no"] == NUMBER
    assert twice("search", "--number", NUMBER).out.startswith(f"{NUMBER}\t")
    table = twice("search", "--csv").out
    assert table.startswith("\ufeffrecord_id,kind,version,")
    assert len(table.splitlines()) == 2
    assert twice("search", "--csv", "--json").code == 2
    assert twice("search", "--kind", "manifests").code == 2
