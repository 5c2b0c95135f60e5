import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.decode.json_fault import first_fault
from adapters.decode.json_text import parse_json
from adapters.errors import Malformed
from adapters.limits import Limits

LIMITS = Limits(depth=8)

FAULTS = [
    ('{"a": 1,\n "a": 2}', 2, 2, "'a' stands twice"),
    ('{"a": 1, "\\u0061": 2}', 1, 10, "'a' stands twice"),
    ("[1, NaN]", 1, 5, "NaN"),
    ("[-Infinity]", 1, 2, "-Infinity"),
    ("[1e400, 1E401]", 1, 9, "exponent"),
    ("[1e-99999999]", 1, 2, "exponent"),
    ("[[[[[[[[[1]]]]]]]]]", 1, 9, "deeper than 8"),
    ('["\\ud800"]', 1, 3, "half a character"),
    ('["\\udc00\\ud800"]', 1, 3, "half a character"),
    ("[1,]", 1, 3, "comma"),
    ('{"a":1,}', 1, 7, "comma"),
    ("", 1, 1, "ends too early"),
    ("\n\n", 3, 1, "ends too early"),
    ('{"a" 1}', 1, 6, "':'"),
    ("{a: 1}", 1, 2, "key in double quotes"),
    ("{'a': 1}", 1, 2, "key in double quotes"),
    ("[01]", 1, 3, "','"),
    ("[1.]", 1, 3, "','"),
    ("[+1]", 1, 2, "'+'"),
    ('["a\tb"]', 1, 4, "'\\t'"),
    ('["abc', 1, 2, "inside a string"),
    ("[1] [2]", 1, 5, "more text"),
    ("[1" + "0" * 5000 + "]", 1, 2, "5001 characters"),
    ("[0." + "1" * 5000 + "]", 1, 2, "5002 characters"),
    ("<html></html>", 1, 1, "'<'"),
    ("\ufeff{}", 1, 1, "'\\ufeff'"),
]


@pytest.mark.parametrize(("text", "line", "column", "words"), FAULTS)
def test_a_refused_text_names_its_place_and_reason(text, line, column, words):
    with pytest.raises(Malformed) as refused:
        parse_json(text, LIMITS)
    assert words in refused.value.words
    assert (refused.value.line, refused.value.column) == (line, column)


def test_numbers_stay_exact():
    tree = parse_json("[1.10, 123456789012345678901234567890, 0.1, 1e2, -0.0, 18446744073709551616]", LIMITS)
    assert [str(value) for value in tree] == [
        "1.10",
        "123456789012345678901234567890",
        "0.1",
        "1E+2",
        "-0.0",
        "18446744073709551616",
    ]
    assert [type(value) for value in tree] == [Decimal, int, Decimal, Decimal, Decimal, int]


def test_a_pair_of_surrogates_is_one_character():
    assert parse_json('["\\ud83d\\ude00"]', LIMITS) == ["😀"]


def test_nesting_up_to_the_limit_passes():
    assert parse_json("[" * 8 + "]" * 8, LIMITS) == [[[[[[[[]]]]]]]]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=100)
@given(JSON, st.booleans(), st.sampled_from([None, 0, 2]))
def test_what_json_writes_is_read_back(tree, escaped, indent):
    text = json.dumps(tree, ensure_ascii=escaped, indent=indent)
    assert parse_json(text, Limits()) == tree
    assert first_fault(text, 100) is None


@settings(max_examples=200)
@given(JSON, st.integers(0, 200), st.text('{}[]",:\\0123 eE.-+tfnu\n\x00', max_size=3))
def test_the_quick_reader_and_the_scanner_refuse_the_same_texts(tree, at, insert):
    whole = json.dumps(tree)
    text = whole[:at] + insert + whole[at + len(insert) :]
    refused = False
    try:
        parse_json(text, Limits())
    except Malformed:
        refused = True
    assert refused == (first_fault(text, 100) is not None)


def test_a_hundred_thousand_brackets_are_refused_quickly():
    with pytest.raises(Malformed, match="deeper"):
        parse_json("[" * 100_000, Limits())
