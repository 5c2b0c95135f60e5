"""A compiled mapping: documents in, canonical content with its lineage remainder out. Pure, and safe to share."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from canonical_schema.errors import InvalidValue
from canonical_schema.rules import RULE_SET, Finding
from mappings import paths
from mappings.compiler.compile import Compiled, Template, compile_spec
from mappings.compiler.runtime import clean, disagreement
from mappings.document import is_xml, plain
from mappings.errors import RecordRefused
from mappings.language.load import load
from mappings.language.reader import SLIPS
from mappings.paths import Step
from mappings.spec import MappingSpec
from mappings.steps.registry import STEP_VERSION

Remainder = tuple[list[int], Any, list[Any]]  # row positions, raw values, notes
_encoder = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True)
class Mapped:
    """One record of a document as a canonical claim. `newer` orders observations of one key as text."""

    source_key: str
    content: dict[str, Any]
    newer: str | None
    findings: tuple[Finding, ...]
    place: str
    remainder: Remainder


@dataclass(frozen=True, slots=True)
class Refused:
    """One record that can't become a claim, and why.

    `place` is its JSON Pointer or XPath in the document, `unit` its source values as bytes: what was met before is known by it.
    """

    source_key: str | None
    place: str
    reasons: tuple[str, ...]
    unit: bytes


@dataclass(frozen=True, slots=True)
class Program:
    """`hash` covers all that decides the result; `template` explains lineage without this code (see lineage.py)."""

    hash: str
    kind: str
    file: str
    text: str
    spec: MappingSpec
    template: Template
    _compiled: Compiled = field(repr=False)

    def run(self, tree: Any, name: str = "") -> list[Mapped | Refused]:
        """Every record of a decoded document, in order. `name`: the document's, where the mapping keys by it."""
        root = plain(tree)
        if is_xml(tree) is not self.spec.xml:
            return [Refused(None, "", (self._other_form(),), _encoder.encode(root))]
        rows, single = self._rows(root)
        if rows is None:
            return [Refused(None, self._place([]), (self._no_records(),), _encoder.encode(root))]
        if self.spec.group is not None:
            return [self._one(root, members, name, single=single) for members in self._groups(rows)]
        return [self._one(root, [(place, row)], name, single=single) for place, row in enumerate(rows)]

    def _rows(self, root: Any) -> tuple[list[Any] | None, bool]:
        """The records, and whether the document is one itself; None where the place isn't there."""
        found, segments = root, self.spec.records.segments
        if not segments:
            return [root], True
        for depth, segment in enumerate(segments):
            last = depth == len(segments) - 1
            if found.__class__ is not dict or segment not in found:
                empty = self.spec.xml and last and (found.__class__ is dict or found == "" or str(found).isspace())
                return ([] if empty else None), False
            found = found[segment]
        if found.__class__ is list:
            return found, False
        return ([found] if self.spec.xml else None), False

    def _groups(self, rows: list[Any]) -> list[list[tuple[int, Any]]]:
        """Rows that share the group's value, in the order of their first; a row without one stands alone."""
        groups: dict[Any, list[tuple[int, Any]]] = {}
        assert self.spec.group is not None
        for place, row in enumerate(rows):
            value = _value_at(row, self.spec.group.segments)
            try:
                shared = clean(value) if value is not None else ""
            except InvalidValue:
                shared = ""
            groups.setdefault(shared or place, []).append((place, row))
        return list(groups.values())

    def _one(self, root: Any, members: list[tuple[int, Any]], name: str, *, single: bool) -> Mapped | Refused:
        positions = [] if single else [place for place, _ in members]
        rows = [row for _, row in members]
        notes: list[Any] = []
        findings: list[Finding] = []
        try:
            content, raws, head = self._compiled.record(root, rows[0], rows, notes, findings)
        except SLIPS as error:
            # A defect of ours or of a pack's Python: it costs this record, which is kept, and not its page.
            told = f"映射出错，请报告 / mapping failed, please report: {type(error).__name__}: {error}（{self.file}）"
            return Refused(self._key_of(rows[0], name), self._place(positions), (told,), _encoder.encode(rows))
        except RecordRefused as refused:
            return Refused(self._key_of(rows[0], name), self._place(positions), refused.reasons, _encoder.encode(rows))
        if len(rows) > 1:
            findings += self._disagreements(root, rows)
        key = head["key"] if self.spec.key is not None else name
        remainder = (positions, raws, notes)
        return Mapped(key, content, head.get("newer"), tuple(findings), self._place(positions), remainder)

    def _key_of(self, row: Any, name: str) -> str | None:
        """The key of a refused record, if it can be read."""
        if self.spec.key is None:
            return name
        value = _value_at(row, self.spec.key.reads[0].segments) if self.spec.key.reads[0].up == 0 else None
        try:
            text = clean(value) if value is not None else ""
        except InvalidValue:
            return None
        return text if text not in self.spec.fillers else None

    def _disagreements(self, root: Any, rows: list[Any]) -> list[Finding]:
        first = self._compiled.reads(root, rows[0])
        out: list[Finding] = []
        told: set[int] = set()
        for row in rows[1:]:
            other = self._compiled.reads(root, row)
            if other == first:
                continue
            for slot, (mine, theirs) in enumerate(zip(first, other, strict=True)):
                if mine != theirs and slot not in told:
                    told.add(slot)
                    out += [
                        disagreement(pointer, mine, theirs) for pointer in _fields_of(self.template["record"], slot)
                    ]
        return out

    def _place(self, positions: list[int]) -> str:
        steps: list[Step] = [*self.spec.records.segments, *positions[:1]]
        return paths.xpath(steps) if self.spec.xml else paths.pointer(steps)

    def _other_form(self) -> str:
        ours, theirs = ("xml", "JSON") if self.spec.xml else ("json", "XML")
        return f"映射文件写的是 document: {ours}，但收到的是 {theirs} / document is {ours}, but {theirs} came（{self.file}）"

    def _no_records(self) -> str:
        place = self._place([]) or "/"
        return f"未找到记录：{place} 不存在或不是列表 / no records: {place} isn't there or isn't a list（{self.file}）"


