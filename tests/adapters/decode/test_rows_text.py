"""CSV and NDJSON as lists of rows: what was written comes back, and nothing but Malformed ever comes instead."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.decode.chain import check_chain, decode
from adapters.decode.rows_text import csv_rows, ndjson_rows
from adapters.errors import Malformed
from adapters.limits import Limits

LIMITS = Limits()
# no NUL, which stands in no text file; no half of a character
TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12)
DELIMITERS = {",": "", ";": ";", "\t": "tab", "|": "pipe", "，": "，"}


@given(
    st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=6),
    st.sampled_from(list(DELIMITERS)),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_written_as_csv_comes_back(rows, delimiter, ending):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL)
    writer.writerows([("编号", "b c", "d"), *rows])
    found = json.loads(csv_rows(out.getvalue(), DELIMITERS[delimiter], LIMITS))
    assert [tuple(row.values()) for row in found] == rows
    assert all(list(row) == ["编号", "b c", "d"] for row in found)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(JSON, max_size=6), st.sampled_from(["\n", "\r\n", "\n\n"]), st.booleans())
def test_what_is_written_line_by_line_comes_back(values, ending, ascii_only):
    text = ending.join(json.dumps(value, ensure_ascii=ascii_only) for value in values)
    assert json.loads(ndjson_rows(text, "", LIMITS)) == values


@given(st.text(max_size=80), st.sampled_from(["csv", "csv:;", "csv:tab a\tb", "ndjson"]))
def test_any_text_gives_a_list_or_is_malformed(text, step):
    decoded = decode(text.encode("utf-8", "replace"), ("text:utf-8", step, "json"), LIMITS)
    if decoded.damaged:
        assert decoded.documents == ()
    else:
        assert isinstance(decoded.documents[0].tree, list)


def test_the_places_of_faults_are_those_of_the_text():
    with pytest.raises(Malformed) as found:
        ndjson_rows('{"a": 1}\r\n\n{"a": x}\n\n', "", LIMITS)
    assert (found.value.line, found.value.column) == (3, 7)
    with pytest.raises(Malformed) as found:
        csv_rows('a,b\n"x\ny",2\n3\n', "", LIMITS)
    assert (found.value.line, found.value.column) == (4, 1)


def test_a_value_on_a_line_cannot_become_several():
    """Joined by commas, `1, 2` would read as two rows."""
    assert json.loads(ndjson_rows("1, 2\n3", "", LIMITS)) == ["1, 2", 3]


@pytest.mark.parametrize(
    ("chain", "words"),
    [
        (["text", "csv", "json"], ""),
        (["text", "csv:; a;b", "json"], ""),
        (["text", "ndjson", "json"], ""),
        (["csv", "json"], "'csv' takes text, but has bytes"),
        (["text", "ndjson", "xml"], "'ndjson' gives a list that json reads, not xml"),
        (["text", "csv:; a;;b", "json"], "a column without a name"),
        (["text", "csv:; a;a", "json"], "names 'a' twice"),
        (["text", 'csv:"', "json"], "is no delimiter"),
    ],
)
def test_a_chain_with_rows_is_checked(chain, words):
    told = check_chain(chain)
    assert words in told
    assert bool(words) == bool(told)
