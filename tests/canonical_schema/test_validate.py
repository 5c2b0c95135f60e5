from copy import deepcopy

import pytest

from canonical_schema.digest import content_hash
from canonical_schema.export.samples import sample
from canonical_schema.validate import faults

GONE = object()


def altered(path, value):
    record = deepcopy(sample("manifest", "full"))
    at = record
    *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")[1:]]
    for step in steps:
        at = at[step]
    if value is GONE:
        del at[last]
    else:
        at[last] = value
    if path.startswith("/content/"):
        record["content_hash"] = content_hash(record["content"])
    return record


@pytest.mark.parametrize(
    ("path", "value", "place", "en"),
    [
        ("/content/shiper", "x", "/content/shiper", "unknown field 'shiper'; did you mean 'shipper'?"),
        ("/content/status", None, "/content/status", "expected a string, not null (an absent field isn't there)"),
        ("/content/status", "sent", "/content/status", "'sent' is none of declared, handed_over, in_transit, arrived, received, partly_received, refused, completed, voided"),
        ("/content/wastes/0/quantity_t", "1.250", "/content/wastes/0/quantity_t", "'1.250' isn't in its one spelling, '1.25'"),
        ("/content/wastes/0/quantity_t", 1.25, "/content/wastes/0/quantity_t", "expected a string, not the number 1.25"),
        ("/content/wastes/0/quantity_t", "-1", "/content/wastes/0/quantity_t", "a quantity isn't negative: -1"),
        ("/content/wastes/0/seq", "1", "/content/wastes/0/seq", "expected a whole number, not the string '1'"),
        ("/content/wastes/0/seq", True, "/content/wastes/0/seq", "expected a whole number, not true"),
        ("/content/wastes/0/hazards", [], "/content/wastes/0/hazards", "the list is empty; an absent field isn't there"),
        ("/content/wastes/0/hazards", "T", "/content/wastes/0/hazards", "a list is expected here, not the string 'T'"),
        ("/content/consignor/uscc", "91110000600037341X", "/content/consignor/uscc", "the last character of '91110000600037341X', its check, should be L"),
        ("/content/planned_at", "2026-03-05", "/content/planned_at", "expected an object {\"at\": …, \"precision\": …}, not the string '2026-03-05'"),
        ("/content/planned_at/precision", "day", "/content/planned_at", "'2026-03-05T08:00:00+08:00' to the 'day' isn't the one spelling of a moment"),
        ("/content/legs/0/vehicle", {}, "/content/legs/0/vehicle", "the object has no field at all"),
        ("/content/wastes/0", {"seq": 1}, "/content/wastes/0", "at least one of name, code is needed"),
        ("/content/wastes", GONE, "/content/wastes", "wastes (wastes) is missing"),
        ("/record_id", "x", "/record_id", "'x' is no UUID in lower case"),
        ("/claims/0/payload_hash", GONE, "/claims/0/payload_hash", "payload_hash (payload hash) is missing"),
        ("/sections/head", 7, "/sections/head", "there is no claim 7"),
        ("/previous_hash", GONE, "/previous_hash", "version 1 has no previous hash, and every later one has"),
        ("/kind", "manifst", "/kind", None),
        ("/version", 0, "/version", None),
    ],
)  # fmt: skip
def test_each_fault_has_its_place_and_words(path, value, place, en):
    (fault,) = faults(altered(path, value))
    assert fault.place == place
    assert en is None or fault.en == en
    assert any("一" <= letter <= "鿿" for letter in fault.zh)


def test_a_content_hash_that_isnt_the_contents_is_a_fault():
    record = sample("manifest", "full")
    right, record["content_hash"] = record["content_hash"], "0" * 64
    (fault,) = faults(record)
    assert fault.place == "/content_hash"
    assert right in fault.en


def test_all_faults_come_at_once():
    record = altered("/content/status", "sent")
    record["content"]["wastes"][0]["code"] = "900"
    record["content"]["extra"] = "\ud800"
    del record["kind"]
    assert [fault.place for fault in faults(record)] == ["/kind"]
    record["kind"] = "manifest"
    assert {fault.place for fault in faults(record)} == {
        "/content/status", "/content/wastes/0/code", "/content/extra",
    }  # fmt: skip
