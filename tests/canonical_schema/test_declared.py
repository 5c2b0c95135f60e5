import textwrap
from typing import Annotated, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from canonical_schema.declared import MAX_DEPTH, declare, read
from canonical_schema.problem import ProblemsFound


def told(text):
    with pytest.raises(ProblemsFound) as caught:
        read(textwrap.dedent(text), "a.yaml")
    return [(fault.line, fault.column, fault.kind) for fault in caught.value.problems]


def test_every_scalar_stays_as_written():
    node = read("a: NO\nb: 0123\nc: 12:30\nd: ~\ne: 1_000\nf: '是'\ng:\n", "a.yaml")
    assert node.plain() == {"a": "NO", "b": "0123", "c": "12:30", "d": "~", "e": "1_000", "f": "是", "g": ""}


def test_nodes_know_their_line_and_column():
    node = read("名称: 甲\nlist:\n  - x: 1\n  - y\n", "a.yaml")
    assert node.at(("名称",)) == (1, 5)
    assert node.at(("list", 0, "x")) == (3, 8)
    assert node.at(("list", 1)) == (4, 5)
    assert node.at(("list", 7, "z")) == node.at(("list",)) == (3, 3)
    assert node.entries["list"].items[0].key_marks == {"x": (3, 5)}


def test_all_faults_come_at_once():
    text = """\
        a: &one 1
        b: *one
        c: !!int 2
        a: again
        <<: {}
        ? [x]
        : 3
    """
    assert told(text) == [
        (1, 4, "anchor"),
        (2, 4, "alias"),
        (3, 4, "tag"),
        (4, 1, "duplicate"),
        (5, 1, "merge"),
        (6, 3, "key"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(1, 1, "empty")]),
        ("# only words\n", [(1, 1, "empty")]),
        ("a: [1, 2\nb: 3\n", [(2, 2, "syntax")]),
        ("a: 1\n\tb: 2\n", [(2, 1, "syntax")]),
        ("a: 1\nb: x\x00y\n", [(2, 5, "character")]),
        ("a: \ud800", [(1, 4, "character")]),
        ("a: 1\n---\nb: 2\n", [(2, 1, "document")]),
        ("a: 1\na: 2\nb: [", [(2, 1, "duplicate"), (4, 1, "syntax")]),
    ],
)
def test_what_is_no_declared_yaml_says_where(text, expected):
    assert told(text) == expected


def test_a_quoted_merge_sign_is_a_key_like_any_other():
    assert read("'<<': 1", "a.yaml").plain() == {"<<": "1"}


def test_depth_is_bounded():
    assert told("[" * 5000)[0][2] == "depth"
    deep = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert read(deep, "a.yaml").kind == "list"


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_places(text):
    faults = ()
    try:
        assert read(text, "a.yaml").line >= 1
    except ProblemsFound as error:
        faults = error.problems
    lines = text.count("\n") + text.count("\r") + text.count("\x85") + text.count("\u2028") + text.count("\u2029") + 2
    assert all(1 <= fault.line <= lines and fault.column >= 1 for fault in faults)


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Rest(Shape):
    driver: Literal["rest"]
    base_url: str
    page_size: int = 100


class Drop(Shape):
    driver: Literal["xml_drop"]
    folder: str
    when: Annotated[str, Field(alias="if")] = ""


class Spec(Shape):
    title: str
    systems: dict[str, Annotated[Rest | Drop, Field(discriminator="driver")]]
    words: list[str] = []


def test_a_sound_file_becomes_the_model():
    spec = declare(Spec, "title: 甲\nsystems: {js: {driver: rest, base_url: x, page_size: '20'}}\n", "a.yaml")
    assert spec.systems["js"] == Rest(driver="rest", base_url="x", page_size=20)


def test_a_node_is_declared_like_a_text():
    assert declare(Drop, read("driver: xml_drop\nfolder: in\nif: x", "a.yaml"), "a.yaml").when == "x"


def test_every_fault_of_the_shape_has_its_place_and_suggestion():
    text = """\
        titel: 甲
        systems:
          js:
            driver: rest
            base_ur1: x
            page_size: many
          gd:
            driver: xml_drop
            folder: in
            If: x
        words: one
    """
    with pytest.raises(ProblemsFound) as caught:
        declare(Spec, textwrap.dedent(text), "a.yaml")
    assert str(caught.value).splitlines() == [
        "a.yaml:1:1: key 'title' is missing ('titel' stands here)",
        "a.yaml:1:1: unknown key 'titel'; did you mean 'title'?",
        "a.yaml:4:5: key 'base_url' is missing ('base_ur1' stands here)",
        "a.yaml:5:5: unknown key 'base_ur1'; did you mean 'base_url'?",
        "a.yaml:6:16: systems.js.page_size: Input should be a valid integer, unable to parse string as an integer",
        "a.yaml:10:5: unknown key 'If'; did you mean 'if'?",
        "a.yaml:11:8: words: Input should be a valid list",
    ]


def test_a_word_that_isnt_one_of_them_names_the_likely_one():
    with pytest.raises(ProblemsFound, match=r"a.yaml:2:9: 'xml_drip' is none of 'xml_drop'; did you mean 'xml_drop'\?"):
        declare(Drop, "folder: x\ndriver: xml_drip\n", "a.yaml")
