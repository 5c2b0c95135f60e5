"""The whole draft: it lints whatever it is made of, and finds most of what people found in the three systems."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from contract_tests.drafted import fields_of, mock_sample, score
from mappings import Mapped, compile_mapping
from mappings.document import is_xml, plain
from mappings.infer import infer

ROOT = Path(__file__).resolve().parents[3]
NAMES = st.one_of(
    st.sampled_from(
        [
            "联单编号",
            "ldbh",
            "wasteName",
            "废物",
            "list",
            "产废单位",
            "@a",
            "qty",
            "unit",
            "状态",
            "via",
            "from",
            "a/b",
            "a~b",
            "a'b",
            "y",
            "key: x",
            "#",
            "旧 名",
        ]
    ),
    st.text(max_size=6),
)
TEXTS = st.one_of(
    st.sampled_from(
        ["", "无", "T,I", "2026-03-05", "20263205000123", "苏A12345", "1", "t", "是", "a: b # c", "900-249-08", "\n"]
    ),
    st.text(max_size=8),
    st.integers(-5, 5),
    st.booleans(),
    st.none(),
)
TREES = st.recursive(
    TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=14
)


def mapped(draft, tree):
    return compile_mapping(draft.text, "draft.yaml").run(tree)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.dictionaries(NAMES, TREES, max_size=5), min_size=1, max_size=3))
def test_the_draft_of_any_json_lints(trees):
    compile_mapping(infer(trees).text, "draft.yaml")


@settings(deadline=None, max_examples=60)
@given(
    st.recursive(
        st.sampled_from(["1", "无", "", "废油", "2026-03-05"]),
        lambda inner: st.lists(st.tuples(st.sampled_from(["联单", "废物", "编号", "wfmc", "r"]), inner), max_size=4),
        max_leaves=12,
    )
)
def test_the_draft_of_any_xml_lints(content):
    def element(name, inner):
        made = etree.Element(name, 编号="7") if name == "废物" else etree.Element(name)
        if isinstance(inner, str):
            made.text = inner
        else:
            made.extend([element(*one) for one in inner])
        return made

    draft = infer([plain(element("r", content))], xml=True)
    compile_mapping(draft.text, "draft.yaml")


@pytest.mark.parametrize("system", ["js", "tj", "gd"])
def test_the_drafts_of_the_three_systems_lint_run_and_are_mostly_right(system):
    """Counted as contract_tests.drafted says: over the fields that the true mapping fills from the source."""
    tree = mock_sample(system, 20)
    draft = infer([plain(tree)], xml=is_xml(tree), system=system)
    true = (ROOT / f"mappings/provinces/{system}/manifests.yaml").read_text("utf-8")
    found = score(draft, true)
    assert found.share >= 80, (found.wrong, found.missed)
    assert len(found.invented) <= 3
    out = mapped(draft, tree)
    assert len(out) >= 20
    assert all(isinstance(one, Mapped) for one in out)
    heads = compile_mapping(true, "true.yaml").run(tree)
    assert [one.source_key for one in out] == [one.source_key for one in heads]
    assert [one.newer for one in out] == [one.newer for one in heads]


def test_what_is_certain_is_right_more_often_than_what_is_marked():
    """Over the three systems and the two shapes of the benchmark, so that the marks are worth something."""
    right, of = {True: 0, False: 0}, {True: 0, False: 0}
    for system in ("js", "tj", "gd"):
        tree = mock_sample(system, 12)
        true = fields_of((ROOT / f"mappings/provinces/{system}/manifests.yaml").read_text("utf-8"))
        for line in infer([plain(tree)], xml=is_xml(tree)).lines:
            of[line.sure] += 1
            right[line.sure] += line.path in true.get(line.field, ())
    for name in ("flat_initials.json", "chinese_elements.xml"):
        file = ROOT / "benchmarks/infer_shapes" / name
        tree = etree.parse(file).getroot() if file.suffix == ".xml" else json.loads(file.read_text("utf-8"))
        true = fields_of(file.with_suffix(".yaml").read_text("utf-8"))
        for line in infer([plain(tree)], xml=is_xml(tree)).lines:
            of[line.sure] += 1
            right[line.sure] += line.path in true.get(line.field, ())
    assert right[True] / of[True] >= 0.97
    assert right[True] / of[True] > right[False] / of[False]


def test_codes_that_nobody_can_know_are_left_to_a_person():
    draft = infer(
        [{"rows": [{"联单编号": f"2026320500012{n}", "转移类型": str(n % 2), "产废单位": "甲公司"} for n in range(6)]}]
    )
    assert "  # ? transfer_type: {from: 转移类型, lookup: {0: …, 1: …}}" in draft.text
    assert "codes seen: 0, 1; say what each means (请补代码含义)" in draft.text
    line = next(line for line in draft.lines if line.field == "transfer_type")
    assert (line.live, line.sure) == (False, False)


def test_words_that_mean_ours_make_a_table_and_those_that_dont_are_named():
    rows = [
        {"联单编号": f"2026320500012{n}", "联单状态": word} for n, word in enumerate(["已办结", "待复核", "运输中"])
    ]
    (line,) = [line for line in infer([{"rows": rows}]).text.splitlines() if "status" in line]
    assert line.startswith("  status: {from: 联单状态, lookup: {已办结: completed, 运输中: in_transit}}  # ? ")
    assert line.endswith("not understood: 待复核 (未能理解的取值)")


def test_a_missing_unit_is_marked():
    rows = [{"联单编号": f"2026320500012{n}", "废物": [{"废物名称": "废油", "转移量": "1.5"}]} for n in range(3)]
    assert "quantity_t: {from: 转移量, unit: t}  # ? " in infer([{"rows": rows}]).text


def test_what_nothing_was_made_of_is_listed_with_an_example():
    draft = infer([{"rows": [{"联单编号": "20263205000123", "产废单位名称": "甲公司", "xyz": "abc"}]}])
    assert [(one.path, one.example) for one in draft.leftovers] == [("/rows/xyz", "abc")]
    assert draft.text.rstrip().endswith("#   /rows/xyz   abc")


def test_a_field_has_one_place_and_a_place_one_field():
    draft = infer([plain(mock_sample("js", 10))])
    assert len({line.field for line in draft.lines}) == len(draft.lines)
    assert len({line.path for line in draft.lines}) == len(draft.lines)


def test_the_same_samples_give_the_same_draft_in_any_order_of_documents():
    trees = [{"rows": [row]} for row in mock_sample("tj", 12)["rows"]]
    assert infer(trees).text == infer(trees).text
    assert {line.field: line.path for line in infer(trees).lines} == {
        line.field: line.path for line in infer(trees[::-1]).lines
    }


def test_nothing_known_is_still_a_mapping():
    draft = infer([{"x": 1}])
    assert draft.lines == ()
    assert "fields: {}" in draft.text
    assert "key: {document_name: yes}  # ? " in draft.text


def test_a_bare_list_is_named_as_what_no_mapping_reads():
    draft = infer([[{"联单编号": "20263205000123"}]])
    assert "records: .  # ? the document is a bare list" in draft.text
    compile_mapping(draft.text, "draft.yaml")
