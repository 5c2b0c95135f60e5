"""1,500 manifests per province through real servers: every value as in the world's truth, every lineage entry true.

One demo is run and kept; the tests look at what it left. A checker that shares no code with the product goes from the
stored payloads' bytes to the documents, and from these to each raw value.
"""

from collections import Counter, defaultdict
from pathlib import Path

import orjson
import pytest
from sqlalchemy import select

from adapters.decode import redecode
from contract_tests.demo.progress import Bars
from contract_tests.demo.run import run
from contract_tests.demo.summary import Summary
from contract_tests.lineage_check import fault, leaves, payload_faults, reader
from contract_tests.mocks.registry import PROVINCES
from gateway.settings import Settings
from gateway.store import claims, mappings, payloads
from gateway.store.database import open_database
from gateway.store.tables import claim_versions
from mappings import decode_remainder, explain

MANIFESTS = 1500

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("truth")


@pytest.fixture(scope="module")
def summary(folder) -> Summary:
    return run(MANIFESTS, 11, folder, Bars(quiet=True))


def test_every_value_of_every_claim_is_as_in_the_truth(summary):
    assert summary.comparison.differences == ()
    assert summary.comparison.different == 0
    assert summary.comparison.compared > 500_000
    assert summary.faults() == []


def test_quarantined_is_what_the_world_damaged_each_with_a_reason(summary, folder):
    assert sum(counts["quarantined"] for counts in summary.adapters.values()) == summary.truth.damaged
    with opened(folder).read() as conn:
        items = conn.exec_driver_sql("select reasons from quarantine").scalars().all()
    assert len(items) == summary.truth.damaged
    assert all(len(orjson.loads(reasons)[0]) > 20 for reasons in items)


def opened(folder):
    return open_database(Settings(data=folder).database_url)


def test_every_input_of_every_entry_gives_back_its_raw_value(summary, folder):
    """All claim versions, not a sample; a document is decoded once for all claims that came out of it."""
    checked: Counter[str] = Counter()
    versions = 0
    wrong: list[object] = []
    chains: set[tuple[str, ...]] = set()
    database = opened(folder)
    with database.read() as conn:
        by_exchange = defaultdict(list)
        for number, exchange in conn.execute(select(claim_versions.c.id, claim_versions.c.exchange)):
            by_exchange[exchange].append(number)
        templates: dict[str, dict] = {}
        for exchange_id, numbers in by_exchange.items():
            exchange = payloads.exchange(conn, exchange_id)
            body = payloads.read(conn, exchange.payload_hash)
            documents = [
                described | {"text": one.text, "payload_hash": exchange.payload_hash}
                for described, one in zip(exchange.documents, redecode(body, exchange.documents), strict=True)
            ]
            find = {one["id"]: reader(one["media_type"], one["text"]) for one in documents}
            wrong += payload_faults(documents, {exchange.payload_hash: body}, find)
            chains |= {tuple(one["chain"]) for one in documents}
            kept = claims.lineage_of(conn, numbers)
            versions += len(numbers)
            for claim in claims.versions(conn, numbers):
                lineage = kept[claim.id]
                if lineage.mapping_hash not in templates:
                    templates[lineage.mapping_hash] = mappings.template(conn, lineage.mapping_hash)
                content = orjson.loads(claim.content_bytes)
                entries = explain(
                    templates[lineage.mapping_hash], decode_remainder(lineage.remainder), content, lineage.document
                )
                told = {entry["field"]: entry["value"] for entry in entries if "value" in entry}
                if told != leaves(content):
                    wrong.append((claim.adapter, claim.source_key, "leaves without an entry, or the other way round"))
                wrong += [(claim.source_key, entry, said) for entry in entries if (said := fault(entry, find))]
                checked[claim.adapter] += sum(len(entry["inputs"]) for entry in entries)
    database.dispose()
    assert wrong[:5] == []
    assert versions > 10_000
    steps = {step.partition(":")[0] for chain in chains for step in chain}
    assert steps >= {"text", "json", "xml", "string", "zip", "base64", "gzip"}
    assert checked.keys() == PROVINCES.keys()
    assert min(checked.values()) > 100_000
