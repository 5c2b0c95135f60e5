"""Mock `national`: takes record versions and fails on purpose. The interface is the gateway's own `national` target; nobody's real one.

    PUT  /records/{kind}/{record_id}/versions/{version}     envelope as JSON, header Idempotency-Key
        201 taken · 200 held already under this key · both {"status", "content_hash"}
        409 {"status", "content_hash", "detail"}   this version is held under another key, with this content_hash
        422 {"status", "detail"}                   what the schema doesn't allow: a missing or unknown envelope field, one that
                                                   disagrees with the path, a content_hash that isn't that of the content
        503 · 429 with Retry-After: 1 · no answer at all, after the commit: by seed
    POST /records:batch     {"records": [{"idempotency_key", "record": envelope}, ...]}, at most 1,000
        200 {"results": [{"idempotency_key", "status": 200|201|409|422|503, "content_hash"?, "detail"}, ...]} each for itself, or 503,
        429 or no answer for the whole of it
    GET  /report            the `national` object of the demo's summary, with "received" (versions held), "chain_breaks"
                            (previous_hash isn't that of the version before) and "faults" (what was thrown, by name)

Faults strike by idempotency key (a batch: by its keys together) and attempt since the start of this process; no third attempt fails.
The ledger lies in {dir}/national.db: what was acknowledged, or taken without an answer, is there after kill -9.
"""

import hashlib
import re
from pathlib import Path
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from contract_tests.mocks.faults import Fault, Faults
from contract_tests.mocks.ledger import Ledger, Verdict, Version
from contract_tests.mocks.servers import Dropped, Mock, json_answer

FAULTS = (Fault("503", 0.05), Fault("dropped", 0.05), Fault("429", 0.05))
BATCH_FAULTS = (Fault("503", 0.08), Fault("dropped", 0.12), Fault("429", 0.08))
ITEM_FAULTS = (Fault("503", 0.05),)
_BATCH_LIMIT = 1000

_REQUIRED = {
    "kind": str, "schema_version": str, "record_id": str, "version": int, "change": str, "content_hash": str,
    "recorded_at": str, "claims": list, "sections": dict, "quality": dict, "content": dict,
}  # fmt: skip
_OPTIONAL = {"previous_hash": str, "merged_into": str}
_CHANGES = {"created", "updated", "voided", "merged", "split"}
_HEX = re.compile(r"[0-9a-f]{64}")
_RECORD_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?\+08:00")
_CLAIM = {"adapter", "dataset", "source_key", "observed_at", "payload_hash", "mapping_hash"}


class _RefusedError(Exception):
    """The schema doesn't allow it; the words name the field."""


class _System:
    def __init__(self, folder: Path, seed: int, *, faults: bool) -> None:
        self.ledger = Ledger(folder / "national.db")
        self._single = Faults(seed, FAULTS if faults else ())
        self._batch = Faults(seed + 1, BATCH_FAULTS if faults else ())
        self._item = Faults(seed + 2, ITEM_FAULTS if faults else ())

    async def put(self, request: Request) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        body = await request.body()
        fault = self._single.strike(key or str(request.url.path))
        if fault in {"503", "429"}:
            return self._thrown(fault)
        try:
            record = orjson.loads(body)
        except ValueError:
            record = None  # no envelope, and refused as such
        verdict = self._verdict(key, record, request.path_params)
        return self._answered(fault, verdict.status, _told(verdict))

    async def batch(self, request: Request) -> Response:
        try:
            records = orjson.loads(await request.body())["records"]
            items = [(str(item["idempotency_key"]), item["record"]) for item in records]
        except (ValueError, KeyError, TypeError):
            return json_answer({"status": 422, "detail": 'no {"records": [{"idempotency_key", "record"}, ...]}'}, 422)
        if len(items) > _BATCH_LIMIT:
            return json_answer({"status": 422, "detail": f"more than {_BATCH_LIMIT} records"}, 422)
        fault = self._batch.strike(_sha256("\n".join(key for key, _ in items).encode()))
        if fault in {"503", "429"}:
            return self._thrown(fault)
        results = [{"idempotency_key": key, **_told(self._item_verdict(key, record))} for key, record in items]
        return self._answered(fault, 200, {"results": results})

    def _item_verdict(self, key: str, record: Any) -> Verdict:
        if self._item.strike(key):
            self.ledger.count("fault 503")
            return Verdict(503, "", "busy")
        return self._verdict(key, record, {})

    def _verdict(self, key: str, record: Any, path: dict[str, str]) -> Verdict:
        try:
            verdict = self.ledger.take(_checked(key, record, path))
        except _RefusedError as refusal:
            verdict = Verdict(422, "", str(refusal))
        if verdict.status == 422:
            self.ledger.count("fault 422")
        return verdict

    def _thrown(self, fault: str) -> Response:
        self.ledger.count(f"fault {fault}")
        self.ledger.commit()
        headers = {"Retry-After": "1"} if fault == "429" else None
        return json_answer({"status": int(fault), "detail": "busy"}, int(fault), headers)

    def _answered(self, fault: str | None, status: int, body: dict[str, Any]) -> Response:
        if fault:
            self.ledger.count(f"fault {fault}")
        self.ledger.commit()
        return Dropped() if fault else json_answer(body, status)

    async def report(self, request: Request) -> Response:
        del request
        return json_answer(self.ledger.report())

    def state(self) -> dict[str, Any]:
        return self.ledger.report()


