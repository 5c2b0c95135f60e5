"""What answers look like, for /openapi.json. The bytes themselves come from the store and pass no model."""

from typing import Any, Final

from gateway.api.problems import MEDIA_TYPE, SCHEMA

Json = dict[str, Any]

TEXT: Final[Json] = {"type": "string"}
RECORD: Final[Json] = {
    "title": "Envelope",
    "description": "一条记录的一个版本 · one version of one record (canonical standard, §2)",
    "type": "object",
    "required": ["kind", "schema_version", "record_id", "version", "change", "content_hash", "claims", "content"],
}


def listing(name: str, item: Json, **more: Json) -> Json:
    return {
        "type": "object",
        "required": [name, *more],
        "properties": {name: {"type": "array", "items": item}} | more,
    }


def thing(**fields: Json) -> Json:
    return {"type": "object", "required": list(fields), "properties": fields}


FEED_PAGE: Final = listing("changes", thing(cursor=TEXT, record=RECORD), next=TEXT, more={"type": "boolean"})
FEED_DIGEST: Final = thing(**{"from": TEXT}, to=TEXT, count={"type": "integer"}, sha256=TEXT, last=TEXT)
FOUND: Final = listing(
    "records", RECORD, next={"type": ["string", "null"]}, more={"type": "boolean"}, behind={"type": "integer"}
)
VERSIONS: Final = listing("versions", RECORD)
ANY_THINGS: Final[Json] = {"type": "array", "items": {"type": "object"}}
NUMBER: Final[Json] = {"type": "integer"}
DIFFERENCE: Final = listing(
    "fields",
    {"type": "object", "required": ["field"], "properties": {"field": TEXT, "before": {}, "after": {}}},
    **{"from": NUMBER},
    record_id=TEXT,
    to=NUMBER,
    change=TEXT,
    findings=thing(appear=ANY_THINGS, vanish=ANY_THINGS),
)
AS_OF: Final = listing(
    "acknowledged",
    thing(target=TEXT, version=NUMBER, at=TEXT),
    at=TEXT,
    known={"oneOf": [RECORD, {"type": "null"}]},
)
CLAIMS: Final = listing(
    "claims",
    thing(
        adapter=TEXT,
        dataset=TEXT,
        source_key=TEXT,
        version={"type": "integer"},
        observed_at=TEXT,
        payload_hash=TEXT,
        mapping_hash=TEXT,
        findings={"type": "array", "items": {"type": "object"}},
        content={"type": "object"},
    ),
)
CLAIMS_PAGE: Final = listing(
    "claims",
    thing(
        cursor=TEXT,
        adapter=TEXT,
        division=TEXT,
        dataset=TEXT,
        kind=TEXT,
        source_key=TEXT,
        version={"type": "integer"},
        partial={"type": "boolean"},
        newer={"type": ["string", "null"]},
        observed_at=TEXT,
        payload_hash=TEXT,
        mapping_hash=TEXT,
        content_hash=TEXT,
        findings={"type": "array", "items": {"type": "object"}},
        content={"type": "object"},
        exchange=TEXT,
        document=TEXT,
        remainder={"type": "string", "contentEncoding": "base64"},
    ),
    gateway=TEXT,
    exchanges={"type": "object"},
    mappings={"type": "object"},
    next=TEXT,
    more={"type": "boolean"},
)
DISCREPANCIES: Final = listing(
    "discrepancies",
    thing(
        field=TEXT,
        open={"type": "boolean"},
        sides={"type": "array", "items": thing(adapter=TEXT, value={})},
    ),
)
OPTIONAL_TEXT: Final[Json] = {"type": ["string", "null"]}
TRACE: Final = listing(
    "steps",
    thing(step=TEXT, at=OPTIONAL_TEXT, by=OPTIONAL_TEXT, adapter=TEXT, field=TEXT),
    national_no=OPTIONAL_TEXT,
    record_id=TEXT,
)
DOCUMENT: Final = thing(
    id=TEXT,
    payload_hash=TEXT,
    parent={"type": ["object", "null"]},
    chain={"type": "array", "items": TEXT},
    media_type=TEXT,
    text=TEXT,
)
ENTRY: Final[Json] = {
    "type": "object",
    "required": ["field", "how"],
    "properties": {
        "field": TEXT,
        "how": {"enum": ["mapped", "looked_up", "derived", "defaulted", "constant", "blank", "missing"]},
        "value": {},
        "inputs": {"type": "array", "items": {"type": "object"}},
        "steps": {"type": "array", "items": TEXT},
        "rule": TEXT,
    },
}
LINEAGE: Final = listing(
    "claims",
    {
        "type": "object",
        "required": ["adapter", "dataset", "source_key", "mapping_hash", "entries"],
        "properties": {
            "adapter": TEXT,
            "dataset": TEXT,
            "source_key": TEXT,
            "mapping_hash": TEXT,
            "forwarded": {"type": "array", "items": thing(gateway=TEXT, via=TEXT, at=TEXT)},
            "documents": {"type": "array", "items": DOCUMENT},
            "entries": {"type": "array", "items": ENTRY},
        },
    },
    record_id=TEXT,
    version={"type": "integer"},
)


UNCHANGED: Final[Json] = {"description": "与 If-None-Match 所持相同 · what If-None-Match holds is the answer still"}


def documented(schema: Json, *problems: int, lines: str = "") -> dict[int | str, Json]:
    """The `responses` of a route: its answer and the problems it may end with."""
    content: Json = {"application/json": {"schema": schema}}
    if lines:
        content[lines] = {"schema": TEXT}
    told: dict[int | str, Json] = {200: {"description": "OK", "content": content}, 304: UNCHANGED}
    for status in problems:
        told[status] = {"description": "Problem", "content": {MEDIA_TYPE: {"schema": SCHEMA}}}
    return told
