"""Records that are details of a list's rows, the whole way: taken, quarantined by the row, mended, proved; and a shifting list told."""

import asyncio
import logging
from importlib import import_module

import pytest

ADAPTER = """\
id: aa
division: "32"
title: 某省
title_en: A province
driver: rest
base_url: ${AA_URL}
datasets:
  manifests:
    title: 联单
    title_en: Manifests
    request: {path: /list, query: {page: "{page}", since: "{from}"}}
    paging: {kind: pages, rows: /rows, total: /total, size: 2}
    cursor: {row: /at, format: yyyy-MM-dd, start: 2020-01-01}
    detail: {row: {no: /no}, request: {path: "/one/{no}"}}
    decode: ["text:utf-8", json]
"""
MAPPING = """\
kind: manifest
standard: 1.0-rc
system: aa
records: .
key: no
fields:
  local_numbers:
    - {system: {const: aa}, number: no}
  consignor: {name: who}
  wastes:
    - {name: what, quantity_t: {from: kg, unit: kg}}
"""


class System:
    """Rows by number; `refused` have no detail. After the first page was read row 1 leaves, if it `shifts`."""

    def __init__(self):
        self.rows, self.refused, self.shifts = ["1", "2", "3"], {"2"}, False
        self.responses, routing, applications = (
            import_module(f"starlette.{one}") for one in ("responses", "routing", "applications")
        )
        routes = [routing.Route("/list", self.listed), routing.Route("/one/{no}", self.one)]
        self.app = applications.Starlette(routes=routes)

    async def listed(self, request):
        start = (int(request.query_params["page"]) - 1) * 2
        given = [{"no": no, "at": f"2026-01-0{no}"} for no in self.rows[start : start + 2]]
        total = len(self.rows)
        if self.shifts:
            self.rows, self.shifts = self.rows[1:], False
        return self.responses.JSONResponse({"rows": given, "total": total})

    async def one(self, request):
        no = request.path_params["no"]
        if no in self.refused:
            return self.responses.PlainTextResponse("没有权限", 410)
        return self.responses.JSONResponse({"no": no, "who": f"{no}厂", "what": "废油", "kg": 1250})


@pytest.fixture
def system():
    return System()


@pytest.fixture
def gateway(connected, system):
    return connected(ADAPTER, MAPPING, system.app)


def pulled(gateway):
    counts = asyncio.run(gateway.pull("aa", None))
    return counts.accepted, counts.unchanged, counts.quarantined


def test_a_refused_detail_is_one_entry_and_accepted_when_it_is_given(gateway, system, set_apart):
    assert pulled(gateway) == (2, 0, 1)
    assert set_apart(gateway) == [("detail-2", "open")]
    # the cursor has stayed: everything is asked for again, and the same refusal is the same entry
    assert pulled(gateway) == (0, 3, 0)
    system.refused.clear()
    assert pulled(gateway) == (1, 2, 0)
    assert set_apart(gateway) == [("detail-2", "accepted")]


def test_lineage_leads_from_a_detail_to_the_bytes(gateway, proved):
    pulled(gateway)
    assert proved(gateway, "aa:3")["documents"][0]["chain"] == ["zip:detail-3", "text:utf-8", "json"]


def test_a_list_that_shifts_while_it_is_read_is_told(gateway, system, caplog):
    system.refused.clear()
    system.shifts = True
    with caplog.at_level(logging.WARNING):
        # row 3 was met on page 1, beside row 2, which was known by then
        assert pulled(gateway) == (3, 1, 0)
    told = " ".join(record.getMessage() for record in caplog.records)
    assert "aa/manifests: rows had shifted between pages: 1 were met only when these were read again" in told
