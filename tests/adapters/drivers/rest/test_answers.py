"""What a system may answer: success, emptiness and failure in its own words, whatever the status; forms and charsets."""

import gzip
import json

import pytest
from starlette.responses import JSONResponse, Response

from adapters.errors import Busy, Denied, Malformed, Rejected

SINGLE = "request: {path: /list}\npaging: {kind: single, rows: /list}\n"
CODED = (
    SINGLE + "answer: {code: /code, success: ['1', 0, 200], words: /msg, denied: [401], busy: [E9], empty: [NODATA]}\n"
)
PAGES = """
request: {path: /list, query: {page: "{page}"}}
paging: {kind: pages, rows: /list, size: 2}
answer: {empty_status: [204, 404]}
"""


@pytest.mark.parametrize("code", ["1", 1, 0, "0", 200])
def test_each_of_the_allowed_codes_is_success(declared, system, pull, rows, numbers, code):
    pulled = pull(declared(CODED), system(lambda *_: {"code": code, "list": [rows(1)]})[0])
    assert (pulled.error, numbers(pulled)) == (None, [1])


def test_a_code_for_nothing_is_an_empty_list(declared, system, pull):
    pulled = pull(declared(CODED), system(lambda *_: {"code": "NODATA", "msg": "没有数据"})[0])
    assert (pulled.error, pulled.exchanges) == (None, [])


def test_no_code_is_success_only_where_the_file_says_so(declared, system, pull, rows, numbers):
    environment, _ = system(lambda *_: {"list": [rows(1)]})
    strict = pull(declared(CODED), environment)
    assert isinstance(strict.error, Malformed)
    assert "no code at /code" in str(strict.error)
    well = declared(SINGLE + 'answer: {code: /error/code, success: "", words: /error/text}\n')
    assert numbers(pull(well, environment)) == [1]
    bad, _ = system(lambda *_: {"error": {"code": 7, "text": "参数错误"}})
    assert str(pull(well, bad).error).endswith("rejected: code 7: 参数错误")


@pytest.mark.parametrize(
    ("status", "body", "kind", "told"),
    [
        (200, {"code": "77", "msg": "不行"}, Rejected, "code 77: 不行"),
        (400, {"code": "77", "msg": "缺少参数"}, Rejected, "code 77: 缺少参数 (HTTP 400)"),
        (500, {"code": "77", "msg": "内部错误"}, Busy, "code 77: 内部错误 (HTTP 500)"),
        (400, {"code": "E9", "msg": "稍后再试"}, Busy, "code E9: 稍后再试 (HTTP 400)"),
        (500, {"code": "401", "msg": "密钥无效"}, Denied, "code 401: 密钥无效 (HTTP 500)"),
        (403, {"msg": "禁止访问"}, Denied, "code 403: 禁止访问 (HTTP 403)"),
        (422, {"detail": "x"}, Rejected, 'code 422: {"detail":"x"}'),
    ],
)
def test_a_failure_is_told_with_the_systems_own_code_and_words(declared, system, pull, status, body, kind, told):
    pulled = pull(declared(CODED, "limits: {tries: 1}\n"), system(lambda *_: JSONResponse(body, status_code=status))[0])
    assert type(pulled.error) is kind
    assert str(pulled.error).endswith(told)


def test_404_and_204_are_an_empty_page_where_declared(declared, system, pull, rows, numbers):
    ends = {"3": Response(status_code=404), "2": {"list": [rows(3)]}, "1": {"list": [rows(1), rows(2)]}}
    pulled = pull(declared(PAGES), system(lambda request, _: ends[request.query_params["page"]])[0])
    assert (pulled.error, set(numbers(pulled))) == (None, {1, 2, 3})
    nothing = pull(declared(PAGES), system(lambda *_: Response(status_code=204))[0])
    assert (nothing.error, nothing.exchanges) == (None, [])


def test_404_is_a_refusal_and_204_unreadable_where_not(declared, system, pull):
    assert isinstance(pull(declared(SINGLE), system(lambda *_: Response("no", 404))[0]).error, Rejected)
    (damaged,) = pull(declared(SINGLE), system(lambda *_: Response(status_code=204))[0]).damaged
    assert damaged.reasons[0].startswith("line 1, column 1: ")


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("<!DOCTYPE html>\n<html><head><title>系统维护中\n请稍候</title></head></html>", "系统维护中 请稍候"),
        ("﻿ <!-- x --><HTML><body><h1>统一登录</h1><script>var a</script></body></HTML>", "统一登录"),
    ],
)
@pytest.mark.parametrize("decode", ['["text:utf-8", json]', "[text, xml]", '["text:utf-8", csv, json]'])
def test_a_web_page_with_200_is_one_error_with_its_title(declared, system, pull, page, title, decode):
    environment, asked = system(lambda *_: Response(page, media_type="application/json"))
    pulled = pull(declared(SINGLE, decode=decode), environment)
    assert isinstance(pulled.error, Malformed)
    assert f"an HTML page came instead of data: {title} (返回的是网页, 不是数据)" in str(pulled.error)
    # asked for twice: a firewall's page may pass; nothing of it is kept as a record
    assert (len(asked), pulled.exchanges, pulled.cursor) == (2, [], None)


@pytest.mark.parametrize(
    "media_type", ["text/html", "text/plain; charset=iso-8859-1", "application/octet-stream", None]
)
def test_the_declared_chain_counts_whatever_content_type_says(declared, system, pull, numbers, media_type):
    body = json.dumps({"list": [{"n": "废机油镕"}]}, ensure_ascii=False).encode("gb18030")
    spec = declared(SINGLE, decode='["text:gbk", json]')
    assert numbers(pull(spec, system(lambda *_: Response(body, media_type=media_type))[0])) == ["废机油镕"]


def test_a_wrong_charset_tells_what_the_answer_says_of_itself(declared, system, pull):
    body = json.dumps({"list": [{"n": "废机油"}]}, ensure_ascii=False).encode("gbk")
    environment, _ = system(lambda *_: Response(body, headers={"Content-Type": "application/json;charset=GBK"}))
    pulled = pull(declared(SINGLE), environment)
    assert "not utf-8: bytes b7 cf" in pulled.damaged[0].reasons[0]
    assert "not utf-8" in str(pulled.error)
    assert str(pulled.error).endswith("the answer calls itself application/json;charset=GBK")


@pytest.mark.parametrize("coding", ["gzip", "x-gzip"])
def test_gzip_that_nobody_asked_for_is_undone(declared, system, pull, rows, numbers, coding):
    body = gzip.compress(json.dumps({"list": [rows(1)]}).encode())
    pulled = pull(declared(SINGLE), system(lambda *_: Response(body, headers={"Content-Encoding": coding}))[0])
    assert numbers(pulled) == [1]
    assert json.loads(pulled.exchanges[0].payload.body) == {"list": [rows(1)]}


def test_br_that_nobody_asked_for_is_one_error(declared, system, pull):
    environment, _ = system(lambda *_: Response(b"\x0b\x02\x80{}\x03", headers={"Content-Encoding": "br"}))
    pulled = pull(declared(SINGLE), environment)
    assert isinstance(pulled.error, Malformed)
    assert "content-coding 'br' was not asked for" in str(pulled.error)
