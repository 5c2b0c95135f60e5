"""What pulling costs beside the loop one would write by hand: drivers against a local server, pages decoded, nothing mapped.

    python benchmarks/pull.py [--records 100000]

`rest` and `soap` are read from a server in a process of its own, `xml_drop` from a folder. By hand: httpx without limits, checks
or resuming, then orjson or lxml. The gateway's decoding keeps numbers exact and knows where each document stands in the bytes.
"""

import argparse
import asyncio
import contextlib
import multiprocessing
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import uvicorn
from lxml import etree
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.driver import Driver
from adapters.load import load_adapter
from adapters.registry import open_adapter
from benchmarks.pages import gd_page, rendered
from contract_tests.mocks import tj as tj_mock
from contract_tests.world.views import js, tj

BASE = 1000  # different records; the rest are these with numbers and times of their own
PAGE = 500
START = datetime(2026, 1, 1)  # noqa: DTZ001 - these systems know no zones
REST = """\
id: bench
title: 测速
title_en: benchmark
driver: rest
base_url: {url}
datasets:
  manifests:
    title: 联单
    title_en: manifests
    request: {{path: /rest, query: {{page: "{{page}}", size: "{{size}}", since: "{{from}}"}}}}
    paging: {{kind: keyset, rows: /data/list, size: 500}}
    cursor: {{row: /updateTime, format: "yyyy-MM-dd HH:mm:ss", start: "2020-01-01 00:00:00"}}
    decode: ["text:utf-8", json]
"""
SOAP = """\
id: bench
title: 测速
title_en: benchmark
driver: soap
base_url: {url}
soap: {{wsdl: /wsdl, endpoint: /soap}}
answer: {{short_code: 5, empty: ["06"]}}
datasets:
  manifests:
    title: 联单
    title_en: manifests
    request: {{operation: getLdxx, arguments: [x, "{{json}}"], json: {{kssj: "{{from}}", jssj: "{{to}}", page: "{{page}}", rows: "{{size}}"}}}}
    paging: {{kind: window, rows: /rows, total: /total, key: /ldbh, size: 500}}
    cursor: {{row: /gxrq, format: yyyy-MM-dd, start: 2026-01-01, window: 366d}}
    decode: ["text:utf-8", xml, soap, string, json]
"""
DROP = """\
id: bench
title: 测速
title_en: benchmark
driver: xml_drop
folder: {url}
datasets:
  manifests:
    title: 联单
    title_en: manifests
    files: "*.xml"
    decode: ["text:utf-8", xml]
"""


class Rows:
    """Any number of records made of a few: JSON objects with a number and a time of their own."""

    def __init__(self, records: list[dict[str, Any]], key: str, moment: str) -> None:
        made = [orjson.dumps(one | {key: "\x01", moment: "\x02"}) for one in records]
        self._pieces = [one.replace(b"\\u0001", b"\x00").replace(b"\\u0002", b"\x00").split(b"\x00") for one in made]
        self._first_key = [one.index(b"\\u0001") < one.index(b"\\u0002") for one in made]

    def page(self, first: int, last: int, moment: Callable[[int], str]) -> bytes:
        rows = []
        for number in range(first, last):
            at = number % len(self._pieces)
            before, between, behind = self._pieces[at]
            told = [b"K%08d" % number, moment(number).encode()]
            one, two = told if self._first_key[at] else told[::-1]
            rows.append(b"".join((before, one, between, two, behind)))
        return b",".join(rows)


def second(number: int) -> str:
    return (START + timedelta(seconds=number)).strftime("%Y-%m-%d %H:%M:%S")


