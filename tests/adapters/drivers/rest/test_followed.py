"""Pages that lead to the next: by a token in the body, by a link (RFC 8288 or in the body), by the last row's time and id."""

import json
from datetime import UTC, datetime

import pytest
from starlette.responses import JSONResponse, Response

from adapters.errors import Malformed, Misconfigured

CURSOR = "cursor: {row: /t, format: yyyy-MM-dd HH:mm:ss, start: 2020-01-01 00:00:00, overlap: 60s}"
TOKEN = f"""
request: {{method: POST, path: /list, json: {{since: "{{from}}", after: "{{next}}", limit: "{{size}}"}}}}
paging: {{kind: token, rows: /list, next: /page/next, more: /page/more, size: 2}}
{CURSOR}
"""
LINK = f"""
request: {{path: /list, query: {{since: "{{from}}"}}}}
paging: {{kind: link}}
{CURSOR}
"""
SEEK = f"""
request: {{path: /list, query: {{since: "{{from}}", after: "{{id}}", rows: "{{size}}"}}}}
paging: {{kind: keyset, rows: /list, id: /n, size: 2}}
{CURSOR}
"""


def by_token(pages):
    """Answers page after page; the token is the page's number behind a sign that JSON must escape."""

    def answer(_, body):
        after = json.loads(body).get("after", '"0')
        number = int(after[1:])
        more = number + 1 < len(pages)
        return {"list": pages[number], "page": {"next": f'"{number + 1}', "more": more}}

    return answer


def test_a_token_in_the_body_leads_on_until_there_is_no_more(declared, system, pull, rows, numbers, at):
    environment, asked = system(by_token([[rows(1, 90), rows(2, 20)], [], [rows(3, 70)]]))
    pulled = pull(declared(TOKEN), environment)
    assert (pulled.error, numbers(pulled), at(pulled)) == (None, [1, 2, 3], "2026-01-01 00:01:30")
    first = {"since": "2020-01-01 00:00:00", "limit": 2}
    # no token yet: it isn't sent
    assert [json.loads(body) for _, _, body in asked] == [first, first | {"after": '"1'}, first | {"after": '"2'}]
    cut = pull(declared(TOKEN), environment, stop_after=1)
    assert cut.cursor is None


def test_without_a_rows_value_the_next_run_starts_from_this_ones_start(declared, system, pull, rows, at):
    spec = declared(TOKEN.replace("row: /t, ", ""))
    environment, asked = system(by_token([[rows(1)], [rows(2)]]))
    first = pull(spec, environment, clock=lambda: datetime(2026, 3, 1, tzinfo=UTC))
    assert at(first) == "2026-03-01 08:00:00"
    pull(spec, environment, first.cursor)
    assert json.loads(asked[2][2])["since"] == "2026-03-01 07:59:00"


def test_the_cursor_comes_too_where_the_last_page_is_empty(declared, system, pull, rows, numbers, at):
    pulled = pull(declared(TOKEN), system(by_token([[rows(1, 90)], []]))[0])
    assert (len(pulled.exchanges), at(pulled)) == (1, "2026-01-01 00:01:30")


@pytest.mark.parametrize(
    "end", [{"next": None}, {"next": ""}, {}, {"next": "x", "more": 0}, {"next": "x", "more": "N"}]
)
def test_each_way_to_say_that_there_is_no_more(declared, system, pull, rows, numbers, end):
    environment, asked = system(lambda *_: {"list": [rows(1)], "page": {"more": True} | end})
    pulled = pull(declared(TOKEN), environment)
    assert (pulled.error, numbers(pulled), len(asked)) == (None, [1], 1)


def test_a_token_that_comes_again_is_told_and_what_was_read_stands(declared, system, pull, rows, numbers):
    turns = iter("abca")
    environment, asked = system(lambda *_: {"list": [rows(next(n))], "page": {"next": next(turns), "more": True}})
    n = iter(range(9))
    pulled = pull(declared(TOKEN), environment)
    assert isinstance(pulled.error, Malformed)
    assert "page 4 leads back to a page that was read: 'a' came twice (翻页循环" in str(pulled.error)
    assert (numbers(pulled), pulled.cursor, len(asked)) == ([0, 1, 2], None, 4)


