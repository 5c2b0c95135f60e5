"""Samples: for each kind the least record that can exist, and a full one that shows every field with likely values.

The contents are written by hand in `contents/` (a sample is for people, and made-up values say nothing); the envelope
around them is made here. A test holds that the full ones show every field of the models.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

from canonical_schema import SCHEMA_VERSION
from canonical_schema.digest import canonical_bytes, content_hash, record_id, sha256_hex
from canonical_schema.fields import ObjectType, field_tree
from canonical_schema.rules import RULE_SET, judge

Size = Literal["minimal", "full"]
SIZES: Final[tuple[Size, ...]] = ("minimal", "full")
FOLDER: Final = Path(__file__).with_name("contents")
DAY: Final = date(2026, 3, 12)
"""The day on which the samples are judged."""


def sample(kind: str, size: Size) -> dict[str, Any]:
    """A record without faults, in the standard's order."""
    content = json.loads((FOLDER / f"{kind}.{size}.json").read_text(encoding="utf-8"))
    key = _key(kind, content)
    systems = ("js", "gd") if size == "full" else ("js",)
    record: dict[str, Any] = {
        "kind": kind,
        "schema_version": SCHEMA_VERSION,
        "record_id": record_id(kind, *key),
        "version": 1 if size == "minimal" else 2,
        "change": "created" if size == "minimal" else "updated",
        "content_hash": content_hash(content),
    }
    if size == "full":
        record["previous_hash"] = _digest(kind, "previous version")
    return record | {
        "recorded_at": "2026-03-12T09:30:00+08:00",
        "claims": [_claim(kind, system, key[-1]) for system in systems],
        "sections": dict.fromkeys(_sections(field_tree(kind), content), 0),
        "quality": {
            "rule_set": RULE_SET,
            "findings": [finding.as_dict() for finding in judge(kind, content, day=DAY)],
        },
        "content": content,
    }


def _key(kind: str, content: dict[str, Any]) -> tuple[str, ...]:
    """What the record's id is made of: the national number, else adapter, data set and source key."""
    if kind == "manifest" and "national_no" in content:
        return (content["national_no"],)
    number = next((value for value in content.values() if isinstance(value, str)), "1")
    return ("js", f"{kind}s", number)


def _claim(kind: str, system: str, key: str) -> dict[str, str]:
    return {
        "adapter": system,
        "dataset": f"{kind}s",
        "source_key": key,
        "observed_at": "2026-03-12T09:29:58.120+08:00",
        "payload_hash": _digest(kind, system, "payload"),
        "mapping_hash": _digest(kind, system, "mapping"),
    }


def _sections(tree: ObjectType, content: dict[str, Any]) -> list[str]:
    said = {field.section for field in tree.fields.values() if field.section and field.name in content}
    return [section for section in dict.fromkeys(field.section for field in tree.fields.values()) if section in said]


def _digest(*words: str) -> str:
    return sha256_hex(canonical_bytes(list(words)))
