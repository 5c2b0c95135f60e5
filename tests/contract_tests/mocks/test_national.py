"""The national system as a sender meets it."""

import hashlib
import json
import uuid

import httpx
import pytest

SECONDS = 10


def sha256(value):
    return hashlib.sha256(
        json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    ).hexdigest()


def envelope(number, version=1, *, name="废矿物油", previous=None, change=None, **changed):
    content = {"wastes": [{"seq": 1, "name": f"{name} {version}"}]}
    claim = {
        "adapter": "js",
        "dataset": "manifests",
        "source_key": str(number),
        "observed_at": "2026-03-05T08:30:00+08:00",
    }
    record = {
        "kind": "manifest",
        "schema_version": "1.0-rc",
        "record_id": str(uuid.uuid5(uuid.NAMESPACE_URL, str(number))),
        "version": version,
        "change": change or ("created" if version == 1 else "updated"),
        "content_hash": sha256(content),
        "recorded_at": "2026-03-05T08:30:00+08:00",
        "claims": [claim | {"payload_hash": "a" * 64, "mapping_hash": "b" * 64}],
        "sections": {"head": 0},
        "quality": {"rule_set": "1.0-rc", "findings": []},
        "content": content,
    }
    if previous:
        record["previous_hash"] = sha256(previous)
    return record | changed


def put(http, record, key=None, path=None):
    where = path or f"/records/{record['kind']}/{record['record_id']}/versions/{record['version']}"
    return http.put(where, json=record, headers={"Idempotency-Key": key or sha256(record)[:32]})


def report(system):
    return system.http.get("/report").json()


@pytest.fixture
def calm(mock):
    with mock("national", "--no-faults") as system:
        yield system


