"""Schemas built once a kind, and the strategies of whole records."""

from functools import cache
from types import SimpleNamespace

import jsonschema
import pytest
import xmlschema
from lxml import etree

from canonical_schema.export.json_schema import json_schema
from canonical_schema.export.xsd import xsd
from contract_tests.world.records import records as generated_records


@cache
def judges_of(kind):
    published = xsd(kind)
    return SimpleNamespace(
        json=jsonschema.Draft202012Validator(json_schema(kind), format_checker=jsonschema.FormatChecker()),
        lxml=etree.XMLSchema(etree.fromstring(published)),
        xmlschema=xmlschema.XMLSchema10(published.decode()),
    )


@pytest.fixture(scope="session")
def judges():
    """kind → .json (jsonschema), .lxml and .xmlschema (two readers of the XSD)."""
    return judges_of


@pytest.fixture(scope="session")
def records():
    """kind → strategy of whole records without faults."""
    return generated_records
