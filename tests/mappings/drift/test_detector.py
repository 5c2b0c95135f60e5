"""What a page showed is what a plain walk over its documents finds, however much of it was met before."""

import json
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mappings import compile_mapping, embedded
from mappings.coverage import names
from mappings.document import plain
from mappings.drift import Detector, Look
from mappings.drift import detector as limits
from mappings.errors import RecordRefused
from mappings.paths import pointer

HEAD = "kind: manifest\nstandard: 1.0-rc\nsystem: xx\n"
JSON = (
    HEAD
    + "records: list\nkey: no\nembedded: {j: json, x: xml}\nfields:\n  status: s\n  consignor: {contact: {name: who}}\n"
)
XML = HEAD + "document: xml\nrecords: r/row\nkey: no\nembedded: {j: json}\nfields:\n  status: s\n"
TYPES = {str: "string", bool: "boolean", int: "integer", Decimal: "number"}

keys = st.sampled_from(["no", "s", "who", "j", "x", "a/b", "", "0"])
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 9), st.decimals(-9, 9, places=1), st.sampled_from(["", " ", "a", '{"k": [1]}', "<k a='1'/>"])
)  # fmt: skip
values = st.recursive(
    scalars, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(keys, inner, max_size=4)), max_leaves=25
)  # fmt: skip
documents = st.lists(values, max_size=5).map(lambda rows: {"list": rows})


@st.composite
def elements(draw, depth=3):
    one = etree.Element(
        draw(st.sampled_from(["row", "no", "s", "j"])), draw(st.sampled_from([{}, {"a": "1"}, {"b": ""}]))
    )
    one.text = draw(st.sampled_from([None, "", "\n", "a", '{"k": 1}']))
    one.extend(draw(st.lists(elements(depth - 1), max_size=3)) if depth else [])
    return one


@st.composite
def xml_documents(draw):
    root = etree.Element("r")
    root.extend(draw(st.lists(elements(), max_size=4)))
    return root


def walked(known, value, shown="", place=(), *, xml, opened=False):
    """(place, type) of every value that says something, the slow way."""
    form = None if opened else known.embedded.get(place)
    if form is not None and isinstance(value, str):
        try:
            inner = embedded.parsed(value, form, place, "")
        except RecordRefused:
            inner = value
        yield from walked(known, inner, shown, place, xml=form == "xml", opened=True)
    elif isinstance(value, dict):
        if not (xml and "" in value):
            yield shown, "object"
        for name, inner in value.items():
            own = xml and name == ""
            steps = (shown, place) if own else (shown + pointer((name,)), (*place, *names((name,))))
            yield from walked(known, inner, *steps, xml=xml, opened=opened and own)
    elif isinstance(value, list):
        if not xml:
            yield shown, "list"
        for inner in value:
            yield from walked(known, inner, shown if xml else shown + "/*", place, xml=xml, opened=opened and xml)
    elif value is not None and str(value).strip():
        yield shown, TYPES[value.__class__]


def observed(detector, roots):
    look = Look(detector)
    for root in roots:
        look(root)
    return look.sight().places


def check(detector, roots):
    wanted = Counter(one for root in roots for one in walked(detector.sources, root, xml=detector.sources.xml))
    found = observed(detector, roots)
    assert {(place, type_) for place, seen in found.items() for type_ in seen.types} == wanted.keys()


@pytest.fixture(scope="module")
def sources():
    return {name: compile_mapping(text, "m.yaml").detector.sources for name, text in (("json", JSON), ("xml", XML))}


@given(st.lists(documents, max_size=3))
def test_json_shows_what_a_plain_walk_finds(sources, roots):
    check(Detector(sources["json"], "manifest"), roots)


@given(st.lists(xml_documents(), max_size=3))
def test_xml_shows_what_a_plain_walk_finds(sources, roots):
    check(Detector(sources["xml"], "manifest"), [plain(root) for root in roots])


@given(st.lists(documents, min_size=1, max_size=4))
def test_a_detector_that_has_seen_a_page_shows_another_no_differently(sources, roots):
    """But for empty texts, which count as texts where texts were."""
    used, fresh = Detector(sources["json"], "manifest"), Detector(sources["json"], "manifest")
    observed(used, roots)

    def told(places):
        return {(at, one): times for at, seen in places.items() for one, times in seen.types.items() if one != "string"}

    assert told(observed(used, roots[-1:])) == told(observed(fresh, roots[-1:]))


def test_counts_are_of_values_and_of_the_objects_around_them(sources):
    rows = [{"no": "1", "w": [{"q": 1}, {"q": Decimal("1.5")}]}, {"no": "2", "w": []}, {"no": None}]
    seen = observed(Detector(sources["json"], "manifest"), [{"list": rows}])
    assert (seen["/list/*"].objects, seen["/list/*/no"].held, seen["/list/*/w"].held) == (3, 2, 2)
    assert (seen["/list/*/w/*"].objects, seen["/list/*/w/*/q"].types) == (2, {"integer": 1, "number": 1})
    assert seen["/list/*/no"].types == {"string": 2}


