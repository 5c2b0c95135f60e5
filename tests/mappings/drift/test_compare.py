"""The rule of what counts as drift, on pages made of rows."""

import pytest

from mappings import compile_mapping
from mappings.drift import Known, Look, compare
from mappings.drift.compare import GONE, MOST_WORDS

MAPPING = """\
kind: manifest
standard: 1.0-rc
system: xx
records: list
key: no
fields:
  plan_filing_no: p
  status: {from: s, lookup: {1: declared}}
  consignor: {in: from, name: name}
ignore: {own: theirs}
"""


class Source:
    """A dataset whose pages are compared one after the other."""

    def __init__(self):
        self.program = compile_mapping(MAPPING, "m.yaml")
        self.known, self.exchange = Known(), 0

    def page(self, *rows, again=False):
        self.exchange += not again
        look = Look(self.program.detector)
        for one in self.program.run({"list": list(rows)}, look=look):
            look.record(one.unlisted, [])
        self.change = compare(self.known, look.sight(), self.exchange, f"t{self.exchange}", again=again)
        return [(one.kind, one.place, one.detail, one.example, one.exchange) for one in self.change.news]


@pytest.fixture
def source():
    return Source()


def row(**more):
    return {"no": "A", "p": "P", "s": "1"} | more


def test_the_first_page_with_a_record_is_how_the_system_is(source):
    assert source.page() == []
    assert source.page(row(extra=1, deep={"x": "y"})) == []
    assert source.page(row(extra=2, deep={"x": "z"})) == []
    assert source.change.shown == {}


def test_a_new_place_is_told_once_with_what_showed_it(source):
    source.page(row())
    assert source.page(row(), row(extra={"a": ["b"]})) == [("new_place", "/list/*/extra/a/*", "", "b", 2)]
    assert source.page(row(extra={"a": ["c"]})) == []
    assert source.known.places["/list/*/extra/a/*"].types == {"string": 2}


def test_what_the_mapping_reads_or_ignores_is_no_news(source):
    source.page({"no": "A"})
    assert source.page(row(own={"k": 1}, **{"from": {"name": "x"}})) == []


def test_an_empty_new_place_is_none_until_it_says_something(source):
    source.page(row())
    assert source.page(row(extra=None), row(extra="")) == []
    assert source.page(row(extra="x")) == [("new_place", "/list/*/extra", "", "x", 3)]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (1, "1", "number → string"),
        ("1", 1.5, "string → number"),
        ("x", {"name": "x"}, "string → object"),
        ("x", ["x"], "string → list"),
        (True, "1", "boolean → string"),
        (1, 1.5, None),
        (1, None, None),
        (1, "", None),
        (None, 1, None),
    ],
)
def test_another_type_is_told_once(source, before, after, told):
    source.page(row(p=before))
    found = source.page(row(p=after))
    assert [(kind, place, detail) for kind, place, detail, *_ in found if kind == "changed_type"] == (
        [("changed_type", "/list/*/p", told)] if told else []
    )
    assert source.page(row(p=after), row(p=before)) == []


def test_a_place_vanishes_after_enough_objects_without_it(source):
    source.page(*[row()] * 100)
    without = {"no": "A", "s": "1"}
    assert source.page(*[without] * (GONE - 1)) == []
    assert source.page() == []
    assert source.page(without) == [("vanished_place", "/list/*/p", "", "", 2)]
    assert source.page(*[without] * 100) == []
    assert source.page(without, row()) == []
    assert source.change.returned == ("/list/*/p",)


def test_the_same_bytes_again_only_count(source):
    source.page(*[row()] * 100)
    without = {"no": "A", "s": "1"}
    source.page(*[without] * (GONE - 1))
    for _ in range(3):
        assert source.page(*[without] * (GONE - 1), again=True) == []
    assert source.known.places["/list/*/no"].types == {"string": 100 + 4 * (GONE - 1)}
    assert source.page(without) == [("vanished_place", "/list/*/p", "", "", 2)]


def test_what_was_often_absent_doesn_t_vanish(source):
    source.page(*[row()] * 90, *[{"no": "A"}] * 10)
    assert source.page(*[{"no": "A", "s": "1"}] * 500) == []


def test_a_place_that_the_mapping_doesn_t_read_may_vanish(source):
    source.page(*[row(other="x")] * 100)
    assert source.page(*[row()] * 500) == []


def test_an_object_vanishes_as_one_and_what_it_holds_with_it(source):
    source.page(*[row(**{"from": {"name": "x"}})] * 100)
    assert [place for _, place, *_ in source.page(*[row()] * GONE)] == ["/list/*/from"]


def test_a_word_that_no_list_has_is_told_from_the_first_page_on_and_once(source):
    assert source.page(row(s="7"), row(s="7")) == [("unseen_code", "/list/*/s", "7", "7", 1)]
    assert source.page(row(s="7"), row(s="8")) == [("unseen_code", "/list/*/s", "8", "8", 2)]
    assert {word: one.count for word, one in source.known.unlisted["/list/*/s"].items()} == {"7": 3, "8": 1}


def test_free_text_where_codes_are_expected_doesn_t_fill_the_list(source):
    found = source.page(*[row(s=f"text {number}") for number in range(100)])
    assert len(found) == MOST_WORDS + 1
    assert source.known.unlisted["/list/*/s"]["…"].count == 100 - MOST_WORDS
