"""Dropped files through the whole gateway: counted, quarantined, moved away once they are stored, and found again."""

import asyncio
from importlib import import_module

import pytest

ADAPTER = """\
id: dd
division: "32"
title: 某省
title_en: A province
driver: xml_drop
folder: {folder}
datasets:
  manifests:
    title: 联单
    title_en: Manifests
    files: "*.xml"
    complete: {{unchanged: 0s}}
    split: {{row: /t/r, rows: 2}}
    after: {{}}
    decode: ["text:utf-8", xml]
"""
MAPPING = """\
kind: manifest
standard: 1.0-rc
system: dd
document: xml
records: t/r
key: k
fields:
  local_numbers:
    - {system: {const: dd}, number: k}
  consignor: {name: n}
  wastes:
    each: w
    fields: {name: n}
"""


@pytest.fixture
def pack(pack, tmp_path):
    (tmp_path / "in").mkdir()
    (pack / "adapters/provinces/dd.yaml").write_text(ADAPTER.format(folder=tmp_path / "in"), "utf-8")
    (pack / "mappings/provinces/dd").mkdir()
    (pack / "mappings/provinces/dd/manifests.yaml").write_text(MAPPING, "utf-8")
    return pack


def put(folder, name, *keys):
    rows = "".join(f"<r><k>{key}</k><n>甲化工厂</n><w><n>废油</n></w></r>" for key in keys)
    (folder / name).write_text(f"<t>{rows}</t>", "utf-8")


def pulled(gateway):
    found = asyncio.run(gateway.pull("dd"))
    return found.pulled, found.accepted, found.unchanged, found.quarantined


def test_pieces_duplicates_and_failures_are_counted_and_put_away(gateway, tmp_path):
    folder = tmp_path / "in"
    gateway.adapters.stage("dd", "live", who="test", why="a test")
    put(folder, "a.xml", "1", "2", "3")
    assert pulled(gateway) == (3, 3, 0, 0)
    put(folder, "b.xml", "1", "2", "3")  # as the last one: told, and nothing of it is read
    assert pulled(gateway) == (0, 0, 0, 0)
    put(folder, "c.xml", "3", "4", "5")
    (folder / "c.xml").write_text((folder / "c.xml").read_text("utf-8").replace(">5<", ">&<"), "utf-8")
    assert pulled(gateway) == (3, 1, 1, 1)
    assert sorted(str(one.relative_to(folder)) for one in folder.rglob("*.*")) == [
        "done/a.xml",
        "done/b.xml",
        "failed/c.xml",
        "failed/c.xml.error",
    ]
    assert pulled(gateway) == (0, 0, 0, 0)


def test_what_came_in_shadow_and_was_put_away_is_read_when_it_goes_live(gateway, tmp_path):
    stages = import_module("gateway.store.adapters")
    gateway.adapters.stage("dd", "live", who="test", why="a test")
    gateway.adapters.stage("dd", "shadow", who="test", why="a test")
    with gateway.database.read() as conn:
        assert stages.stage(conn, "dd") == "shadow"
    put(tmp_path / "in", "a.xml", "1", "2", "3")
    assert pulled(gateway) == (3, 3, 0, 0)
    gateway.adapters.stage("dd", "live", who="test", why="a test")
    assert pulled(gateway) == (3, 0, 3, 0)
    with gateway.database.read() as conn:
        records = import_module("gateway.store.tables").records
        sqlalchemy = import_module("sqlalchemy")
        assert conn.scalar(sqlalchemy.select(sqlalchemy.func.count()).select_from(records)) == 3