def test_tokens_without_end_are_bounded(declared, system, pull, rows):
    count = iter(range(1000))
    environment, asked = system(lambda *_: {"list": [], "page": {"next": next(count), "more": True}})
    pulled = pull(declared(TOKEN.replace("size: 2", "size: 2, max_pages: 30")), environment)
    assert "more than 30 pages in one run" in str(pulled.error)
    assert len(asked) == 30


def test_a_page_that_cannot_be_read_ends_the_run_before_it(declared, system, pull, rows, numbers):
    good = by_token([[rows(1)], [rows(2)]])
    environment, _ = system(lambda request, body: Response("{") if b"after" in body else good(request, body))
    pulled = pull(declared(TOKEN), environment)
    assert (numbers(pulled), len(pulled.damaged), pulled.cursor) == ([1], 1, None)
    assert isinstance(pulled.error, Malformed)


FEED = """
request: {path: /feed, query: {after: "{next}"}}
paging: {kind: token, rows: /list, next: /next, keep: yes}
"""


def test_a_feed_goes_on_from_the_token_kept_last(declared, system, pull, rows, numbers):
    written = [rows(n) for n in range(5)]

    def answer(request, _):
        after = int(request.query_params.get("after", "0"))
        given = written[after : after + 2]
        return {"list": given, "next": str(after + len(given))}

    environment, asked = system(answer)
    first = pull(declared(FEED), environment, stop_after=2)
    assert (numbers(first), json.loads(first.cursor)) == ([0, 1, 2, 3], {"next": "4"})
    second = pull(declared(FEED), environment, first.cursor)
    assert (numbers(second), json.loads(second.cursor)) == ([4], {"next": "5"})
    written.append(rows(5))
    third = pull(declared(FEED), environment, second.cursor)
    assert (numbers(third), json.loads(third.cursor)) == ([5], {"next": "6"})
    assert "after" not in asked[0][1]


def test_a_link_in_the_header_is_followed_as_written(declared, system, pull, rows, numbers, at):
    pages = {None: ([rows(1, 5)], '<?p=2&sig=a%2Fb>; rel="next", </list?p=9>; rel="last"'), "2": ([rows(2, 9)], "")}

    def answer(request, _):
        found, link = pages[request.query_params.get("p")]
        return JSONResponse(found, headers={"Link": link} if link else {})

    environment, asked = system(answer)
    pulled = pull(declared(LINK), environment)
    assert (pulled.error, numbers(pulled), at(pulled)) == (None, [1, 2], "2026-01-01 00:00:09")
    assert [(path, query) for path, query, _ in asked] == [
        ("/list", {"since": "2020-01-01 00:00:00"}),
        ("/list", {"p": "2", "sig": "a/b"}),
    ]
    assert pulled.exchanges[1].request["link"] == environment["XX_URL"] + "/list?p=2&sig=a%2Fb"


def test_user_and_password_of_the_address_go_with_a_link_and_are_not_kept(declared, system, pull, rows, numbers):
    heard = []

    def answer(request, _):
        heard.append(request.headers.get("authorization"))
        more = {"Link": "<http://127.0.0.1/list?p=2&token=pw-9>; rel=next"} if len(heard) == 1 else {}
        return JSONResponse([rows(len(heard))], headers=more)

    environment, _ = system(answer)
    address = environment["XX_URL"].replace("http://", "http://me:pw-9@")
    pulled = pull(declared(LINK), {"XX_URL": address})
    assert (numbers(pulled), heard) == ([1, 2], ["Basic bWU6cHctOQ=="] * 2)
    assert pulled.exchanges[1].request["link"] == f"{environment['XX_URL']}/list?p=2&token=***"
    assert "pw-9" not in repr([one.request for one in pulled.exchanges])


def test_a_link_in_the_body_that_tells_an_inner_address_is_called_where_the_system_is(
    declared, system, pull, rows, numbers
):
    def answer(request, _):
        more = {} if request.query_params.get("skip") else {"@next": "https://127.0.0.1:9/list?skip=1"}
        return {"value": [rows(2 if not more else 1)], **more}

    spec = declared(LINK.replace("kind: link", 'kind: link, rows: /value, next: "/@next"'))
    pulled = pull(spec, system(answer)[0])
    assert pulled.error is None
    assert numbers(pulled, "value") == [1, 2]


