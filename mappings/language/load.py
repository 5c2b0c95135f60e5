"""A mapping file → MappingSpec, checked against the standard's fields. All faults come at once."""

from dataclasses import dataclass, replace

from canonical_schema import SCHEMA_VERSION, declared
from canonical_schema.declared import Node
from canonical_schema.errors import InvalidFormat
from canonical_schema.fields import ObjectType, ScalarType, field_tree
from canonical_schema.kinds.registry import KINDS
from canonical_schema.problem import Problem, ProblemsFound, nearest
from canonical_schema.values import text
from mappings.language.beside import ALONE, Beside
from mappings.language.fields import fields_of
from mappings.language.leaf import leaf_of
from mappings.language.reader import Reader
from mappings.language.shared import shared_entries
from mappings.paths import SourcePath
from mappings.spec import Leaf, MappingSpec
from mappings.steps.times import zone_of

KEYS = (
    "kind", "standard", "system", "document", "zone", "times", "fillers", "tables", "embedded",
    "records", "group", "key", "newer", "partial", "ignore", "fields",
)  # fmt: skip
NEEDED = ("kind", "standard", "system", "records", "key", "fields")
LONGEST_VERSION = 20  # digits


@dataclass(frozen=True, slots=True)
class Loaded:
    """A mapping as it's read; `used`: what of the files beside it and of the code lists decides its result, by name;
    `advice`: what is allowed and likely not meant."""

    spec: MappingSpec
    used: dict[str, str]
    advice: tuple[Problem, ...]


def load(written: str, file: str, beside: Beside = ALONE) -> Loaded:
    """Raises ProblemsFound with every fault of the file."""
    reader = Reader(file, beside)
    root = declared.read(written, file)
    spec = _mapping(reader, root)
    if spec is None or reader.problems:
        raise ProblemsFound(tuple(sorted(reader.problems, key=lambda fault: (fault.file, fault.line, fault.column))))
    return Loaded(spec, reader.used, tuple(reader.advice))


def _mapping(reader: Reader, root: Node) -> MappingSpec | None:
    defaults = shared_entries(reader)
    if not reader.keys(root, KEYS, "a mapping"):
        return None
    missing = [key for key in NEEDED if key not in root.entries]
    if missing:
        reader.fault(root, f"a mapping also needs: {', '.join(missing)}", kind="missing key")
        return None
    entries = {**defaults, **root.entries}
    tree = header(reader, entries, defaults.get("tables"))
    if tree is None:
        return None
    records = reader.path(entries["records"], passes=True)
    reader.record_scopes = reader.scopes = records.segments.count("*")
    group = _group(reader, entries.get("group"))
    reader.grouped = bool(group)
    reader.partial = "partial" in entries and reader.yes(entries["partial"])
    return MappingSpec(
        file=reader.file,
        kind=entries["kind"].text,
        standard=entries["standard"].text,
        xml=_document(reader, entries.get("document")) == "xml",
        system=reader.system,
        fillers=frozenset({"", *(reader.words(entries["fillers"], "fillers") if "fillers" in entries else ())}),
        records=records,
        group=group,
        key=_key(reader, entries["key"]),
        newer=_newer(reader, entries["newer"]) if "newer" in entries else None,
        fields=fields_of(reader, entries["fields"], tree),
        ignored=_ignored(reader, entries["ignore"]) if "ignore" in entries else {},
        embedded=_embedded(reader, entries["embedded"]) if "embedded" in entries else {},
        partial=reader.partial,
    )


def header(reader: Reader, entries: dict[str, Node], shared_tables: Node | None) -> ObjectType | None:
    """Sets what all rules share; gives the fields of the kind."""
    kind, standard = reader.text(entries["kind"], "kind"), reader.text(entries["standard"], "standard")
    if standard != SCHEMA_VERSION:
        reader.fault(entries["standard"], f"this gateway knows the standard's version {SCHEMA_VERSION}", SCHEMA_VERSION)
    reader.system = reader.text(entries["system"], "system")
    if "times" in entries:
        reader.times = reader.texts(entries["times"], "times")
    zone = entries.get("zone")
    try:
        reader.zone = zone_of(reader.text(zone, "zone") if zone is not None else "+08:00")
    except ValueError as error:
        reader.fault(zone or entries["kind"], str(error))
    for tables in (shared_tables, entries.get("tables")):
        if tables is not None and tables.kind == "map":
            reader.tables |= tables.entries
        elif tables is not None:
            reader.fault(tables, "tables is a map: name → table")
    if kind not in KINDS:
        reader.fault(entries["kind"], f"there is no kind '{kind}'", nearest(kind, KINDS))
        return None
    return field_tree(kind)


