"""Answers in XML, NDJSON and CSV over HTTP, paged and mapped like any other."""

import pytest
from starlette.responses import Response

from adapters.decode import redecode
from adapters.errors import Denied

CURSOR = "cursor: {row: /@changed, format: yyyy-MM-dd, start: 2020-01-01}"
XML = f"""
request: {{path: /list, query: {{page: "{{page}}", since: "{{from}}"}}}}
paging: {{kind: pages, rows: /r/row, total: /r/@total, key: /no, size: 2}}
answer: {{code: /r/@code, success: OK, words: /r/message, denied: [KEY]}}
{CURSOR}
"""
ROWS = [f"<row changed='2026-01-0{n}'><no>{n}</no></row>" for n in range(1, 6)]


def xml(page):
    rows = "".join(ROWS[(page - 1) * 2 : page * 2])
    text = f"<?xml version='1.0' encoding='GB2312'?><r code='OK' total='5'><message>成功</message>{rows}</r>"
    return Response(text.encode("gb18030"), media_type="text/xml")


def test_xml_over_http_is_paged_by_places_in_it(declared, system, pull, at):
    environment, asked = system(lambda request, _: xml(int(request.query_params["page"])))
    pulled = pull(declared(XML, decode="[text, xml]"), environment)
    assert pulled.error is None
    assert {one.text for tree in pulled.trees() for one in tree.iter("no")} == {"1", "2", "3", "4", "5"}
    assert at(pulled) == "2026-01-05"
    assert [query["page"] for _, query, _ in asked] == ["1", "2", "3", "3", "2", "1"]


def test_the_code_of_an_xml_answer_is_judged_and_its_words_told(declared, system, pull):
    environment, _ = system(lambda *_: Response("<r code='KEY'><message>密钥<b>无效</b></message></r>"))
    pulled = pull(declared(XML, decode="[text, xml]"), environment)
    assert isinstance(pulled.error, Denied)
    assert str(pulled.error).endswith("denied: code KEY: 密钥无效")


def test_a_next_token_in_xml(declared, system, pull):
    said = {"": "<r next='b'><row/></r>", "b": "<r><row/></r>"}
    environment, asked = system(lambda request, _: Response(said[request.query_params.get("after", "")]))
    spec = declared(
        """
        request: {path: /list, query: {after: "{next}"}}
        paging: {kind: token, rows: /r/row, next: /r/@next}
        """,
        decode="[text, xml]",
    )
    assert (pull(spec, environment).error, len(asked)) == (None, 2)


SINGLE = "request: {path: /list}\npaging: {kind: single, key: /编号}\n"


def only(pulled):
    (document,) = pulled.decoded[0].documents
    return document


@pytest.mark.parametrize(
    ("decode", "text"),
    [
        ('["text:utf-8", csv, json]', '﻿编号,名称,数量\r\n1,"废油, 含""水""\n二",1.50\r\n0002,,\r\n'),
        ('["text:gb18030", "csv:;", json]', ' 编号;名称 ;数量\n1;"废油, 含""水""\n二";1.50\n\n0002;;\n'),
        ('["text:utf-16", "csv:tab", json]', '编号\t名称\t数量\n1\t"废油, 含""水""\n二"\t1.50\n0002\t\t\n'),
        ('["text:utf-8", "csv:| 编号|名称|数量", json]', '1|"废油, 含""水""\n二"|1.50\n0002||\n'),
        ('["text:utf-8", csv, json]', '编号,名称,数量,\n1,"废油, 含""水""\n二",1.50,\n0002,,,\n'),
    ],
)
def test_a_csv_row_is_an_object_under_the_headers_names(declared, system, pull, decode, text):
    charset = decode.partition("text:")[2].partition('"')[0]
    pulled = pull(declared(SINGLE, decode=decode), system(lambda *_: Response(text.encode(charset)))[0])
    assert only(pulled).tree == [
        {"编号": "1", "名称": '废油, 含"水"\n二', "数量": "1.50"},
        {"编号": "0002", "名称": "", "数量": ""},
    ]


def test_a_csv_document_can_be_decoded_again_from_its_bytes(declared, system, pull):
    spec = declared(SINGLE, decode='["text:gbk", "csv:; a;b", json]')
    pulled = pull(spec, system(lambda *_: Response("一;二\n".encode("gbk")))[0])
    document = only(pulled)
    assert document.chain == ("text:gb18030", "csv:; a;b", "json")
    (again,) = redecode(pulled.exchanges[0].payload.body, [document.described()])
    assert (again.tree, again.text) == (document.tree, document.text)


def test_a_line_that_is_no_row_costs_only_itself(declared, system, pull):
    csv = pull(
        declared(SINGLE, decode="[text, csv, json]"), system(lambda *_: Response("编号,b\n1,2\n3\n4,5,6\n7,8\n"))[0]
    )
    assert only(csv).tree == [{"编号": "1", "b": "2"}, ["3"], ["4", "5", "6"], {"编号": "7", "b": "8"}]
    lines = '{"编号": 1.10}\r\n\n}, {\n{"编号": "a", "编号": "b"}\n{"编号": 2}\n'
    ndjson = pull(declared(SINGLE, decode="[text, ndjson, json]"), system(lambda *_: Response(lines))[0])
    assert [str(one) for one in only(ndjson).tree] == [
        "{'编号': Decimal('1.10')}",
        "}, {",
        '{"编号": "a", "编号": "b"}',
        "{'编号': 2}",
    ]


@pytest.mark.parametrize(
    ("decode", "text", "told"),
    [
        ("[text, csv, json]", "编号,b\n1,2\n3", "line 3, column 1: the last row has 1 fields, the header 2: cut off?"),
        ("[text, csv, json]", '编号,b\n1,"2', "line 2, column 1: not CSV: "),
        ("[text, csv, json]", "编号,b,编号\n", "line 1, column 1: the header names '编号' twice"),
        ("[text, csv, json]", "编号,,b\n", "a column without a name"),
        ("[text, csv, json]", "", "a column without a name"),
        ("[text, ndjson, json]", '{"a": 1}\n{"a": ', "line 2, column 7: "),
    ],
)
def test_a_text_that_may_have_been_cut_off_is_not_taken(declared, system, pull, decode, text, told):
    environment, asked = system(lambda *_: Response(text))
    pulled = pull(declared(SINGLE, decode=decode), environment)
    assert told in pulled.damaged[0].reasons[0]
    assert (len(asked), pulled.cursor, pulled.exchanges[0].payload.body) == (2, None, text.encode())


def test_ndjson_without_a_line_is_an_empty_list(declared, system, pull):
    pulled = pull(declared(SINGLE, decode="[text, ndjson, json]"), system(lambda *_: Response("\n"))[0])
    assert (pulled.error, pulled.exchanges) == (None, [])
