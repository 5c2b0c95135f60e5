"""The system's own JSON Schema or XSD, asked before the mapping sees a document: pages, XML, CSV rows and details."""

import json

import pytest
from starlette.responses import Response

from adapters.errors import Misconfigured

PAGED = """
request: {path: /list, query: {page: "{page}", since: "{from}"}}
paging: {kind: pages, rows: /list, total: /total, key: /n, size: 2}
cursor: {row: /t, format: yyyy-MM-dd HH:mm:ss, start: 2020-01-01 00:00:00}
source_schema: own.json
"""
NUMBERED = {"required": ["n"], "properties": {"n": {"type": "integer"}}}
LIST = {"type": "object", "properties": {"list": {"type": "array", "items": NUMBERED}}}
XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r"><xs:complexType><xs:sequence>
<xs:element name="row" maxOccurs="9"><xs:complexType><xs:sequence><xs:element name="kg" type="xs:decimal"/></xs:sequence>
</xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element></xs:schema>"""


@pytest.fixture
def schema(tmp_path):
    return lambda tree, name="own.json": (tmp_path / name).write_text(
        tree if isinstance(tree, str) else json.dumps(tree), "utf-8"
    )


def test_a_page_that_breaks_it_is_kept_with_every_fault_and_the_run_goes_on(
    declared, system, pull, rows, numbers, schema, at
):
    book = [rows("1", 1), {"t": "2026-01-01 00:00:02"}, rows(3, 3)]

    def answer(request, _):
        start = (int(request.query_params["page"]) - 1) * 2
        return {"list": book[start : start + 2], "total": 3}

    schema(LIST)
    pulled = pull(declared(PAGED), system(answer)[0])
    assert (pulled.error, numbers(pulled), at(pulled)) == (None, [3], "2026-01-01 00:00:03")
    assert pulled.damaged[0].reasons == (
        '/list/0/n: 应为 integer 类型 / "1" is no integer',
        "/list/1: 缺少必需的字段 n / the required field n is missing",
    )


def test_an_xsd_for_xml_over_http(declared, system, pull, schema):
    dataset = "request: {path: /list}\npaging: {kind: single, rows: /r/row}\nsource_schema: own.xsd\n"
    schema(XSD, "own.xsd")
    spec = declared(dataset, decode="[text, xml]")
    well = pull(spec, system(lambda *_: Response("<r><row><kg>1.5</kg></row></r>"))[0])
    assert (well.error, well.damaged, len(list(well.trees()))) == (None, [], 1)
    wrong = pull(spec, system(lambda *_: Response("<r><row><kg>1,5</kg></row></r>"))[0])
    (damaged,) = wrong.damaged
    assert damaged.reasons[0].startswith("/r/row/kg (line 1): Element 'kg': '1,5' is not a valid value")


def test_rows_of_csv(declared, system, pull, schema):
    schema({"items": {"type": "object", "required": ["kg"], "properties": {"kg": {"pattern": "^[0-9.]+$"}}}})
    dataset = "request: {path: /list}\npaging: {kind: single}\nsource_schema: own.json\n"
    spec = declared(dataset, decode="[text, csv, json]")
    assert pull(spec, system(lambda *_: Response("n,kg\n1,2.5\n"))[0]).damaged == []
    (damaged,) = pull(spec, system(lambda *_: Response("n,kg\n1,zwei\n2,3\n"))[0]).damaged
    assert damaged.reasons[0].startswith("/0/kg: ")


def test_each_detail_by_itself(declared, system, pull, rows, schema):
    schema(NUMBERED | {"type": "object"})
    dataset = """
    request: {path: /list}
    paging: {kind: single, rows: /list}
    detail:
      row: {no: /n}
      request: {path: "/one/{no}"}
    source_schema: own.json
    """
    said = {"/list": {"list": [rows(1), rows(2)]}, "/one/1": {"n": "x"}, "/one/2": {"n": 2}}
    pulled = pull(declared(dataset), system(lambda request, _: said[request.url.path])[0])
    assert [tree["n"] for tree in pulled.trees()] == [2]
    assert [(one.place, one.reasons) for one in pulled.damaged] == [
        ("detail-1", ('/n: 应为 integer 类型 / "x" is no integer',))
    ]


def test_a_schema_that_is_wrong_itself_is_told_and_nothing_is_taken(declared, system, pull, rows, schema):
    schema({"type": "objekt"})
    pulled = pull(declared(PAGED), system(lambda *_: {"list": [rows(1)], "total": 1})[0])
    assert isinstance(pulled.error, Misconfigured)
    assert "own.json: misconfigured: the source schema is wrong at /type" in str(pulled.error)
    assert (pulled.decoded, pulled.cursor) == ([], None)
