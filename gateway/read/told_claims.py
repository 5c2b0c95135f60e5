"""What systems have said, claim by claim, for another gateway: with all that is needed to check it and to explain it.

The order is the feed's, and so are the cursors: a claim version is told with the first record version that was made of
it. What came in shadow, or waits for its record, isn't told yet.
"""

from base64 import b64encode
from typing import Any

import orjson
from sqlalchemy import Connection

from gateway.domain.hops import hops_of, without_hops
from gateway.errors import NoSuchPayload
from gateway.read.answer import encode
from gateway.store import claims, mappings, payloads, told_claims
from gateway.store.claims import StoredClaim, StoredLineage
from gateway.store.payloads import StoredExchange

Json = dict[str, Any]


def page(conn: Connection, *, after: int, limit: int) -> bytes:
    """{"gateway", "claims": […], "exchanges": {id: …}, "mappings": {hash: …}, "next", "more"} of the claims behind
    `after`, from at most `limit` record versions."""
    rows, more = told_claims.page(conn, after=after, limit=limit)
    places = [(seq, number) for seq, numbers in rows for number in numbers]
    stored = {one.id: one for one in claims.versions(conn, dict.fromkeys(number for _, number in places))}
    kept, hashes = claims.lineage_of(conn, stored), told_claims.content_hashes(conn, stored)
    exchanges = payloads.exchanges_by_id(conn, {one.exchange for one in stored.values()})
    used = mappings.kept(conn, {one.mapping_hash for one in stored.values()})
    told = {
        "gateway": told_claims.first_entry(conn),
        "claims": [_claim(seq, stored[number], kept[number], hashes[number]) for seq, number in places],
        "exchanges": {str(one.id): _exchange(one) for one in exchanges},
        "mappings": {one.hash: {"file": one.file, "text": one.text, "template": one.template} for one in used},
        "next": str(rows[-1][0] if rows else after),
        "more": more,
    }
    return encode(told)


def payload(conn: Connection, digest: str) -> bytes:
    """The bytes as they were received. NoSuchPayload."""
    if not payloads.known(conn, digest):
        raise NoSuchPayload(digest[:80])
    return payloads.read(conn, digest.lower())


def _claim(seq: int, claim: StoredClaim, kept: StoredLineage, content_hash: str) -> Json:
    return {
        "cursor": str(seq),
        "adapter": claim.adapter,
        "division": claim.division,
        "dataset": claim.dataset,
        "kind": claim.kind,
        "source_key": claim.source_key,
        "version": claim.version,
        "partial": claim.partial,
        "newer": claim.newer,
        "observed_at": claim.observed_at,
        "payload_hash": claim.payload_hash,
        "mapping_hash": claim.mapping_hash,
        "content_hash": content_hash,
        "findings": list(claim.findings),
        "content": orjson.loads(claim.content_bytes),
        "exchange": str(kept.exchange_id),
        "document": kept.document,
        "remainder": b64encode(kept.remainder).decode("ascii"),
    }


def _exchange(one: StoredExchange) -> Json:
    return {
        "received_at": one.received_at,
        "request": without_hops(one.request),
        "status": one.status,
        "headers": one.headers,
        "source_name": one.source_name,
        "documents": one.documents,
        "forwarded": [hop.as_dict() for hop in hops_of(one.request)],
    }
