"""Whether the places that an adapter file names are there at all."""

import pytest
from lxml import etree

from adapters.errors import Malformed
from adapters.protocol.rows import FirstRun, RowReader
from adapters.spec import CursorSpec, PagingSpec

PAGING = PagingSpec(kind="keyset", rows="/list", total="/total")
CURSOR = CursorSpec(row="/t", format="yyyy-MM-dd", start="2020-01-01")


def judged(*trees):
    """The cursor values of the rows of a first run over these answers."""
    fit, reader, values = FirstRun(PAGING, CURSOR), RowReader(PAGING, CURSOR), []
    for tree in trees:
        page = reader.page(tree)
        fit.take(page)
        values += page.values
    fit.judge()
    return values


@pytest.mark.parametrize(
    ("trees", "words"),
    [
        ([{"itmes": [{"t": "2026-01-01"}]}], "no answer has a list at /list"),
        ([{"list": [{"t": "2026-01-01T08:00Z"}, {}]}], "written as yyyy-MM-dd at /t"),
        ([{"list": [{"t": "2026-02-30"}]}], "written as yyyy-MM-dd at /t"),
    ],
)
def test_a_first_run_that_finds_nothing_where_it_should_says_where(trees, words):
    with pytest.raises(Malformed, match=words):
        judged(*trees)


@pytest.mark.parametrize(
    ("trees", "values"),
    [
        ([{"list": []}], []),
        ([{"list": None}, {"list": [{"t": "2026-01-01"}]}], ["2026-01-01"]),
        ([{"list": [{"t": "2026-01-01"}, {"t": "?"}]}], ["2026-01-01", ""]),
        # a day that doesn't exist would be a cursor that no later run can read
        ([{"list": [{"t": "2026-02-30"}, {"t": "2026-2-28"}, {"t": "2026-02-28"}]}], ["", "", "2026-02-28"]),
        ([{"total": 0}, {"list": [{"t": "2026-01-01"}]}], ["2026-01-01"]),
    ],
)
def test_empty_lists_and_single_slips_are_no_fault(trees, values):
    assert judged(*trees) == values


def test_a_list_that_is_missing_though_rows_are_told_of_cannot_be_read():
    with pytest.raises(Malformed, match="though the answer tells of 3"):
        judged({"total": 3})


def xml(text):
    return etree.fromstring(text)


def test_rows_of_xml_are_found_by_local_names():
    paging = PagingSpec(kind="keyset", rows="/r/row", total="/r/@n")
    reader = RowReader(paging, CursorSpec(row="/@t", format="yyyy-MM-dd", start="2020-01-01"))
    told = '<p:row xmlns:p="urn:p" p:t="2026-01-0{}"><p:a>{}</p:a></p:row>'
    page = reader.page(xml(f'<p:r xmlns:p="urn:p" n="7">{told.format(1, "x")}{told.format(2, "y")}<other/></p:r>'))
    assert (page.values, page.total) == (("2026-01-01", "2026-01-02"), 7)
    assert page.rows == (told.format(1, "x"), told.format(2, "y"))
    assert reader.page(xml('<r n="0"/>')).rows == ()
    inner = RowReader(
        PagingSpec(kind="window", rows="/r/row", total="/r/n", key="/k"),
        CursorSpec(row="/d/t", format="yyyy", start="2020"),
    )
    page = inner.page(xml("<r><n>1</n><row><k>A</k><d><t>2026</t></d></row></r>"))
    assert (page.values, page.keys, page.total) == (("2026",), ("A",), 1)


@pytest.mark.parametrize(("text", "absent"), [("<other/>", True), ("<r/>", False)])
def test_an_xml_answer_without_the_element_around_its_rows_has_no_list(text, absent):
    reader = RowReader(PagingSpec(kind="keyset", rows="/r/row", total="/r/@n"), CURSOR)
    assert reader.page(xml(text)).absent is absent


def test_a_slip_in_where_rows_stand_is_no_empty_list_in_xml():
    paging = PagingSpec(kind="single", rows="/lds/lx")
    reader = RowReader(paging, None)
    with pytest.raises(Malformed, match="though <ld> stands there"):
        reader.page(etree.fromstring("<lds><total>2</total><ld/><ld/></lds>"))
    assert reader.page(etree.fromstring("<lds><total>0</total><code>0</code></lds>")).rows == ()
    assert len(reader.page(etree.fromstring("<lds><ld/><ld/><lx/></lds>")).rows) == 1
