"""Data inside the answer's string, in every wrapping, and rows in the envelope itself; over HTTP, paged, decoded again."""

import gzip
import json
from base64 import b64encode
from xml.sax.saxutils import escape

import pytest
from lxml import etree
from starlette.responses import Response

from adapters.decode import redecode
from adapters.errors import Busy, Rejected
from tests.adapters.drivers.soap.conftest import ENVELOPES, NS, SoapService

ROWS = [{"no": f"N{number}", "at": f"2026-01-0{number}", "name": "镕<&>"} for number in range(1, 6)]
CURSOR = "{row: /at, format: yyyy-MM-dd, start: 2026-01-01, window: 3650d}"
ASK = "{operation: getRows, arguments: ['{to}', {since: '{from}', page: '{page}'}]}"
JSON = {"paging": "{kind: window, rows: /rows, total: /total, key: /no, size: 2}", "request": ASK, "cursor": CURSOR}
XML = {
    "paging": "{kind: window, rows: /data/rows/row, total: /data/@total, key: /@no, size: 2}",
    "request": ASK,
    "cursor": CURSOR,
}


def as_json(rows):
    return json.dumps({"total": len(ROWS), "rows": rows}, ensure_ascii=False)


def as_xml(rows, declaration=""):
    inside = "".join(
        f'<row no="{one["no"]}"><at>{one["at"]}</at><name>{escape(one["name"])}</name></row>' for one in rows
    )
    return f'{declaration}<data total="{len(ROWS)}"><rows>{inside}</rows></data>'


def packed(data):
    return b64encode(data).decode()


def cdata(text):
    return f"<![CDATA[{text}]]>"


DECLARED = '<?xml version="1.0" encoding="GB2312"?>'
WRAPPINGS = {
    "JSON, escaped": (lambda rows: escape(as_json(rows)), "string, json", JSON),
    "JSON in CDATA": (lambda rows: cdata(as_json(rows)), "string, json", JSON),
    "JSON in Base64": (lambda rows: packed(as_json(rows).encode()), "base64, 'text:utf-8', json", JSON),
    "XML, escaped": (lambda rows: escape(as_xml(rows)), "string, xml", XML),
    "XML in CDATA, with a declaration": (lambda rows: cdata(as_xml(rows, DECLARED)), "string, xml", XML),
    "XML in Base64, GB18030": (
        lambda rows: packed(as_xml(rows, DECLARED).encode("gb18030")),
        "base64, text, xml",
        XML,
    ),
    "gzip in Base64": (lambda rows: packed(gzip.compress(as_xml(rows).encode())), "base64, gzip, text, xml", XML),
    "gzip in Base64 in CDATA, in lines": (
        lambda rows: cdata(
            "\r\n"
            + "\r\n".join(packed(gzip.compress(as_xml(rows).encode()))[at : at + 76] for at in (0, 76, 152, 228, 304))
        ),
        "base64, gzip, text, xml",
        XML,
    ),
    "Base64 in JSON in a string": (
        lambda rows: escape(json.dumps({"data": packed(as_xml(rows).encode())})),
        "string, json, 'at:/data', base64, text, xml",
        XML,
    ),
}


class Paged(SoapService):
    """Gives the rows by pages; `wrap` says how they stand in the answer."""

    def __init__(self, wrap, **more):
        super().__init__(**more)
        self.wrap = wrap
        self.answers = [self.page] * 30

    def page(self, call):
        number = int(call.findtext(f".//{{{NS}}}page") or 1)
        return self.answer("getRows", f"<code>0</code><return>{self.wrap(ROWS[2 * number - 2 : 2 * number])}</return>")


def numbers(pulled):
    return {
        no
        for tree in pulled.trees()
        for no in (tree.xpath("//*/@no") if hasattr(tree, "xpath") else [one["no"] for one in tree["rows"]])
    }


