"""The XML system as a client meets it."""

import httpx
import pytest
from lxml import etree

from contract_tests.mocks.sc import KEY
from contract_tests.world import World
from contract_tests.world.views import sc

SIZE = 3


def parse(answer):
    """As one must: whatever the header and the declaration say, it is GB18030."""
    assert answer.headers["content-type"] == "text/plain; charset=iso-8859-1"
    text = answer.content.decode("gb18030")
    assert text.startswith('<?xml version="1.0" encoding="GB2312"?>')
    return etree.fromstring(text.partition("?>")[2])


def plain(row):
    return etree.tostring(row, encoding="unicode")


class Reader:
    """Reads as an adapter would: asks again, goes on from the last @gx."""

    def __init__(self, http):
        self.http, self.seen = http, []

    def page(self, since="", size=SIZE, number=1):
        while True:
            query = {"from": since, "page": number, "size": size}
            try:
                answer = self.http.get("/exchange/ld", params=query, headers={"X-Key": KEY})
            except httpx.RemoteProtocolError:
                self.seen.append("dropped")
                continue
            if answer.status_code == 503:
                self.seen.append("down")
                continue
            root = parse(answer)
            self.seen.append(root.get("code"))
            if root.get("code") == "0":
                return root

    def all(self, since=""):
        rows = {}
        while True:
            page = self.page(since)
            rows |= {row.get("bh"): plain(row) for row in page}
            if len(page) < SIZE:
                return rows, since
            since = page[-1].get("gx")


def newest(manifests=60):
    world = World(7, manifests, ("js", "tj", "gd", "sc"))
    sides = list(world.for_province("sc"))
    return {side.number if not side.damaged else "": plain(sc.render(side, side.versions[-1])) for side in sides}


def test_everything_arrives_though_the_server_fails_and_rows_move(mock):
    with mock("sc") as system:
        reader = Reader(system.http)
        rows, since = reader.all()
        assert {"0", "9", "down", "dropped"} <= set(reader.seen)
        assert system.state()["revealed"] > 0
        assert system.finish()["pending"] == 0
        rows |= reader.all(since)[0]
    assert rows == newest()


def test_national_numbers_come_later(mock):
    with mock("sc", "--no-faults") as system:
        before = {row.get("bh"): row.get("gjh") for row in Reader(system.http).page(size=300)}
        system.finish()
        after = {row.get("bh"): row.get("gjh") for row in Reader(system.http).page(size=300)}
    came = [number for number in before if not before[number] and after[number]]
    assert len(came) > 15
    assert all(after[number] == before[number] for number in before if before[number])


@pytest.mark.parametrize(
    ("headers", "query", "code"),
    [
        ({}, {}, "1"),
        ({"X-Key": "wrong"}, {}, "1"),
        ({"X-Key": KEY}, {"size": "301"}, "2"),
        ({"X-Key": KEY}, {"from": "2026-03-01"}, "2"),
        ({"X-Key": KEY}, {"from": "20260301000000"}, "0"),
    ],
)
def test_the_code_says_what_is_wrong_under_http_200(mock, headers, query, code):
    with mock("sc", "--no-faults", manifests=3) as system:
        answer = system.http.get("/exchange/ld", params=query, headers=headers)
    assert (answer.status_code, parse(answer).get("code")) == (200, code)
