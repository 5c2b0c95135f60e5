"""The signed REST system as a client meets it."""

import time
from itertools import count

import pytest

from contract_tests.mocks.sh import APP_ID, SECRET, signature
from contract_tests.world import World
from contract_tests.world.views import sh

NONCES = count(10_000_000)


def signed(query, secret=SECRET, **other):
    headers = {"X-App-Id": APP_ID, "X-Timestamp": str(int(time.time())), "X-Nonce": str(next(NONCES))} | other
    return headers | {"X-Signature": signature([*headers.values(), *query.values()], secret)}


class Reader:
    """Reads as an adapter would: asks again, goes on from the last 更新时间."""

    def __init__(self, http):
        self.http, self.seen = http, []

    def page(self, since="", size=8, number=1):
        while True:
            query = {"起始": since, "页": str(number), "每页": str(size)}
            answer = self.http.get("/openapi/联单", params=query, headers=signed(query))
            if answer.status_code == 429:
                assert answer.headers["retry-after"] == "1"
                self.seen.append(429)
                continue
            self.seen.append(answer.json()["状态码"])
            if answer.json()["状态码"] == 0:
                return answer.json()["数据"]

    def all(self, since=""):
        rows = {}
        while True:
            page = self.page(since)["联单"]
            rows |= {(row["联单编号"], row.get("废物序号")): row for row in page}
            if len({row["联单编号"] for row in page}) < 8:
                return rows
            since = page[-1]["更新时间"]


def newest(manifests=60):
    world = World(7, manifests, ("js", "tj", "gd", "sh"))
    rows = [row for side in world.for_province("sh") for row in sh.render(side, side.versions[-1])]
    return {(row["联单编号"], row.get("废物序号")): row for row in rows}


def test_everything_arrives_though_the_server_fails_and_rows_move(mock):
    with mock("sh") as system:
        reader = Reader(system.http)
        rows = reader.all()
        assert {0, 429, 5000} <= set(reader.seen)
        assert system.state()["revealed"] > 0
        assert system.finish()["pending"] == 0
        rows |= reader.all(max(row["更新时间"] for row in rows.values()))
    assert rows == newest()


def test_the_rows_of_a_manifest_are_never_torn_by_a_page(mock):
    with mock("sh", "--no-faults") as system:
        page = Reader(system.http).page(size=5)["联单"]
    whole = {number for number, _ in newest()}
    numbers = [row["联单编号"] for row in page]
    assert len(set(numbers)) == 5
    assert set(numbers) <= whole
    assert numbers == sorted(numbers, key=list(dict.fromkeys(numbers)).index)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"secret": "wrong"}, "签名错误"),
        ({"X-App-Id": "nobody"}, "签名错误"),
        ({"X-Timestamp": "1700000000"}, "签名错误：时间戳超出范围"),
        ({"X-Nonce": "short"}, "签名错误：随机数重复"),
    ],
)
def test_nobody_gets_in_without_a_fresh_signature(mock, changes, words):
    with mock("sh", "--no-faults", manifests=3) as system:
        told = system.http.get("/openapi/联单", headers=signed({}, **changes)).json()
    assert told == {"状态码": 4011, "消息": words, "数据": None}


def test_a_signature_is_for_one_request(mock):
    with mock("sh", "--no-faults", manifests=3) as system:
        headers = signed({"页": "1"})
        codes = [
            system.http.get("/openapi/联单", params={"页": number}, headers=headers).json()["状态码"]
            for number in ("2", "1", "1")
        ]
    assert codes == [4011, 0, 4011]


@pytest.mark.parametrize("query", [{"页": "0"}, {"每页": "201"}, {"起始": "昨天"}, {"page": "1"}])
def test_parameters_are_checked_under_http_200(mock, query):
    with mock("sh", "--no-faults", manifests=3) as system:
        answer = system.http.get("/openapi/联单", params=query, headers=signed(query))
    assert (answer.status_code, answer.json()["状态码"]) == (200, 4000)
