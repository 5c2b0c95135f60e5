"""A compiled mapping: documents in, canonical content with its lineage remainder out. Pure, and safe to share."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import msgspec

from canonical_schema.errors import InvalidValue
from canonical_schema.problem import Problem
from canonical_schema.rules import Finding
from mappings import paths
from mappings.compiler.arranging import value_at
from mappings.compiler.compile import Compiled, Template, compile_spec
from mappings.compiler.reading import Wrong, clean, word
from mappings.compiler.refusing import disagreement, unlisted
from mappings.coverage import sources
from mappings.document import is_xml, plain
from mappings.drift.detector import Detector
from mappings.embedded import opened
from mappings.errors import RecordRefused
from mappings.language.beside import ALONE, Beside
from mappings.language.fingerprint import mapping_hash, whole_text
from mappings.language.functions import SLIPS
from mappings.language.load import load
from mappings.lineage.locate import places
from mappings.rows import Row, placed, rows_of
from mappings.spec import MappingSpec

# The rows' positions (behind its id, in another document), raw values, notes.
Remainder = tuple[list[Any], Any, list[Any]]
Look = Callable[[Any], None] | None
# What had a wrong shape is no value: lineage has no raw for it.
_encoder = msgspec.json.Encoder(decimal_format="number", enc_hook=lambda _: ())


@dataclass(frozen=True, slots=True)
class Mapped:
    """One record of a document as a canonical claim. `newer` orders observations of one key as text. `unlisted`: (node id,
    word) of words that no list has."""

    source_key: str
    content: dict[str, Any]
    newer: str | None
    findings: tuple[Finding, ...]
    place: str
    remainder: Remainder
    unlisted: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """One record that can't become a claim, and why.

    `place` is the JSON Pointer or XPath of what broke it in the document (of the record, where no one value did), `unit` its source values as bytes: what was met before is known by it.
    """

    source_key: str | None
    place: str
    reasons: tuple[str, ...]
    unit: bytes
    unlisted: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Program:
    """`hash` covers all that decides the result; `template` explains lineage without this code (see lineage/explain.py).

    `text` is the file, and behind it what it uses of the files beside it: all that a person needs to read it again.
    `advice`: what the file may say and likely doesn't mean. `detector` knows the shapes that documents had.
    """

    hash: str
    kind: str
    file: str
    text: str
    spec: MappingSpec
    template: Template
    advice: tuple[Problem, ...]
    detector: Detector = field(repr=False)
    _compiled: Compiled = field(repr=False)

    def run(self, tree: Any, name: str = "", look: Look = None) -> list[Mapped | Refused]:
        """Every record of a decoded document, in order. `name`: the document's, where the mapping keys by it. `look` is
        shown the document as it is read here, if it holds records at all."""
        return list(self.each(tree, name, look))

    def each(self, tree: Any, name: str = "", look: Look = None) -> Iterator[Mapped | Refused]:
        """As `run`, one after the other: what is done with a record while its values are still in the processor's cache
        costs half."""
        rows = self._rows(tree, look)
        if isinstance(rows, Refused):
            yield rows
            return
        for members in self._groups(rows) if self.spec.group else ([row] for row in rows):
            yield self._one(members, name)

    def run_spread(
        self, documents: Iterable[tuple[str, Any, str]], look: Look = None
    ) -> list[tuple[str, Mapped | Refused]]:
        """Every record of several documents, (id, tree, name) each, whose rows are grouped across them: with the id of the
        document that a record's first row stands in. A row that stands in an earlier document just so came twice: pages
        overlap where they are asked for by the last value before."""
        refused: list[tuple[str, Mapped | Refused]] = []
        gathered: list[Row] = []
        names: dict[str, str] = {}
        met: set[bytes] = set()
        for ident, tree, name in documents:
            rows, names[ident] = self._rows(tree, look), name
            if isinstance(rows, Refused):
                refused.append((ident, rows))
            else:
                written = [_encoder.encode(row.value) for row in rows]
                gathered += [
                    replace(row, document=ident) for row, told in zip(rows, written, strict=True) if told not in met
                ]
                met.update(written)
        groups = self._groups(gathered) if self.spec.group else [[row] for row in gathered]
        return refused + [(members[0].document, self._one(members, names[members[0].document])) for members in groups]

    def _rows(self, tree: Any, look: Look) -> list[Row] | Refused:
        root = plain(tree)
        if is_xml(tree) is not self.spec.xml:
            return Refused(None, "", (self._other_form(),), _encoder.encode(root))
        rows = rows_of(root, self.spec.records.segments, xml=self.spec.xml)
        if rows is None:
            return Refused(None, self._place(()), (self._no_records(root),), _encoder.encode(root))
        if look is not None:
            look(root)
        return rows

    def _groups(self, rows: list[Row]) -> list[list[Row]]:
        """Rows that share the group's values, also when they don't stand together; a row without a value is alone."""
        groups: dict[Any, list[Row]] = {}
        for number, row in enumerate(rows):
            shared = tuple(word(value_at(row.value, path.segments), self.spec.fillers) for path in self.spec.group)
            groups.setdefault(shared if all(shared) else number, []).append(row)
        return list(groups.values())

    def _one(self, members: list[Row], name: str) -> Mapped | Refused:
        first, notes = members[0], list[Any]()
        findings: list[Finding] = []
        rows = [row.value for row in members]
        if first.value.__class__ is Wrong:
            return self._refused(members, name, (self._no_list(),))
        try:
            if self.spec.embedded:
                rows = [self._opened(number, row, notes) for number, row in enumerate(rows)]
            around = [(row.outer, value) for row, value in zip(members, rows, strict=True)]
            content, raws, head = self._compiled.record(*first.outer, rows[0], around, notes, findings)
            if len(rows) > 1 and self.spec.newer is not None:
                # Of a group's rows the newest says which observation it is.
                others = (self._compiled.newer(*outer, row, [], []) for outer, row in around[1:])
                head["newer"] = max((one for one in (head.get("newer"), *others) if one), default=None)
        except SLIPS as error:
            # A defect of ours or of a pack's Python: it costs this record, which is kept, and not its page.
            told = f"映射出错，请报告 / mapping failed, please report: {type(error).__name__}: {error}（{self.file}）"
            return self._refused(members, name, (told,))
        except RecordRefused as refused:
            return self._refused(members, name, refused.reasons, self._looked(members, refused), unlisted(notes))
        if len(rows) > 1:
            findings += self._disagreements(members, rows)
        key = head["key"] if self.spec.key is not None else name
        words = unlisted(notes) if findings else ()
        places = [
            row.positions if row.document == first.document else (row.document, *row.positions) for row in members
        ]
        remainder = (places, raws, notes)
        return Mapped(key, content, head.get("newer"), tuple(findings), self._place(first.positions), remainder, words)

    def _opened(self, number: int, row: Any, notes: list[Any]) -> Any:
        """The row with its embedded documents read; where there was none to read, lineage is told."""
        made, bare = opened(row, self.spec.embedded, self.spec.fillers, self.file)
        if bare:
            notes.append(((number,), 0, "p", bare))
        return made

    def _looked(self, members: list[Row], refused: RecordRefused) -> str:
        """Where in the document the value was looked for; "" where that can't be told."""
        return ", ".join(places(self.template, [list(row.positions) for row in members], refused.leaf, refused.at))

    def _refused(
        self,
        members: list[Row],
        name: str,
        reasons: tuple[str, ...],
        place: str = "",
        words: tuple[tuple[int, str], ...] = (),
    ) -> Refused:
        rows = [row.value for row in members]
        place = place or self._place(members[0].positions)
        return Refused(self._key_of(rows[0], name), place, reasons, _encoder.encode(rows), words)

    def _key_of(self, row: Any, name: str) -> str | None:
        """The key of a refused record, if it can be read."""
        if self.spec.key is None:
            return name
        path = self.spec.key.reads[0]
        value = value_at(row, path.segments) if path.up == 0 else None
        try:
            text = clean(value) if value is not None else ""
        except InvalidValue:
            return None
        return text if text not in self.spec.fillers else None

    def _disagreements(self, members: list[Row], rows: list[Any]) -> Iterator[Finding]:
        first = self._compiled.reads(*members[0].outer, rows[0])
        told: set[int] = set()
        for member, row in zip(members[1:], rows[1:], strict=True):
            other = self._compiled.reads(*member.outer, row)
            if other == first:
                continue
            for slot, values in enumerate(zip(first, other, strict=True)):
                mine, theirs = (word(value, self.spec.fillers) for value in values)
                # A row that says nothing there doesn't contradict.
                if theirs and mine != theirs and slot not in told:
                    told.add(slot)
                    for pointer in _fields_of(self.template["record"], slot):
                        yield disagreement(pointer, mine, theirs)

    def _place(self, positions: tuple[int, ...]) -> str:
        if not self.spec.xml and len(positions) == 1 and "*" not in self.spec.records.segments:
            return f"{_prefix(self.spec.records.segments)}/{positions[0]}"
        steps = placed(self.spec.records.segments, positions)
        return paths.xpath(steps) if self.spec.xml else paths.pointer(steps)

    def _other_form(self) -> str:
        ours, theirs = ("xml", "JSON") if self.spec.xml else ("json", "XML")
        return f"映射文件写的是 document: {ours}，但收到的是 {theirs} / document is {ours}, but {theirs} came（{self.file}）"

    def _no_list(self) -> str:
        place = "/" + "/".join(self.spec.records.segments)
        return f"{place} 处不是列表 / what stands at {place} is no list（{self.file}）"

    def _no_records(self, root: Any) -> str:
        segments = self.spec.records.segments
        place, found = "/" + "/".join(segments), root
        for name in segments:
            found = found.get(name) if isinstance(found, dict) else None
        if isinstance(found, dict):
            zh = f"{place} 是一个对象, 不是列表；若它就是一条记录, 写 records: . 并从 {segments[-1]}/… 取值"
            en = f"{place} is one object, no list: if it is the record, write 'records: .' and read from {segments[-1]}/…"
        else:
            zh, en = f"{place} 不存在或不是列表", f"{place} isn't there or isn't a list"
        return f"未找到记录：{zh} / no records: {en}（{self.file}）"