def served(listener: socket.socket, records: int) -> None:
    rest = Rows(rendered(js, "js", BASE), "transNo", "updateTime")
    soap = Rows(rendered(tj, "tj", BASE), "ldbh", "gxrq")
    wsdl = tj_mock.wsdl("http://bench.invalid/")

    async def of_rest(request: Request) -> Response:
        since = datetime.strptime(request.query_params["since"], "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007
        size, page = int(request.query_params["size"]), int(request.query_params["page"])
        first = max(0, int((since - START).total_seconds())) + (page - 1) * size
        rows = rest.page(min(first, records), min(first + size, records), second)
        return Response(b'{"data":{"list":[%b]}}' % rows, media_type="application/json")

    async def of_soap(request: Request) -> Response:
        text = etree.fromstring(await request.body()).xpath("string(//*[local-name()='Body'])")
        asked = orjson.loads(str(text)[str(text).index("{") :])
        size, page = int(asked["rows"]), int(asked["page"])
        first = min((page - 1) * size, records)
        rows = soap.page(first, min(first + size, records), lambda _: "2026-02-01")
        answer = b'{"total":%d,"page":%d,"rows":[%b]}' % (records, page, rows)
        return Response(tj_mock._answer("getLdxx", answer.decode()), media_type="text/xml")  # noqa: SLF001

    async def of_wsdl(_: Request) -> Response:
        return Response(wsdl, media_type="text/xml")

    routes = [Route("/rest", of_rest), Route("/soap", of_soap, methods=["POST"]), Route("/wsdl", of_wsdl)]
    uvicorn.Server(uvicorn.Config(Starlette(routes=routes), log_level="error", access_log=False)).run(
        sockets=[listener]
    )


@contextlib.contextmanager
def server(records: int) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        process = multiprocessing.get_context("fork").Process(target=served, args=(listener, records), daemon=True)
        process.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        process.terminate()
        process.join()


def dropped(folder: Path, records: int) -> None:
    page, mark = gd_page(BASE), "<广东省联单号>".encode()
    for number in range(-(-records // BASE)):
        (folder / f"{number:06}.xml").write_bytes(page.replace(mark, mark + b"%06d" % number))


def adapter(text: str, url: str, folder: Path) -> Driver:
    file = folder / "bench.yaml"
    file.write_text(text.format(url=url), "utf-8")
    return open_adapter(load_adapter(file), {}, lambda: datetime.now(UTC) + timedelta(hours=1))  # no drop is too young


async def pulled(driver: Driver) -> tuple[int, int]:
    """(exchanges, bytes) that the driver gave, each decoded."""
    exchanges = size = 0
    async for one in driver.pull("manifests", None):
        decoded = await asyncio.to_thread(driver.decode, one.payload, "manifests", one.headers, one.source_name)
        assert not decoded.damaged
        exchanges, size = exchanges + 1, size + len(one.payload.body)
    await driver.aclose()
    return exchanges, size


async def rest_by_hand(url: str) -> AsyncIterator[int]:
    since = "2020-01-01 00:00:00"
    async with httpx.AsyncClient() as client:
        while True:
            query = {"page": "1", "size": str(PAGE), "since": since}
            rows = orjson.loads((await client.get(url + "/rest", params=query)).content)["data"]["list"]
            yield len(rows)
            if len(rows) < PAGE:
                return
            since = rows[-1]["updateTime"]


async def soap_by_hand(url: str) -> AsyncIterator[int]:
    form = '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><a/><b>{}</b></e:Body></e:Envelope>'
    async with httpx.AsyncClient() as client:
        for page in range(1, 1_000_000):
            asked = orjson.dumps({"page": page, "rows": PAGE}).decode()
            body = (await client.post(url + "/soap", content=form.format(asked))).content
            text = str(etree.fromstring(body).xpath("string(//*[local-name()='Body'])"))
            rows = orjson.loads(text[text.index("{") :])["rows"]
            yield len(rows)
            if len(rows) < PAGE:
                return


async def drop_by_hand(url: str) -> AsyncIterator[int]:
    for file in sorted(Path(url).glob("*.xml")):  # noqa: ASYNC240 - one reader, as a script would
        yield len({row.findtext("广东省联单号") for row in etree.fromstring(file.read_bytes())})


async def counted(by_hand: AsyncIterator[int]) -> int:
    return sum([one async for one in by_hand])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    records = parser.parse_args().records
    with tempfile.TemporaryDirectory() as made, server(records) as url:
        folder = Path(made)
        (drops := folder / "drops").mkdir()
        dropped(drops, records)
        contestants = {
            "rest": (REST, url, rest_by_hand),
            "soap": (SOAP, url, soap_by_hand),
            "xml_drop": (DROP, str(drops), drop_by_hand),
        }
        for name, (text, place, by_hand) in contestants.items():
            start = time.perf_counter()
            count = asyncio.run(counted(by_hand(place)))
            bare = time.perf_counter() - start
            exchanges, size = asyncio.run(pulled(adapter(text, place, folder)))
            ours = time.perf_counter() - start - bare
            print(
                f"{name:9} {count:9,} records in {exchanges:,} exchanges, {size / 1e6:,.0f} MB: {ours:6.1f} s, "
                f"{ours / count * 1e6:5.0f} µs a record; by hand {bare:6.1f} s; {ours / bare:4.2f} ×"
            )


if __name__ == "__main__":
    main()
