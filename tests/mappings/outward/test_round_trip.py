"""There and back: a record written in a province's form and read again by its mapping says the same.

What a system can't carry is data: the mapping's own `left_out`, and what it has a place for but can't say
(contract_tests/world/views/losses.py). Every other difference fails.
"""

import json
import os
import re
from copy import deepcopy
from decimal import Decimal
from functools import reduce
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from canonical_schema.export.samples import sample
from contract_tests.lineage_check import fault, leaves, reader
from contract_tests.world import World
from contract_tests.world.records import contents
from contract_tests.world.views import gd, js, tj
from contract_tests.world.views.losses import COLOURS, LOSSES, carried, told
from mappings import Mapped, compile_mapping, decode_remainder, encode_remainder, explain
from mappings.outward import compile_outward

EXAMPLES = 5_000 if os.environ.get("LIANDAN_TORTURE") else 150
SYSTEMS = ("js", "tj", "gd")
PROVINCES = Path(__file__).resolve().parents[3] / "mappings/provinces"
INWARD = {one: compile_mapping((PROVINCES / one / "manifests.yaml").read_text("utf-8"), one) for one in SYSTEMS}
OUTWARD = {one: compile_outward((PROVINCES / one / "out/manifests.yaml").read_text("utf-8"), one) for one in SYSTEMS}
WRAPPED = {"js": lambda row: {"data": {"list": [row]}}, "tj": lambda row: {"rows": [row]}}


FULL = deepcopy(sample("manifest", "full")["content"])
# What the full sample lacks for every field to be met: two fields, and a time where js can't write a day.
FULL["backfill"]["filed_at"] = FULL["backfill"]["finished_at"]
FULL["void"]["at"] = FULL["backfill"]["finished_at"]
FULL["legs"][0]["carrier"]["address"] = "苏州市某路 1 号"
FULL["wastes"][1]["receipt"]["declared"] = FULL["wastes"][1]["declared"]


def envelope(content):
    return {"kind": "manifest", "version": 3, "recorded_at": "2026-03-12T09:30:00+08:00", "content": content}


def written(system, content):
    """The payload of a record; where each of its values came from is checked on the way."""
    record = envelope(content)
    sent = OUTWARD[system].run(record)
    entries = explain(OUTWARD[system].template, decode_remainder(encode_remainder(sent.remainder)), sent.content, "r")
    find = {"r": reader("application/json", json.dumps(record))}
    assert [(entry, wrong) for entry in entries if (wrong := fault(entry, find))] == []
    assert {entry["field"]: entry["value"] for entry in entries if "value" in entry} == leaves(sent.content)
    return sent


def read(system, text):
    """What the system's own mapping makes of a payload."""
    tree = etree.fromstring(text) if system == "gd" else WRAPPED[system](json.loads(text, parse_float=Decimal))
    (mapped,) = INWARD[system].run(tree)
    assert isinstance(mapped, Mapped), mapped
    assert mapped.findings == ()
    return mapped.content


# -- records that a system's form can hold

FILLERS = {"无", "-", "0-直达"}


@st.composite
def expressible(draw, system):
    """Any valid content in which no text is one of the system's words for nothing, or holds its mark 、."""
    content = fitted(draw, reduce(merged, draw(st.lists(contents("manifest") | st.just(FULL), min_size=1, max_size=4))))
    others = [one for one in content.get("local_numbers", []) if one["system"] != system]
    own = {"system": system, "number": draw(st.sampled_from(["A1", "0012", "某-7"]))}
    return content | {"local_numbers": draw(st.permutations([*others, own]))}


def merged(one, other):
    """A fuller record: the strategy's own have few of the many fields."""
    if isinstance(one, dict) and "precision" not in one:
        return other | one | {name: merged(one[name], other[name]) for name in one.keys() & other.keys()}
    if isinstance(one, list) and isinstance(one[0], dict):
        return [merged(mine, theirs) for mine, theirs in zip(one, other, strict=False)] + one[len(other) :]
    return one