def test_an_element_with_attributes_and_text_is_one_value_of_its_parent(sources):
    root = etree.fromstring("<r><row><s a='1'>x</s><j a='1'>[1]</j></row><row><s>x</s><j/></row><row/></r>")
    seen = observed(Detector(sources["xml"], "manifest"), [plain(root)])
    assert (seen["/r/row"].objects, seen["/r/row/s"].held, seen["/r/row/j"].held) == (2, 2, 1)


def test_the_example_of_a_personal_place_is_an_outline_and_long_ones_are_cut(sources):
    rows = [{"who": "王小明 13800138000", "more": "长" * 200}]
    seen = observed(Detector(sources["json"], "manifest"), [{"list": rows}])
    assert seen["/list/*/who"].example == "某某某 99999999999"
    assert seen["/list/*/more"].example == "长" * 80


def test_what_strangers_write_fills_no_memory(sources, monkeypatch):
    monkeypatch.setattr(limits, "MOST_PLACES", 50)
    detector = Detector(sources["json"], "manifest")
    rows = [{f"k{number}": {f"n{number}": {"deep": 1}}} for number in range(1000)]
    seen = observed(detector, [{"list": rows}])
    assert len(seen) < 200
    assert detector.places <= 52
    assert seen["/list/*/…"].objects > 900


def test_blanks_that_the_mapping_found_are_no_values():
    program = compile_mapping(HEAD + "records: list\nkey: no\nfillers: ['-']\nfields:\n  plan_filing_no: p\n", "m.yaml")
    look = Look(program.detector)
    page = json.loads('{"list": [{"no": "1", "p": "-"}, {"no": "2", "p": "A"}, {"no": "3", "p": ""}]}')
    for one in program.run(page, look=look):
        look.record(one.unlisted, one.remainder[2])
    assert (look.sight().places["/list/*/p"].held, look.sight().places["/list/*/p"].types) == (1, {"string": 1})


def test_words_that_no_list_has_are_told_with_their_place_and_leave_no_note():
    fields = "  status: {from: s, lookup: {1: declared}}\n  wastes: {each: w, fields: {name: n, code: c}}\n"
    program = compile_mapping(HEAD + "records: list\nkey: no\nfields:\n" + fields, "m.yaml")
    look, row = Look(program.detector), {"no": "A", "s": "7", "w": [{"n": "x", "c": "900-999-99"}]}
    (one,) = program.run({"list": [row]}, look=look)
    look.record(one.unlisted, one.remainder[2])
    assert look.sight().unlisted == {"/list/*/s": {"7": 1}, "/list/*/w/*/c": {"900-999-99": 1}}
    assert {note[2] for note in one.remainder[2]} == {"x"}


def test_a_word_for_which_the_record_is_refused_is_told_as_well():
    fields = "  status: {from: s, lookup: {1: declared}, refused: reject}\n"
    program = compile_mapping(HEAD + "records: list\nkey: no\nfields:\n" + fields, "m.yaml")
    (one,) = program.run({"list": [{"no": "A", "s": "7"}]})
    assert [word for _, word in one.unlisted] == ["7"]


def test_a_word_of_a_list_stands_where_the_list_s_values_do():
    fields = "  wastes: {each: w, fields: {name: n, hazards: {each: h, value: .}}}\n"
    program = compile_mapping(HEAD + "records: list\nkey: no\nfields:\n" + fields, "m.yaml")
    look = Look(program.detector)
    for one in program.run({"list": [{"no": "A", "w": [{"n": "x", "h": ["T", "Q"]}]}]}, look=look):
        look.record(one.unlisted, one.remainder[2])
    assert look.sight().unlisted == {"/list/*/w/*/h/*": {"Q": 1}}


@pytest.mark.parametrize("document", [{"error": {"trace": "x"}}, etree.fromstring("<html><body/></html>")])
def test_a_document_without_records_is_no_picture_of_the_source(document):
    look = Look(compile_mapping(JSON, "m.yaml").detector)
    compile_mapping(JSON, "m.yaml").run(document, look=look)
    assert look.sight().places == {}


def test_an_embedded_document_of_any_depth_is_survived(sources):
    deep = "[" * 900 + "1" + "]" * 900
    seen = observed(Detector(sources["json"], "manifest"), [{"list": [{"no": "1", "j": deep}]}])
    assert seen["/list/*/j"].types == {"list": 1}
    assert sum(one.types.get("integer", 0) for one in seen.values()) == 1
