import re
import sqlite3

from gateway.keys import key_hash


def test_a_key_is_shown_once_and_stored_hashed(liandan, tmp_path):
    said = liandan("keys", "create", "ministry", "--role", "national", "--json")
    assert said.code == 0
    key = said.json["key"]
    assert said.json == {"key": key}
    assert re.fullmatch(r"ldn_[\w-]{43}", key)
    with sqlite3.connect(tmp_path / "data/liandan.db") as raw:
        ((stored,),) = raw.execute("SELECT key_hash FROM api_keys")
    raw.close()
    assert stored.hex() == key_hash(key)
    assert key.encode() not in (tmp_path / "data/liandan.db").read_bytes()


def test_for_people_the_key_stands_alone_on_standard_output(liandan):
    said = liandan("keys", "create", "x", "--role", "auditor")
    assert re.fullmatch(r"ldn_[\w-]{43}\n", said.out)
    assert "only now" in said.err


def test_keys_are_listed_without_themselves_and_can_be_revoked(liandan):
    key = liandan("keys", "create", "省厅", "--role", "province", "--division", "32", "--json").json["key"]
    listed = liandan("keys", "list", "--json")
    (row,) = listed.json["keys"]
    assert (row["name"], row["role"], row["division"], row["revoked_at"]) == ("省厅", "province", "32", None)
    assert key not in listed.out
    assert liandan("keys", "revoke", "省厅", "--json").json == {"revoked": 1}
    assert liandan("keys", "list", "--json").json["keys"][0]["revoked_at"]
    again = liandan("keys", "revoke", "省厅", "--json")
    assert again.code == 1
    assert again.json["type"] == "urn:liandan:problem:not-found"


def test_a_role_that_doesnt_exist_is_told_with_those_that_do(liandan):
    said = liandan("keys", "create", "x", "--role", "king")
    assert said.code == 2
    assert said.out == ""
    assert "national" in said.err


def test_a_division_is_needed_for_a_province(liandan):
    assert liandan("keys", "create", "x", "--role", "province").code == 2
