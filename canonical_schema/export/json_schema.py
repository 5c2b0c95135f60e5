"""JSON Schema 2020-12 of a record: the envelope with the content of one kind. Each schema stands alone."""

from typing import Any

from canonical_schema.export.scalars import (
    DAY,
    TO_THE_MINUTE,
    TO_THE_SECOND,
    Scalar,
    objects,
    scalar,
)
from canonical_schema.export.words import kind_title, part_sentence, sentences, type_sentence
from canonical_schema.fields import Field, ObjectType
from canonical_schema.record import record_tree
from canonical_schema.types import SAFE_INTEGER, ScalarType

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
# White space at an end, and what XML can't carry, are refused; that a text is NFKC no pattern can say.
_UNTRIMMED = r"^\s|\s$"
_FORBIDDEN = r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]"


def json_schema(kind: str) -> Schema:
    """The schema of a kind's records. SchemaError where there is no such kind."""
    tree = record_tree(kind)
    parts = objects(tree)
    zh, en = kind_title(kind)
    return {
        "$schema": DIALECT,
        "$id": f"urn:liandan:canonical:1:{kind}",
        "title": f"{zh} ({kind})",
        "title_en": f"{en} ({kind})",
        "description": part_sentence(tree)[0],
        "description_en": part_sentence(tree)[1],
        **object_schema(tree, "#/$defs/"),
        "$defs": definitions(parts, skip=tree.name),
    }


def definitions(parts: dict[str, ObjectType], *, skip: str = "", at: str = "#/$defs/") -> Schema:
    """The schemas of object types and of the scalars that they use, by name."""
    defined = {name: object_schema(part, at, worded=True) for name, part in parts.items() if name != skip}
    used = {
        field.type.name: scalar(field.type)
        for part in parts.values()
        for field in part.fields.values()
        if isinstance(field.type, ScalarType)
    }
    scalars = {name: scalar_schema(one) for name, one in used.items() if name != "word"}
    return defined | {name: scalars[name] for name in sorted(scalars)}


def object_schema(part: ObjectType, at: str, *, worded: bool = False) -> Schema:
    """An object's schema; its parts and scalars are references below `at`."""
    zh, en = part_sentence(part)
    required = [field.name for field in part.fields.values() if field.required]
    schema: Schema = {"description": zh, "description_en": en} if worded else {}
    schema |= {
        "type": "object",
        "properties": {field.name: field_schema(field, at) for field in part.fields.values()},
        "additionalProperties": False,
    }
    if required:
        schema["required"] = required
    if part.any_of:
        schema["anyOf"] = [{"required": [name]} for name in part.any_of]
    elif not required:
        schema["minProperties"] = 1
    return schema


def field_schema(field: Field, at: str) -> Schema:
    """A field's schema: what it is for its readers, then its value."""
    zh, en = sentences(field)
    schema: Schema = {"title": field.title, "title_en": field.title_en, "description": zh, "description_en": en}
    facts = {"unit": field.unit, "source": field.source}
    schema |= {name: words for name, words in facts.items() if words}
    if field.personal:
        schema["x-personal"] = True
    value = _value(field.type, at)
    if field.many:
        least = {"minItems": 1} if field.at_least_one else {}
        return schema | {"type": "array", **least, "items": value}
    return schema | value


def scalar_schema(one: Scalar) -> Schema:
    """A scalar type's schema, as it stands among the definitions."""
    words: Schema = {"description": one.zh, "description_en": one.en}
    if one.base == "moment":
        return words | _moment()
    if one.base == "sections":
        return words | {
            "type": "object",
            "propertyNames": {"pattern": f"^({one.pattern})$"},
            "additionalProperties": {"type": "integer", "minimum": 0, "maximum": SAFE_INTEGER},
        }
    return words | _facets(one) | {"examples": [_example(one)]}


def _value(kind: ScalarType | ObjectType, at: str) -> Schema:
    if isinstance(kind, ScalarType) and kind.name == "word":
        return {"type": "string", "enum": list(kind.words)} if len(kind.words) > 1 else {"const": kind.words[0]}
    return {"$ref": f"{at}{kind.name}"}


def _facets(one: Scalar) -> Schema:
    if one.base == "boolean":
        return {"type": "boolean"}
    if one.base == "integer":
        least = -SAFE_INTEGER if one.least is None else one.least
        return {"type": "integer", "minimum": least, "maximum": SAFE_INTEGER}
    if one.words:
        return {"type": "string", "enum": list(one.words)}
    facets: Schema = {"type": "string"}
    if one.pattern:
        facets["pattern"] = f"^({one.pattern})$"
    else:
        facets |= {"minLength": 1}
        facets["not"] = {"pattern": f"{_UNTRIMMED}|{_FORBIDDEN}" if one.trimmed else _FORBIDDEN}
    if one.format:
        facets["format"] = one.format
    return facets


def _example(one: Scalar) -> str | int | bool:
    if one.base == "integer":
        return int(one.example)
    return one.example == "true" if one.base == "boolean" else one.example


def _moment() -> Schema:
    shapes = {"day": DAY, "minute": TO_THE_MINUTE, "second": TO_THE_SECOND}
    at_zh, at_en = type_sentence(ScalarType("instant", str))
    return {
        "type": "object",
        "properties": {
            "at": {
                "title": "时间",
                "title_en": "At",
                "description": f"一日写作 2026-03-05, 否则为{at_zh}",
                "description_en": f"A day as 2026-03-05, else: {at_en}",
                "type": "string",
                "pattern": f"^({DAY}|{TO_THE_SECOND})$",
            },
            "precision": {
                "title": "精度",
                "title_en": "Precision",
                "description": "来源所知的精度: 日、分、秒",
                "description_en": "How precisely the source knows it",
                "type": "string",
                "enum": list(shapes),
            },
        },
        "required": ["at", "precision"],
        "additionalProperties": False,
        "allOf": [
            {
                "if": {"properties": {"precision": {"const": precision}}},
                "then": {"properties": {"at": {"pattern": f"^({shape})$"}}},
            }
            for precision, shape in shapes.items()
        ],
        "examples": [{"at": "2026-03-05", "precision": "day"}],
    }
