import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError

from gateway.api import failures
from gateway.api.problems import TITLES, URI, of_error
from gateway.errors import ChangedInPlace, GatewayError, NoSuchRecord, TwoRecords, WrongStage
from gateway.store import errors as store_errors

RAISED = {
    "integrity": ChangedInPlace("变了", "changed"),
    "busy": OperationalError("SELECT secret", {"key": "secret"}, Exception("locked")),
    "fault": ZeroDivisionError("secret"),
    "wrong-stage": WrongStage("阶段", "stage"),
}
STATUS = {"integrity": 500, "busy": 503, "fault": 500, "wrong-stage": 422}


@pytest.fixture
def ask(serve):
    app = FastAPI(docs_url=None, redoc_url=None)
    failures.install(app)

    @app.get("/{kind}")
    def fail(kind: str):
        raise RAISED[kind]

    base = serve(app)
    return lambda kind: httpx.get(f"{base}/{kind}", trust_env=False)


@pytest.mark.parametrize("kind", RAISED)
def test_every_failure_leaves_as_a_problem_that_tells_no_secret(ask, kind):
    answer = ask(kind)
    assert answer.status_code == STATUS[kind]
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == URI + kind
    assert problem["status"] == STATUS[kind]
    assert (problem["title"], problem["title_en"]) == TITLES[kind]
    assert "secret" not in answer.text


def test_a_database_that_is_away_says_when_to_come_back(ask):
    assert int(ask("busy").headers["retry-after"]) > 0


def every(kind):
    yield kind
    for one in kind.__subclasses__():
        yield from every(one)


def test_every_error_of_ours_has_a_title_of_its_own():
    assert store_errors.Missing in set(every(GatewayError))
    ours = {one for one in every(GatewayError) if one.__module__.startswith("gateway.")}
    assert {one.kind for one in ours} <= set(TITLES)


def test_the_same_document_serves_the_command():
    assert of_error(NoSuchRecord("1"))["status"] == 404
    two = of_error(TwoRecords("1", ["b", "a"]))
    assert (two["status"], two["record_ids"]) == (409, ["a", "b"])