def test_a_link_to_another_host_is_not_followed(declared, system, pull, rows, numbers):
    environment, _ = system(
        lambda *_: JSONResponse([rows(1)], headers={"Link": "<http://169.254.169.254/latest>; rel=next"})
    )
    pulled = pull(declared(LINK), environment)
    assert isinstance(pulled.error, Misconfigured)
    assert "host '169.254.169.254' isn't among base_url and hosts" in str(pulled.error)
    assert (numbers(pulled), pulled.cursor) == ([1], None)


def test_a_link_to_another_system_that_may_be_called_tells_it_nothing_of_ours(declared, system, pull, rows, numbers):
    heard = []

    def there(request, _):
        heard.append({**request.headers, "query": request.url.query})
        return [rows(2)]

    other = system(there)[0]["XX_URL"].replace("127.0.0.1", "localhost")
    environment, _ = system(lambda *_: JSONResponse([rows(1)], headers={"Link": f"<{other}/next?p=2>; rel=next"}))
    auth = """
    hosts: [localhost]
    auth: {basic: {user: me, password: "${XX_KEY}"}, send: {X-Key: "${XX_KEY}"}, query: {key: "${XX_KEY}"}}
    """
    pulled = pull(declared(LINK, auth), {**environment, "XX_KEY": "key-4711"})
    assert (pulled.error, numbers(pulled)) == (None, [1, 2])
    assert [one["query"] for one in heard] == ["p=2"]
    assert "authorization" not in heard[0]
    assert "key-4711" not in repr(heard)


def test_a_link_that_is_no_address_is_told(declared, system, pull, rows):
    environment, _ = system(lambda *_: JSONResponse([rows(1)], headers={"Link": "<http://[1/x>; rel=next"}))
    pulled = pull(declared(LINK), environment)
    assert "the next page's address is no URL: 'http://[1/x'" in str(pulled.error)
    assert pulled.cursor is None


def test_links_in_a_circle_are_told(declared, system, pull, rows):
    environment, asked = system(lambda *_: JSONResponse([rows(1)], headers={"Link": "</list?p=2>; rel=next"}))
    pulled = pull(declared(LINK), environment)
    assert "page 2 leads back to a page that was read" in str(pulled.error)
    assert len(asked) == 2


def seeking(book, *, inclusive=False, heeds=True):
    def answer(request, _):
        since, after = request.query_params["since"], int(request.query_params.get("after") or -1) if heeds else -1
        listed = sorted((one["t"], one["n"]) for one in book)
        given = [one for one in listed if one > (since, after) or (inclusive and one == (since, after))]
        return {"list": [{"n": number, "t": time} for time, number in given[:2]]}

    return answer


@pytest.mark.parametrize("inclusive", [False, True])
def test_last_modified_and_id_get_past_any_number_of_rows_of_one_second(
    declared, system, pull, rows, numbers, at, inclusive
):
    book = [rows(n, 5 if n < 7 else 9) for n in range(8)]
    environment, asked = system(seeking(book, inclusive=inclusive))
    pulled = pull(declared(SEEK), environment)
    assert (pulled.error, set(numbers(pulled)), at(pulled)) == (None, set(range(8)), "2026-01-01 00:00:09")
    assert (asked[0][1].get("after"), asked[1][1]["after"]) == (None, "1")
    # each page moves the cursor: one that is cut off goes on
    cut = pull(declared(SEEK), environment, stop_after=2)
    rest = pull(declared(SEEK), environment, cut.cursor)
    assert set(numbers(cut)) | set(numbers(rest)) == set(range(8))


def test_a_row_that_is_changed_while_others_are_read_is_met_again_behind_them(declared, system, pull, rows, numbers):
    book = [rows(n, n) for n in range(5)]
    plain = seeking(book)

    def answer(request, body):
        said = plain(request, body)
        if "after" not in request.query_params:
            book[0]["t"] = "2026-01-01 00:00:50"
        return said

    pulled = pull(declared(SEEK), system(answer)[0])
    assert numbers(pulled) == [0, 1, 2, 3, 4, 0]


def test_an_id_that_is_not_kept_to_is_told(declared, system, pull, rows, numbers):
    environment, asked = system(seeking([rows(n, 5) for n in range(4)], heeds=False))
    pulled = pull(declared(SEEK), environment)
    assert "{id} isn't kept to (id 参数未生效)" in str(pulled.error)
    assert (numbers(pulled), len(asked)) == ([0, 1], 2)
