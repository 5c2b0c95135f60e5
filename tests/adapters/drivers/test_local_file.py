"""A pack whose adapter takes files only, with the system's own schema."""

import json
from datetime import UTC, datetime

import pytest

from adapters.errors import Misconfigured
from adapters.load import load_adapter
from adapters.registry import open_adapter

ADAPTER = """
id: us
title: 样例
title_en: Samples
driver: file
datasets:
  manifests: {title: 联单, title_en: Manifests, decode: ["text:utf-8", json], source_schema: schema.json}
"""
SCHEMA = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "required": ["status", "wastes"],
    "properties": {"n": {"type": "integer"}},
}


@pytest.fixture
def driver(tmp_path):
    (tmp_path / "us.yaml").write_text(ADAPTER, "utf-8")
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA), "utf-8")
    return open_adapter(load_adapter(tmp_path / "us.yaml"), {})


def decoded(driver, tmp_path, text):
    file = tmp_path / "one.json"
    file.write_text(text, "utf-8")
    exchange = driver.local("manifests", file, datetime(2026, 1, 1, tzinfo=UTC))
    return driver.decode(exchange.payload, "manifests", exchange.headers, exchange.source_name)


def test_a_good_file_is_a_document_named_like_it(driver, tmp_path):
    found = decoded(driver, tmp_path, '{"status": "x", "wastes": []}')
    assert [(one.id, one.name) for one in found.documents] == [("d1", "one.json")]
    assert found.damaged == ()


def test_every_fault_against_the_schema_is_a_reason(driver, tmp_path):
    (damaged,) = decoded(driver, tmp_path, '{"n": 1.5}').damaged
    assert damaged.place == "one.json"
    assert [reason.partition(": ")[0] for reason in damaged.reasons] == ["(root)", "(root)", "/n"]


def test_what_is_no_json_names_line_and_column(driver, tmp_path):
    (damaged,) = decoded(driver, tmp_path, '{"n": 1,\n').damaged
    assert damaged.reasons[0].startswith("line 2, column 1: ")


def test_there_is_nothing_to_pull(pull, tmp_path, driver):
    pulled = pull(driver.spec, {})
    assert isinstance(pulled.error, Misconfigured)
    assert "liandan ingest us manifests FILE" in str(pulled.error)
