"""Rows that come as CSV or lines over HTTP, the whole way: pulled, mapped like any other, proved from the bytes."""

import asyncio
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
    request: {path: /rows}
    paging: {kind: single}
    decode: DECODE
"""
MAPPING = """\
kind: manifest
standard: 1.0-rc
system: aa
times: yyyy-MM-dd HH:mm
zone: Asia/Shanghai
records: .
key: 编号
fields:
  local_numbers:
    - {system: {const: aa}, number: 编号}
  consignor: {name: 单位}
  wastes:
    - {name: 废物, quantity_t: {from: 千克, unit: kg}}
"""
CSV = '编号;单位;废物;千克\nA-1;甲厂;"废油; 旧";"1,250"\nA-2;缺列\nA-3;乙厂;废酸;12.50\n'
LINES = (
    '{"编号": "A-1", "单位": "甲厂", "废物": "废油; 旧", "千克": "1,250"}\r\nno row\r\n'
    '{"编号": "A-3", "单位": "乙厂", "废物": "废酸", "千克": 12.50}\r\n'
)


def served(body):
    responses, routing, applications = (
        import_module(f"starlette.{one}") for one in ("responses", "routing", "applications")
    )

    async def rows(_):
        return responses.Response(body, media_type="text/html")

    return applications.Starlette(routes=[routing.Route("/rows", rows)])


@pytest.mark.parametrize(
    ("decode", "body"),
    [('["text:gb18030", "csv:;", json]', CSV.encode("gb18030")), ('["text:utf-8", ndjson, json]', LINES.encode())],
)
def test_rows_are_mapped_and_proved_and_a_broken_one_is_kept_by_itself(connected, proved, set_apart, decode, body):
    gateway = connected(ADAPTER.replace("DECODE", decode), MAPPING, served(body))
    counts = asyncio.run(gateway.pull("aa", None))
    assert (counts.accepted, counts.quarantined) == (2, 1)
    assert set_apart(gateway) == [("/rows#/1", "open")]
    quantity = next(one for one in proved(gateway, "aa:A-1")["entries"] if one["field"] == "/wastes/0/quantity_t")
    assert quantity["value"] == "1.25"
    assert (quantity["inputs"][0]["source"], quantity["inputs"][0]["raw"]) == ("/0/千克", "1,250")