def _told(verdict: Verdict) -> dict[str, Any]:
    told: dict[str, Any] = {"status": verdict.status, "detail": verdict.detail}
    if verdict.content_hash:
        told["content_hash"] = verdict.content_hash
    return told


def _checked(key: str, record: Any, path: dict[str, str]) -> Version:
    """What the schema of this interface asks. Raises _RefusedError."""
    if not key:
        raise _RefusedError("no Idempotency-Key")
    if not isinstance(record, dict):
        raise _RefusedError("no envelope: a JSON object is due")
    for name, kind in _REQUIRED.items():
        if type(record.get(name)) is not kind:
            raise _RefusedError(f"/{name}: missing, or not of type {kind.__name__}")
    for name in record.keys() - _REQUIRED:
        if name not in _OPTIONAL or not isinstance(record[name], _OPTIONAL[name]):
            raise _RefusedError(f"/{name}: no such field, or not of type str")
    for name, said in path.items():
        if str(record[name]) != said:
            raise _RefusedError(f"/{name}: {record[name]} in the envelope, {said} in the path")
    _check_words(record)
    canonical = orjson.dumps(record["content"], option=orjson.OPT_SORT_KEYS)
    if _sha256(canonical) != record["content_hash"]:
        raise _RefusedError(f"/content_hash: {record['content_hash']}, but the content's is {_sha256(canonical)}")
    names = ("kind", "record_id", "version", "change", "content_hash")
    envelope_hash = _sha256(orjson.dumps(record, option=orjson.OPT_SORT_KEYS))
    told = {name: record[name] for name in names}
    return Version(key=key, envelope_hash=envelope_hash, previous_hash=record.get("previous_hash"), **told)


def _check_words(record: dict[str, Any]) -> None:
    checks = (
        ("record_id", _RECORD_ID.fullmatch(record["record_id"])),
        ("version", record["version"] >= 1),
        ("change", record["change"] in _CHANGES),
        ("content_hash", _HEX.fullmatch(record["content_hash"])),
        ("recorded_at", _INSTANT.fullmatch(record["recorded_at"])),
        ("previous_hash", (record["version"] > 1) == ("previous_hash" in record)),
        ("merged_into", (record["change"] == "merged") == ("merged_into" in record)),
        ("claims", record["claims"] and all(isinstance(c, dict) and c.keys() == _CLAIM for c in record["claims"])),
        ("sections", all(isinstance(i, int) and 0 <= i < len(record["claims"]) for i in record["sections"].values())),
        ("quality", record["quality"].keys() == {"rule_set", "findings"}),
        ("content/wastes", record["kind"] != "manifest" or record["content"].get("wastes")),
    )
    for name, fine in checks:
        if not fine:
            raise _RefusedError(f"/{name}: not allowed here")


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def make(folder: Path, seed: int, *, faults: bool = True) -> Mock:
    system = _System(folder, seed, faults=faults)
    return Mock(
        name="national",
        routes=[
            Route("/records/{kind}/{record_id}/versions/{version}", system.put, methods=["PUT"]),
            Route("/records:batch", system.batch, methods=["POST"]),
            Route("/report", system.report, methods=["GET"]),
        ],
        state=system.state,
        finish=lambda: None,
        environment=lambda url: {"LIANDAN_NATIONAL_URL": url},
    )
