"""The tables. Hashes are 32 raw bytes, instants are text at +08:00, times that are compared are epoch milliseconds.

Content, envelopes and lineage remainders lie in compressed frames (frame, start, length); everything that is
joined or searched lies in plain columns. A record version's primary key is its place in the change feed.
"""

from gateway.store.tables.core import (
    UNFINISHED,
    adapter_stages,
    adapters,
    api_keys,
    attempts,
    claim_numbers,
    claim_versions,
    claims,
    commits,
    contents,
    datasets,
    deliveries,
    discrepancies,
    exchanges,
    frames,
    mappings,
    meta,
    numbers,
    payloads,
    quarantine,
    record_versions,
    records,
)
from gateway.store.tables.metadata import Id, metadata
from gateway.store.tables.retention import leaves, retirements
from gateway.store.tables.search import search_hits, search_records, search_terms
from gateway.store.tables.sources import descriptions, drifts, source_places, source_tallies

__all__ = [
    "UNFINISHED",
    "Id",
    "adapter_stages",
    "adapters",
    "api_keys",
    "attempts",
    "claim_numbers",
    "claim_versions",
    "claims",
    "commits",
    "contents",
    "datasets",
    "deliveries",
    "descriptions",
    "discrepancies",
    "drifts",
    "exchanges",
    "frames",
    "leaves",
    "mappings",
    "meta",
    "metadata",
    "numbers",
    "payloads",
    "quarantine",
    "record_versions",
    "records",
    "retirements",
    "search_hits",
    "search_records",
    "search_terms",
    "source_places",
    "source_tallies",
]
