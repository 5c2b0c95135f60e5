"""What the documents say is what the code does: every YAML block compiles, and tables are those of the code."""

import json
import re
from pathlib import Path

import pytest

from adapters import spec
from adapters.load import load_adapter
from canonical_schema.export.samples import sample
from mappings import Beside, compile_mapping
from mappings.language import conditions, fields, leaf, load, shared
from mappings.outward import compile_outward
from mappings.outward import fields as out_fields
from mappings.outward import leaf as out_leaf
from mappings.outward import program as out_program
from mappings.steps.registry import STEPS

DOCS = Path(__file__).resolve().parents[2] / "docs"
HEAD = "kind: manifest\nstandard: 1.0-rc\nsystem: xx\ntimes: yyyy-MM-dd HH:mm:ss\nrecords: list\nkey: no\nfields:\n"


def blocks(marker):
    """(document, block) for every fenced YAML block whose first line is a comment of this word."""
    fence = re.compile(r"^```yaml\n# " + marker + r"\n(.*?)^```", re.MULTILINE | re.DOTALL)
    return [
        (file.name, block) for file in sorted(DOCS.glob("*.md")) for block in fence.findall(file.read_text("utf-8"))
    ]


@pytest.mark.parametrize(("file", "block"), blocks("mapping"))
def test_a_mapping_in_the_documents_compiles(file, block):
    assert compile_mapping(block, file).kind == "manifest"


@pytest.mark.parametrize(("file", "block"), blocks("fields"))
def test_fields_in_the_documents_compile(file, block):
    program = compile_mapping(HEAD + "".join(f"  {line}\n" for line in block.splitlines()), file)
    assert len(program.spec.fields) == len(re.findall(r"^\w+:", block, re.MULTILINE))


def test_a_shared_file_in_the_documents_serves_its_fields():
    [(_, common)], [(file, block)] = blocks("shared"), blocks("fields with shared")
    head = HEAD.replace("times: yyyy-MM-dd HH:mm:ss\n", "")
    text = head + "".join(f"  {line}\n" for line in block.splitlines())
    program = compile_mapping(text, file, Beside(shared=("_shared.yaml", common)))
    row = {"driver": {"name": "甲"}, "escort": {"name": "乙", "phone": "1", "mobile": "2"}}
    (mapped,) = program.run({"list": [{"no": "A1", "legs": [row]}]})
    assert mapped.content["legs"] == [{"driver": {"name": "甲"}, "escort": {"name": "乙", "phone": "2"}, "seq": 1}]


def test_the_outward_mapping_in_the_documents_writes_a_record():
    [(file, block)] = blocks("outward")
    sent = compile_outward(block, file).run(sample("manifest", "full"))
    assert json.loads(sent.text) == {
        "transNo": "20263205000123",
        "revision": 2,
        "state": "0",
        "planTime": "2026-03-05 08:00:00",
        "sender": {"name": "苏州某某精密制造有限公司", "code": "91320500MA1MAAAA6L", "tel": "0512-00000001"},
        "items": [
            {"name": "废矿物油", "kg": 1250, "count": "8", "hazard": "T、I"},
            {"name": "含油抹布", "count": "3", "hazard": "T、In"},
        ],
        "permit": "环固移〔2026〕118号|JH3205202600087",
        "trucks": '[{"plate":"苏E12345"},{"plate":"粤BD12345"}]',
    }


@pytest.mark.parametrize(("file", "block"), blocks("adapter"))
def test_an_adapter_in_the_documents_loads(file, block, tmp_path):
    name = re.match("id: (.*?)( *#.*)?\n", block)[1]
    written = tmp_path / f"{name}.yaml"
    written.write_text(block, "utf-8")
    assert load_adapter(written).id == name


def test_each_document_has_its_blocks():
    assert {file for file, _ in [*blocks("mapping"), *blocks("fields")]} >= {"mapping.md"}
    assert {file for file, _ in blocks("adapter")} == {"adapters.md"}


def test_the_table_of_steps_is_that_of_the_registry():
    text = (DOCS / "mapping.md").read_text("utf-8")
    table = text[text.index("<!-- steps -->") : text.index("<!-- /steps -->")]
    rows = [f"| `{step.name}` | {step.summary} | `{step.example}` |" for step in STEPS.values()]
    assert [line for line in table.splitlines() if line.startswith("| `")] == rows


def test_every_key_of_a_mapping_is_explained():
    text = (DOCS / "mapping.md").read_text("utf-8")
    keys = {*load.KEYS, *shared.KEYS, *leaf.LEAF_KEYS, *fields.LIST_KEYS, *fields.FIRST_KEYS, *fields.OBJECT_KEYS}
    keys |= {*out_program.KEYS, *out_fields.OBJECT_KEYS, *out_fields.LIST_KEYS, *out_leaf.LEAF_KEYS}
    keys |= {*conditions.TESTS, "use", "crs", "number", "document_name"}
    assert {key for key in keys if not re.search(rf"\b{key}\b(`|:)", text)} == set()


def _names(model):
    """What may be written in this part of an adapter file, and in the parts inside it."""
    for name, field in model.model_fields.items():
        yield field.alias or name
        for part in re.findall(r"\b\w+Spec\b", str(field.annotation)):
            yield from _names(getattr(spec, part))


@pytest.mark.parametrize("model", [spec.AdapterSpec, spec.TargetSpec])
def test_every_key_of_an_adapter_is_explained(model):
    text = (DOCS / "adapters.md").read_text("utf-8")
    assert {key for key in _names(model) if not re.search(rf"\b{key}\b(`|:)", text)} == set()


def test_every_limit_has_the_default_that_is_told():
    told = dict(re.findall(r"\| `(\w+)` \| (\d+)s? \|", (DOCS / "adapters.md").read_text("utf-8")))
    assert told == {name: str(value) for name, value in spec.LimitsSpec().model_dump().items() if value is not None}


@pytest.mark.parametrize(
    "file", [*sorted(DOCS.rglob("*.md")), DOCS.parent / "README.md", DOCS.parent / "CONTRIBUTING.md"], ids=str
)
def test_every_link_to_a_file_leads_somewhere(file):
    links = re.findall(r"\]\(([^)#]+)\)", file.read_text("utf-8"))
    assert [link for link in links if "://" not in link and not (file.parent / link).exists()] == []