@pytest.mark.parametrize("how", WRAPPINGS)
def test_every_wrapping_is_paged_through_and_can_be_decoded_again(run, how):
    wrap, chain, parts = WRAPPINGS[how]
    pulled = run(Paged(wrap), decode=f"[text, xml, 'soap:return', {chain}]", **parts)
    assert (pulled.error, pulled.damaged) == (None, [])
    assert numbers(pulled) == {one["no"] for one in ROWS}
    assert json.loads(pulled.cursor) == {"from": "2026-01-05"}
    for exchange, decoded in zip(pulled.exchanges, pulled.decoded, strict=True):
        again = redecode(exchange.payload.body, [one.described() for one in decoded.documents])
        assert [one.text for one in again] == [one.text for one in decoded.documents]
        outer, leaf = decoded.documents[0], decoded.leaves[0]
        (parent,) = etree.fromstring(outer.text.encode()).xpath(decoded.documents[1].parent[1])
        assert etree.QName(parent).localname == "return"
        assert "镕<&>" in (leaf.text if leaf.media_type == "application/json" else leaf.tree.findtext(".//name"))


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_rows_in_the_envelope_itself_as_at_an_xs_any(run, version):
    """No string at all: the rows are elements of another namespace."""
    service = Paged(
        lambda rows: as_xml(rows).replace("<data", "<q:data xmlns:q='urn:q'").replace("/data>", "/q:data>"),
        version=version,
    )
    data = "/Envelope/Body/getRowsResponse/return/data"
    pulled = run(
        service,
        paging=f"{{kind: window, rows: {data}/rows/row, total: {data}/@total, key: /@no, size: 2}}",
        cursor=XML["cursor"],
        request=ASK,
        decode="[text, xml]",
    )
    assert (pulled.error, pulled.damaged) == (None, [])
    assert numbers(pulled) == {one["no"] for one in ROWS}
    assert len(pulled.decoded[0].documents) == 1


def test_xml_rows_in_ascending_order(run):
    """keyset: each page is asked from the last row's value on."""

    def page(call):
        since = call.findtext(f".//{{{NS}}}since")
        return service.answer(
            "getRows", f"<return>{escape(as_xml([one for one in ROWS if one['at'] >= since][:2]))}</return>"
        )

    service = SoapService()
    service.answers = [page] * 30
    pulled = run(
        service,
        paging="{kind: keyset, rows: /data/rows/row, size: 2}",
        cursor="{row: /at, format: yyyy-MM-dd, start: 2026-01-01}",
        decode="[text, xml, soap, string, xml]",
    )
    assert (pulled.error, numbers(pulled)) == (None, {one["no"] for one in ROWS})
    assert [call.findtext(f".//{{{NS}}}since") for call in service.calls][:3] == [
        "2026-01-01",
        "2026-01-02",
        "2026-01-03",
    ]


def test_the_whole_answer_may_be_one_element_of_text(run):
    """document/literal bare: the body's element is the string itself."""
    service = SoapService(bare=True)
    service.answers = [service.envelope(f"<r:rows xmlns:r='{NS}'>{escape(as_json(ROWS))}</r:rows>")] * 5
    request = "{operation: getRows, arguments: {since: '{from}/{to}', page: '{page}'}}"
    pulled = run(service, **{**JSON, "request": request})
    assert (pulled.error, numbers(pulled)) == (None, {one["no"] for one in ROWS})


def encoded(place, referred):
    """An answer as Axis 1 writes it: the value beside the answer, by reference."""
    inside = f"<r:getRowsResponse xmlns:r='{NS}'><getRowsReturn href='#{place}'/></r:getRowsResponse>"
    return f"<s:Envelope xmlns:s='{ENVELOPES['1.1']}'><s:Body>{inside}<multiRef id='id0'>{referred}</multiRef></s:Body></s:Envelope>"


def test_a_value_of_rpc_encoded_that_stands_elsewhere_is_followed_and_its_place_is_where_it_stands(run):
    service = SoapService("rpc", "encoded", parts={"token": "xsd:string", "since": "xsd:string"})
    service.answers = [encoded("id0", escape(as_json(ROWS)))] * 5
    request = "{operation: getRows, arguments: ['{from}', '{to}']}"
    pulled = run(service, **{**JSON, "request": request})
    assert (pulled.error, numbers(pulled)) == (None, {one["no"] for one in ROWS})
    outer, inner = pulled.decoded[0].documents
    (parent,) = etree.fromstring(outer.text.encode()).xpath(inner.parent[1])
    assert (parent.tag, parent.text) == ("multiRef", inner.text)


