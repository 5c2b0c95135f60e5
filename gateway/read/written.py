"""Records of the standard written by an outward mapping, to see what a system would get; nothing is stored or sent."""

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from gateway.errors import UsedWrongly
from gateway.read.tryout import Tried
from mappings import decode_remainder, encode_remainder, explain
from mappings.errors import RecordRefused
from mappings.outward import Outward

Json = dict[str, Any]
DOCUMENT = "record"
"""What lineage calls the record itself."""


def written(outward: Outward, files: Sequence[Path]) -> Tried:
    """`records`: source_key (the record's id), place, values, text, entries, findings. UsedWrongly for a file that holds no
    records of the mapping's kind."""
    tried = Tried([], [])
    for file in files:
        for place, record in _records(file, outward.kind):
            name = {"source_key": record.get("record_id") or "-", "place": place}
            try:
                sent = outward.run(record)
            except RecordRefused as error:
                tried.refused.append({**name, "reasons": list(error.reasons)})
                continue
            entries = explain(
                outward.template, decode_remainder(encode_remainder(sent.remainder)), sent.content, DOCUMENT
            )
            findings = [finding.as_dict() for finding in sent.findings]
            tried.records.append(
                {**name, "values": sent.values, "text": sent.text, "entries": entries, "findings": findings}
            )
    return tried


def _records(file: Path, kind: str) -> Iterator[tuple[str, Json]]:
    """The records of a file: one, an array of them, or one a line."""
    found = _parsed(file)
    for number, record in enumerate(found if isinstance(found, list) else [found], 1):
        place = f"{file.name}#{number}"
        if not isinstance(record, dict) or not isinstance(record.get("content"), dict):
            raise UsedWrongly(
                f"{place} 不是标准记录: 没有 content 对象", f"{place} is no record of the standard: it has no content"
            )
        if record.get("kind") != kind:
            raise UsedWrongly(
                f"{place} 的种类是 {record.get('kind')!r}, 此映射写出的是 {kind}",
                f"{place} is of the kind {record.get('kind')!r}, and this mapping writes {kind}",
            )
        yield place, record


def _parsed(file: Path) -> Any:
    try:
        text = file.read_text("utf-8-sig")
        try:
            return _json(text)
        except json.JSONDecodeError as error:
            if error.msg != "Extra data":
                raise
            return [_json(line) for line in text.split("\n") if line.strip()]
    except (ValueError, RecursionError) as error:  # no UTF-8, no JSON, nested too deeply
        raise UsedWrongly(
            f"{file.name} 无法读取, 应为 JSON 或每行一条 JSON: {error}",
            f"{file.name} can't be read as JSON, or as JSON a line: {error}",
        ) from error


def _json(text: str) -> Any:
    return json.loads(text, parse_float=Decimal)
