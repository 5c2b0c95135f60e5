"""The JSON Schema of adapter files, for editors that complete and check YAML while it's written.

All of it is made from the models: what may stand where, what must, which words there are. What one part demands of
another stays with `adapters check`, but for what each driver needs. YAML reads unquoted scalars as numbers and truth
values, so both are allowed wherever a text of that look is.
"""

import csv
import json
import re
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from adapters.demands import NEEDS
from adapters.spec.adapter import AdapterSpec
from adapters.texts import SECONDS, spelled

Schema = dict[str, Any]
ID = "urn:liandan:adapter:1"
TEXT = ["string", "number", "boolean"]
# What YAML 1.1 or pydantic take for a truth value
TRUE, FALSE = ("true", "yes", "on", "y", "t"), ("false", "no", "off", "n", "f")
# Unquoted texts that YAML doesn't read as text
SAMPLES = ("true", "1.5", "-1", *("1" * length for length in range(1, 41)))


def adapter_schema() -> Schema:
    """One schema for adapters of every driver."""
    made = AdapterSpec.model_json_schema(schema_generator=_Written)
    needs = [
        {
            "if": {"properties": {"driver": {"const": str(driver)}}, "required": ["driver"]},
            "then": {"required": list(keys)},
        }
        for driver, keys in NEEDS.items()
        if keys
    ]
    needs.append(
        {
            "if": {"properties": {"driver": {"not": {"const": "liandan"}}}},
            "then": {"properties": {"datasets": {"additionalProperties": {"required": ["decode"]}}}},
        }
    )
    needs.append(
        {
            "if": {"properties": {"driver": {"const": "xml_drop"}}, "required": ["driver"]},
            "then": {"oneOf": [{"required": ["folder"]}, {"required": ["sftp"]}]},
        }
    )
    head = {"$schema": GenerateJsonSchema.schema_dialect, "$id": ID}
    return head | made | {"title": "适配器文件 · An adapter file", "allOf": needs}


def written(schema: Schema) -> str:
    """As it's published: the same bytes each time."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


class _Written(GenerateJsonSchema):
    """Each type as YAML writes it, not as Python holds it."""

    def str_schema(self, schema: core_schema.StringSchema) -> Schema:
        return super().str_schema(schema) | {"type": TEXT}

    def int_schema(self, schema: core_schema.IntSchema) -> Schema:
        return super().int_schema(schema) | {"type": ["integer", "string"], "pattern": "^[+-]?[0-9]+$"}

    def float_schema(self, schema: core_schema.FloatSchema) -> Schema:
        return super().float_schema(schema) | {"type": ["number", "string"], "pattern": "^[+-]?[0-9]+([.][0-9]+)?$"}

    def bool_schema(self, schema: core_schema.BoolSchema) -> Schema:
        del schema
        words = [form for word in (*TRUE, *FALSE) for form in (word, word.title(), word.upper())]
        return {"enum": list(dict.fromkeys([True, False, "1", "0", *words]))}

    def literal_schema(self, schema: core_schema.LiteralSchema) -> Schema:
        return {"enum": _words(schema["expected"])}

    def enum_schema(self, schema: core_schema.EnumSchema) -> Schema:
        told = super().enum_schema(schema)
        return {key: value for key, value in told.items() if key != "type"} | {"enum": _words(told["enum"])}

    def dict_schema(self, schema: core_schema.DictSchema) -> Schema:
        told = super().dict_schema(schema)
        return told | {"additionalProperties": False} if "patternProperties" in told else told

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> Schema:
        """What a function takes that doesn't say so is known to nobody: besides what it makes, any text will do."""
        told = super().function_before_schema(schema)
        return told if schema.get("json_schema_input_schema") else {"anyOf": [told, {"type": TEXT}]}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> Schema:
        """A key that may be left out isn't one that may be written empty."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> Schema:
        told = super().default_schema(schema)
        default = told.get("default")
        if default is None or default in ({}, []) or isinstance(default, dict):
            told.pop("default", None)
        elif told.get("pattern") == SECONDS and isinstance(default, int):
            told["default"] = spelled(default)
        return told

    def model_schema(self, schema: core_schema.ModelSchema) -> Schema:
        told = super().model_schema(schema)
        model: type[BaseModel] = schema["cls"]
        for name, field in model.model_fields.items():
            key = field.alias or name
            part = told["properties"][key]
            part.pop("title", None)
            if named := _titles().get((model.__name__, key)) or _titles().get(("", key)):
                part["title"] = named
        if "description" in told:
            told["description"] = " ".join(told["description"].split())
        return told

    def generate_inner(self, schema: Any) -> Schema:
        """A text whose pattern no number and no truth value has is a text only."""
        told = super().generate_inner(schema)
        pattern = told.get("pattern") if told.get("type") == TEXT else None
        only = pattern is not None and not any(re.search(pattern, sample) for sample in SAMPLES)
        return told | {"type": "string"} if only else told


def _words(expected: list[Any]) -> list[Any]:
    """The words, and what YAML makes of those that look like something else."""
    words: list[Any] = [str(one) for one in expected]
    for word in [*words]:
        with suppress(ValueError):
            words.append(json.loads(word))
        if word.lower() in (*TRUE[1:3], *FALSE[1:3]):
            words.append(word.lower() in TRUE)
    return words


@cache
def _titles() -> dict[tuple[str, str], str]:
    """(model, key) → the key's title in Chinese and English; the model is empty where the key means the same everywhere."""
    with (Path(__file__).parent / "titles.csv").open(encoding="utf-8", newline="") as file:
        return {(row["model"], row["key"]): f"{row['zh']} · {row['en']}" for row in csv.DictReader(file)}
