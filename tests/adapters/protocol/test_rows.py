"""Whether the places that an adapter file names are there at all."""

import pytest

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
