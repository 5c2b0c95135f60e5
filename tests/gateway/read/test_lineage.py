import csv
import json
from base64 import b64decode
from decimal import Decimal
from io import StringIO

import msgspec
import pytest
from jsonpointer import resolve_pointer

from contract_tests.lineage_check import claim_faults
from gateway.errors import ChangedInPlace
from gateway.read.answer import encode
from gateway.read.lineage import as_csv, lineage, needed, within
from gateway.read.manifests import envelope, resolve

NUMBER, OTHER = "20263201000001", "20263201000002"
exact = msgspec.json.Decoder(float_hook=Decimal)


def of(gateway, no, **asked):
    with gateway.database.read() as conn:
        return lineage(conn, resolve(conn, no), **({"documents": True} | asked))


def leaves(value, path=""):
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if parts is None:
        return {path: value}
    return {key: leaf for name, inner in parts for key, leaf in leaves(inner, f"{path}/{name}").items()}


def test_every_input_leads_to_its_raw_value(filled):
    for no in (NUMBER, OTHER):
        told = exact.decode(encode(of(filled, no)))
        read = 0
        for claim in told["claims"]:
            trees = {one["id"]: exact.decode(one["text"]) for one in claim["documents"]}
            for entry in claim["entries"]:
                for one in entry.get("inputs", ()):
                    if "raw" in one:
                        assert resolve_pointer(trees[one["document"]], one["source"]) == one["raw"]
                        read += 1
        assert read >= 10


def test_numbers_keep_their_digits(filled):
    told = encode(of(filled, NUMBER, field="wastes/0/quantity_t"))
    assert b'"raw":1250.5' in told
    assert isinstance(exact.decode(told)["claims"][0]["entries"][0]["inputs"][0]["raw"], Decimal)


def test_it_lists_exactly_the_claims_of_the_newest_envelope(filled):
    with filled.database.read() as conn:
        newest = envelope(conn, resolve(conn, NUMBER))
    told = of(filled, NUMBER)
    assert (told["record_id"], told["version"]) == (newest["record_id"], newest["version"])
    names = ("adapter", "dataset", "source_key", "mapping_hash")
    assert [[claim[name] for name in names] for claim in told["claims"]] == [
        [claim[name] for name in names] for claim in newest["claims"]
    ]


def test_of_a_record_with_one_claim_every_leaf_is_explained(filled):
    with filled.database.read() as conn:
        newest = envelope(conn, resolve(conn, OTHER))
    (claim,) = of(filled, OTHER)["claims"]
    explained = {(entry["field"], entry.get("value")) for entry in claim["entries"]}
    assert set(leaves(newest["content"]).items()) <= explained


def test_a_document_says_what_it_was_decoded_from(filled):
    (claim,) = of(filled, OTHER)["claims"]
    (document,) = claim["documents"]
    assert document["parent"] is None
    assert document["chain"] == ["text:utf-8", "json"]
    assert document["media_type"] == "application/json"
    assert json.loads(document["text"])["rows"][0]["key"] == "A-2"
    with filled.database.read() as conn:
        assert document["payload_hash"] == envelope(conn, resolve(conn, OTHER))["claims"][0]["payload_hash"]


def test_without_documents_there_are_only_entries(filled):
    assert all("documents" not in claim for claim in of(filled, NUMBER, documents=False)["claims"])


def test_one_field_or_branch_can_be_asked_for(filled):
    for field in ("/wastes/0", "wastes/0/"):
        fields = {entry["field"] for claim in of(filled, NUMBER, field=field)["claims"] for entry in claim["entries"]}
        assert fields >= {"/wastes/0/name", "/wastes/0/quantity_t"}
        assert all(one.startswith("/wastes/0/") for one in fields)
    assert [claim["entries"] for claim in of(filled, NUMBER, field="/nothing")["claims"]] == [[], []]


def test_only_a_document_and_its_parents_are_needed():
    described = [
        {"id": "d1", "parent": None},
        {"id": "d2", "parent": {"document": "d1", "source": "/a"}},
        {"id": "d3", "parent": {"document": "d1", "source": "/b"}},
    ]
    assert [one["id"] for one in needed(described, "d3")] == ["d1", "d3"]
    assert not within("/wastes/10/name", "/wastes/1")


def test_a_payload_that_was_changed_is_never_shown_as_proof(filled):
    with filled.database.write() as conn:
        conn.exec_driver_sql("UPDATE payloads SET body = zeroblob(20)")
    with pytest.raises(ChangedInPlace):
        of(filled, NUMBER)


def test_with_the_payloads_the_proof_begins_at_the_bytes(filled):
    told = exact.decode(encode(of(filled, NUMBER, with_payloads=True)))
    packed = {name: b64decode(one) for name, one in told["payloads"].items()}
    assert {one["payload_hash"] for claim in told["claims"] for one in claim["documents"]} == packed.keys()
    assert [fault for claim in told["claims"] for fault in claim_faults(claim, packed)] == []


def test_the_table_for_auditors_has_a_row_for_each_place_that_was_read(filled):
    told = of(filled, NUMBER)
    rows = list(csv.DictReader(StringIO(as_csv(told))))
    entries = [entry for claim in told["claims"] for entry in claim["entries"]]
    assert len(rows) == sum(max(1, len(entry["inputs"])) for entry in entries)
    row = next(row for row in rows if row["field"] == "/wastes/0/quantity_t")
    assert (row["raw"], row["how"], row["source"][:6]) == ("1250.5", "mapped", "/rows/")


@pytest.mark.parametrize(("value", "cell"), [("=1+1", "'=1+1"), ("-3.5", "-3.5"), ("@x", "'@x"), (True, "true")])
def test_a_cell_is_never_a_formula(value, cell):
    entry = {"field": "/a", "how": "constant", "value": value, "inputs": [], "steps": [], "rule": "m.yaml:1"}
    claim = {"adapter": "js", "dataset": "m", "source_key": "1", "mapping_hash": "0", "entries": [entry]}
    (row,) = csv.DictReader(StringIO(as_csv({"claims": [claim]})))
    assert row["value"] == cell
