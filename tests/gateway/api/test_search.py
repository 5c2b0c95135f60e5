"""Records found by what they say, over HTTP."""

import csv

import pytest

NUMBER, OTHER = "20263201000001", "20263201000002"


def numbers(answer):
    assert answer.status_code == 200
    return [record["content"].get("national_no") for record in answer.json()["records"]]


def test_manifests_are_found_by_each_kind_of_word(national):
    assert numbers(national.get("/v1/manifests")) == [OTHER, NUMBER]
    assert numbers(national.get("/v1/manifests?party=乙处置")) == [NUMBER]
    assert numbers(national.get("/v1/manifests?party=一号运输")) == [NUMBER]
    assert numbers(national.get(f"/v1/manifests?number={OTHER}")) == [OTHER]
    assert numbers(national.get("/v1/manifests?status=voided")) == [OTHER]
    assert numbers(national.get("/v1/manifests?province=44")) == [NUMBER]
    assert numbers(national.get("/v1/manifests?from=2026-03-01&to=2026-03-01")) == [OTHER, NUMBER]
    assert numbers(national.get("/v1/manifests?from=2026-03-02")) == []
    assert numbers(national.get("/v1/records/manifest?party=乙处置")) == [NUMBER]
    assert numbers(national.get("/v1/records/track")) == []
    assert national.get("/v1/records").json() == national.get("/v1/manifests").json()


def test_what_is_found_is_the_newest_envelope(national):
    record = national.get(f"/v1/manifests/{OTHER}").json()
    assert national.get("/v1/manifests?status=voided").json()["records"] == [record]


def test_pages_follow_one_another(national):
    first = national.get("/v1/manifests?limit=1").json()
    assert (len(first["records"]), first["more"]) == (1, True)
    second = national.get("/v1/manifests", params={"limit": 1, "after": first["next"]}).json()
    assert (numbers(national.get("/v1/manifests", params={"after": first["next"]})), second["more"]) == (
        [NUMBER],
        False,
    )


def test_a_table_has_a_line_for_each_waste(national):
    answer = national.get("/v1/manifests", headers={"Accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    lines = list(csv.DictReader(answer.content.decode("utf-8-sig").splitlines()))
    assert [(line["national_no"], line["waste"], line["quantity_t"], line["systems"]) for line in lines] == [
        (OTHER, "废油", "1.2505", "aa"),
        (NUMBER, "废油", "1.2505", "aa bb"),
    ]
    assert "X001" in lines[1]["findings"].split()


@pytest.mark.parametrize(
    "query",
    [
        "/v1/records/tracks",
        "/v1/manifests?from=2026-02-30",
        "/v1/manifests?division=3",
        "/v1/manifests?after=x",
        "/v1/manifests?limit=0",
        "/v1/manifests?colour=red",
        f"/v1/manifests?party={'x' * 101}",
    ],
)
def test_what_cannot_be_searched_is_a_problem(national, query):
    answer = national.get(query)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_credential_is_needed(as_role):
    for path in ("/v1/manifests", "/v1/records", "/v1/records/manifest"):
        assert as_role(None).get(path).status_code == 401