def _document(reader: Reader, node: Node | None) -> str:
    return reader.word(node, "document", ("json", "xml")) if node is not None else "json"


def _group(reader: Reader, node: Node | None) -> tuple[SourcePath, ...]:
    if node is None:
        return ()
    items = node.items if node.kind == "list" else (node,)
    paths = tuple(reader.path(item) for item in items)
    for path, item in zip(paths, items, strict=True):
        if path.up or any(one.isdigit() for one in path.segments):
            reader.fault(item, "rows are grouped by a value of theirs: a path of keys that leads inward")
    return paths


def _plain_text(name: str) -> ScalarType:
    return ScalarType(name, str, (), "M000")


def _key(reader: Reader, node: Node) -> Leaf | None:
    if node.kind == "map" and "document_name" in node.entries:
        if reader.keys(node, ("document_name",), "a key by the document's name"):
            _must_be_yes(reader, node.entries["document_name"])
        return None
    _without(reader, node, "key")
    return leaf_of(reader, node, "key", ScalarType("key", text.parse, (), "M000"), required=True)


def _without(reader: Reader, node: Node, what: str) -> None:
    """What names a record, or orders its observations, is read from the record itself, and always."""
    for key in ("const", "default", "position", "when", "split", "unit"):
        if key in node.entries:
            reader.fault_at_key(node, key, f"'{key}' can't stand here: {what} is what the record itself says")


def _must_be_yes(reader: Reader, node: Node) -> None:
    if not reader.yes(node):
        reader.fault(node, "this says yes, or isn't there")


def _newer(reader: Reader, node: Node) -> Leaf:
    """A time (compared as ISO text) or a version number (padded, so that text order is number order)."""
    _without(reader, node, "newer")
    number = node.entries.get("number") if node.kind == "map" else None
    if number is None:
        return leaf_of(reader, node, "newer", _plain_text("instant"))
    _must_be_yes(reader, number)
    rest = {key: entry for key, entry in node.entries.items() if key != "number"}
    return leaf_of(reader, replace(node, entries=rest), "newer", ScalarType("version", _padded, (), "M000"))


def _padded(value: str) -> str:
    if not (value.isascii() and value.isdigit() and len(value) <= LONGEST_VERSION):
        raise InvalidFormat(
            value, f"“{value}”不是版本号（应为数字）", f"'{value}' is no version number: digits are due"
        )
    return value.zfill(LONGEST_VERSION)


def _ignored(reader: Reader, node: Node) -> dict[SourcePath, str]:
    if node.kind != "map":
        reader.fault(node, "ignore is a map: source path → the reason why it isn't carried")
        return {}
    return {_key_path(reader, node, key): reader.text(reason, "a reason") for key, reason in node.entries.items()}


def _embedded(reader: Reader, node: Node) -> dict[tuple[str, ...], str]:
    if node.kind != "map":
        reader.fault(node, "embedded is a map: the path of a text in the record → json or xml")
        return {}
    out: dict[tuple[str, ...], str] = {}
    for key, form in node.entries.items():
        path = _key_path(reader, node, key)
        if path.up or not path.segments:
            reader.fault_at_key(node, key, "a text that holds a document stands in the record: its path leads inward")
        out[path.segments] = reader.word(form, "an embedded document", ("json", "xml"))
    # The outer ones are opened first.
    return dict(sorted(out.items(), key=lambda one: len(one[0])))


def _key_path(reader: Reader, node: Node, key: str) -> SourcePath:
    line, column = node.key_marks[key]
    return reader.path(Node(line, column, "scalar", key, file=node.file), passes=True)
