"""Pages by number and offset, lists without pages, time windows: against servers whose list changes while it is read."""

from datetime import UTC, datetime

import pytest
from starlette.responses import Response

from adapters.errors import Malformed, Rejected

CURSOR = "cursor: {row: /t, format: yyyy-MM-dd HH:mm:ss, start: 2020-01-01 00:00:00, overlap: 60s}"
BY_PAGE = f"""
request: {{path: /list, query: {{page: "{{page}}", rows: "{{size}}", since: "{{from}}"}}}}
paging: {{kind: pages, rows: /list, total: /total, key: /n, size: 2}}
{CURSOR}
"""
BY_OFFSET = f"""
request: {{path: /list, query: {{offset: "{{offset}}", limit: "{{size}}", since: "{{from}}"}}}}
paging: {{kind: pages, rows: /list, size: 2}}
{CURSOR}
"""


class Book:
    """Rows by number, a page or a slice at a time; `happens` are changes, one before each answer from the second on."""

    def __init__(self, rows, happens=(), *, cap=99):
        self.rows, self.happens, self.cap = list(rows), list(happens), cap

    def __call__(self, request, _):
        asked = request.query_params
        size = min(int(asked.get("rows") or asked["limit"]), self.cap)
        start = (int(asked["page"]) - 1) * size if "page" in asked else int(asked["offset"])
        listed = [one for one in self.rows if one["t"] >= asked["since"]]
        answer = {"list": listed[start : start + size], "total": len(listed)}
        if self.happens:
            self.happens.pop(0)(self.rows)
        return answer


def removal(number):
    return lambda rows: rows.remove(next(one for one in rows if one["n"] == number))


def test_a_row_that_shifts_over_a_border_is_not_missed_and_the_shift_is_told(declared, system, pull, rows, numbers, at):
    # row 1 leaves after page 1 was read: row 3 now stands on page 1, and page 2 begins with row 4
    environment, asked = system(Book([rows(n, n) for n in range(1, 6)], [removal(1)]))
    pulled = pull(declared(BY_PAGE), environment)
    assert pulled.error is None
    assert set(numbers(pulled)) == {1, 2, 3, 4, 5}
    told = " ".join(one.request.get("notes", "") for one in pulled.exchanges)
    assert "rows had shifted between pages: 1 were met only when these were read again (翻页期间数据移位" in told
    assert "the total went from 5 to 4" in told
    assert at(pulled) == "2026-01-01 00:00:05"
    assert [query["page"] for _, query, _ in asked][:4] == ["1", "2", "3", "2"]


def test_the_cursor_moves_when_the_whole_list_is_read_and_not_before(declared, system, pull, rows, at):
    environment, _ = system(Book([rows(n, 9 - n) for n in range(1, 6)]))
    cut = pull(declared(BY_PAGE), environment, stop_after=1)
    assert cut.cursor is None
    assert at(pull(declared(BY_PAGE), environment)) == "2026-01-01 00:00:08"


def test_the_next_run_asks_from_the_newest_row_less_the_overlap_and_gets_late_arrivals(
    declared, system, pull, rows, numbers
):
    book = Book([rows(1, 100), rows(2, 200)])
    environment, asked = system(book)
    first = pull(declared(BY_PAGE), environment)
    # one that was written at 150 is committed only now, and a new one follows
    book.rows += [rows(3, 150), rows(4, 201)]
    second = pull(declared(BY_PAGE), environment, first.cursor)
    assert asked[-1][1]["since"] == "2026-01-01 00:02:20"
    assert {3, 4} <= set(numbers(second))
    third = pull(declared(BY_PAGE), environment, second.cursor)
    assert third.cursor == second.cursor


def test_a_row_dated_in_the_future_does_not_carry_the_cursor_past_the_runs_start(declared, system, pull, rows, at):
    future = {"n": 2, "t": "2099-01-01 00:00:00"}
    environment, _ = system(Book([rows(1), future]))
    pulled = pull(declared(BY_PAGE), environment, clock=lambda: datetime(2026, 3, 1, tzinfo=UTC))
    assert at(pulled) == "2026-03-01 08:00:00"


@pytest.mark.parametrize("cap", [1, 2, 99])
def test_offset_and_limit_without_a_total_whatever_the_system_gives_at_once(
    declared, system, pull, rows, numbers, at, cap
):
    environment, asked = system(Book([rows(n, n) for n in range(1, 6)], cap=cap))
    pulled = pull(declared(BY_OFFSET), environment)
    assert (pulled.error, set(numbers(pulled)), at(pulled)) == (None, {1, 2, 3, 4, 5}, "2026-01-01 00:00:05")
    assert [query["offset"] for _, query, _ in asked][:3] == (["0", "1", "2"] if cap == 1 else ["0", "2", "4"])


