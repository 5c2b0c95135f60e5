"""A whole record as a tree: the envelope (canonical.md §2) around the content of its kind, for exports and validation."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any, get_args

from canonical_schema.envelope import Change
from canonical_schema.errors import InvalidFormat
from canonical_schema.fields import Field, ObjectType, field_tree
from canonical_schema.types import ScalarType, word
from canonical_schema.values import instant
from canonical_schema.values.text import NOT_IN_XML, shown

MASK = "***"
"""What stands in place of personal data for a reader without the right to see it."""

SECTION = re.compile("[a-z][a-z_]*")


def _shaped(name: str, pattern: str, zh: str, en: str) -> ScalarType:
    whole = re.compile(pattern)

    def parse(written: str) -> str:
        if not whole.fullmatch(written) or NOT_IN_XML.search(written):
            raise InvalidFormat(written, f"“{shown(written)}”不是{zh}", f"'{shown(written)}' is no {en}")
        return written

    return ScalarType(name, parse)


def _whole_number(name: str, least: int) -> ScalarType:
    def parse(written: str) -> int:
        if not written.isascii() or not written.isdigit() or int(written) < least:
            quoted = shown(written)
            raise InvalidFormat(
                written, f"“{quoted}”不是 {least} 以上的整数", f"'{quoted}' is no whole number from {least}"
            )
        return int(written)

    return ScalarType(name, parse)


def _no_text(name: str) -> Callable[[str], Any]:
    def parse(written: str) -> Any:
        raise InvalidFormat(written, "此处应为对象", f"{name} is an object")

    return parse


_VERSION = _shaped("schema_version", r"1\.[0-9]+(?:-rc)?", "标准版本", "version of the standard")
_UUID = _shaped("uuid", "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "小写的 UUID", "UUID in lower case")
_HASH = _shaped("sha256", "[0-9a-f]{64}", "小写十六进制的 SHA-256", "SHA-256 in lower-case hex")
_RAW = _shaped("raw", r"(?s:.+)", "非空字符串", "string that XML can carry")
_RULE = _shaped("rule_id", "[A-Z][0-9]{3}", "规则编号", "id of a rule")
_POINTER = _shaped("pointer", "(?:/(?:[^~/]|~[01])*)*", "JSON Pointer", "JSON Pointer")
_INSTANT = ScalarType("instant", instant.parse)
_SECTIONS = ScalarType("sections", _no_text("sections"))


def _one(
    name: str,
    kind: ScalarType | ObjectType,
    title: str,
    title_en: str,
    description: str = "",
    *,
    required: bool = True,
    many: bool = False,
    empty: bool = False,
) -> Field:
    return Field(
        name=name,
        type=kind,
        many=many,
        required=required,
        at_least_one=many and not empty,
        personal=False,
        title=title,
        title_en=title_en,
        description=description,
    )


def _part(name: str, description: str, *fields: Field) -> ObjectType:
    return ObjectType(name, {field.name: field for field in fields}, (), description)


_CLAIM = _part(
    "Claim",
    "One system's claim that the version was built from.",
    _one("adapter", _RAW, "适配器", "Adapter", "The connected system that said it."),
    _one("dataset", _RAW, "数据集", "Dataset", "The data set of that system."),
    _one("source_key", _RAW, "来源键", "Source key", "The record's key in that system."),
    _one("observed_at", _INSTANT, "接收时间", "Observed at", "When the gateway received the exchange."),
    _one("payload_hash", _HASH, "载荷摘要", "Payload hash", "SHA-256 of the payload as it was received."),
    _one("mapping_hash", _HASH, "映射摘要", "Mapping hash", "SHA-256 of the mapping that read it."),
)
_FINDING = _part(
    "Finding",
    "What a rule found.",
    _one("id", _RULE, "规则编号", "Rule", "See `liandan rules explain ID`."),
    _one("severity", word(("warning", "error")), "严重程度", "Severity"),
    _one("fields", _POINTER, "涉及字段", "Fields", "JSON Pointers into content.", many=True, empty=True),
    _one("message", _RAW, "说明", "Message in Chinese"),
    _one("message_en", _RAW, "英文说明", "Message in English"),
)
_QUALITY = _part(
    "Quality",
    "What the rules found.",
    _one("rule_set", _RAW, "规则集", "Rule set", "The set of rules that judged it."),
    _one("findings", _FINDING, "发现", "Findings", "Empty where the rules found nothing.", many=True, empty=True),
)


@cache
def record_tree(kind: str) -> ObjectType:
    """The record of a kind: envelope and content. SchemaError where there is no such kind."""
    return _part(
        "Record",
        "One version of one record, immutable once written.",
        _one("kind", word((kind,)), "种类", "Kind", "The kind of record; it decides what content holds."),
        _one("schema_version", _VERSION, "标准版本", "Schema version", "The version of this standard."),
        _one("record_id", _UUID, "记录标识", "Record id", "Stays for the record's life."),
        _one("version", ScalarType("count", _whole_number("count", 1).parse), "版本", "Version", "1, 2, 3 …"),
        _one("change", word(get_args(Change)), "变更", "Change", "What made this version."),
        _one("merged_into", _UUID, "并入", "Merged into", "The record that lives on after a merge.", required=False),
        _one("content_hash", _HASH, "内容摘要", "Content hash", "SHA-256 of content in its RFC 8785 form."),
        _one(
            "previous_hash",
            _HASH,
            "前版摘要",
            "Previous hash",
            "SHA-256 of the previous version's unmasked envelope in its RFC 8785 form; absent at version 1.",
            required=False,
        ),
        _one("recorded_at", _INSTANT, "记录时间", "Recorded at", "When the gateway wrote this version."),
        _one("claims", _CLAIM, "声明", "Claims", "The claims that this version was built from.", many=True),
        _one("sections", _SECTIONS, "部分", "Sections", "Which claim has the word on which part of the content."),
        _one("quality", _QUALITY, "质量", "Quality", "What the rules found."),
        _one(
            "masked",
            _POINTER,
            "已遮蔽",
            "Masked",
            "JSON Pointers into content of personal data replaced by ***; only where something is masked.",
            required=False,
            many=True,
        ),
        _one("content", field_tree(kind), "内容", "Content", "What the record says."),
    )
