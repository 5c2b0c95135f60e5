"""What the simulated provinces tell stands in both published forms."""

import json

import pytest
from lxml import etree

from canonical_schema.digest import content_hash
from canonical_schema.export.samples import sample
from canonical_schema.record_file import read
from canonical_schema.xml_form import to_xml
from contract_tests.world import World


@pytest.fixture(scope="module")
def contents():
    journeys = World(seed=11, manifests_per_province=25, provinces=("js", "tj", "gd")).journeys()
    return [version.content for journey in journeys for side in journey.sides for version in side.versions]


def test_every_manifest_of_the_world_holds_in_both_forms(judges, contents):
    assert len(contents) > 75
    judge = judges("manifest")
    for content in contents:
        record = sample("manifest", "full") | {"content": content, "content_hash": content_hash(content)}
        assert judge.json.is_valid(record)
        xml = to_xml(record)
        assert judge.lxml.validate(etree.fromstring(xml))
        found = read(xml)
        assert found.faults == ()
        assert json.dumps(found.record, sort_keys=True) == json.dumps(record, sort_keys=True)
