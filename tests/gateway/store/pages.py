"""Small pages of manifests, as the pipeline would hand them to the commit."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

from adapters.payload import Exchange, Payload
from canonical_schema.digest import canonical_bytes, sha256_hex
from gateway.clock import instant
from gateway.intake.page import ClaimDraft, Page, QuarantineDraft
from gateway.store import adapters, mappings
from gateway.store.database import Database

MAPPING = hashlib.sha256(b"mapping 1").hexdigest()
MENDED = hashlib.sha256(b"mapping 2").hexdigest()
DIVISIONS = {"js": "32", "tj": "12", "gd": "44"}
START = datetime(2026, 3, 5, 0, 30, tzinfo=UTC)
DAY = date(2026, 3, 5)


def clock(minutes: int = 0) -> Any:
    return lambda: START + timedelta(minutes=minutes)


def prepare(database: Database, *, stage: str = "live") -> None:
    """Adapters at a stage, and the mapping versions that drafts name."""
    with database.write() as conn:
        for adapter in DIVISIONS:
            adapters.set_stage(conn, adapter, stage, who="test", why="test", at=START)
        for digest in (MAPPING, MENDED):
            mappings.put(conn, digest, "js", "manifests", "manifests.yaml", "kind: manifest\n", {"lines": [1]})


def content(quantity: str = "1", *, no: str | None = None, local: str | None = None, **more: Any) -> dict[str, Any]:
    """A manifest; `local` is "system:number"."""
    told: dict[str, Any] = {"wastes": [{"seq": 1, "name": "废矿物油", "quantity_t": quantity}], **more}
    if no is not None:
        told["national_no"] = no
    if local is not None:
        system, number = local.split(":")
        told["local_numbers"] = [{"system": system, "number": number}]
    return told


def draft(
    key: str,
    told: dict[str, Any],
    *,
    adapter: str = "js",
    newer: str | None = None,
    findings: tuple[dict[str, Any], ...] = (),
    mapping: str = MAPPING,
) -> ClaimDraft:
    body = canonical_bytes(told)
    return ClaimDraft(
        adapter=adapter,
        division=DIVISIONS[adapter],
        dataset="manifests",
        kind="manifest",
        source_key=key,
        content=told,
        content_bytes=body,
        content_hash=sha256_hex(body),
        newer=newer,
        findings=findings,
        mapping_hash=mapping,
        payload_hash="",
        observed_at="",
        document="d1",
        remainder=b'["' + key.encode() + b'"]',
    )


def damaged(unit: str, *, adapter: str = "js", reason: str = "没有废物 / no waste") -> QuarantineDraft:
    digest = hashlib.sha256(unit.encode()).hexdigest()
    return QuarantineDraft(adapter, "manifests", unit, "", f"/list/{unit}", (reason,), MAPPING, digest)


def page(
    *drafts: ClaimDraft | QuarantineDraft,
    body: bytes = b"page",
    adapter: str = "js",
    cursor: str | None = None,
    minutes: int = 0,
) -> Page:
    received = START + timedelta(minutes=minutes)
    exchange = Exchange(adapter, "manifests", Payload.of(body), received, {"page": "1"}, 200, {}, cursor, "/api")
    claims = tuple(
        ClaimDraft(
            **{name: getattr(one, name) for name in ClaimDraft.__slots__}
            | {"payload_hash": exchange.payload.sha256, "observed_at": instant(received)}
        )
        for one in drafts
        if isinstance(one, ClaimDraft)
    )
    units = tuple(one for one in drafts if isinstance(one, QuarantineDraft))
    described = {"id": "d1", "parent": None, "chain": ["text:utf-8", "json"], "media_type": "application/json"}
    return Page(exchange, (described,), claims, units, DAY)
