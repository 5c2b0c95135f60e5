import pytest

NUMBER = "20263201000001"


@pytest.mark.parametrize(
    "path",
    [f"/v1/manifests/{NUMBER}", f"/v1/manifests/{NUMBER}/claims", "/v1/changes?limit=2", "/v1/manifests?limit=1"],
)
def test_who_holds_the_answer_gets_none(national, path):
    whole = national.get(path)
    tag = whole.headers["etag"]
    for held in (tag, f'"other", {tag}', "*"):
        again = national.get(path, headers={"If-None-Match": held})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["cache-control"] == "no-store"
        assert "content-length" not in again.headers
    assert national.get(path, headers={"If-None-Match": '"other"'}).content == whole.content


def test_what_has_changed_is_answered_whole(national, filled, page):
    before = national.get(f"/v1/manifests/{NUMBER}")
    held = before.headers["etag"]
    row = {"key": "B-7", "no": NUMBER, "changed": "2", "from": "丙", "planned": "2026-03-01 08:00"}
    filled.ingest("bb", "manifests", [page("more.json", row | {"wastes": [{"name": "废油", "kg": 900}]})])
    answer = national.get(f"/v1/manifests/{NUMBER}", headers={"If-None-Match": held})
    assert answer.status_code == 200
    assert answer.headers["etag"] != held
    assert answer.json()["version"] == before.json()["version"] + 1


def test_neither_a_stream_nor_a_problem_has_a_tag(national, as_role):
    assert "etag" not in national.get("/v1/changes", headers={"Accept": "application/x-ndjson"}).headers
    missing = national.get("/v1/manifests/nothing", headers={"If-None-Match": "*"})
    assert (missing.status_code, "etag" in missing.headers) == (404, False)
    assert as_role(None).get(f"/v1/manifests/{NUMBER}", headers={"If-None-Match": "*"}).status_code == 401
