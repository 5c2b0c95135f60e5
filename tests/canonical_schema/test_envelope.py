import pytest

from canonical_schema.envelope import ClaimRef, Envelope, FindingEntry, Quality
from canonical_schema.record import record_tree
from canonical_schema.rules import discrepancy_finding

RECORD = record_tree("manifest")
QUALITY = RECORD.fields["quality"].type


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        (Envelope, RECORD),
        (ClaimRef, RECORD.fields["claims"].type),
        (Quality, QUALITY),
        (FindingEntry, QUALITY.fields["findings"].type),
    ],
)
def test_the_type_and_the_published_tree_have_the_same_fields(typed, part):
    required = {name for name, field in part.fields.items() if field.required}
    assert typed.__required_keys__ == required
    assert typed.__optional_keys__ == part.fields.keys() - required


def test_a_finding_stands_in_the_envelope_as_the_rules_give_it():
    assert discrepancy_finding("/status", []).as_dict().keys() == FindingEntry.__required_keys__
