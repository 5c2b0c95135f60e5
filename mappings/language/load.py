"""A mapping file → MappingSpec, checked against the standard's fields. All faults come at once."""

from collections.abc import Callable, Mapping
from typing import Any

from canonical_schema import SCHEMA_VERSION, declared
from canonical_schema.declared import Node
from canonical_schema.errors import InvalidFormat
from canonical_schema.fields import ObjectType, ScalarType, field_tree
from canonical_schema.problem import ProblemsFound, nearest
from mappings.language.reader import Reader
from mappings.language.rules import fields_of, leaf_of
from mappings.paths import SourcePath
from mappings.spec import Leaf, MappingSpec
from mappings.steps.times import zone_of

KEYS = (
    "kind", "standard", "system", "document", "zone", "times", "fillers", "tables",
    "records", "group", "key", "newer", "ignore", "fields",
)  # fmt: skip
NEEDED = ("kind", "standard", "system", "records", "key", "fields")
LONGEST_VERSION = 20  # digits
KINDS = ("manifest",)


def load(text: str, file: str, functions: Mapping[str, Callable[[str], Any]] | None = None) -> MappingSpec:
    """Raises ProblemsFound with every fault of the file."""
    root = declared.read(text, file)
    reader = Reader(file, functions or {})
    spec = _mapping(reader, root)
    if spec is None or reader.problems:
        raise ProblemsFound(tuple(sorted(reader.problems, key=lambda fault: (fault.line, fault.column))))
    return spec


def _mapping(reader: Reader, root: Node) -> MappingSpec | None:
    if not reader.keys(root, KEYS, "a mapping"):
        return None
    entries = root.entries
    missing = [key for key in NEEDED if key not in entries]
    if missing:
        reader.fault(root, f"a mapping also needs: {', '.join(missing)}", kind="missing key")
        return None
    tree = _header(reader, entries)
    if tree is None:
        return None
    scopes = 0
    group = reader.path(entries["group"], scopes) if "group" in entries else None
    fields = fields_of(reader, entries["fields"], tree, 0, grouped=group is not None)
    return MappingSpec(
        file=reader.file,
        kind=entries["kind"].text,
        standard=entries["standard"].text,
        xml=_is_xml(reader, entries.get("document")),
        system=reader.system,
        fillers=frozenset({"", *(reader.words(entries["fillers"], "fillers") if "fillers" in entries else ())}),
        records=reader.path(entries["records"], scopes),
        group=group,
        key=_key(reader, entries["key"]),
        newer=_newer(reader, entries["newer"]) if "newer" in entries else None,
        fields=fields,
        ignored=_ignored(reader, entries["ignore"]) if "ignore" in entries else {},
    )


def _header(reader: Reader, entries: dict[str, Node]) -> ObjectType | None:
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
    tables = entries.get("tables")
    if tables is not None and tables.kind == "map":
        reader.tables = dict(tables.entries)
    elif tables is not None:
        reader.fault(tables, "tables is a map: name → table")
    if kind not in KINDS:
        reader.fault(entries["kind"], f"there is no kind '{kind}'", nearest(kind, KINDS))
        return None
    return field_tree(kind)


def _is_xml(reader: Reader, node: Node | None) -> bool:
    form = reader.text(node, "document") if node is not None else "json"
    if form not in {"json", "xml"} and node is not None:
        reader.fault(node, "document is json or xml", nearest(form, ("json", "xml")))
    return form == "xml"


def _plain_text(name: str) -> ScalarType:
    return ScalarType(name, str, (), "M000")


def _key(reader: Reader, node: Node) -> Leaf | None:
    if node.kind == "map" and "document_name" in node.entries:
        if reader.keys(node, ("document_name",), "a key by the document's name"):
            _must_be_yes(reader, node.entries["document_name"])
        return None
    return leaf_of(reader, node, "key", _plain_text("text"), 0, required=True)


def _must_be_yes(reader: Reader, node: Node) -> None:
    if not reader.yes(node):
        reader.fault(node, "this says yes, or isn't there")


def _newer(reader: Reader, node: Node) -> Leaf:
    """A time (compared as ISO text) or a version number (padded, so that text order is number order)."""
    number = node.entries.get("number") if node.kind == "map" else None
    timed = number is None
    kind = _plain_text("instant") if timed else ScalarType("version", _padded, (), "M000")
    if number is not None:
        _must_be_yes(reader, number)
        node = Node(
            node.line,
            node.column,
            "map",
            "",
            {k: v for k, v in node.entries.items() if k != "number"},
            node.key_marks,
            (),
        )
    return leaf_of(reader, node, "newer", kind, 0)


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
    out: dict[SourcePath, str] = {}
    for key, reason in node.entries.items():
        line, column = node.key_marks[key]
        path = reader.path(Node(line, column, "scalar", key, {}, {}, ()), 0)
        out[path] = reader.text(reason, "a reason")
    return out
