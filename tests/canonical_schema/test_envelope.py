from canonical_schema.envelope import ClaimRef, Envelope, FindingEntry, Quality
from canonical_schema.rules import discrepancy_finding


def test_the_envelope_has_the_standards_fields():
    assert Envelope.__required_keys__ == {
        *("kind", "schema_version", "record_id", "version", "change", "content_hash", "recorded_at"),
        *("claims", "sections", "quality", "content"),
    }
    assert Envelope.__optional_keys__ == {"merged_into", "previous_hash", "masked"}
    assert Quality.__required_keys__ == {"rule_set", "findings"}
    assert ClaimRef.__required_keys__ == {
        *("adapter", "dataset", "source_key", "observed_at", "payload_hash", "mapping_hash"),
    }


def test_a_finding_stands_in_the_envelope_as_the_rules_give_it():
    assert discrepancy_finding("/status", []).as_dict().keys() == FindingEntry.__required_keys__
