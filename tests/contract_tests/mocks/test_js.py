"""The REST system as a client meets it."""

import pytest

from contract_tests.mocks.js import APP_ID, APP_SECRET
from contract_tests.world import World
from contract_tests.world.views import js


def sign_in(http, secret=APP_SECRET):
    return http.post("/auth/token", json={"appId": APP_ID, "appSecret": secret}).json()


class Reader:
    """Reads as an adapter would: signs in again, asks again, goes on from the last updateTime."""

    def __init__(self, http):
        self.http, self.token, self.codes = http, "none", []

    def page(self, since, size=8, number=1):
        while True:
            query = {"pageNum": number, "pageSize": size, "updatedFrom": since}
            told = self.http.get(
                "/api/manifests", params=query, headers={"Authorization": f"Bearer {self.token}"}
            ).json()
            self.codes.append(told["code"])
            if told["code"] == "1":
                return told["data"]
            if told["code"] in {"10401", "401"}:
                self.token = sign_in(self.http)["data"]["token"]

    def all(self, since="2020-01-01 00:00:00"):
        rows = {}
        while True:
            page = self.page(since)["list"]
            rows |= {row["transNo"]: row for row in page}
            if len(page) < 8:
                return rows
            since = page[-1]["updateTime"]


def newest(manifests=60):
    return {side.number: js.render(side, side.versions[-1]) for side in World(7, manifests).for_province("js")}


def test_everything_arrives_though_token_rows_and_server_fail_in_the_middle(mock):
    with mock("js") as system:
        reader = Reader(system.http)
        rows = reader.all()
        assert {"1", "10401", "500"} <= set(reader.codes)
        assert system.state()["revealed"] > 0
        told = system.finish()
        assert told["pending"] == 0
        rows |= reader.all(max(row["updateTime"] for row in rows.values()))
    assert rows == newest()


def test_rows_are_corrected_while_they_are_read_and_move_to_the_end(mock):
    with mock("js", "--no-faults") as system:
        reader = Reader(system.http)
        before = reader.page("", 500)
        after = reader.page("", 500)
        assert before["total"] == after["total"]
        assert [row["transNo"] for row in before["list"]] != [row["transNo"] for row in after["list"]]
        times = [row["updateTime"] for row in after["list"]]
        assert times == sorted(times)


def test_what_was_revealed_survives_kill_9(mock):
    with mock("js", "--no-faults") as system:
        Reader(system.http).page("", 500)
        told = system.state()
        assert told["revealed"] > 0
    with mock("js", "--no-faults") as system:
        assert system.state() == told


@pytest.mark.parametrize(
    ("query", "code"),
    [({"pageNum": "0"}, "400"), ({"pageSize": "9999"}, "400"), ({"updatedFrom": "yesterday"}, "400"), ({}, "1")],
)
def test_parameters_are_checked_under_http_200(mock, query, code):
    with mock("js", "--no-faults", manifests=3) as system:
        token = sign_in(system.http)["data"]["token"]
        answer = system.http.get("/api/manifests", params=query, headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()["code"]) == (200, code)


def test_nobody_gets_in_without_the_secret(mock):
    with mock("js", manifests=3) as system:
        assert sign_in(system.http, "wrong")["code"] == "401"
        assert system.http.get("/api/manifests").json()["code"] == "401"
        unknown = system.http.get("/api/manifests", headers={"Authorization": "Bearer x"}).json()
        assert unknown == {"code": "10401", "msg": "token已过期", "data": None}
