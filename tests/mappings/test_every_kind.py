"""Every field of every kind can be mapped: a mapping made of the field tree takes the full sample to itself."""

import json
from decimal import Decimal

import pytest
import yaml

from canonical_schema.export.samples import sample
from canonical_schema.fields import ObjectType, field_tree
from canonical_schema.kinds.registry import KINDS
from mappings import compile_mapping

FORMS = {"day": "yyyy-MM-dd", "minute": "yyyy-MM-ddTHH:mm:00Z", "second": "yyyy-MM-ddTHH:mm:ssZ"}
SAMPLES = ["minimal", "full"]


def mapping(kind):
    rules = yaml.safe_dump(fields(field_tree(kind)), allow_unicode=True, default_flow_style=None)
    head = f"kind: {kind}\nstandard: 1.0-rc\nsystem: xx\nrecords: list\nkey: key\nfields:\n"
    return head + "".join(f"  {line}\n" for line in rules.splitlines())


def fields(part):
    made = {name: rule(field) for name, field in part.fields.items()}
    return made | ({"crs": "WGS-84"} if {"lon", "lat"} <= made.keys() else {})


def rule(field):
    if isinstance(field.type, ObjectType):
        if field.many:
            return {"each": field.name, "fields": fields(field.type)}
        return {"in": field.name, **fields(field.type)}
    if field.many:
        return {"each": field.name, "value": "."}
    if field.type.name == "moment":
        told = {"from": f"{field.name}/at"}
        return [
            told | {"time": form, "when": {"from": f"{field.name}/precision", "is": word}}
            for word, form in FORMS.items()
        ]
    if field.type.name == "instant":
        return {"from": field.name, "time": ["yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-ddTHH:mm:ss.SSSZ"]}
    return field.name


@pytest.mark.parametrize("size", SAMPLES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_sample_maps_to_itself(m, kind, size):
    program = compile_mapping(mapping(kind), "m.yaml")
    content = sample(kind, size)["content"]
    text = json.dumps({"list": [{"key": "K1", **content}]}, ensure_ascii=False)
    (mapped,) = program.run(json.loads(text, parse_float=Decimal))
    assert mapped.content == content
    assert mapped.findings == ()
    m.explained(program, mapped, text)
    assert program.advice == ()
