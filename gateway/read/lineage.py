"""Where each value of a record came from: entries of the mapping, and the documents they point into.

Entries are built when someone asks, from the mapping version's template and the record's few raw values. Documents are
decoded again from the stored payload by the chain that was recorded, so that the proof doesn't rest on a copy.
"""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import Connection

from adapters.payload import Payload
from gateway.domain.hops import hops_of
from gateway.intake import stored
from gateway.read.answer import encode
from gateway.read.sheet import lines
from gateway.store import claims, mappings, payloads, records
from gateway.store.claims import StoredClaim, StoredLineage
from gateway.store.payloads import StoredExchange
from mappings import decode_remainder, embedded, explain

Json = dict[str, Any]
COLUMNS = (
    "adapter",
    "dataset",
    "source_key",
    "mapping_hash",
    "field",
    "how",
    "value",
    "document",
    "source",
    "raw",
    "steps",
    "rule",
)


def within(entry_field: str, field: str) -> bool:
    """Whether an entry's pointer is `field` or below it; a field may be named without its first slash.

    >>> within("/wastes/0/code", "wastes/0"), within("/wastes/01", "/wastes/0")
    (True, False)
    """
    wanted = "/" + field.strip("/")
    return wanted in {"/", entry_field} or entry_field.startswith(wanted + "/")


def needed(described: Sequence[Json], document: str) -> list[Json]:
    """The descriptions of a document and its parents, outermost first."""
    known = {one["id"]: one for one in described}
    wanted: list[Json] = []
    at: str | None = document
    while at is not None:
        one = known[at]
        wanted.append(one)
        at = one["parent"]["document"] if one["parent"] else None
    return wanted[::-1]


def lineage(
    conn: Connection, record_id: str, *, documents: bool, field: str | None = None, with_payloads: bool = False
) -> Json:
    """The lineage of the newest version: {"record_id", "version", "claims": […]} as the design's §10 shows it.

    `field` keeps the entries of that leaf or branch of each claim's content. With `documents`, each claim also has the
    documents its entries point into, whole; `with_payloads` gives the bytes that these were decoded from, as Base64 by hash.
    """
    version, rows = records.newest_claims(conn, record_id)
    kept = claims.lineage_of(conn, rows)
    exchanges = {one.id: one for one in payloads.exchanges_by_id(conn, {one.exchange_id for one in kept.values()})}
    told: Json = {
        "record_id": record_id,
        "version": version,
        "claims": [
            _claim(conn, one, kept[one.id], exchanges[one.exchange], documents=documents or with_payloads, field=field)
            for one in claims.versions(conn, rows)
        ],
    }
    if with_payloads:
        hashes = dict.fromkeys(one["payload_hash"] for claim in told["claims"] for one in claim["documents"])
        told["payloads"] = {one: b64encode(payloads.read(conn, one)).decode("ascii") for one in hashes}
    return told


def as_csv(told: Json) -> str:
    """A table for auditors: one row for each place that a value was read from (one without places for what has none)."""
    table: list[Sequence[str]] = [COLUMNS]
    for claim in told["claims"]:
        origin = [claim[name] for name in COLUMNS[:4]]
        for entry in claim["entries"]:
            value = _written(entry["value"]) if "value" in entry else ""
            for one in entry["inputs"] or [{}]:
                places = [one.get("document", ""), one.get("source", ""), _written(one["raw"]) if "raw" in one else ""]
                row = [*origin, entry["field"], entry["how"], value, *places, " › ".join(entry["steps"]), entry["rule"]]
                table.append(row)
    return lines(table)


def _written(value: Any) -> str:
    return value if isinstance(value, str) else encode(value).decode()


def _claim(
    conn: Connection,
    claim: StoredClaim,
    kept: StoredLineage,
    exchange: StoredExchange,
    *,
    documents: bool,
    field: str | None,
) -> Json:
    content = orjson.loads(claim.content_bytes)
    entries = explain(
        mappings.template(conn, kept.mapping_hash), decode_remainder(kept.remainder), content, kept.document
    )
    out: Json = {
        "adapter": claim.adapter,
        "dataset": claim.dataset,
        "source_key": claim.source_key,
        "mapping_hash": claim.mapping_hash,
    }
    if hops := hops_of(exchange.request):
        out["forwarded"] = [hop.as_dict() for hop in hops]
    if documents:
        out["documents"] = _documents(conn, kept, exchange, entries)
    out["entries"] = [one for one in entries if field is None or within(one["field"], field)]
    return out


def _documents(conn: Connection, kept: StoredLineage, exchange: StoredExchange, entries: Sequence[Json]) -> list[Json]:
    read = dict.fromkeys(one["document"] for entry in entries for one in entry["inputs"])
    inner = [embedded.described(one) for one in dict.fromkeys(each for one in read for each in embedded.nested(one))]
    outer = dict.fromkeys([kept.document, *(one.partition(":")[0] for one in read)])
    described = [*{one["id"]: one for name in outer for one in needed(exchange.documents, name)}.values(), *inner]
    payload = Payload(payloads.read(conn, exchange.payload_hash), exchange.payload_hash)
    return [
        {
            "id": one.id,
            "payload_hash": exchange.payload_hash,
            "parent": {"document": one.parent[0], "source": one.parent[1]} if one.parent else None,
            "chain": list(one.chain),
            "media_type": one.media_type,
            "text": one.text,
        }
        for one in stored.documents(payload, described)
    ]
