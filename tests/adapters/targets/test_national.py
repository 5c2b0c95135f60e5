"""The `national` target against the mock national system and against ones that behave worse."""

import asyncio
import hashlib
import json
import uuid
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import adapters
from adapters.errors import AdapterError, Busy, Denied, Malformed, Misconfigured, Rejected, Unreachable
from adapters.load import load_target
from adapters.sending import Receipt
from adapters.targets.national import Item, NationalTarget, open_target
from contract_tests.mocks import national
from contract_tests.mocks.servers import application

SPEC = load_target(Path(adapters.__file__).parent / "targets/national.yaml")
HASH = "0" * 64


def envelope(record: int, content=None) -> bytes:
    content = content or {"wastes": [{"seq": 1, "name": "废矿物油"}]}
    claim = dict.fromkeys(("adapter", "dataset", "source_key", "observed_at", "payload_hash", "mapping_hash"), "x")
    return json.dumps(
        {
            "kind": "manifest",
            "schema_version": "1.0-rc",
            "record_id": str(uuid.uuid5(uuid.NAMESPACE_URL, str(record))),
            "version": 1,
            "change": "created",
            "content_hash": hashlib.sha256(
                json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
            ).hexdigest(),
            "recorded_at": "2026-03-05T08:30:00+08:00",
            "claims": [claim],
            "sections": {"head": 0},
            "quality": {"rule_set": "1.0-rc", "findings": []},
            "content": content,
        },
        ensure_ascii=False,
    ).encode()


def item(record: int, content=None, key: str = "") -> Item:
    body = envelope(record, content)
    told = json.loads(body)
    return Item(
        body, told["kind"], told["record_id"], told["version"], key or f"key-{record}-{told['content_hash'][:8]}"
    )


def with_target(url: str, work, spec=SPEC, **environment):
    async def run():
        target = NationalTarget(spec, {"LIANDAN_NATIONAL_URL": url, **environment}, lambda: datetime.now(UTC))
        try:
            return await work(target)
        finally:
            await target.aclose()

    return asyncio.run(run())


def send(url: str, one: Item):
    return with_target(
        url, lambda t: t.send(one.envelope, kind=one.kind, record_id=one.record_id, version=one.version, key=one.key)
    )


def mock(servers, folder, seed=1, *, faults=False) -> str:
    return servers.made(lambda: application(national.make(folder, seed, faults=faults)))


def answering(put=None, batch=None) -> Starlette:
    async def on_put(request):
        return put

    async def on_batch(request):
        return batch

    path = "/records/{kind}/{record_id}/versions/{version}"
    return Starlette(routes=[Route(path, on_put, methods=["PUT"]), Route("/records:batch", on_batch, methods=["POST"])])


def test_taken_then_held_then_in_conflict(servers, tmp_path):
    url = mock(servers, tmp_path)
    assert send(url, item(1)) == Receipt(201, already_held=False, words=send(url, item(9)).words)
    assert send(url, item(1)).already_held
    # the same content under another key: it holds just what we have
    assert send(url, item(1, key="another")).status == 409
    assert send(url, item(1, key="another")).already_held
    with pytest.raises(Rejected) as refused:
        send(url, item(1, {"wastes": [{"seq": 1, "name": "other"}]}))
    assert (refused.value.code, refused.value.retryable) == ("409", False)
    with pytest.raises(Rejected, match="code 422: /content/wastes"):
        send(url, item(2, {"note": "no waste"}))


def test_a_batch_has_a_verdict_for_each(servers, tmp_path):
    url = mock(servers, tmp_path)
    items = [item(1), item(2, {"note": "no waste"}), item(3)]
    first, second, third = with_target(url, lambda t: t.send_batch(items))
    assert (first.status, third.status) == (201, 201)
    assert isinstance(second, Rejected)
    assert str(second).startswith(f"national/manifest/{items[1].record_id}/1: rejected: code 422: /content/wastes")
    assert [one.already_held for one in with_target(url, lambda t: t.send_batch([items[0], items[2]]))] == [True, True]