def fitted(draw, value, name=""):
    if name == "declared":  # a mass would be tonnes, and what is no number is no quantity
        return {"value": draw(st.sampled_from(["3", "12", "0.50", "1,000"])), "unit": draw(st.sampled_from("桶桶个"))}
    if name == "plate_colour":
        return draw(st.sampled_from([*COLOURS, "白"]))
    if isinstance(value, dict):
        if (
            "precision" in value
        ):  # no earlier: until 1991 a Chinese clock had summer time, and an hour that it showed twice
            year = int(value["at"][:4])
            return value | {"at": f"{year if year >= 1992 else 2000 + year % 100:04}{value['at'][4:]}"}
        return {key: fitted(draw, inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        items = [fitted(draw, item) for item in value]
        if name in {"wastes", "legs"}:  # the standard's order
            return sorted(items, key=lambda item: item["seq"])
        return items if isinstance(items[0], dict) else list(dict.fromkeys(items))  # the standard's values: each once
    if isinstance(value, str):
        return "某" if value in FILLERS else value.replace("、", "/")
    return value


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_record_comes_back_as_it_went(system):
    met = set()

    @settings(max_examples=EXAMPLES)
    @given(expressible(system))
    def there_and_back(content):
        back = read(system, written(system, content).text)
        assert back == told(system, content, OUTWARD[system].left_out)
        met.update(re.sub(r"/[0-9]+|/(at|precision)(?=$)", "", place)[1:] for place in leaves(back))

    there_and_back()
    assert met >= OUTWARD[system].carried


RENDERED = {
    "js": lambda side: json.dumps(js.render(side, side.versions[-1])),
    "tj": lambda side: json.dumps(tj.render(side, side.versions[-1])),
    "gd": lambda side: etree.tostring(file_of(gd.render(side, side.versions[-1])), encoding="unicode"),
}


def file_of(rows):
    root = etree.Element("危险废物转移联单")
    root.extend(rows)
    return root


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_a_province_wrote_is_written_as_it_was_read(system):
    sides = [side for side in World(11, 120).for_province(system) if not side.damaged]
    assert len(sides) > 100
    for side in sides:
        content = read(system, RENDERED[system](side))
        sent = written(system, content)
        assert sent.findings == ()
        assert read(system, sent.text) == content


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_field_of_the_standard_is_carried_or_left_out_with_a_reason(system):
    assert OUTWARD[system].untold == ()
    assert all(OUTWARD[system].left_out.values())


@pytest.mark.parametrize(("system", "reason"), [(system, reason) for system in SYSTEMS for reason in LOSSES[system]])
def test_each_loss_is_one(system, reason):
    """A carriage that loses nothing, or no more, has no place in the table."""
    content = {
        "local_numbers": [{"system": "xx", "number": "9"}, {"system": system, "number": "1"}],
        "status": "arrived",
        "transport_mode": "pipeline",
        "planned_at": {"at": "2026-03-05", "precision": "day"},
        "void": {"at": {"at": "2026-03-05T08:30:15+08:00", "precision": "second"}},
        "wastes": [
            {
                "seq": 1,
                "name": "废油",
                "quantity_t": "1.5",
                "declared": {"value": "3", "unit": "桶"},
                "packages": [{"type": "桶", "count": 0}, {"type": "箱", "count": 2}],
            }
        ],
        "legs": [
            {"seq": 1, "vehicle": {"plate_colour": "白"}, "via": [{"name": "甲"}, {"name": "乙"}, {"name": "甲"}]}
        ],
    }
    back = read(system, written(system, content).text)
    assert back == told(system, content, OUTWARD[system].left_out)
    whole = deepcopy(content)
    for other, change in LOSSES[system].items():
        if other != reason:
            change(whole)
    assert back != carried(whole, OUTWARD[system].left_out)