def test_a_record_is_taken_once_however_often_it_is_sent(calm):
    record = envelope(1)
    answers = [put(calm.http, record) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert {answer.json()["content_hash"] for answer in answers} == {record["content_hash"]}
    told = report(calm)
    assert (told["distinct"], told["duplicates_stored"], told["duplicates_refused"]) == ({"manifest": 1}, 0, 2)


def test_another_key_for_a_held_version_is_a_conflict_with_the_held_hash(calm):
    record = envelope(1)
    put(calm.http, record, "one")
    same, other = put(calm.http, record, "two"), put(calm.http, envelope(1, name="废酸"), "three")
    assert (same.status_code, same.json()["content_hash"]) == (409, record["content_hash"])
    assert (other.status_code, other.json()["content_hash"]) == (409, record["content_hash"])
    assert report(calm)["received"] == 1


def test_a_key_belongs_to_one_version(calm):
    put(calm.http, envelope(1), "key")
    assert put(calm.http, envelope(2), "key").status_code == 422


def test_versions_in_order_with_their_chain_are_fine(calm):
    first = envelope(1)
    second = envelope(1, 2, previous=first)
    assert [put(calm.http, record).status_code for record in (first, second)] == [201, 201]
    told = report(calm)
    assert (told["order_violations"], told["chain_breaks"], told["received"]) == (0, 0, 2)
    assert told["distinct"] == {"manifest": 1}


@pytest.mark.parametrize(("sent", "violations"), [([2], 1), ([1, 3], 1), ([1, 3, 2], 2), ([1, 2, 3], 0), ([2, 1], 2)])
def test_gaps_and_late_versions_are_counted(calm, sent, violations):
    for version in sent:
        record = envelope(1, version, previous={} if version > 1 else None)
        record |= {"previous_hash": "0" * 64} if version > 1 else {}
        assert put(calm.http, record).status_code == 201
    assert report(calm)["order_violations"] == violations


def test_a_broken_chain_is_counted(calm):
    put(calm.http, envelope(1))
    put(calm.http, envelope(1, 2, previous=envelope(1, name="another")))
    assert report(calm)["chain_breaks"] == 1


def test_a_record_merged_away_is_not_distinct(calm):
    first = envelope(1)
    put(calm.http, first)
    put(calm.http, envelope(1, 2, previous=first, change="merged", merged_into=envelope(2)["record_id"]))
    put(calm.http, envelope(2))
    assert report(calm)["distinct"] == {"manifest": 1}


WRONG = [
    ("content_hash", {"content_hash": "0" * 64}),
    ("recorded_at", {"recorded_at": "yesterday"}),
    ("change", {"change": "changed"}),
    ("version", {"version": 0}),
    ("claims", {"claims": []}),
    ("sections", {"sections": {"head": 1}}),
    ("record_id", {"record_id": "1"}),
    ("extra", {"extra": "x"}),
    ("previous_hash", {"previous_hash": "0" * 64}),
    ("quality", {"quality": None}),
]


@pytest.mark.parametrize(("field", "changed"), WRONG, ids=[field for field, _ in WRONG])
def test_what_the_schema_does_not_allow_is_refused_and_named(calm, field, changed):
    answer = put(calm.http, envelope(1, **changed))
    assert answer.status_code == 422
    assert field in answer.json()["detail"]
    told = report(calm)
    assert (told["received"], told["faults"]) == (0, {"422": 1})


def test_each_missing_field_is_refused(calm):
    for field in envelope(1):
        record = envelope(1)
        path = f"/records/manifest/{record['record_id']}/versions/1"
        del record[field]
        answer = put(calm.http, record, field, path)
        assert (answer.status_code, f"/{field}" in answer.json()["detail"]) == (422, True)


def test_path_and_envelope_must_agree_and_a_key_must_be_there(calm):
    record = envelope(1)
    where = f"/records/manifest/{record['record_id']}/versions"
    assert put(calm.http, record, path=f"{where}/2").status_code == 422
    assert calm.http.put(f"{where}/1", json=record).status_code == 422
    assert calm.http.put(f"{where}/1", content=b"{", headers={"Idempotency-Key": "k"}).status_code == 422


def test_a_batch_gives_each_item_its_own_verdict(calm):
    good, bad = envelope(1), envelope(2, content_hash="0" * 64)
    items = [
        {"idempotency_key": "a", "record": good},
        {"idempotency_key": "b", "record": bad},
        {"idempotency_key": "a", "record": good},
    ]
    results = calm.http.post("/records:batch", json={"records": items}).json()["results"]
    assert [(told["idempotency_key"], told["status"]) for told in results] == [("a", 201), ("b", 422), ("a", 200)]
    assert calm.http.post("/records:batch", json={"records": 1}).status_code == 422


def send(http, record):
    """Until it is held; gives what went wrong on the way."""
    met = []
    while True:
        try:
            answer = put(http, record)
        except httpx.RemoteProtocolError:
            met.append("dropped")
            continue
        if answer.status_code in {200, 201}:
            return met
        if answer.status_code == 429:
            assert answer.headers["Retry-After"] == "1"
        met.append(str(answer.status_code))


def test_it_fails_on_purpose_and_all_arrives_once(mock):
    with mock("national") as system:
        met = [fault for number in range(300) for fault in send(system.http, envelope(number))]
        told = report(system)
    assert set(met) == {"503", "429", "dropped"}
    assert told["faults"] == {fault: met.count(fault) for fault in sorted(set(met))}
    assert (told["distinct"], told["received"], told["duplicates_stored"]) == ({"manifest": 300}, 300, 0)
    assert told["duplicates_refused"] == met.count("dropped")
    assert 20 < len(met) < 80


def send_batches(system, records, size):
    met, owed = [], {f"key {number}": record for number, record in enumerate(records)}
    while owed:
        items = [{"idempotency_key": key, "record": record} for key, record in list(owed.items())[:size]]
        try:
            answer = system.http.post("/records:batch", json={"records": items})
        except httpx.RemoteProtocolError:
            met.append("dropped")
            continue
        if answer.status_code != 200:
            met.append(str(answer.status_code))
            continue
        for told in answer.json()["results"]:
            if told["status"] in {200, 201}:
                del owed[told["idempotency_key"]]
            else:
                met.append(f"item {told['status']}")
    return met


def test_batches_fail_whole_and_in_part_and_all_arrives_once(mock):
    with mock("national") as system:
        met = send_batches(system, [envelope(number) for number in range(400)], 8)
        told = report(system)
    assert set(met) == {"503", "429", "dropped", "item 503"}
    assert (told["received"], told["duplicates_stored"], told["order_violations"]) == (400, 0, 0)
    assert told["duplicates_refused"] > 0


def test_the_ledger_survives_kill_9_also_what_got_no_answer(mock):
    with mock("national") as system:
        for number in range(60):
            send(system.http, envelope(number))
        told = report(system)
    with mock("national") as system:
        assert report(system) == told
        assert put(system.http, envelope(0)).status_code in {200, 429, 503}