def test_pages_counted_from_0(declared, system, pull, rows, numbers):
    pages = [[rows(1), rows(2)], [rows(3)]]
    environment, asked = system(lambda request, _: {"list": pages[int(request.query_params["page"])], "total": 3})
    pulled = pull(declared(BY_PAGE.replace("size: 2", "size: 2, first: 0")), environment)
    assert set(numbers(pulled)) == {1, 2, 3}
    assert [query["page"] for _, query, _ in asked] == ["0", "1", "1", "0"]


def test_a_system_that_does_not_count_pages_is_told_and_what_was_read_stands(declared, system, pull, rows, numbers):
    environment, asked = system(lambda *_: {"list": [rows(1), rows(2)], "total": 9})
    pulled = pull(declared(BY_PAGE), environment)
    assert isinstance(pulled.error, Malformed)
    assert "3 pages in a row are the same" in str(pulled.error)
    assert (numbers(pulled), pulled.cursor, len(asked)) == ([1, 2], None, 3)


def test_a_list_without_end_is_bounded_and_told(declared, system, pull, rows, numbers):
    environment, asked = system(
        lambda request, _: {"list": [rows(2 * int(request.query_params["page"]) + n) for n in (0, 1)]}
    )
    pulled = pull(declared(BY_PAGE.replace("size: 2", "size: 2, max_pages: 20")), environment)
    assert "more than 20 pages in one run (max_pages): is there an end? (翻页无尽)" in str(pulled.error)
    assert isinstance(pulled.error, Malformed)
    assert (len(asked), len(numbers(pulled)), pulled.cursor) == (20, 40, None)


def test_a_page_that_cannot_be_read_is_kept_and_the_cursor_stays(declared, system, pull, rows, numbers):
    book = Book([rows(n, n) for n in range(1, 6)])

    def answer(request, body):
        return Response("{") if request.query_params["page"] == "2" else book(request, body)

    environment, _ = system(answer)
    pulled = pull(declared(BY_PAGE), environment)
    assert (pulled.error, pulled.cursor, set(numbers(pulled))) == (None, None, {1, 2, 5})
    assert [one.payload.body for one in pulled.exchanges if one.payload.body == b"{"]
    assert "line 1, column 2" in pulled.damaged[0].reasons[0]


def test_a_run_that_ends_with_an_error_hands_on_what_it_had_read(declared, system, pull, rows, numbers):
    book = Book([rows(n, n) for n in range(1, 6)])

    def answer(request, body):
        return Response("no", 400) if request.query_params["page"] == "3" else book(request, body)

    pulled = pull(declared(BY_PAGE), system(answer)[0])
    assert isinstance(pulled.error, Rejected)
    assert (numbers(pulled), pulled.cursor) == ([1, 2, 3, 4], None)


WINDOWS = """
request: {path: /list, query: {page: "{page}", rows: "{size}", since: "{from}", until: "{to}"}}
paging: {kind: pages, rows: /list, total: /total, size: 2}
cursor: {row: /t, format: yyyy-MM-dd HH:mm:ss, start: 2026-01-01 00:00:00, window: 10m}
"""


def test_time_windows_are_read_one_after_the_other_each_with_its_pages(declared, system, pull, rows, numbers, at):
    book = [rows(n, n * 150) for n in range(8)]

    def answer(request, _):
        asked = request.query_params
        listed = [one for one in book if asked["since"] <= one["t"] < asked["until"]]
        start = (int(asked["page"]) - 1) * 2
        return {"list": listed[start : start + 2], "total": len(listed)}

    environment, asked = system(answer)
    clock = lambda: datetime(2025, 12, 31, 16, 25, tzinfo=UTC)  # noqa: E731 - 00:25 in Shanghai
    pulled = pull(declared(WINDOWS), environment, clock=clock)
    assert (pulled.error, set(numbers(pulled)), at(pulled)) == (None, set(range(8)), "2026-01-01 00:17:30")
    assert list(dict.fromkeys((query["since"][11:], query["until"][11:]) for _, query, _ in asked)) == [
        ("00:00:00", "00:10:00"),
        ("00:10:00", "00:20:00"),
        ("00:20:00", "00:25:00"),
    ]
    cut = pull(declared(WINDOWS), environment, clock=clock, stop_after=3)
    assert at(cut) == "2026-01-01 00:07:30"


def test_one_answer_that_has_all_needs_no_cursor(declared, system, pull, rows, numbers):
    environment, asked = system(lambda *_: [rows(1), rows(2)])
    pulled = pull(declared("request: {path: /all}\npaging: {kind: single}"), environment)
    assert (numbers(pulled), pulled.cursor, len(asked)) == ([1, 2], None, 1)
