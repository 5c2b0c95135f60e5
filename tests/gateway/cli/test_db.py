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
    assert (told.code, told.json) == (0, {"commits": 1, "contents": 1, "payloads": 1, "faults": []})
    assert "✓" in with_pack("db", "check").out
    with sqlite3.connect(tmp_path / "data/liandan.db") as database:
        database.execute("update claim_versions set findings = '[]'")
    said = with_pack("db", "check")
    assert (said.code, said.out.split(":")[0]) == (1, "✗ commits 1")
    assert with_pack("db", "check", "--json").json["faults"][0]["at"] == "1"
