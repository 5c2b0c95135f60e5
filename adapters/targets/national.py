"""The built-in `national` target: one PUT per record version, or many in one POST; answers judged by status alone.

200 and 201: held. 409 with the same content hash: held already, so it counts as delivered; another one: a conflict that a
person must look at. 408, 425, 429, 5xx: later. All other 4xx: the record is refused, with the target's words.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from adapters.address import place_of
from adapters.auth.flow import Call, Reply
from adapters.decode.json_text import parse_json
from adapters.decode.text import decode_text
from adapters.drivers.connected import Clock
from adapters.errors import AdapterError, Malformed, Rejected, Unreachable
from adapters.limits import Limits
from adapters.outbound.declared import line_of
from adapters.protocol.answer import http_failure
from adapters.secrets import Revealed
from adapters.spec import TargetSpec
from adapters.transport import Transport, open_transport

LONGEST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Item:
    """One record version to be handed over: the envelope's bytes as stored, and its idempotency key."""

    envelope: bytes
    kind: str
    record_id: str
    version: int
    key: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The target holds it. `already_held`: it did so before this attempt, as far as it tells. `words` are its own."""

    status: int
    already_held: bool
    words: str


class NationalTarget:
    """One sender's connection to the target. Used within one event loop."""

    def __init__(self, spec: TargetSpec, environment: Mapping[str, str], clock: Clock) -> None:
        self.spec = spec
        self._clock = clock
        self._revealed = Revealed(environment, f"{spec.id}.yaml")
        self._limits = spec.limits.bounds()
        self._transport: Transport | None = None

    async def send(self, envelope: bytes, *, kind: str, record_id: str, version: int, key: str) -> Receipt:
        """Hands over one record version. Raises AdapterError, retryable or not."""
        try:
            path = f"/records/{quote(kind, safe='')}/{quote(record_id, safe='')}/versions/{version}"
            reply = await self._call("PUT", path, envelope, {"Idempotency-Key": key})
            return self._judge(
                reply.status, _body(reply, self._limits), reply, Item(envelope, kind, record_id, version, key)
            )
        except AdapterError as error:
            raise self._told(error, f"{kind}/{record_id}/{version}") from None

    async def send_batch(self, items: Sequence[Item]) -> list[Receipt | AdapterError]:
        """Hands over many, each judged for itself, in their order. Raises AdapterError when the request failed as a whole."""
        parts = [b'{"idempotency_key":%b,"record":%b}' % (json.dumps(one.key).encode(), one.envelope) for one in items]
        try:
            reply = await self._call("POST", "/records:batch", b'{"records":[%b]}' % b",".join(parts), {})
            self._refuse(reply)
            where = place_of(self._revealed.address(self.spec.base_url)) + "/records:batch"
            results = _results(_body(reply, self._limits), where)
        except AdapterError as error:
            raise self._told(error) from None
        return [self._verdict(item, results.get(item.key), reply) for item in items]

    async def aclose(self) -> None:
        if self._transport is not None:
            await self._transport.aclose()
            self._transport = None

    def _verdict(self, item: Item, result: dict[str, Any] | None, reply: Reply) -> Receipt | AdapterError:
        what = f"{item.kind}/{item.record_id}/{item.version}"
        if result is None or not isinstance(result.get("status"), int):
            return Unreachable("the batch's answer says nothing of this record (批量应答中没有此记录)").about(
                self.spec.id, what
            )
        try:
            return self._judge(result["status"], result, reply, item)
        except AdapterError as error:
            return self._told(error, what)

    def _told(self, error: AdapterError, what: str = "") -> AdapterError:
        return error.without(self._revealed.hide).about(self.spec.id, what)

    def _words(self, told: Any) -> str:
        """What an answer says; without our secrets before it is cut: half of one wouldn't be known as one."""
        return self._revealed.hide(_words(told))[:LONGEST_WORDS]

    def _judge(self, status: int, told: Any, reply: Reply, item: Item) -> Receipt:
        words = self._words(told)
        if status in {200, 201} and isinstance(told, dict | None):
            return Receipt(status, status == 200, words)
        if status == 409:
            if _held(told) == _content_hash(item.envelope):
                return Receipt(status, already_held=True, words=words)
            raise Rejected(words or "it holds other content under this version (目标已有不同内容)", code="409")
        failure = http_failure(status, reply.headers, words, self._clock())
        raise failure or Malformed(
            f"status {status} with an answer that isn't the target's (应答无法识别)", code=str(status)
        )

    def _refuse(self, reply: Reply) -> None:
        failure = http_failure(reply.status, reply.headers, self._words(_body(reply, self._limits)), self._clock())
        if failure is not None:
            raise failure

    async def _call(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Reply:
        base = self._revealed.address(self.spec.base_url)
        if self._transport is None:
            line = line_of(self.spec, self._revealed)
            self._transport = open_transport(self._limits, base, self.spec.hosts, line)
        own = {name: self._revealed.reveal(value) for name, value in self.spec.headers.items()}
        sent = {"Content-Type": "application/json", "Accept": "application/json", **own, **headers}
        return await self._transport.send(Call(method, base + path, sent, body=body))


def open_target(spec: TargetSpec, environment: Mapping[str, str], clock: Clock) -> NationalTarget:
    return NationalTarget(spec, environment, clock)


def _body(reply: Reply, limits: Limits) -> Any:
    """The answer's JSON; None where it is empty; its text where it is something else."""
    if not reply.body.strip():
        return None
    try:
        return parse_json(decode_text(reply.body, "utf-8")[0], limits)
    except Malformed:
        return reply.body.decode("utf-8", "replace")


def _results(told: Any, where: str) -> dict[str, dict[str, Any]]:
    results = told.get("results") if isinstance(told, dict) else None
    if not isinstance(results, list):
        raise Malformed("the batch's answer has no list of results (批量应答中没有结果)", where=where)
    return {str(one.get("idempotency_key")): one for one in results if isinstance(one, dict)}


def _words(told: Any) -> str:
    """What an answer says in words, from the members that problem documents and this interface use."""
    if isinstance(told, dict):
        found = next((told[name] for name in ("detail", "title", "message", "msg") if told.get(name)), "")
        told = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False, default=str)
    return " ".join(str(told if told is not None else "").split())


def _held(told: Any) -> str | None:
    """The content hash in a 409: beside its status, or inside its detail."""
    if not isinstance(told, dict):
        return None
    inner = told.get("detail")
    found = told.get("content_hash") or (inner.get("content_hash") if isinstance(inner, dict) else None)
    return found if isinstance(found, str) else None


def _content_hash(envelope: bytes) -> str:
    found = json.loads(envelope).get("content_hash")
    return str(found)
