"""What changed between two versions, and what was known and acknowledged at a past moment."""

import datetime as dt

import pytest

from gateway.store import deliveries
from gateway.store.deliveries import Mark

NUMBER, OTHER = "20263201000001", "20263201000002"


def test_what_two_versions_differ_in_is_told_leaf_by_leaf(national):
    told = national.get(f"/v1/manifests/{OTHER}/versions/diff", params={"from": 1, "to": 2}).json()
    assert (told["from"], told["to"], told["change"]) == (1, 2, "voided")
    fields = {one["field"]: one for one in told["fields"]}
    assert fields["/status"] == {"field": "/status", "after": "voided"}
    assert fields["/void/reason"] == {"field": "/void/reason", "after": "填写错误"}
    assert "/wastes/0/name" not in fields
    back = national.get(f"/v1/manifests/{OTHER}/versions/diff", params={"from": 2, "to": 1}).json()
    assert {one["field"]: one.get("before") for one in back["fields"]}["/void/reason"] == "填写错误"
    assert back["findings"] == {"appear": told["findings"]["vanish"], "vanish": told["findings"]["appear"]}
    same = national.get(f"/v1/manifests/{OTHER}/versions/diff", params={"from": 1, "to": 1}).json()
    assert (same["fields"], same["findings"]) == ([], {"appear": [], "vanish": []})


def test_a_moment_shows_the_version_that_stood_then(national):
    versions = national.get(f"/v1/manifests/{OTHER}/versions").json()["versions"]
    first, second = (one["recorded_at"] for one in versions)

    def known(at):
        return national.get(f"/v1/manifests/{OTHER}/as-of", params={"at": at}).json()["known"]

    assert known(second) == versions[1]
    before = dt.datetime.fromisoformat(second) - dt.timedelta(milliseconds=1)
    assert known(before.isoformat(timespec="milliseconds")) == versions[0]
    assert known(first) == versions[0]
    assert known("2026-03-05") == versions[1]
    assert known("2026-03-04") is None
    utc = dt.datetime.fromisoformat(second).astimezone(dt.UTC)
    assert known(utc.strftime("%Y-%m-%dT%H:%M:%SZ")) == versions[1]


def test_a_moment_shows_which_version_each_target_had(national, filled):
    record = national.get(f"/v1/manifests/{OTHER}").json()["record_id"]
    moments = []
    for version in (1, 2):
        with filled.database.write() as conn:
            due = deliveries.claim_due(conn, "national", filled.clock(), 10, 60)
            (mine,) = [one for one in due if one.record_id == record]
            moments.append(filled.clock())
            deliveries.mark(conn, [Mark(mine.id, mine.fence, "deliver", moments[-1])])
        assert mine.version == version

    def acknowledged(at):
        told = national.get(f"/v1/manifests/{OTHER}/as-of", params={"at": at.isoformat()}).json()
        return [(one["target"], one["version"]) for one in told["acknowledged"]]

    assert acknowledged(moments[0] - dt.timedelta(seconds=1)) == []
    assert acknowledged(moments[0]) == [("national", 1)]
    assert acknowledged(moments[1]) == [("national", 2)]


@pytest.mark.parametrize("suffix", ["/versions/diff?from=1&to=2", "/as-of?at=2026-03-05"])
def test_both_families_of_paths_answer_alike(national, suffix):
    record_id = national.get(f"/v1/manifests/{OTHER}").json()["record_id"]
    one = national.get(f"/v1/manifests/{OTHER}{suffix}")
    other = national.get(f"/v1/records/manifest/{record_id}{suffix}")
    assert one.status_code == other.status_code == 200
    assert one.content == other.content


@pytest.mark.parametrize(
    ("suffix", "status"),
    [
        ("/versions/diff?from=1&to=9", 404),
        ("/versions/diff?from=0&to=1", 422),
        ("/versions/diff?from=1", 422),
        ("/versions/diff?from=99999999999999999999&to=1", 422),
        ("/as-of", 422),
        ("/as-of?at=yesterday", 422),
        ("/as-of?at=2026-02-30", 422),
        ("/as-of?at=2026-03-05T08:30:00", 422),
        ("/as-of?at=9999-12-31", 200),
    ],
)
def test_a_version_or_moment_that_there_isnt_is_told(national, suffix, status):
    answer = national.get(f"/v1/manifests/{OTHER}{suffix}")
    assert answer.status_code == status
    if status != 200:
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("suffix", ["/versions/diff?from=1&to=2", "/as-of?at=2026-03-05"])
def test_a_credential_is_needed(as_role, suffix):
    assert as_role(None).get(f"/v1/manifests/{NUMBER}{suffix}").status_code == 401
    assert as_role("national").get(f"/v1/manifests/20993201999999{suffix}").status_code == 404
