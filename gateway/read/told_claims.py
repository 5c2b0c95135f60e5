"""What systems have said, claim by claim, for another gateway: with all that is needed to check it and to explain it.

The order is that of the commits. What came in shadow isn't told before it comes into a record; nor is a version that never
counted. A claim may be told once more where it enters a record later than it came.
"""

import re
from base64 import b64encode
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Connection

from gateway.domain.hops import hops_of, without_hops
from gateway.errors import BadCursor, NoSuchPayload, Retired
from gateway.read.answer import encode
from gateway.store import claims, mappings, payloads, retirements, told_claims
from gateway.store.claims import StoredClaim, StoredLineage
from gateway.store.payloads import StoredExchange
from gateway.store.told_claims import Place

Json = dict[str, Any]
_CURSOR: Final = re.compile(r"(~?)([0-9]{1,18})(?:-([0-9]{1,18}))?", re.ASCII)


class Position(NamedTuple):
    """`anew`: the reader has begun after what is retired had gone, and is still among what was left of it. Another one that
    stands there has missed something."""

    place: Place
    anew: bool = False


def position(cursor: str | None) -> Position:
    """BadCursor for what was never given out."""
    if not cursor:
        return Position(Place(0), anew=True)
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise BadCursor(cursor[:80])
    return Position(Place(int(found[2]), int(found[3]) if found[3] else None), anew=bool(found[1]))


def page(conn: Connection, *, after: Position, limit: int) -> bytes:
    """{"gateway", "claims": […], "exchanges": {id: …}, "mappings": {hash: …}, "next", "more"} of at most `limit` claims
    behind `after`. Retired for a reader who can't have them all any more."""
    upto = retirements.horizon(conn).commit
    if not after.anew and _among_retired(after.place, upto):
        raise Retired(
            "此游标之后的部分申报已按保存期限清退; 请不带 after 从头读取",
            "some of the claims behind this cursor were retired by law; start anew, without `after`",
        )
    places, end, more = _places(conn, after.place, limit, upto)
    stored = {one.id: one for one in claims.versions(conn, dict.fromkeys(number for _, number in places))}
    kept, hashes = claims.lineage_of(conn, stored), told_claims.content_hashes(conn, stored)
    exchanges = payloads.exchanges_by_id(conn, {one.exchange for one in stored.values()})
    used = mappings.kept(conn, {one.mapping_hash for one in stored.values()})
    told = {
        "gateway": told_claims.first_entry(conn),
        "claims": [_claim(cursor, stored[number], kept[number], hashes[number]) for cursor, number in places],
        "exchanges": {str(one.id): _exchange(one) for one in exchanges},
        "mappings": {one.hash: {"file": one.file, "text": one.text, "template": one.template} for one in used},
        "next": end,
        "more": more,
    }
    return encode(told)


def _places(conn: Connection, after: Place, limit: int, upto: int) -> tuple[list[tuple[str, int]], str, bool]:
    """(the cursor behind it, claim version) of up to `limit`; the cursor behind them all; whether there are more."""
    places: list[tuple[str, int]] = []
    end = _cursor(after, upto) if after.commit else ""
    seen: set[int] = set()
    for place, tellable in told_claims.behind(conn, after, upto):
        numbers = [one for one in tellable if one not in seen]
        seen.update(numbers)
        if numbers and len(places) == limit:
            return places, end, True
        room = limit - len(places)
        places += [(_cursor(Place(place.commit, number), upto), number) for number in numbers[:room]]
        if len(numbers) > room:
            return places, places[-1][0], True
        if numbers:
            places[-1] = (_cursor(place, upto), numbers[-1])
        end = _cursor(place, upto)
    return places, end, False


def _cursor(place: Place, upto: int) -> str:
    mark = "~" if _among_retired(place, upto) else ""
    return f"{mark}{place.commit}" if place.claim is None else f"{mark}{place.commit}-{place.claim}"


def _among_retired(place: Place, upto: int) -> bool:
    return place.commit < upto or (place.commit == upto and place.claim is not None)


def payload(conn: Connection, digest: str) -> bytes:
    """The bytes as they were received. NoSuchPayload."""
    if not payloads.known(conn, digest):
        raise NoSuchPayload(digest[:80])
    return payloads.read(conn, digest.lower())


def _claim(cursor: str, claim: StoredClaim, kept: StoredLineage, content_hash: str) -> Json:
    return {
        "cursor": cursor,
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
