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
    assert "bad.yaml:50:3: the standard's Manifest has no field 'consignr'; did you mean 'consignor'?" in out
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
