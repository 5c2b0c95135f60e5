"""A call for each row of a list: side by side, within bounds, and no row lost where one fails."""

import asyncio
import json
import threading

import pytest
from starlette.responses import JSONResponse, Response

from adapters.errors import Busy, Denied, Unreachable
from canonical_schema.problem import ProblemsFound

LISTED = """
request: {path: /list, query: {page: "{page}", since: "{from}"}}
paging: {kind: pages, rows: /list, total: /total, key: /n, size: 4}
cursor: {row: /t, format: yyyy-MM-dd HH:mm:ss, start: 2020-01-01 00:00:00}
detail:
  row: {no: /n}
  request: {path: "/one/{no}", query: {key: "${XX_KEY}"}}
  answer: {code: /code, success: 1, words: /msg, busy: [9]}
  concurrency: 3
"""
QUICK = "limits: {tries: 1, concurrency: 9}\n"
SECRET = {"XX_KEY": "key-4711"}


def listing(book, details):
    """A system with a list of the rows, and a detail for each: what `details` gives by number, else a good one."""

    def answer(request, _):
        if request.url.path == "/list":
            start = (int(request.query_params["page"]) - 1) * 4
            return {"list": book[start : start + 4], "total": len(book)}
        number = int(request.url.path.rpartition("/")[2])
        return details.get(number, {"code": 1, "no": number, "words": f"明细 {number}"})

    return answer


@pytest.fixture
def book(rows):
    return [rows(n, n) for n in range(1, 7)]


def details(pulled):
    return {tree["no"] for tree in pulled.trees()}


def test_each_row_is_asked_for_and_the_page_is_one_exchange(declared, system, pull, book, at):
    environment, asked = system(listing(book, {}))
    pulled = pull(declared(LISTED, QUICK), {**environment, **SECRET})
    assert (pulled.error, details(pulled), at(pulled)) == (None, {1, 2, 3, 4, 5, 6}, "2026-01-01 00:00:06")
    assert sorted(path for path, _, _ in asked if path != "/list") == [f"/one/{n}" for n in range(1, 7)]
    assert [one.request["details"] for one in pulled.exchanges] == ["4/4", "2/2"]
    assert [one.name for one in pulled.decoded[1].documents] == ["detail-5", "detail-6"]
    # the list itself is kept beside them, as it came
    assert json.dumps({"list": book[4:], "total": 6}, separators=(",", ":")).encode() in pulled.exchanges[
        1
    ].payload.body.replace(b": ", b":")
    assert "key-4711" not in repr(pulled.exchanges)


def test_the_same_answers_give_the_same_bytes(declared, system, pull, book):
    environment, _ = system(listing(book, {}))
    first, second = (pull(declared(LISTED, QUICK), {**environment, **SECRET}) for _ in range(2))
    assert [one.payload.sha256 for one in first.exchanges] == [one.payload.sha256 for one in second.exchanges]


def test_a_row_that_is_refused_or_unreadable_is_quarantined_and_the_cursor_stays(declared, system, pull, book, numbers):
    broken = {
        2: JSONResponse({"code": 7, "msg": "无此联单 key-4711"}),
        3: Response('{"code": 1, '),
        5: Response("gone", 404),
    }
    environment, _ = system(listing(book, broken))
    pulled = pull(declared(LISTED, QUICK), {**environment, **SECRET})
    assert (pulled.error, details(pulled), pulled.cursor) == (None, {1, 4, 6}, None)
    assert [(one.place, one.reasons) for one in pulled.damaged] == [
        ("detail-2", ("its detail wasn't given (未取得明细): rejected: code 7: 无此联单 ***",)),
        ("detail-3", (pulled.damaged[1].reasons[0],)),
        ("detail-5", ("its detail wasn't given (未取得明细): rejected: code 404: gone",)),
    ]
    assert "malformed: line 1, column 13: " in pulled.damaged[1].reasons[0]
    # the row stands whole in what is kept
    assert json.dumps(book[1]).encode() in pulled.exchanges[0].payload.body
    again = pull(declared(LISTED, QUICK), {**environment, **SECRET})
    assert [one.sha256 for one in again.damaged] == [one.sha256 for one in pulled.damaged]
    broken.clear()
    well = pull(declared(LISTED, QUICK), {**environment, **SECRET})
    assert (details(well), well.damaged, well.cursor is None) == ({1, 2, 3, 4, 5, 6}, [], False)


