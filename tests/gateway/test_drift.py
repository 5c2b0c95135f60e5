"""A system changes between two pages: what is told of it, from the bytes to the command."""

import copy
import json

from gateway.cli.main import run
from gateway.read.drift import listing

BASE = {
    "key": "A", "changed": "1", "no": None, "state": "1", "planned": "2026-03-01 08:00", "from": "甲化工厂", "to": "乙处置厂",
    "extra": "x", "wastes": [{"name": "废油", "kg": 1250.5}], "legs": [{"who": "一号运输", "out": "2026-03-02 09:00"}],
}  # fmt: skip


def before(count):
    return [copy.deepcopy(BASE) | {"key": f"A-{number}"} for number in range(count)]


def after(count):
    """The renamed field (from → sender), the new word, the number that became a text, the field that vanished."""
    rows = before(count)
    for row in rows:
        row["sender"] = row.pop("from")
        row["wastes"][0]["kg"] = "1250.5"
        del row["legs"][0]["out"]
    rows[3]["state"] = "77"
    return rows


def told(gateway):
    with gateway.database.read() as conn:
        return listing(conn)


def test_exactly_what_changed_is_told_with_its_first_payload(gateway, page):
    gateway.ingest("aa", "manifests", [page("one.json", *before(60)), page("two.json", *before(70))])
    assert told(gateway) == []
    gateway.ingest("aa", "manifests", [page("three.json", *after(80))])
    first = told(gateway)
    assert sorted((one["kind"], one["place"], one["detail"], one["example"]) for one in first) == [
        ("changed_type", "/rows/*/wastes/*/kg", "number → string", "1250.5"),
        ("new_place", "/rows/*/sender", "", "甲化工厂"),
        ("unseen_code", "/rows/*/state", "77", "77"),
        ("vanished_place", "/rows/*/from", "", "甲化工厂"),
        ("vanished_place", "/rows/*/legs/*/out", "", "2026-03-02 09:00"),
    ]
    renamed = next(one for one in first if one["place"] == "/rows/*/from")
    assert renamed["words"][1].endswith("perhaps it's now /rows/*/sender")
    with gateway.database.read() as conn:
        digest = conn.exec_driver_sql("SELECT lower(hex(hash)) FROM payloads ORDER BY id DESC LIMIT 1").scalar()
    assert {one["payload_hash"] for one in first} == {digest}
    gateway.ingest("aa", "manifests", [page("four.json", *after(80))])
    second = told(gateway)
    assert [{**one, "count": 0, "last_at": ""} for one in second] == [
        {**one, "count": 0, "last_at": ""} for one in first
    ]
    assert {one["kind"]: one["count"] for one in second if one["kind"] != "vanished_place"} == {
        "changed_type": 160, "new_place": 160, "unseen_code": 2,
    }  # fmt: skip


def test_the_command_tells_it_in_words_and_takes_an_acknowledgement(gateway, pack, page, tmp_path, monkeypatch, capfd):
    gateway.ingest("aa", "manifests", [page("one.json", *before(60)), page("two.json", *after(80))])
    monkeypatch.setenv("LIANDAN_DATA", str(tmp_path / "data"))

    def liandan(*words):
        code = run(words)
        said = capfd.readouterr()
        return code, said.out, said.err

    code, out, err = liandan("map", "drift", "aa")
    assert code == 0
    assert "5 changes" in err
    line = next(line for line in out.splitlines() if "/rows/*/sender" in line and "new place" in line)
    assert "a new place that the mapping doesn't name" in line
    assert "map coverage aa manifests" in line
    found = json.loads(liandan("map", "drift", "--json")[1])["drift"]
    assert liandan("map", "drift", "bb", "--json")[1] == '{"drift":[]}\n'
    assert liandan("map", "drift", "js", "manifests", "--json")[1] == '{"drift":[]}\n'
    for unknown in (["nosuch"], ["js", "nosuch"], ["aa", "nosuch", "--pack", str(pack)]):
        code, out, err = liandan("map", "drift", *unknown)
        assert (code, out, "nosuch" in err) == (2, "", True)
    number = str(found[0]["id"])
    assert liandan("map", "drift", "--ack", number)[0] == 2
    code, out, _ = liandan("map", "drift", "--ack", number, "--reason", "已更新映射", "--json")
    assert (code, len(json.loads(out)["drift"])) == (0, 4)
    assert liandan("map", "drift", "--ack", number, "--reason", "again")[0] == 1
    assert "acknowledged: 已更新映射" in liandan("map", "drift", "--all")[1]


def test_coverage_without_files_is_what_the_store_has_counted(gateway, pack, page, tmp_path, monkeypatch, capfd):
    file = page("one.json", *before(60))
    gateway.ingest("aa", "manifests", [file])
    monkeypatch.setenv("LIANDAN_DATA", str(tmp_path / "data"))
    args = ("map", "coverage", "aa", "manifests", "--pack", str(pack), "--json")
    assert run(args) == 0
    stored = json.loads(capfd.readouterr().out)
    assert run((*args[:4], str(file), *args[4:])) == 0
    of_file = json.loads(capfd.readouterr().out)
    names = ("place", "state", "fields", "reason", "count", "example")

    def told(found):
        return sorted([[one[name] for name in names] for one in found["places"]])

    assert told(stored) == told(of_file)
    assert stored["unseen"] == 1
    assert run(("map", "coverage", "bb", "manifests", "--pack", str(pack), "--json")) == 0
    assert json.loads(capfd.readouterr().out)["places"] == []
