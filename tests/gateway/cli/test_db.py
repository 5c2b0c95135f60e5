"""`liandan db check` says that a store is as it was committed, and where it isn't."""

import sqlite3


def test_a_whole_store_and_one_that_was_written_to(with_pack, page, tmp_path):
    assert (
        with_pack(
            "ingest", "aa", "manifests", page("page.json", {"key": "A-1", "wastes": [{"name": "废油", "kg": 5}]})
        ).code
        == 0
    )
    told = with_pack("db", "check", "--json")
    assert (told.code, told.json) == (
        0,
        {"commits": 1, "contents": 1, "payloads": 1, "faults": [], "retirements": []},
    )
    assert "✓" in with_pack("db", "check").out
    with sqlite3.connect(tmp_path / "data/liandan.db") as database:
        database.execute("update claim_versions set findings = '[]'")
    said = with_pack("db", "check")
    assert (said.code, said.out.split(":")[0]) == (1, "✗ commits 1")
    assert with_pack("db", "check", "--json").json["faults"][0]["at"] == "1"


def test_the_store_is_counted_copied_and_tidied(with_pack, page, tmp_path, monkeypatch):
    with_pack("ingest", "aa", "manifests", page("page.json", {"key": "A-1", "wastes": [{"name": "废油", "kg": 5}]}))
    told = with_pack("db", "stats", "--json").json
    assert (told["records"], told["changes"], told["payloads"]["count"]) == ({"manifest": 1}, 1, 1)
    assert told["tables"]["claims"]["rows"] == 1
    assert "manifest" in with_pack("db", "stats").out
    copy = tmp_path / "copy.db"
    assert with_pack("db", "backup", copy, "--json").json == {"file": str(copy), "bytes": copy.stat().st_size}
    again = with_pack("db", "backup", copy)
    assert (again.code, again.out) == (2, "")
    assert set(with_pack("db", "vacuum", "--json").json) == {"before", "after"}
    assert with_pack("db", "upgrade", "--json").json["revision"] == told["revision"]
    monkeypatch.setenv("LIANDAN_DATABASE", f"sqlite:///{copy}")
    assert with_pack("db", "check").code == 0
    assert with_pack("db", "stats", "--json").json["records"] == {"manifest": 1}


def test_what_is_ten_years_old_can_go(with_pack, page, tmp_path):
    for number, day in enumerate(("2001-05-01", "2002-05-01", "2026-05-01"), 1):
        rows = {"key": f"A-{number}", "wastes": [{"name": "废油", "kg": number}]}
        assert with_pack("ingest", "aa", "manifests", page(f"{number}.json", rows)).code == 0
        with sqlite3.connect(tmp_path / "data/liandan.db") as database:
            database.execute("update commits set at = ? where id = ?", (f"{day}T08:00:00+08:00", number))
            database.execute("update deliveries set state = 'dropped'")
    early = with_pack("db", "retire", "--before", "2026-05-02", "--reason", "test")
    assert (early.code, early.out) == (2, "")
    assert with_pack("db", "retire", "--before", "2002-01-01").code == 2
    assert with_pack("db", "retire", "--before", "May", "--reason", "test").code == 2
    tried = with_pack("db", "retire", "--before", "2003-01-01", "--dry-run", "--json").json
    assert tried["gone"] == dict.fromkeys(("claim_versions", "claims", "deliveries", "record_versions", "records"), 2)
    assert "would go" in with_pack("db", "retire", "--before", "2003-01-01", "--dry-run").out
    told = with_pack("db", "retire", "--before", "2003-01-01", "--reason", "yearly", "--by", "lin", "--json").json
    assert (told["upto"], told["kept"]) == ("2", {})
    assert {name: told["gone"][name] for name in tried["gone"]} == tried["gone"]
    assert told["gone"]["payloads"] == 1  # the first page stays as the example of its places
    checked = with_pack("db", "check", "--json")
    assert (checked.code, checked.json["faults"]) == (0, [])
    (one,) = checked.json["retirements"]
    assert (one["before"], one["who"], one["why"]) == ("2003-01-01", "lin", "yearly")
    assert "first living change is 3" in with_pack("db", "check").out
    assert with_pack("db", "stats", "--json").json["retired"] == 2
    assert "0" in with_pack("db", "retire", "--before", "2003-01-01", "--reason", "again").out
