import pytest

from gateway.errors import NoSuchQuarantine
from gateway.read import quarantine


def test_what_was_refused_is_listed_with_a_reason_that_a_person_understands(filled):
    with filled.database.read() as conn:
        (item,) = quarantine.listing(conn)
        assert quarantine.listing(conn, "bb") == []
    assert (item["adapter"], item["dataset"], item["source_key"]) == ("aa", "manifests", "A-3")
    assert item["place"].endswith("/rows/2")
    assert any("wastes" in reason for reason in item["reasons"])


def test_its_payload_is_kept_whole(filled, tmp_path):
    with filled.database.read() as conn:
        (item,) = quarantine.listing(conn)
        told = quarantine.one(conn, str(item["id"]))
        assert quarantine.payload(conn, told["payload_hash"]) == (tmp_path / "first.json").read_bytes()
    assert told["source_name"] == "first.json"


@pytest.mark.parametrize("item", ["0", "-1", "x", "99", "9" * 30, "１", ""])
def test_an_unknown_item_is_told(filled, item):
    with filled.database.read() as conn, pytest.raises(NoSuchQuarantine):
        quarantine.one(conn, item)


def test_a_list_longer_than_a_page_comes_whole(filled, page, monkeypatch):
    monkeypatch.setattr(quarantine, "PAGE", 2)
    filled.ingest("bb", "manifests", [page("bad.json", *({"key": f"X-{place}"} for place in range(5)))])
    with filled.database.read() as conn:
        items = quarantine.listing(conn)
    assert [one["source_key"] for one in items] == ["A-3", "X-0", "X-1", "X-2", "X-3", "X-4"]
