"""A compiled outward mapping: a record of the standard in, a system's payload with its lineage out."""

from dataclasses import dataclass, field
from typing import Any

from canonical_schema import declared
from canonical_schema.declared import Node
from canonical_schema.fields import field_tree
from canonical_schema.problem import ProblemsFound
from canonical_schema.record import record_tree
from canonical_schema.rules import Finding
from mappings.compiler.compile import Compiled, compile_spec
from mappings.errors import RecordRefused
from mappings.language.beside import ALONE, Beside
from mappings.language.fingerprint import mapping_hash, whole_text
from mappings.language.functions import SLIPS
from mappings.language.load import header
from mappings.language.reader import Reader
from mappings.language.shared import shared_entries
from mappings.outward.carried import leaves_of
from mappings.outward.fields import Form, fields_of
from mappings.outward.rendering import arranged, is_xml_name, refuse_lines, to_json, to_xml
from mappings.outward.shape import Shape
from mappings.outward.standard_paths import StandardReader
from mappings.paths import SourcePath
from mappings.spec import MappingSpec

KEYS = (
    "kind", "standard", "system", "to", "root", "namespace", "mark", "zone", "times", "tables", "fields", "left_out",
)  # fmt: skip
NEEDED = ("kind", "standard", "system", "to", "fields")


@dataclass(frozen=True, slots=True)
class Sent:
    """One record as a system's payload. `values`: what SOAP arguments are made of; `text`: the document; `content` and
    `remainder` are what lineage explains."""

    values: Any
    text: str
    content: dict[str, Any]
    findings: tuple[Finding, ...]
    remainder: tuple[list[Any], Any, list[Any]]


@dataclass(frozen=True, slots=True)
class Outward:
    """`carried`: the standard's fields that it reads; `left_out`: those it doesn't, each with the reason; `untold`: the rest."""

    hash: str
    kind: str
    system: str
    file: str
    text: str
    template: dict[str, Any]
    carried: frozenset[str]
    left_out: dict[str, str]
    untold: tuple[str, ...]
    _to: str
    _root: tuple[str, str]
    _shape: Shape
    _compiled: Compiled = field(repr=False)

    def run(self, envelope: dict[str, Any]) -> Sent:
        """RecordRefused where the record lacks what the payload needs, or hides what it holds."""
        if envelope.get("masked"):
            raise RecordRefused(
                "记录含已隐去的个人信息，不能写成报文 / the record has masked fields: they can't be written"
                f"（{', '.join(envelope['masked'][:3])}）"
            )
        notes: list[Any] = []
        findings: list[Finding] = []
        inner = envelope["content"]
        try:
            content, raws, _ = self._compiled.record(envelope, inner, [inner], notes, findings)
            if self._to == "text":
                refuse_lines(content, self._shape)
            values = arranged(content, self._shape)
        except SLIPS as error:
            told = f"映射出错，请报告 / mapping failed, please report: {type(error).__name__}: {error}（{self.file}）"
            raise RecordRefused(told) from error
        text = values if self._to == "text" else to_xml(values, *self._root) if self._to == "xml" else to_json(values)
        return Sent(values, text, content, tuple(findings), ([[]], raws, notes))


def is_outward(text: str, file: str) -> bool:
    """Whether a mapping file leads outward: it says what form it writes. ProblemsFound where it's no YAML."""
    return "to" in declared.read(text, file).entries


def compile_outward(text: str, file: str, beside: Beside = ALONE) -> Outward:
    """Raises ProblemsFound with every fault of the file."""
    reader = StandardReader(file, beside)
    made = _outward(reader, text, file)
    if made is None or reader.problems:
        raise ProblemsFound(reader.problems)
    return made


def _outward(reader: StandardReader, text: str, file: str) -> Outward | None:
    root = declared.read(text, file)
    defaults = {key: node for key, node in shared_entries(reader).items() if key in KEYS}
    if not reader.keys(root, KEYS, "an outward mapping"):
        return None
    if missing := [key for key in NEEDED if key not in root.entries]:
        reader.fault(root, f"an outward mapping also needs: {', '.join(missing)}", kind="missing key")
        return None
    entries = {**defaults, **root.entries}
    tree = header(reader, entries, defaults.get("tables"))
    if tree is None:
        return None
    kind = entries["kind"].text
    reader.begin(record_tree(kind))
    to, named = _document(reader, root)
    nodes, shapes = fields_of(reader, entries["fields"], to)
    left_out = _left_out(reader, entries.get("left_out"))
    if reader.problems:
        return None
    spec = MappingSpec(
        file, kind, entries["standard"].text, xml=False, system=reader.system, fillers=frozenset({""}),
        records=SourcePath(0, ("content",)), group=(), key=None, newer=None, fields=nodes,
    )  # fmt: skip
    compiled = compile_spec(spec)
    carried = _carried(reader)
    untold = tuple(one for one in leaves_of(field_tree(kind)) if one not in carried and not _within(one, left_out))
    template = {
        "template": 2, "file": file.rpartition("/")[2], "xml": False, "records": ["content"], "record": compiled.template,
        "ignored": [], "embedded": [], "head": [], "group": [],
    }  # fmt: skip
    mark = reader.text(entries["mark"], "mark") if "mark" in entries else None
    shape = Shape(shapes, mark, place=reader.place(entries["fields"]))
    return Outward(
        mapping_hash("outward", text, reader.beside, reader.used),
        kind,
        reader.system,
        file,
        whole_text(text, reader.beside, reader.used),
        template,
        carried,
        left_out,
        untold,
        to,
        named,
        shape,
        compiled,
    )


def _document(reader: Reader, root: Node) -> tuple[Form, tuple[str, str]]:
    """(json, xml or text; the root element's name and namespace)."""
    entries = root.entries
    forms: dict[str, Form] = {"json": "json", "xml": "xml", "text": "text"}
    to = forms[reader.word(entries["to"], "to", tuple(forms))]
    for key, form in (("root", "xml"), ("namespace", "xml"), ("mark", "text")):
        if key in entries and to != form:
            reader.fault_at_key(root, key, f"'{key}' goes with 'to: {form}'")
    for key, form in (("root", "xml"), ("mark", "text")):
        if to == form and key not in entries:
            reader.fault(entries["to"], f"'to: {form}' needs '{key}'")
    name = reader.text(entries["root"], "root") if "root" in entries else ""
    if to == "xml" and "root" in entries and not is_xml_name(name):
        reader.fault(entries["root"], f"'{name}' can't be the name of an element of XML")
    return to, (name, reader.text(entries["namespace"], "namespace") if "namespace" in entries else "")


def _left_out(reader: StandardReader, node: Node | None) -> dict[str, str]:
    if node is None:
        return {}
    if node.kind != "map":
        reader.fault(node, "left_out is a map: field of the standard → the reason why the system isn't told")
        return {}
    carried = _carried(reader)
    for key in node.entries:
        line, column = node.key_marks[key]
        reader.field(Node(line, column, "scalar", key, file=node.file))
        if both := sorted(one for one in carried if _within(one, {key: ""})):
            reader.fault_at_key(node, key, f"{both[0]} is carried by this mapping: it isn't left out")
    return {key: reader.text(reason, "a reason") for key, reason in node.entries.items()}


def _carried(reader: StandardReader) -> frozenset[str]:
    return frozenset("/".join(one[1:]) for one in reader.carried if one[:1] == ("content",))


def _within(leaf: str, left_out: dict[str, str]) -> bool:
    return any(leaf == one or leaf.startswith(one + "/") for one in left_out)
