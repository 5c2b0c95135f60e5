"""Valid pages, changed at random where it hurts: no record is ever accepted that the standard refuses, none stops a page."""

import copy
import json
import os
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from canonical_schema import structure
from canonical_schema.kinds.manifest import Manifest
from contract_tests.lineage_check import fault, leaves, reader
from contract_tests.world import World
from contract_tests.world.views import gd, js, sc, sh, tj, zj
from mappings import Mapped, compile_mapping, decode_remainder, encode_remainder, explain

TIMES = 20_000 if os.environ.get("LIANDAN_TORTURE") else 1_200
ROOT = Path(__file__).resolve().parents[2]
STRANGE = [
    None, "", " ", "无", "-", "\u200b", "\ufeff1", "1\x00", "ＡＢＣ", "１２３", "-1", "1e400", "NaN", "Infinity", "99999999999999999999",
    "2026-02-30 00:00:00", "9999-12-31", "<a/>", "{}", "甲" * 3000, 0, -5, 2**70, Decimal("1E+50"), Decimal("0.1"), True,
    [], {}, [None], ["a", "b"], {"a": 1}, [[["x"]]],
]  # fmt: skip


def program(name):
    file = ROOT / f"mappings/provinces/{name}/manifests.yaml"
    return compile_mapping(file.read_text("utf-8"), file.name)


@pytest.fixture(scope="module")
def sides():
    world = World(5, 6, ("js", "tj", "gd", "zj", "sh", "sc"))
    return {name: [one for one in world.for_province(name) if one.damaged is None] for name in world.provinces}


def changed(dice, tree):
    """The tree with one to four places changed: gone, strange, doubled, moved, or wrapped."""
    tree = copy.deepcopy(tree)
    for _ in range(dice.randrange(1, 5)):
        places = list(_places(tree))
        holder, key = dice.choice(places)
        match dice.randrange(5):
            case 0:
                del holder[key]
            case 1:
                holder[key] = copy.deepcopy(dice.choice(STRANGE))
            case 2:
                holder[key] = [holder[key], copy.deepcopy(holder[key])]
            case 3:
                other, name = dice.choice(places)
                holder[key] = copy.deepcopy(other[name]) if not _holds(other, name) else "x"
            case _:
                holder[key] = {"inner": holder[key]}
        if not tree:
            return tree
    return tree


def _holds(holder, key):
    return not (isinstance(holder, dict) and key in holder) and not (isinstance(holder, list) and key < len(holder))


def _places(value):
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(items):
        yield value, key
        yield from _places(inner)


def changed_xml(dice, root):
    root = copy.deepcopy(root)
    for _ in range(dice.randrange(1, 5)):
        element = dice.choice(list(root.iter(etree.Element)))
        strange = dice.choice([one for one in STRANGE if isinstance(one, str) and one.isprintable()])
        match dice.randrange(5):
            case 0 if element is not root:
                element.getparent().remove(element)
            case 1:
                element.text = strange
            case 2 if element is not root:
                element.addnext(copy.deepcopy(element))
            case 3:
                element.set(f"a{dice.randrange(9)}", strange)
            case _:
                etree.SubElement(element, dice.choice([one.tag for one in root.iter(etree.Element)]))
    return root


def judged(mapping, tree, text, media_type):
    """Maps; everything that the gateway would accept is what the standard's own models accept, and truly explained."""
    accepted = 0
    find = {"d1": reader(media_type, text)}
    for one in mapping.run(tree):
        if not isinstance(one, Mapped):
            assert all(one.reasons)
            continue
        assert all(finding.message and finding.message_en for finding in one.findings)
        if structure.faults("manifest", one.content):
            continue
        accepted += 1
        assert one.source_key.strip()
        assert Manifest.model_validate(one.content).canonical() == one.content
        entries = explain(mapping.template, decode_remainder(encode_remainder(one.remainder)), one.content, "d1")
        assert {entry["field"]: entry["value"] for entry in entries if "value" in entry} == leaves(one.content)
        assert [(entry, wrong) for entry in entries if (wrong := fault(entry, find))] == []
    return accepted


def test_json_pages(dice, sides):
    mapping = program("js")
    rows = [js.render(side, side.versions[-1]) for side in sides["js"]]
    accepted = 0
    for _ in range(TIMES):
        page = {"data": {"list": [changed(dice, dice.choice(rows)), copy.deepcopy(rows[0])]}}
        text = json.dumps(page, default=float)
        tree = json.loads(text, parse_float=Decimal)
        found = judged(mapping, tree, text, "application/json")
        assert found >= 1, "the record beside it goes on"
        accepted += found - 1
    assert TIMES // 20 < accepted < TIMES


def test_json_pages_with_pinyin_keys(dice, sides):
    mapping = program("tj")
    rows = [tj.render(side, side.versions[-1]) for side in sides["tj"]]
    wrap = wrapping(mapping)
    accepted = 0
    for _ in range(TIMES):
        text = json.dumps(wrap([changed(dice, dice.choice(rows)), copy.deepcopy(rows[0])]), default=float)
        accepted += judged(mapping, json.loads(text, parse_float=Decimal), text, "application/json") - 1
    assert TIMES // 20 < accepted < TIMES


def wrapping(mapping):
    """Puts rows where the mapping looks for them."""

    def wrap(rows):
        tree = rows
        for segment in reversed(mapping.spec.records.segments):
            tree = {segment: tree}
        return tree

    return wrap


def test_xml_files(dice, sides):
    mapping = program("gd")
    rows = [row for side in sides["gd"] for row in gd.render(side, side.versions[-1])]
    names = mapping.spec.records.segments
    accepted = 0
    for _ in range(TIMES // 2):
        root = holder = etree.Element(names[0])
        for name in names[1:-1]:
            holder = etree.SubElement(holder, name)
        holder.append(changed_xml(dice, dice.choice(rows)))
        holder.append(copy.deepcopy(dice.choice(rows)))
        text = etree.tostring(root, encoding="unicode")
        accepted += judged(mapping, etree.fromstring(text), text, "application/xml")
    assert accepted > TIMES // 4


def test_rows_with_chinese_keys(dice, sides):
    mapping = program("sh")
    rows = [row for side in sides["sh"] for row in sh.render(side, side.versions[-1])]
    accepted = 0
    for _ in range(TIMES // 2):
        page = {"数据": {"联单": [changed(dice, dice.choice(rows)), copy.deepcopy(dice.choice(rows))]}}
        text = json.dumps(page, default=float)
        accepted += judged(mapping, json.loads(text, parse_float=Decimal), text, "application/json")
    assert accepted > TIMES // 4


@pytest.mark.parametrize("name", ["zj", "sc"])
def test_xml_pages(dice, sides, name):
    mapping, view = program(name), {"zj": zj, "sc": sc}[name]
    rows = [view.render(side, side.versions[-1]) for side in sides[name]]
    accepted = 0
    for _ in range(TIMES // 2):
        page = view.page([changed_xml(dice, dice.choice(rows)), copy.deepcopy(dice.choice(rows))], 2)
        text = etree.tostring(page, encoding="unicode")
        accepted += judged(mapping, etree.fromstring(text), text, "application/xml")
    assert accepted > TIMES // 4
