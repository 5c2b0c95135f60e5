"""The feed for those who follow it: waiting for what comes, beginning late, beginning with the newest only."""

import gzip
import json
import threading
import time

import httpx
import pytest


@pytest.fixture
def row():
    return {"key": "A-9", "changed": "1", "from": "甲化工厂", "wastes": [{"name": "废油", "kg": 1}]}


@pytest.fixture
def waiting(national):
    """waiting(query) → (started, answer()): a reader in a thread of its own who asks with `wait`."""

    def ask(**query):
        told = {}
        started = threading.Event()

        def run():
            started.set()
            begun = time.monotonic()
            told["answer"] = national.get("/v1/changes", params=query, timeout=70).json()
            told["seconds"] = time.monotonic() - begun

        thread = threading.Thread(target=run)
        thread.start()
        started.wait()

        def answer():
            thread.join()
            return told["answer"], told["seconds"]

        return answer

    return ask


def last(national):
    return national.get("/v1/changes", params={"limit": 1000}).json()["next"]


def test_who_waits_is_answered_as_soon_as_there_is_something(national, waiting, filled, page, row):
    end = last(national)
    answer = waiting(after=end, wait=60)
    filled.ingest("aa", "manifests", [page("new.json", row)])
    told, seconds = answer()
    assert [one["record"]["claims"][0]["source_key"] for one in told["changes"]] == ["A-9"]
    assert int(told["next"]) == int(end) + 1
    assert seconds < 30


def test_many_may_wait_at_once(national, waiting, filled, page, row):
    end = last(national)
    answers = [waiting(after=end, wait=60) for _ in range(20)]
    filled.ingest("aa", "manifests", [page("new.json", row)])
    assert {answer()[0]["changes"][0]["cursor"] for answer in answers} == {str(int(end) + 1)}


def test_who_waits_in_vain_gets_an_empty_page(national, waiting):
    end = last(national)
    told, seconds = waiting(after=end, wait=0.3)()
    assert told == {"changes": [], "next": end, "more": False}
    assert seconds >= 0.3


def test_what_a_reader_doesnt_want_moves_him_on_and_doesnt_answer_him(national, waiting, filled, page, row):
    end = last(national)
    answer = waiting(after=end, wait=2, province="44")
    filled.ingest("aa", "manifests", [page("new.json", row)])
    told, seconds = answer()
    assert told == {"changes": [], "next": str(int(end) + 1), "more": False}
    assert seconds >= 2


def test_there_is_no_waiting_where_there_is_something(national, waiting):
    told, seconds = waiting(wait=60)()
    assert told["changes"]
    assert seconds < 30


def test_the_newest_versions_alone_are_a_start_for_a_new_reader(national, filled, page, row):
    whole = national.get("/v1/changes", params={"limit": 1000}).json()
    newest = {one["record"]["record_id"]: one for one in whole["changes"]}
    told, after = [], None
    while True:
        part = national.get(
            "/v1/changes", params={"newest": True, "limit": 1} | ({"after": after} if after else {})
        ).json()
        told += part["changes"]
        after = part["next"]
        if not part["more"]:
            break
    assert told == [one for one in whole["changes"] if newest[one["record"]["record_id"]] == one]
    assert len(told) < len(whole["changes"])
    assert after == whole["next"]
    filled.ingest("aa", "manifests", [page("new.json", row)])
    assert len(national.get("/v1/changes", params={"after": after}).json()["changes"]) == 1


def test_changes_from_a_moment_or_a_day_on(national):
    whole = national.get("/v1/changes", params={"limit": 1000}).json()["changes"]
    moments = [one["record"]["recorded_at"] for one in whole]
    for moment in (moments[0], moments[-1]):
        told = national.get("/v1/changes", params={"since": moment}).json()["changes"]
        assert told == [one for one in whole if one["record"]["recorded_at"] >= moment]
    assert national.get("/v1/changes", params={"since": "2026-03-05"}).json()["changes"] == whole
    later = national.get("/v1/changes", params={"since": "2026-03-06"}).json()
    assert (later["changes"], later["next"]) == ([], whole[-1]["cursor"])


@pytest.mark.parametrize(
    "query", ["since=soon", "since=2026-03-05&after=1", "wait=61", "wait=-1", "wait=x", "newest=2"]
)
def test_what_cannot_be_asked_is_a_problem(national, query):
    answer = national.get(f"/v1/changes?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


@pytest.mark.parametrize("accept", ["application/json", "application/x-ndjson"])
def test_what_is_large_travels_compressed_to_who_can_read_it(national, base, accept):
    key = national.headers["Authorization"]
    told = {}
    for coding in ("identity", "gzip"):
        with httpx.stream(
            "GET",
            f"{base}/v1/changes",
            headers={"Authorization": key, "Accept": accept, "Accept-Encoding": coding},
            trust_env=False,
        ) as answer:
            assert answer.headers.get("content-encoding", "identity") == coding
            told[coding] = b"".join(answer.iter_raw())
    assert gzip.decompress(told["gzip"]) == told["identity"]
    assert len(told["gzip"]) < len(told["identity"]) / 2
    assert json.loads(told["identity"].splitlines()[0])
