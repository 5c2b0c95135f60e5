import pytest

from gateway import keys

PATHS = [
    "/v1/changes",
    "/v1/manifests/20263201000001",
    "/v1/manifests/20263201000001/versions",
    "/v1/manifests/20263201000001/claims",
    "/v1/manifests/20263201000001/trace",
    "/v1/manifests/20263201000001/lineage",
    "/v1/manifests/20263201000001/discrepancies",
    "/v1/manifests/nothing",
    "/v1/changes?limit=wrong",
]


@pytest.mark.parametrize("path", PATHS)
def test_without_a_credential_or_with_a_wrong_one_nothing_is_told(as_role, path):
    client = as_role(None)
    for headers in (
        {},
        {"Authorization": "Bearer no-key"},
        {"Authorization": "Basic eDp5"},
    ):
        answer = client.get(path, headers=headers)
        assert answer.status_code == 401, headers
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"] == "urn:liandan:problem:unauthenticated"


@pytest.mark.parametrize(
    ("role", "division", "status"),
    [
        ("national", None, 200),
        ("operator", None, 200),
        ("auditor", None, 200),
        ("province", "32", 403),
        ("inspector", None, 403),
    ],
)
def test_only_roles_that_may_read_do(as_role, role, division, status):
    client = as_role(role, division)
    for path in PATHS[:-2]:
        answer = client.get(path)
        assert answer.status_code == status, path
        if status == 403:
            assert answer.json()["type"] == "urn:liandan:problem:forbidden"


@pytest.mark.parametrize(("role", "status"), [("national", 403), ("operator", 200), ("auditor", 200)])
def test_whole_documents_are_for_operators_and_auditors(as_role, role, status):
    answer = as_role(role).get("/v1/manifests/20263201000001/lineage", params={"documents": "true"})
    assert answer.status_code == status


def test_a_revoked_key_is_none(filled, as_role):
    client = as_role("auditor")
    assert client.get("/v1/changes").status_code == 200
    assert keys.revoke(filled.database, "auditor", filled.clock()) == 1
    assert client.get("/v1/changes").status_code == 401


def test_health_and_the_description_are_open(as_role):
    client = as_role(None)
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok"}
    described = client.get("/openapi.json").json()
    assert "/v1/manifests/{no}/lineage" in described["paths"]
    assert described["paths"]["/v1/changes"]["get"]["security"] == [{"HTTPBearer": []}]
    operations = [one for path in described["paths"].values() for one in path.values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    problems = [one for one in operations if one["tags"] != ["health"]]
    assert all("application/problem+json" in one["responses"]["422"]["content"] for one in problems)


def test_no_page_loads_from_elsewhere(as_role):
    client = as_role(None)
    for path in ("/docs", "/redoc"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
