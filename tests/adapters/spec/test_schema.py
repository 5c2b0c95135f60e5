"""The schema that editors use takes what `adapters check` takes, and refuses what it refuses, as far as a schema can know."""

import csv
import re
from importlib import import_module
from pathlib import Path

import jsonschema
import pytest
import yaml

from adapters import spec
from adapters.load import load_adapter
from adapters.spec.schema import adapter_schema, written
from canonical_schema.problem import ProblemsFound

ROOT = Path(__file__).resolve().parents[3]
ADAPTERS = sorted([*ROOT.glob("adapters/provinces/*.yaml"), *ROOT.glob("docs/examples/*/adapters/provinces/*.yaml")])
IN_DOCS = re.findall(
    r"^```yaml\n# adapter\n(.*?)^```", (ROOT / "docs/adapters.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
)
SCHEMA = jsonschema.Draft202012Validator(adapter_schema())
JS = (ROOT / "adapters/provinces/js.yaml").read_text("utf-8")


class Core(yaml.CSafeLoader):
    """YAML as editors read it: numbers and truth values where they look so; dates are texts."""


Core.yaml_implicit_resolvers = {
    first: [(tag, shape) for tag, shape in known if not tag.endswith((":timestamp", ":merge"))]
    for first, known in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def faults(text, loader=Core):
    return [(error.json_path, error.validator) for error in SCHEMA.iter_errors(yaml.load(text, loader))]


def test_it_is_a_schema_itself():
    jsonschema.Draft202012Validator.check_schema(adapter_schema())


@pytest.mark.parametrize("loader", [Core, yaml.CBaseLoader])
@pytest.mark.parametrize("file", ADAPTERS, ids=lambda file: file.stem)
def test_it_takes_every_adapter_of_ours(file, loader):
    assert {one.stem for one in ADAPTERS} >= {"js", "tj", "gd", "sh", "sc", "zj", "us"}
    assert faults(file.read_text("utf-8"), loader) == []


@pytest.mark.parametrize("loader", [Core, yaml.CBaseLoader])
@pytest.mark.parametrize("block", IN_DOCS)
def test_it_takes_every_adapter_in_the_documents(block, loader):
    assert len(IN_DOCS) >= 4
    assert faults(block, loader) == []


@pytest.mark.parametrize(
    ("old", "new", "path", "validator"),
    [
        ("title_en:", "titel_en:", "$", "required"),
        ("driver: rest", "driver: rset", "$.driver", "enum"),
        ("base_url: ${LIANDAN_JS_URL}\n", "", "$", "required"),
        ("      overlap: 10m", "      overlap: 10", "$.datasets.manifests.cursor.overlap", "type"),
        ("      overlap: 10m", "      overlap: ten", "$.datasets.manifests.cursor.overlap", "pattern"),
        ("      row: /updateTime", "      row: updateTime", "$.datasets.manifests.cursor.row", "pattern"),
        ("      rows: /data/list", "      rows: 3", "$.datasets.manifests.paging.rows", "type"),
        ("size: 100", "size: many", "$.datasets.manifests.paging.size", "pattern"),
        ("size: 100", "size: 0", "$.datasets.manifests.paging.size", "minimum"),
        ("method: POST", "method: DELETE", "$.auth.login.method", "enum"),
        ("path: /api/manifests", "path: api/manifests", "$.datasets.manifests.request.path", "pattern"),
        ("path: /api/manifests", "path:", "$.datasets.manifests.request.path", "type"),
        ("  manifests:\n", "  Manifests:\n", "$.datasets", "additionalProperties"),
        ('decode: ["text:utf-8", json]', "decode: json", "$.datasets.manifests.decode", "type"),
        ('decode: ["text:utf-8", json]', "spread: maybe\n    decode: [json]", "$.datasets.manifests.spread", "enum"),
        ("id: js", "id: JS", "$.id", "pattern"),
        ("division: 32", "division: Jiangsu", "$.division", "pattern"),
    ],
)
def test_it_refuses_what_check_refuses(tmp_path, old, new, path, validator):
    assert old in JS
    text = JS.replace(old, new, 1)
    (tmp_path / "js.yaml").write_text(text, "utf-8")
    with pytest.raises(ProblemsFound):
        load_adapter(tmp_path / "js.yaml")
    assert (path, validator) in faults(text)


def test_every_title_belongs_to_a_key():
    with (ROOT / "adapters/spec/titles.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    models = {name: getattr(spec, name) for name in spec.__all__ if name.endswith("Spec")}
    keys = {name: {field.alias or key for key, field in one.model_fields.items()} for name, one in models.items()}
    keys[""] = set().union(*keys.values())
    assert [row for row in rows if row["key"] not in keys[row["model"]]] == []
    assert all(row["zh"] and row["en"] for row in rows)
    assert len({(row["model"], row["key"]) for row in rows}) == len(rows)


def test_every_key_has_a_title():
    schema = adapter_schema()
    parts = {"": schema, **schema["$defs"]}
    untitled = [
        (name, key)
        for name, part in parts.items()
        for key, told in part.get("properties", {}).items()
        if "title" not in told
    ]
    assert untitled == []


def test_defaults_are_told_as_a_file_writes_them():
    limits = adapter_schema()["$defs"]["LimitsSpec"]["properties"]
    assert {key: limits[key]["default"] for key in ("connect", "total", "tries")} == {
        "connect": "5s",
        "total": "2m",
        "tries": 4,
    }
    assert limits["connect"]["title"] == "连接超时 · time to connect"


def test_the_published_file_is_the_schema(capsys):
    published = (ROOT / "docs/adapter.schema.json").read_text("utf-8")
    assert published == written(adapter_schema())
    assert import_module("gateway.cli.main").run(["adapters", "schema"]) == 0
    assert capsys.readouterr().out == published
