"""XML as the plain values that compiled mappings read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mappings.document import plain


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<a/>", {"a": ""}),
        ("<a> x </a>", {"a": " x "}),
        ("<a n='1'>x</a>", {"a": {"@n": "1", "": "x"}}),
        ("<a><b>1</b><c/><b>2</b><b>3</b></a>", {"a": {"b": ["1", "2", "3"], "c": ""}}),
        ("<p:a xmlns:p='urn:p' p:n='1'><p:b>x</p:b></p:a>", {"a": {"@n": "1", "b": "x"}}),
        ("<a>one<!-- no -->two</a>", {"a": "onetwo"}),
        ("<a><!-- no --><b>1</b></a>", {"a": {"b": "1"}}),
        ("<a><![CDATA[<x>]]></a>", {"a": "<x>"}),
        ("<a>\n  <b>1</b>\n</a>", {"a": {"b": "1"}}),
    ],
)
def test_xml_becomes_plain_values(text, wanted):
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, resolve_entities=False)
    assert plain(etree.fromstring(text, parser)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<a n='1'>one<!-- no -->two</a>", {"a": {"@n": "1", "": "onetwo"}}),
        ("<a>one<?no no?>two</a>", {"a": "onetwo"}),
        ("<a n='1'><!-- no --><b>1</b></a>", {"a": {"@n": "1", "b": "1"}}),
    ],
)
def test_a_comment_among_the_text_takes_nothing_from_it(text, wanted):
    assert plain(etree.fromstring(text)) == wanted


def test_json_stays_as_it_is():
    tree = {"a": [1, None, {"b": "x"}]}
    assert plain(tree) is tree


LEAVES = st.sampled_from(
    ["<a/>", "<b>1</b>", "<a> x </a>", "<a>x<!-- y -->z</a>", "<?p q?>", "<b><![CDATA[<]]></b>", "w"]
)
TREES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4).map(lambda parts: f"<a>{''.join(parts)}</a>"))


@given(TREES)
def test_a_document_without_attributes_is_read_as_one_with_them(inner):
    bare, other = (etree.fromstring(f"<r{attribute}>{inner}</r>") for attribute in ("", " x='1'"))
    seen, wanted = plain(bare)["r"], plain(other)["r"]
    assert wanted.pop("@x") == "1"
    assert seen == (wanted.get("", {}) if set(wanted) <= {""} else wanted)
