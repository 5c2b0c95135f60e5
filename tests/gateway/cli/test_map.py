"""`liandan map`: what people who write mappings use, as they use it."""

import json
from pathlib import Path

import pytest

from gateway.cli.main import run

ROOT = Path(__file__).resolve().parents[3]
PACK = ("--pack", str(ROOT / "docs/examples/us_emanifest"))
SAMPLE = str(ROOT / "docs/examples/us_emanifest/samples/full_electronic.json")
BROKEN = str(ROOT / "docs/examples/us_emanifest/samples/correction_details.json")


@pytest.fixture
def liandan(tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("LIANDAN_DATA", str(tmp_path / "data"))

    def command(*words):
        code = run(words)
        told = capfd.readouterr()
        return code, told.out, told.err

    return command


def test_lint_names_each_fault_and_ends_with_1(liandan, tmp_path):
    good = ROOT / "mappings/provinces/js/manifests.yaml"
    assert liandan("map", "lint", str(good))[0] == 0
    bad = tmp_path / "bad.yaml"
    bad.write_text(good.read_text("utf-8").replace("consignor:", "consignr:"), "utf-8")
    code, out, err = liandan("map", "lint", str(good), str(bad))
    assert code == 1
    assert (
        "bad.yaml:50:3: the standard's Manifest has no field 'consignr' (标准没有此字段); did you mean 'consignor'?"
        in out
    )
    assert "1 problems" in err
    code, out, _ = liandan("map", "lint", str(bad), "--json")
    assert (code, json.loads(out)["problems"][0]["suggestion"]) == (1, "consignor")


def test_run_shows_content_and_origin_and_stores_nothing(liandan, tmp_path):
    code, out, _ = liandan("map", "run", "us", "manifests", SAMPLE, *PACK)
    assert code == 0
    assert '/wastes/1/quantity_t = "0.432"   mapped' in out
    assert "d1 /wastes/1/quantity/quantity → 432" in out
    assert "unit kg→t" in out
    assert not list((tmp_path / "data").glob("*.db"))
    code, out, _ = liandan("map", "run", "us", "manifests", SAMPLE, BROKEN, *PACK, "--json")
    told = json.loads(out)
    assert [one["source_key"] for one in told["records"]] == ["full_electronic.json"]
    assert "line 169" in told["refused"][0]["reasons"][0]


def test_coverage_tells_what_nobody_looked_at(liandan, tmp_path):
    code, out, err = liandan("map", "coverage", "us", "manifests", SAMPLE, *PACK, "--strict")
    assert code == 0
    assert "0 places unseen" in err
    assert "mapped\t/wastes/*/quantity/quantity\t2\t/wastes/quantity_t\t480" in out
    sample = json.loads(Path(SAMPLE).read_text("utf-8"))
    new = tmp_path / "new.json"
    new.write_text(json.dumps(sample | {"originType": "Web"}), "utf-8")
    code, out, _ = liandan("map", "coverage", "us", "manifests", str(new), *PACK, "--strict", "--json")
    unseen = [one for one in json.loads(out)["places"] if one["state"] == "unseen"]
    assert (code, [(one["place"], one["example"]) for one in unseen]) == (1, [("/originType", "Web")])


PACKED = """\
kind: manifest
standard: 1.0-rc
system: yy
records: list
key: no
fields:
  consignor: {use: firm}
  plan_filing_no: {from: p, steps: [{call: own}]}
  shipper: {from: s, lookup: {csv: shippers.csv, from: theirs, to: ours}}
  transport_mode: [{const: road}, mode]
"""


def test_lint_reads_what_stands_beside_the_file_and_gives_advice(liandan, tmp_path):
    folder = tmp_path / "mappings/provinces/yy"
    (tmp_path / "adapters/provinces").mkdir(parents=True)
    folder.mkdir(parents=True)
    (tmp_path / "adapters/provinces/yy.py").write_text("def own(text):\n    return text\n", "utf-8")
    (folder / "_shared.yaml").write_text("snippets:\n  firm: {name: n}\n", "utf-8")
    (folder / "shippers.csv").write_text("theirs,ours\n甲,consignor\n", "utf-8")
    file = folder / "transfers.yaml"
    file.write_text(PACKED, "utf-8")
    code, out, err = liandan("map", "lint", str(file))
    assert code == 0
    assert f"{file}:10:20: the rules after this one never count" in out
    assert f"{file}:7:3: the standard's Manifest needs 'wastes'" in out
    assert "0 problems, 2 pieces of advice" in err
    assert liandan("map", "lint", str(file), "--strict")[0] == 1


def test_schema_is_json_for_editors(liandan):
    code, out, _ = liandan("map", "schema")
    assert (code, out) == (0, (ROOT / "docs/mapping.schema.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("adapter", "place", "fields"),
    [
        ("js", "/data/list/7/wastes/0/qty", "/wastes/quantity_t"),
        ("js", "/data/list/*/wastes/*/qty", "/wastes/quantity_t"),
        ("gd", "/*[local-name()='危险废物转移联单'][1]/*[local-name()='行'][3]/@*[local-name()='更新时间']", "newer"),
    ],
)
def test_feeds_says_where_a_place_of_the_source_goes(liandan, adapter, place, fields):
    code, out, _ = liandan("map", "feeds", adapter, "manifests", place)
    assert (code, out.splitlines()) == (0, [fields])
    assert liandan("map", "feeds", adapter, "manifests", "/data/nothing")[0] == 1
