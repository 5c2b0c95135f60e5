"""The schema that editors use says what the compiler says, as far as a schema can."""

from pathlib import Path

import jsonschema
import pytest
import yaml

from mappings import compile_mapping
from mappings.language.schema import mapping_schema, written

ROOT = Path(__file__).resolve().parents[3]
MAPPINGS = sorted(ROOT.glob("mappings/provinces/*/*.yaml")) + sorted(
    ROOT.glob("docs/examples/*/mappings/provinces/*/*.yaml")
)
SCHEMA = jsonschema.Draft202012Validator(mapping_schema())


def faults(text):
    return [error.json_path for error in SCHEMA.iter_errors(yaml.load(text, yaml.BaseLoader))]


def test_it_is_a_schema_itself():
    jsonschema.Draft202012Validator.check_schema(mapping_schema())


@pytest.mark.parametrize("file", MAPPINGS, ids=lambda file: file.parent.name)
def test_it_takes_what_compiles(file):
    assert len(MAPPINGS) >= 4
    assert faults(file.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "fields",
    [
        "  consignr: {name: n}\n",
        "  consignor: {nmae: n}\n",
        "  plan_filing_no: {frm: a}\n",
        "  plan_filing_no: {from: a, steps: [uper]}\n",
        "  plan_filing_no: {from: a, steps: [upper: x]}\n",
        "  plan_filing_no: {from: a, refused: perhaps}\n",
        "  plan_filing_no: {from: a, when: {from: b}}\n",
        "  wastes: {each: w, filds: {name: n}}\n",
        "  legs: {each: l, fields: {when: 3}}\n",
        "  legs: {each: l, fields: {driver: {first: people}}}\n",
    ],
)
def test_it_refuses_what_lint_refuses(m, fields):
    text = m.head + "fields:\n" + fields
    with pytest.raises(Exception, match=r"m\.yaml"):
        compile_mapping(text, "m.yaml")
    assert faults(text) != []


def test_the_published_file_is_the_schema():
    assert (ROOT / "docs/mapping.schema.json").read_text("utf-8") == written(mapping_schema())
