"""The JSON Schema of mapping files, for editors that complete and check YAML while it's written.

It says where which key may stand, and what the standard's fields are called and mean; what only the compiler can know (do
paths lead anywhere, do steps fit) stays with lint. YAML reads unquoted scalars as numbers and truth values: both are allowed
wherever a text is.
"""

import json
from typing import Any

from canonical_schema import SCHEMA_VERSION
from canonical_schema.codes import names as code_lists
from canonical_schema.fields import Field, ObjectType, field_tree
from canonical_schema.kinds.registry import KINDS
from mappings.language import load
from mappings.language.conditions import TESTS
from mappings.steps.registry import STEPS

Schema = dict[str, Any]
ID = "urn:liandan:mapping:1"
TEXT: Schema = {"type": ["string", "number", "boolean"]}
TEXTS: Schema = {"oneOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1}]}


def mapping_schema() -> Schema:
    """One schema for mappings of every kind: the `kind` that stands in the file decides which fields there are."""
    parts: dict[str, ObjectType] = {}
    for kind in KINDS:
        _collect(field_tree(kind), parts)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        "title": "映射文件",
        "title_en": "A mapping file",
        "type": "object",
        "required": list(load.NEEDED),
        "additionalProperties": False,
        "properties": _head(),
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
                "then": {"properties": {"fields": {"$ref": f"#/$defs/{_name(field_tree(kind))}"}}},
            }
            for kind in KINDS
        ],
        "$defs": _language() | {_name(part): _object(part) for part in parts.values()},
    }


def written(schema: Schema) -> str:
    """As it's published: the same bytes each time."""
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def _collect(part: ObjectType, parts: dict[str, ObjectType]) -> None:
    if part.name not in parts:
        parts[part.name] = part
        for field in part.fields.values():
            if isinstance(field.type, ObjectType):
                _collect(field.type, parts)


def _name(part: ObjectType) -> str:
    return f"fields_{part.name}"


def _head() -> Schema:
    table = {"type": "object", "additionalProperties": TEXT}
    told: Schema = {
        "kind": {"enum": list(KINDS), "description": "记录种类 · the standard's kind"},
        "standard": {"const": SCHEMA_VERSION, "description": "标准版本 · the standard's version"},
        "system": TEXT | {"description": "适配器编号 · the adapter's id"},
        "document": {"enum": ["json", "xml"], "description": "文档格式 · form of the document"},
        "zone": TEXT | {"description": "时区 · zone of times that name none"},
        "times": TEXTS | {"description": "时间格式 · formats of times"},
        "fillers": TEXTS | {"description": "表示“无”的词 · what stands for nothing"},
        "tables": {"type": "object", "additionalProperties": table, "description": "对照表 · lookup tables by name"},
        "embedded": {"type": "object", "additionalProperties": {"enum": ["json", "xml"]}},
        "records": TEXT | {"description": "记录所在路径 · where the records stand"},
        "group": TEXTS | {"description": "同一记录各行共有的值 · what the rows of one record share"},
        "key": {"$ref": "#/$defs/key", "description": "源主键 · what names a record in its system"},
        "newer": {"$ref": "#/$defs/newer", "description": "新旧依据 · which of two observations is newer"},
        "partial": {"type": ["boolean", "string"], "description": "部分记录 · a notice that makes no record by itself"},
        "ignore": {
            "type": "object",
            "additionalProperties": TEXT,
            "description": "不采集的源字段及理由 · path: reason",
        },
        "fields": {"type": "object"},
    }
    assert told.keys() == set(load.KEYS)
    return told


