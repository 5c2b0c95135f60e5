"""OpenAPI 3.1: the records and their parts as components for the descriptions of interfaces that carry them."""

from dataclasses import replace
from typing import Any, Final

from canonical_schema import SCHEMA_VERSION
from canonical_schema.export.json_schema import DIALECT, definitions
from canonical_schema.export.scalars import objects
from canonical_schema.fields import ObjectType
from canonical_schema.kinds.registry import KINDS
from canonical_schema.record import record_tree

_AT: Final = "#/components/schemas/"


def openapi() -> dict[str, Any]:
    """A description without paths."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "危险废物转移联单数据标准",
            "summary": "Canonical data standard for hazardous-waste manifests: components",
            "version": SCHEMA_VERSION,
        },
        "jsonSchemaDialect": DIALECT,
        "paths": {},
        "components": {"schemas": _components()},
    }


def _components() -> dict[str, Any]:
    parts: dict[str, ObjectType] = {}
    for kind in KINDS:
        own = objects(record_tree(kind))
        renamed = {name: _name(kind, name, part, parts) for name, part in own.items()}
        parts |= {renamed[name]: _renamed(part, renamed) for name, part in own.items()}
    records = {kind: _record(kind) for kind in KINDS}
    union = {
        "description": "任一种类的记录",
        "description_en": "A record of any kind",
        "oneOf": [{"$ref": _AT + name} for name in records.values()],
        "discriminator": {"propertyName": "kind", "mapping": {kind: _AT + name for kind, name in records.items()}},
    }
    return {"Record": union, **definitions(parts, at=_AT)}


def _record(kind: str) -> str:
    return "".join(word.capitalize() for word in kind.split("_")) + "Record"


def _name(kind: str, name: str, part: ObjectType, taken: dict[str, ObjectType]) -> str:
    """The part's own name, with the kind's before it where another kind has another part of that name."""
    if name == "Record":
        return _record(kind)
    known = taken.get(name)
    return name if known is None or known == part else f"{_record(kind).removesuffix('Record')}.{name}"


def _renamed(part: ObjectType, renamed: dict[str, str]) -> ObjectType:
    fields = {}
    for name, field in part.fields.items():
        if isinstance(field.type, ObjectType):
            fields[name] = replace(field, type=replace(field.type, name=renamed[field.type.name]))
        else:
            fields[name] = field
    return replace(part, name=renamed[part.name], fields=fields)