@cache
def _prefix(segments: tuple[str, ...]) -> str:
    return paths.pointer(segments)


def _fields_of(scope: Template, slot: int) -> Iterator[str]:
    """The fields, or lists, that what a record's scope read in this slot decides."""
    for node in scope["nodes"]:
        rules = node.get("rules", [node]) if node["node"] in {"leaf", "any"} else []
        if any(
            slot in (*rule["slots"], *rule.get("when", ()), (rule.get("unit") or {}).get("slot")) for rule in rules
        ) or (node["node"] in {"list", "first"} and slot in node["when"]):
            yield paths.pointer(node["field"])
        elif node["node"] == "parts":
            parts = [inner for part in node["parts"] for inner in part.get("object", part.values())]
            if any(True for _ in _fields_of({"nodes": parts}, slot)):
                yield paths.pointer(node["field"])


def encode_remainder(remainder: Remainder) -> bytes:
    """As the store keeps it: JSON with exact numbers."""
    return _encoder.encode(remainder)


def compile_mapping(text: str, file: str, beside: Beside = ALONE) -> Program:
    """Raises ProblemsFound with every fault of the file."""
    loaded = load(text, file, beside)
    spec, compiled = loaded.spec, compile_spec(loaded.spec)
    template = {
        "template": 2,
        "file": file.rpartition("/")[2],
        "xml": spec.xml,
        "records": list(spec.records.segments),
        "record": compiled.template,
        "ignored": [[path.up, list(path.segments), reason] for path, reason in spec.ignored.items()],
        "embedded": [[list(place), form] for place, form in spec.embedded.items()],
        "head": [
            [leaf.field, [[path.up, list(path.segments)] for path in leaf.reads]]
            for leaf in (spec.key, spec.newer)
            if leaf
        ],
        "group": [list(path.segments) for path in spec.group],
    }
    digest, whole = mapping_hash("inward", text, beside, loaded.used), whole_text(text, beside, loaded.used)
    detector = Detector(sources(template), spec.kind)
    return Program(digest, spec.kind, file, whole, spec, template, loaded.advice, detector, compiled)