def _language() -> dict[str, Schema]:
    conditions = {"from": TEXT, "is": TEXTS, "is_not": TEXTS, "given": TEXT, "matches": TEXT}
    condition = {
        "type": "object", "properties": conditions, "required": ["from"], "additionalProperties": False,
        "oneOf": [{"required": [test]} for test in TESTS],
    }  # fmt: skip
    steps = [_step(name, one.takes) for name, one in STEPS.items()]
    leaf: Schema = {
        "from": TEXTS, "const": TEXT, "position": {"enum": [0, 1, "0", "1"]}, "join": TEXT, "call": TEXT,
        "steps": {"type": "array", "items": {"$ref": "#/$defs/step"}}, "lookup": {"$ref": "#/$defs/lookup"}, "else": TEXT,
        "yes": TEXTS, "no": TEXTS, "time": TEXTS, "unit": {"$ref": "#/$defs/unit"},
        "units": {"oneOf": [TEXT, {"type": "object", "additionalProperties": TEXT}]}, "split": TEXT, "into": TEXT,
        "default": TEXT, "required": TEXT, "refused": {"$ref": "#/$defs/refused"}, "when": {"$ref": "#/$defs/when"},
        "use": TEXT,
    }  # fmt: skip
    return {
        "when": {"oneOf": [condition, {"type": "array", "items": condition, "minItems": 1}]},
        "step": {"oneOf": [*steps, _step("call", "argument")]},
        "lookup": {
            "oneOf": [
                TEXT,
                _closed({"csv": TEXT, "from": TEXT, "to": TEXT}, ("csv", "from", "to")),
                _closed({"codes": {"enum": list(code_lists())}, "from": TEXT, "to": TEXT}, ("codes",)),
                {"type": "object", "additionalProperties": TEXT, "not": {"anyOf": [{"required": ["csv"]}, {"required": ["codes"]}]}},
            ]
        },
        "unit": {"oneOf": [TEXT, _closed({"from": TEXT, "steps": leaf["steps"]}, ("from",))]},
        "refused": {"oneOf": [{"enum": ["absent", "reject", "default"]}, _closed({"to": TEXT, "system": TEXT}, ("to",))]},
        "rule": {"oneOf": [TEXT, _closed(leaf, ())]},
        "rules": {"oneOf": [{"$ref": "#/$defs/rule"}, {"type": "array", "items": {"$ref": "#/$defs/rule"}, "minItems": 1}]},
        "key": {"oneOf": [{"$ref": "#/$defs/rule"}, _closed({"document_name": TEXT}, ("document_name",))]},
        "newer": {"oneOf": [TEXT, _closed(leaf | {"number": TEXT}, ())]},
    }  # fmt: skip


def _step(name: str, takes: str) -> Schema:
    argument = _closed({name: {}}, (name,))
    bare = {"const": name}
    return {"argument": argument, "nothing": bare, "maybe": {"oneOf": [bare, argument]}}[takes]


def _closed(properties: Schema, required: tuple[str, ...]) -> Schema:
    out: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return out | ({"required": list(required)} if required else {})


def _object(part: ObjectType) -> Schema:
    """The rules for an object's fields, and what may stand among them."""
    extra: Schema = {"when": {"$ref": "#/$defs/when"}, "in": TEXT, "use": TEXT}
    if {"lon", "lat"} <= part.fields.keys():
        extra["crs"] = {"oneOf": [TEXT, _closed({"from": TEXT}, ("from",))]}
    first = _closed({"first": TEXT, "where": {"$ref": "#/$defs/when"}, "when": {"$ref": "#/$defs/when"}, "fields": {"$ref": f"#/$defs/{_name(part)}"}}, ("first", "fields"))  # fmt: skip
    return {"anyOf": [_closed(extra | {field.name: _field(field) for field in part.fields.values()}, ()), first]}


def _field(field: Field) -> Schema:
    about = {"title": field.title, "description": f"{field.title} · {field.title_en}"}
    inner: Schema = (
        {"$ref": f"#/$defs/{_name(field.type)}"} if isinstance(field.type, ObjectType) else {"$ref": "#/$defs/rule"}
    )
    if not field.many:
        return about | (inner if isinstance(field.type, ObjectType) else {"$ref": "#/$defs/rules"})
    made = "fields" if isinstance(field.type, ObjectType) else "value"
    when = {"$ref": "#/$defs/when"}
    each = _closed(
        {"each": TEXT, "each_row": TEXT, "distinct": TEXT, "where": when, "when": when, made: inner, "use": TEXT}, ()
    )
    return about | {"anyOf": [each, {"type": "array", "items": {"anyOf": [inner, each]}}, {"$ref": "#/$defs/rule"}]}
