"""What of a source is carried, ignored, or was never looked at; and that our packs leave nothing unexplained."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from contract_tests.world import World
from contract_tests.world.views import gd, js, sc, sh, tj, zj
from mappings import compile_mapping
from mappings.coverage import sources, tally

ROOT = Path(__file__).resolve().parents[2]
WORLD = World(5, 60, ("js", "tj", "gd", "zj", "sh", "sc"))


def pages(name):
    """A page as the mock of that province serves it."""
    view = {"js": js, "tj": tj, "gd": gd, "zj": zj, "sh": sh, "sc": sc}[name]
    rows = [
        view.render(side, version) for side in WORLD.for_province(name) for version in side.versions if not side.damaged
    ]
    if name == "gd":
        root = etree.Element("危险废物转移联单", {"批次": "20260111", "文件序号": "1"})
        root.extend(row for group in rows for row in group)
        return root
    if name in {"zj", "sc"}:
        return view.page(rows, 9)
    if name == "sh":
        flat = [row for group in rows for row in group]
        return json.loads(json.dumps({"状态码": 0, "消息": "", "数据": {"总数": 9, "联单": flat}}), parse_float=Decimal)
    page = {"js": {"code": "1", "msg": "成功", "data": {"total": 9, "pageNum": 1, "pageSize": 100, "list": rows}}}
    return json.loads(json.dumps(page.get(name, {"total": 9, "page": 1, "rows": rows})), parse_float=Decimal)


@pytest.mark.parametrize("name", WORLD.provinces)
def test_our_packs_explain_every_place_of_their_source(name):
    file = ROOT / f"mappings/provinces/{name}/manifests.yaml"
    found = tally(sources(compile_mapping(file.read_text("utf-8"), file.name).template), [pages(name)])
    assert [place for place, one in found.items() if one.state == "unseen"] == []
    # the values of a positional list are one place
    assert sum(one.state == "mapped" for one in found.values()) > (20 if name == "sc" else 60)
    assert all(one.reason for one in found.values() if one.state == "ignored")


def test_the_example_pack_explains_every_place_of_its_samples():
    pack = ROOT / "docs/examples/us_emanifest"
    mapping = (pack / "mappings/provinces/us/manifests.yaml").read_text("utf-8")
    trees = [
        json.loads((pack / "samples" / f"{name}.json").read_text("utf-8"), parse_float=Decimal)
        for name in ("full_electronic", "data_and_image")
    ]
    found = tally(sources(compile_mapping(mapping, "m.yaml").template), trees)
    assert [place for place, one in found.items() if one.state == "unseen"] == []


FIELDS = """\
  plan_filing_no: {from: [a, b], when: {from: c, is: [1]}}
  status:
    - {from: v, lookup: {1: voided}}
    - {from: s, lookup: {1: declared}}
  local_numbers: [{system: {const: xx}, number: no}]
  wastes:
    each: w
    fields: {name: n, quantity_t: {from: q, unit: {from: u}}, hazards: {each: h, value: .}, receipt: {note: ../remark}}
ignore:
  own: their bookkeeping
  w/*/x: not ours
  /total: a count
"""


def state(found):
    return {place: (one.state, one.fields or one.reason, one.count) for place, one in found.items()}


def test_json_places_and_what_they_feed(m):
    program = compile_mapping(m.head + "fields:\n" + FIELDS, "m.yaml")
    row = {
        "no": "A", "a": "", "b": "1", "c": "1", "v": None, "s": "1", "remark": "r", "new": {"deep": [1, 2]}, "own": {"k": 1},
        "w": [{"n": "x", "q": 1, "u": "kg", "h": ["T", "I"], "x": {"y": 1}}, {"n": "y", "z": False}],
    }  # fmt: skip
    found = state(tally(sources(program.template), [{"list": [row], "total": 1}]))
    assert found == {
        "/list/*/no": ("mapped", ("/local_numbers/number", "key"), 1),
        "/list/*/b": ("mapped", ("/plan_filing_no",), 1),
        "/list/*/c": ("mapped", ("/plan_filing_no",), 1),
        "/list/*/s": ("mapped", ("/status",), 1),
        "/list/*/remark": ("mapped", ("/wastes/receipt/note",), 1),
        "/list/*/new/deep/*": ("unseen", "", 2),
        "/list/*/own/k": ("ignored", "their bookkeeping", 1),
        "/list/*/w/*/n": ("mapped", ("/wastes/name",), 2),
        "/list/*/w/*/q": ("mapped", ("/wastes/quantity_t",), 1),
        "/list/*/w/*/u": ("mapped", ("/wastes/quantity_t",), 1),
        "/list/*/w/*/h/*": ("mapped", ("/wastes/hazards",), 2),
        "/list/*/w/*/x/y": ("ignored", "not ours", 1),
        "/list/*/w/*/z": ("unseen", "", 1),
        "/total": ("ignored", "a count", 1),
    }


def test_xml_places_don_t_count_positions(m):
    head = m.head.replace("records: list", "records: r/row\ngroup: no\ndocument: xml")
    fields = "  plan_filing_no: p\n  wastes: {each_row: yes, fields: {name: w/@n}}\nignore:\n  '@id': its place\n"
    program = compile_mapping(head + "fields:\n" + fields, "m.yaml")
    tree = etree.fromstring(
        "<r at='1'><row id='1'><no>A</no><p new='x'>1</p><w n='a'/></row><row id='2'><no>A</no><w n='b'/></row></r>"
    )
    assert state(tally(sources(program.template), [tree])) == {
        "/r/@at": ("unseen", "", 1),
        "/r/row/@id": ("ignored", "its place", 2),
        "/r/row/no": ("mapped", ("key", "group"), 2),
        "/r/row/p": ("mapped", ("/plan_filing_no",), 1),
        "/r/row/p/@new": ("unseen", "", 1),
        "/r/row/w/@n": ("mapped", ("/wastes/name",), 2),
    }
