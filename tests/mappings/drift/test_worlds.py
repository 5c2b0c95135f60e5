"""Our packs' sources, page by page: systems that don't change show no drift."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from contract_tests.world import World
from contract_tests.world.views import gd, js, tj
from mappings import Mapped, compile_mapping
from mappings.drift import Known, Look, compare

ROOT = Path(__file__).resolve().parents[3]
WORLD = World(5, 500)
PAGE = 50


def page(name, rows):
    if name == "gd":
        root = etree.Element("危险废物转移联单", {"批次": "20260111", "文件序号": "1"})
        root.extend(row for group in rows for row in group)
        return root
    told = {"code": "1", "data": {"total": 9, "list": rows}} if name == "js" else {"total": 9, "page": 1, "rows": rows}
    return json.loads(json.dumps(told), parse_float=Decimal)


@pytest.mark.parametrize(("name", "view"), [("js", js), ("tj", tj), ("gd", gd)])
def test_a_system_that_doesn_t_change_shows_no_drift(name, view):
    program = compile_mapping((ROOT / f"mappings/provinces/{name}/manifests.yaml").read_text("utf-8"), "m.yaml")
    rows = [view.render(side, version) for side in WORLD.for_province(name) for version in side.versions]
    known, found = Known(), []
    for number, start in enumerate(range(0, len(rows), PAGE), 1):
        look = Look(program.detector)
        for one in program.run(page(name, rows[start : start + PAGE]), look=look):
            look.record(one.unlisted, one.remainder[2] if isinstance(one, Mapped) else [])
        found += compare(known, look.sight(), number, "").news
    assert found == []
    assert len(rows) > 10 * PAGE
    assert all(tally.held for place, tally in known.places.items() if place and not place.endswith("*"))