def test_a_reference_that_leads_nowhere_is_told(run):
    service = SoapService("rpc", "encoded", parts={"token": "xsd:string"})
    service.answers = [encoded("id9", "x")] * 5
    pulled = run(service, request="{operation: getRows, arguments: ['{from}']}")
    assert "nothing has the id 'id9'" in pulled.damaged[0].reasons[0]


WHERE = "limits: {{tries: 1}}\nanswer: {{code: {}, success: 0, words: {}, busy: [7]}}"
REFUSED = {
    "in the envelope": (
        "<code>{}</code><msg>不行</msg>",
        "/Envelope/Body/getRowsResponse/code",
        "/Envelope/Body/getRowsResponse/msg",
        "soap:return, string, json",
    ),
    "in XML around the data": (
        "<return>&lt;r code='{}'&gt;&lt;msg&gt;不行&lt;/msg&gt;&lt;/r&gt;</return>",
        "/r/@code",
        "/r/msg",
        "soap, string, xml, 'at:/r/data', base64, text, json",
    ),
    "in JSON around the data": (
        '<return>{{"code": {}, "msg": "不行"}}</return>',
        "/code",
        "/msg",
        "soap, string, json, 'at:/data', string, json",
    ),
}


@pytest.mark.parametrize(("code", "kind"), [("7", Busy), ("9", Rejected)])
@pytest.mark.parametrize("how", REFUSED)
def test_a_refusal_is_found_in_whichever_document_has_its_code(run, how, code, kind):
    inner, place, words, chain = REFUSED[how]
    service = SoapService()
    service.answers = [service.answer("getRows", inner.format(code))] * 5
    error = run(service, more=WHERE.format(place, words), decode=f"[text, xml, {chain}]").error
    assert type(error) is kind
    assert (error.code, error.words) == (code, "不行")


def test_a_success_beside_the_data_is_none_of_its_business(run):
    service = SoapService()
    service.answers = [service.answer("getRows", f"<code>0</code><return>{escape(as_json(ROWS))}</return>")] * 5
    code = "/Envelope/Body/getRowsResponse/code"
    pulled = run(service, more=WHERE.format(code, code), decode="[text, xml, 'soap:return', string, json]", **JSON)
    assert (pulled.error, numbers(pulled)) == (None, {one["no"] for one in ROWS})


def test_data_that_end_in_the_middle_are_told_with_their_place(run):
    service = SoapService()
    service.answers = [service.answer("getRows", f"<return>{escape(as_xml(ROWS))[:-20]}</return>")] * 5
    pulled = run(service, decode="[text, xml, soap, string, xml]", **XML)
    (exchange,) = pulled.exchanges
    assert exchange.cursor is None
    assert "not well-formed XML" in pulled.damaged[0].reasons[0]
    assert pulled.damaged[0].place.startswith("/svc d1 /*[local-name()='Envelope']")


def test_a_bomb_in_base64_is_bounded(run):
    service = SoapService()
    bomb = packed(gzip.compress(b"<data>" + b" " * 40_000_000 + b"</data>"))
    service.answers = [service.answer("getRows", f"<return>{bomb}</return>")] * 5
    pulled = run(service, decode="[text, xml, soap, base64, gzip, text, xml]", **XML)
    assert len(pulled.exchanges) == 1
    assert "unpacks to more than" in pulled.damaged[0].reasons[0]


def test_a_session_in_a_cookie_is_kept(run):
    service = SoapService()
    told = Response(service.answer("login", "<return>T-000001</return>"), headers={"Set-Cookie": "S=1; Path=/"})
    service.answers = [told, None]
    login = "auth: {login: {operation: login, arguments: [u, p]}}"
    assert run(service, more=login).error is None
    assert [headers.get("cookie") for headers in service.headers][:2] == [None, "S=1"]
    assert ENVELOPES["1.1"] in service.calls[0].tag
