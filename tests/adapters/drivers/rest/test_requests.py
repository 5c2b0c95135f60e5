"""How a system wants to be asked: JSON of any depth, forms, Base64 in a form's field, raw text, JSON in the query."""

import base64
import json
from urllib.parse import parse_qsl

import pytest
from lxml import etree

from adapters.errors import Misconfigured
from canonical_schema.problem import ProblemsFound

CURSOR = "cursor: {row: /t, format: yyyy-MM-dd HH:mm:ss, start: 2020-01-01 00:00:00}"
PAGED = f"paging: {{kind: pages, rows: /list, total: /total, size: 2}}\n{CURSOR}\n"
ASKED = '{"query": {"since": "2020-01-01 00:00:00", "marks": ["甲", "k-11\\"22"]}, "page": 1}'
TREE = """json: {query: {since: "{from}", marks: [甲, "${XX_KEY}"]}, page: "{page}"}"""
SECRET = {"XX_KEY": 'k-11"22'}


@pytest.fixture
def ask(declared, system, pull):
    """What a system is asked: headers, query, body; and the exchange."""

    def run(request, paging=PAGED):
        seen = []

        def answer(got, body):
            seen.append((got.headers, got.query_params, body))
            return {"list": [{"n": 1, "t": "2026-01-01 00:00:00"}], "total": 1}

        pulled = pull(declared(f"request: {request}\n{paging}"), {**system(answer)[0], **SECRET})
        if pulled.error:
            raise pulled.error
        return (*seen[0], pulled.exchanges[0])

    return run


def test_json_of_any_depth(ask):
    headers, _, body, exchange = ask("{method: POST, path: /q, " + TREE + "}")
    assert body.decode() == ASKED
    assert headers["content-type"] == "application/json; charset=utf-8"
    # kept for the record: as it was asked, but the secret by its name
    assert json.loads(exchange.request["json"]) == {
        "query": {"since": "2020-01-01 00:00:00", "marks": ["甲", "${XX_KEY}"]},
        "page": 1,
    }


def test_a_form(ask):
    form = '{method: POST, path: /q, form: {since: "{from}", start: "{offset}", rows: "{size}", 单位: 甲&乙, key: "${XX_KEY}"}}'
    headers, _, body, exchange = ask(form)
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert dict(parse_qsl(body.decode("ascii"), strict_parsing=True)) == {
        "since": "2020-01-01 00:00:00",
        "start": "0",
        "rows": "2",
        "单位": "甲&乙",
        "key": 'k-11"22',
    }
    assert "k-11" not in repr(exchange.request)
    _, _, gbk, _ = ask('{method: POST, path: /q, charset: gbk, form: {page: "{page}", 单位: 甲}}')
    assert gbk == b"page=1&%B5%A5%CE%BB=%BC%D7"


def test_base64_of_json_in_a_forms_field(ask):
    _, _, body, exchange = ask(
        '{method: POST, path: /q, form: {data: "{json64}", plain: "{json}", page: "{page}"}, ' + TREE + "}"
    )
    fields = dict(parse_qsl(body.decode("ascii"), strict_parsing=True))
    assert base64.b64decode(fields["data"], validate=True).decode() == fields["plain"] == ASKED
    kept = json.loads(exchange.request["form"])
    assert base64.b64decode(kept["data"]).decode() == kept["plain"] == exchange.request["json"]
    assert "k-11" not in kept["plain"]


def test_base64_of_xml_in_a_forms_field(ask):
    text = """
request:
  method: POST
  path: /q
  charset: gb18030
  form: {xml: "{text64}"}
  text: <查询><起>{from}</起><页>{page}</页><钥 值="${XX_KEY}"/></查询>
"""
    _, _, body, _ = ask(text.replace("\nrequest:\n", "\n", 1))
    told = base64.b64decode(dict(parse_qsl(body.decode("ascii")))["xml"]).decode("gb18030")
    assert told == '<查询><起>2020-01-01 00:00:00</起><页>1</页><钥 值="k-11&quot;22"/></查询>'
    assert etree.fromstring(told).find("钥").get("值") == 'k-11"22'


def test_a_text_as_it_stands_is_the_body(ask):
    headers, _, body, _ = ask('{method: POST, path: /q, text: "<q><p>{page}</p></q>", charset: gb18030}')
    assert (body, headers["content-type"]) == (b"<q><p>1</p></q>", "application/xml; charset=gb18030")
    assert headers["accept"].startswith("application/xml")
    headers, _, body, _ = ask(
        """{method: POST, path: /q, headers: {content-type: text/json}, text: '{"p": {page}, "all": true, "k": "${XX_KEY}"}'}"""
    )
    assert (json.loads(body), headers["content-type"]) == ({"p": 1, "all": True, "k": 'k-11"22'}, "text/json")


def test_json_in_the_query_is_not_sent_as_a_body_too(ask):
    headers, query, body, _ = ask('{path: /q, query: {params: "{json}"}, ' + TREE + "}")
    assert (query["params"], body) == (ASKED, b"")
    assert "content-type" not in headers


def test_a_value_in_the_path_leads_nowhere_else(declared, system, pull):
    environment, asked = system(lambda *_: {"list": [], "next": "../../admin?x=1" if len(asked) == 1 else ""})
    spec = declared("request: {path: '/rows/{next}'}\npaging: {kind: token, rows: /list, next: /next, first: a}")
    pulled = pull(spec, environment)
    assert pulled.error is None
    assert [(path, query) for path, query, _ in asked] == [("/rows/a", {}), ("/rows/../../admin%3Fx=1", {})]


def test_a_character_that_the_charset_lacks_is_told(ask):
    with pytest.raises(Misconfigured, match="'镕', which gb2312 lacks"):
        ask('{method: POST, path: /q, charset: gb2312, json: {page: "{page}", name: 镕}}')


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ('{path: /q, form: {data: "{json64}", page: "{page}"}}', "nothing fills {json64}"),
        ('{path: /q, text: "{text} {page}"}', "nothing fills {text}"),
        ('{path: /q, json: {a: {b: ["{pgae}"]}, page: "{page}"}}', "nothing fills {pgae}"),
        ('{path: /q, charset: gb2313, query: {page: "{page}"}}', "'gb2313' is no known charset"),
    ],
)
def test_what_cannot_be_filled_is_told_when_the_file_is_read(declared, request_, words):
    with pytest.raises(ProblemsFound) as found:
        declared(f"request: {request_}\n{PAGED}")
    (fault,) = found.value.problems
    assert words in fault.words
    assert fault.line == 10