def test_with_its_faults_all_is_held_once_in_the_end(servers, tmp_path):
    url = mock(servers, tmp_path, 3, faults=True)

    async def deliver(target):
        failures = []
        for number in range(40):
            one = item(number)
            for _ in range(4):
                try:
                    await target.send(
                        one.envelope, kind=one.kind, record_id=one.record_id, version=one.version, key=one.key
                    )
                    break
                except (Busy, Unreachable) as error:
                    failures.append(error)
        return failures

    failures = with_target(url, deliver)
    assert {type(error) for error in failures} == {Busy, Unreachable}
    assert {error.wait for error in failures if isinstance(error, Busy)} == {None, 1.0}
    report = httpx.get(f"{url}/report", trust_env=False).json()
    assert (report["distinct"], report["duplicates_stored"]) == ({"manifest": 40}, 0)


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (Response("<html>login</html>", 200), Malformed, "isn't the target's"),
        (JSONResponse([], 201), Malformed, "isn't the target's"),
        (Response("", 204), Malformed, "status 204"),
        (JSONResponse({"detail": "no"}, 400), Rejected, "code 400: no"),
        (JSONResponse({"title": "Unauthorized"}, 401), Denied, "code 401: Unauthorized"),
        (JSONResponse({"detail": "later"}, 503, {"Retry-After": "9"}), Busy, "code 503: later"),
        (JSONResponse({"detail": {"content_hash": HASH}}, 409), Rejected, "code 409"),
        (Response("", 301, {"Location": "http://127.0.0.1:1"}), Rejected, "redirect"),
    ],
)
def test_only_a_clear_yes_counts_as_held(servers, answer, kind, words):
    with pytest.raises(kind) as refused:
        send(servers.app(answering(put=answer)), item(1))
    assert words in str(refused.value)
    assert str(refused.value).startswith(f"national/manifest/{item(1).record_id}/1: ")


def test_an_empty_201_is_a_yes(servers):
    assert send(servers.app(answering(put=Response("", 201))), item(1)) == Receipt(201, already_held=False, words="")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Response("<html>login</html>", 200), Malformed),
        (JSONResponse({"results": 5}), Malformed),
        (JSONResponse({"detail": "busy"}, 503), Busy),
        (JSONResponse({"detail": "too many"}, 422), Rejected),
    ],
)
def test_a_batch_that_fails_as_a_whole(servers, answer, kind):
    with pytest.raises(kind):
        with_target(servers.app(answering(batch=answer)), lambda t: t.send_batch([item(1)]))


def test_what_a_batch_does_not_answer_is_not_held(servers):
    results = [
        {"idempotency_key": item(1).key, "status": 503, "detail": "busy"},
        {"idempotency_key": "x", "status": 201},
        5,
    ]
    url = servers.app(answering(batch=JSONResponse({"results": results})))
    first, second = with_target(url, lambda t: t.send_batch([item(1), item(2)]))
    assert isinstance(first, Busy)
    assert isinstance(second, Unreachable)


@pytest.mark.parametrize("status", [201, 400, 401, 503])
def test_what_the_target_echoes_of_our_secret_is_not_told(servers, status):
    async def put(request):
        # far enough into the answer for words to be cut in the middle of the secret
        return JSONResponse({"detail": "x" * 284 + " " + request.headers["authorization"]}, status)

    async def batch(request):
        said = f"no {request.headers['authorization']}"
        key = (await request.json())["records"][0]["idempotency_key"]
        return JSONResponse({"results": [{"idempotency_key": key, "status": status, "detail": said}]})

    path = "/records/{kind}/{record_id}/versions/{version}"
    routes = [Route(path, put, methods=["PUT"]), Route("/records:batch", batch, methods=["POST"])]
    spec = SPEC.model_copy(update={"headers": {"Authorization": "Bearer ${LIANDAN_TOKEN}"}})

    async def both(target):
        (together,) = await target.send_batch([item(1)])
        try:
            one = item(2)
            alone = await target.send(
                one.envelope, kind=one.kind, record_id=one.record_id, version=one.version, key=one.key
            )
        except AdapterError as error:
            alone = error
        return alone, together

    alone, together = with_target(servers.app(Starlette(routes=routes)), both, spec, LIANDAN_TOKEN="token-77-secret")
    assert together.words == "no Bearer ***"
    assert alone.words.endswith("xx Bearer ***")
    assert "token-7" not in f"{alone} {together!r}"


@pytest.mark.parametrize("answer", [Response("<html>", 200), JSONResponse({"detail": "no"}, 400), Response("", 301)])
def test_user_and_password_of_the_address_are_never_told(servers, answer):
    url = servers.app(answering(put=answer, batch=answer)).replace("http://", "http://user-55:secret-91@")
    for work in (
        lambda t: t.send_batch([item(1)]),
        lambda t: t.send(b"{}", kind="k", record_id="r", version=1, key="k"),
    ):
        with pytest.raises(AdapterError) as refused:
            with_target(url, work)
        assert [one for one in ("user-55", "secret-91") if one in str(refused.value)] == []


def test_a_missing_address_is_misconfigured():
    target = open_target(SPEC, {}, lambda: datetime.now(UTC))
    with pytest.raises(Misconfigured, match="LIANDAN_NATIONAL_URL"):
        asyncio.run(target.send(b"{}", kind="manifest", record_id="x", version=1, key="k"))