def test_a_row_that_cannot_be_had_now_is_left_to_the_next_run_which_is_told(declared, system, pull, book):
    broken = {2: JSONResponse({"code": 9, "msg": "系统繁忙"})}
    environment, _ = system(listing(book, broken))
    pulled = pull(declared(LISTED, QUICK), {**environment, **SECRET})
    assert isinstance(pulled.error, Busy)
    assert str(pulled.error).endswith("/one/2: busy: code 9: 系统繁忙")
    assert (details(pulled), pulled.damaged, pulled.cursor) == ({1, 3, 4, 5, 6}, [], None)


@pytest.mark.parametrize("said", [{"code": 9, "msg": "系统繁忙"}, "<html><title>维护</title></html>"])
def test_where_no_row_can_be_had_the_page_is_left_too(declared, system, pull, book, said):
    made = Response(said) if isinstance(said, str) else JSONResponse(said)
    environment, asked = system(listing(book, dict.fromkeys(range(1, 7), made)))
    pulled = pull(declared(LISTED, QUICK), {**environment, **SECRET})
    assert pulled.error is not None
    assert (pulled.exchanges, pulled.cursor) == ([], None)
    assert [path for path, _, _ in asked].count("/list") == 1


def test_a_credential_that_is_refused_ends_the_run_at_once(declared, system, pull, book):
    environment, _ = system(listing(book, {2: Response("no", 403)}))
    pulled = pull(declared(LISTED, QUICK), {**environment, **SECRET})
    assert isinstance(pulled.error, Denied)
    assert (pulled.exchanges, pulled.cursor) == ([], None)


def test_a_connection_that_breaks_is_one_error_and_nothing_is_lost(declared, servers, pull):
    pulled = pull(declared(LISTED, QUICK), {"XX_URL": servers.raw(b"HTTP/1.1 200 OK\r\nContent-Le"), **SECRET})
    assert isinstance(pulled.error, Unreachable)
    assert (pulled.exchanges, pulled.cursor) == ([], None)


def test_no_more_run_at_once_than_the_file_says(declared, servers, pull, rows):
    from starlette.applications import Starlette  # noqa: PLC0415
    from starlette.routing import Route  # noqa: PLC0415

    running, most, full = 0, 0, threading.Event()

    async def handle(request):
        nonlocal running, most
        if request.url.path == "/list":
            return JSONResponse({"list": [rows(n) for n in range(1, 4)], "total": 3})
        running += 1
        most = max(most, running)
        if running == 2:
            full.set()
        # each waits until two run at once, so that side by side is seen and not guessed
        await asyncio.to_thread(full.wait, 5)
        running -= 1
        return JSONResponse({"code": 1, "no": 1})

    app = Starlette(routes=[Route("/{path:path}", handle)])
    spec = declared(LISTED.replace("concurrency: 3", "concurrency: 2"), QUICK)
    pulled = pull(spec, {"XX_URL": servers.app(app), **SECRET})
    assert (pulled.error, most) == (None, 2)


def test_a_list_in_xml_with_details_in_json(declared, system, pull):
    def answer(request, _):
        if request.url.path == "/list":
            return Response("<r><row no='a/b'/><row no='a b'/><row/></r>", media_type="text/xml")
        return {"code": 1, "no": request.url.path}

    dataset = """
    request: {path: /list}
    paging: {kind: single, rows: /r/row}
    detail:
      row: {id: /@no}
      request: {path: "/one/{id}"}
      decode: [text, json]
    """
    environment, asked = system(answer)
    pulled = pull(declared(dataset, QUICK, decode="[text, xml]"), environment)
    assert len(asked) == 3
    assert [one.name for one in pulled.decoded[0].documents] == ["detail-a_b", "detail-a_b-2"]
    (damaged,) = pulled.damaged
    assert (damaged.place, damaged.reasons) == (
        "detail-3",
        (
            "its detail wasn't given (未取得明细): malformed: the row has no value at /@no, which its detail is asked by (列表行缺少 /@no)",
        ),
    )
    assert b"<row/>" in pulled.exchanges[0].payload.body


