"""Rows of one manifest on several pages of a run: one claim, whose values lead to the page each came from."""

import asyncio
from base64 import b64decode

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.errors import Malformed
from contract_tests.lineage_check import claim_faults, leaves
from gateway.gateway import Gateway
from gateway.read import manifests
from gateway.read.answer import encode
from gateway.read.lineage import lineage
from gateway.settings import Settings
from gateway.store import records

ADAPTER = """\
id: yy
title: 甲省
title_en: Province yy
division: "32"
driver: rest
base_url: ${YY_URL}
datasets:
  transfers:
    title: 联单
    title_en: Manifests
    request: {path: /rows, query: {page: "{page}", since: "{from}"}}
    paging: {kind: keyset, rows: /rows, total: /total, size: 2}
    cursor: {row: /changed, format: yyyy-MM-dd, start: 2020-01-01, overlap: 1d}
    decode: ["text:utf-8", json]
    spread: yes
"""
MAPPING = """\
kind: manifest
standard: 1.0-rc
system: yy
records: rows
group: no
key: no
fields:
  national_no: no
  consignor: {name: firm}
  wastes: {each_row: yes, fields: {name: waste, quantity_t: {from: kg, unit: kg}}}
"""
A, B, C = "20263205000001", "20263205000002", "20263205000003"
ROWS = [
    {"no": no, "firm": "甲", "waste": waste, "kg": kg, "changed": "2026-03-05"}
    for no, waste, kg in (
        (A, "废油", 1000),
        (B, "废漆", 2000),
        (A, "废渣", 500),
        (C, "污泥", 1),
        (A, "抹布", 3),
        (B, "滤芯", 4),
    )
]


class Province:
    """Serves rows by what they were changed at, from a value on: the border rows come on both pages."""

    def __init__(self):
        self.rows, self.broken = list(ROWS), 0

    async def page(self, request):
        at = (int(request.query_params["page"]) - 1) * 2
        asked = [row for row in self.rows if row["changed"] >= request.query_params["since"]]
        if self.broken and at == self.broken * 2:
            return Response(b'{"total": 6, "rows": [{"no": "2026', media_type="application/json")
        return JSONResponse({"total": len(asked), "rows": asked[at : at + 2]})


@pytest.fixture
def province():
    return Province()


@pytest.fixture
def gateway(tmp_path, servers, province):
    for path, text in (("adapters/provinces/yy.yaml", ADAPTER), ("mappings/provinces/yy/transfers.yaml", MAPPING)):
        file = tmp_path / "pack" / path
        file.parent.mkdir(parents=True)
        file.write_text(text, "utf-8")
    settings = Settings(data=tmp_path / "data", packs=[tmp_path / "pack"])
    url = servers.app(Starlette(routes=[Route("/rows", province.page)]))
    with Gateway(settings, environment={"YY_URL": url}) as opened:
        opened.adapters.stage("yy", "live", who="test", why="test")
        yield opened


def read(gateway, no):
    with gateway.database.read() as conn:
        told = lineage(conn, manifests.resolve(conn, no), documents=True, with_payloads=True)
        return manifests.envelope(conn, told["record_id"])["content"], told


def test_rows_on_several_pages_are_one_claim_each_value_with_its_page(gateway):
    counts = asyncio.run(gateway.pull("yy"))
    assert (counts.pulled, counts.accepted, counts.quarantined) == (3, 3, 0)
    content, told = read(gateway, A)
    assert [(waste["name"], waste["quantity_t"]) for waste in content["wastes"]] == [
        ("废油", "1"),
        ("废渣", "0.5"),
        ("抹布", "0.003"),
    ]
    (claim,) = told["claims"]
    packed = {name: b64decode(one) for name, one in told["payloads"].items()}
    assert claim_faults(claim, packed) == []
    assert {entry["field"]: entry["value"] for entry in claim["entries"] if "value" in entry} == leaves(content)
    places = {entry["field"]: entry["inputs"][0] for entry in claim["entries"] if entry["inputs"]}
    assert [(one["document"], one["source"]) for name in range(3) for one in [places[f"/wastes/{name}/name"]]] == [
        ("d1", "/rows/0/waste"),
        ("d2", "/rows/0/waste"),
        ("d3", "/rows/0/waste"),
    ]
    assert [one["chain"][0] for one in claim["documents"]] == ["zip:page-00001", "zip:page-00002", "zip:page-00003"]
    assert b'"raw":1000' in encode(told)


def test_the_next_run_finds_everything_unchanged(gateway):
    asyncio.run(gateway.pull("yy"))
    assert asyncio.run(gateway.pull("yy")).unchanged == 3


def test_a_mended_mapping_reads_the_pages_together_once_more(gateway, tmp_path):
    asyncio.run(gateway.pull("yy"))
    file = tmp_path / "pack/mappings/provinces/yy/transfers.yaml"
    file.write_text(
        file.read_text("utf-8").replace("name: waste,", "name: {from: waste, steps: [{after: 废}]},"), "utf-8"
    )
    ((tally, left),) = gateway.replay("yy", "transfers")
    assert (tally.remapped, tally.changed, tally.unchanged, left) == (3, 2, 1, 0)
    content, told = read(gateway, A)
    assert [waste["name"] for waste in content["wastes"]] == ["油", "渣", "抹布"]
    assert claim_faults(told["claims"][0], {name: b64decode(one) for name, one in told["payloads"].items()}) == []
    assert [tally.changed for tally, _ in gateway.replay("yy", "transfers", dry=True)] == []


def wastes(gateway, no):
    return sorted(waste["name"] for waste in read(gateway, no)[0]["wastes"])


def test_a_row_that_two_pages_have_counts_once(gateway, province):
    province.rows = [row | {"changed": f"2026-03-0{at}"} for at, row in enumerate(ROWS, 1)]
    asyncio.run(gateway.pull("yy"))
    assert wastes(gateway, A) == sorted(["废油", "废渣", "抹布"])


def test_a_later_run_has_the_rows_that_didnt_change_too(gateway, province):
    asyncio.run(gateway.pull("yy"))
    province.rows = [*ROWS[:4], ROWS[4] | {"kg": 5, "changed": "2026-04-01"}, *ROWS[5:]]
    province.rows.sort(key=lambda row: row["changed"])
    asyncio.run(gateway.pull("yy"))
    assert wastes(gateway, A) == sorted(["废油", "废渣", "抹布"])
    content, _ = read(gateway, A)
    assert {waste["name"]: waste["quantity_t"] for waste in content["wastes"]}["抹布"] == "0.005"


def test_with_one_page_unread_nothing_is_taken(gateway, province):
    province.broken = 2
    with pytest.raises(Malformed):
        asyncio.run(gateway.pull("yy"))
    with gateway.database.read() as conn:
        assert records.live_counts(conn) == {}
    province.broken = 0
    assert asyncio.run(gateway.pull("yy")).accepted == 3