def _value_at(row: Any, segments: tuple[str, ...]) -> Any:
    for segment in segments:
        if row.__class__ is not dict:
            return None
        row = row.get(segment)
    return row.get("") if row.__class__ is dict else row


def _fields_of(scope: Template, slot: int) -> list[str]:
    leaves = ((node["field"], node.get("rules", [node])) for node in scope["nodes"] if node["node"] in {"leaf", "any"})
    return [paths.pointer(field) for field, rules in leaves if any(slot in rule["slots"] for rule in rules)]


def encode_remainder(remainder: Remainder) -> bytes:
    """As the store keeps it: JSON with exact numbers."""
    return _encoder.encode(remainder)


def compile_mapping(
    text: str, file: str, *, functions: Mapping[str, Callable[[str], Any]] | None = None, pack_code: bytes = b""
) -> Program:
    """Raises ProblemsFound with every fault of the file. `pack_code`: the source of `functions`, part of the hash."""
    spec = load(text, file, functions)
    compiled = compile_spec(spec)
    digest = hashlib.sha256()
    for part in (text.encode(), STEP_VERSION.encode(), RULE_SET.encode(), pack_code):
        digest.update(len(part).to_bytes(8, "big") + part)
    template = {
        "template": 1,
        "file": file.rpartition("/")[2],
        "xml": spec.xml,
        "records": list(spec.records.segments),
        "record": compiled.template,
        "ignored": [[list(path.segments), reason] for path, reason in spec.ignored.items()],
    }
    return Program(digest.hexdigest(), spec.kind, file, text, spec, template, compiled)