NAMED = """
request: {path: /list}
paging: {kind: single, rows: /list}
detail:
  row: {id: /id}
  request: {path: "/one/{id}"}
"""


def named(*names):
    def answer(request, _):
        if request.url.path == "/list":
            return {"list": [{"id": name} for name in names]}
        return {"no": request.url.path, "words": "x" * 600_000}

    return answer


def test_rows_of_one_name_never_stand_in_each_others_place(declared, system, pull):
    """The third would be called as the first is."""
    environment, _ = system(named("a-3", "a", "a"))
    pulled = pull(declared(NAMED, QUICK), environment)
    assert [one.name for one in pulled.decoded[0].documents] == ["detail-a-3", "detail-a", "detail-a-3-3"]
    assert [tree["no"] for tree in pulled.trees()] == ["/one/a-3", "/one/a", "/one/a"]


@pytest.mark.parametrize("value", [".", ".."])
def test_a_row_leads_to_no_other_place(declared, system, pull, value):
    environment, asked = system(named(value, "b"))
    pulled = pull(declared(NAMED, QUICK), environment)
    assert [path for path, _, _ in asked] == ["/list", "/one/b"]
    assert [(one.place, "can't stand in a path" in one.reasons[0]) for one in pulled.damaged] == [
        (f"detail-{value}", True)
    ]


def test_details_that_are_too_much_end_the_run_before_all_are_held(declared, system, pull):
    environment, asked = system(named(*map(str, range(40))))
    pulled = pull(declared(NAMED, "limits: {tries: 1, unpacked_mb: 1}\n"), environment)
    assert "more than is taken at once" in str(pulled.error)
    assert f"xx/manifests: {environment['XX_URL']}/list: " in str(pulled.error)
    assert (pulled.exchanges, len(asked) < 20) == ([], True)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("{no: /n}", "{no: n}", 15, "a JSON Pointer that begins with /"),
        ("{no: /n}", "{no: /n, token: /n}", 15, "{token} is filled already"),
        ("/one/{no}", "/one/{no}/{page}", 16, "nothing fills {page}: there is {no}"),
        ("concurrency: 3", "concurrency: 0", 18, "at least 1 is needed here"),
        ("concurrency: 3", "decode: [text]", 18, "last step must be json or xml"),
        ("detail:", "spread: yes\ndetail:", 16, "'spread' and 'detail' don't go together"),
    ],
)
def test_what_is_declared_wrong_is_told_with_its_place(declared, old, new, line, words):
    assert old in LISTED
    with pytest.raises(ProblemsFound) as found:
        declared(LISTED.replace(old, new), QUICK)
    assert [fault.line for fault in found.value.problems if words in fault.words] == [line], found.value


def test_a_look_asks_for_some_details_only(declared, system, probe, book):
    environment, asked = system(listing(book, {2: Response("gone", 404)}))
    told = probe(declared(LISTED, QUICK), {**environment, **SECRET})
    assert (told.error, told.rows) == (None, 4)
    assert sorted(path for path, _, _ in asked) == ["/list", "/one/1", "/one/2", "/one/3"]
    assert told.exchange.request["details"] == "2/3"


def test_a_look_tells_what_keeps_details_away(declared, system, probe, book):
    environment, _ = system(listing(book, {2: JSONResponse({"code": 9, "msg": "系统繁忙"})}))
    told = probe(declared(LISTED, QUICK), {**environment, **SECRET})
    assert isinstance(told.error, Busy)
    assert (told.answered is None, told.read) == (False, None)
