"""Paths of mapping files, and as lineage prints them."""

import json

import jsonpointer
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mappings.paths import ROOT, SourcePath, parse, pointer, xpath


@pytest.mark.parametrize(
    ("written", "up", "segments"),
    [
        ("a", 0, ("a",)),
        ("a/b/0", 0, ("a", "b", "0")),
        (".", 0, ()),
        ("../no", 1, ("no",)),
        ("../../@号", 2, ("@号",)),
        ("..", 1, ()),
        ("/data/total", ROOT, ("data", "total")),
        ("a~1b/c~0d", 0, ("a/b", "c~d")),
    ],
)
def test_a_path_is_read(written, up, segments):
    assert parse(written) == SourcePath(up, segments)


@pytest.mark.parametrize("written", ["", " a", "a//b", "a/../b", "a/./b", "a/"])
def test_what_is_no_path_is_told(written):
    with pytest.raises(ValueError, match="path|part"):
        parse(written)


@given(st.lists(st.one_of(st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 3)), max_size=4))
def test_a_pointer_leads_an_independent_evaluator_to_the_value(steps):
    tree = "here"
    for step in reversed(steps):
        tree = [*["other"] * step, tree] if isinstance(step, int) else {step: tree}
    assert jsonpointer.resolve_pointer(json.loads(json.dumps(tree)), pointer(steps)) == "here"


def test_an_xpath_counts_per_name_and_knows_no_prefixes():
    tree = etree.fromstring('<r xmlns="urn:x"><y:a xmlns:y="urn:y">no</y:a><b/><a n="1">yes</a></r>')
    for steps, found in ((["r", "a", 1], "yes"), (["r", "a", 1, "@n"], "1"), (["r", "a"], "no")):
        (node,) = tree.xpath(xpath(steps))
        assert (node if isinstance(node, str) else node.text) == found
