"""Where lookups find their table: inline, under `tables`, in a CSV beside the mapping, or in a code list of the standard."""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping

from canonical_schema.codes import code_list, names
from canonical_schema.declared import Node
from canonical_schema.fields import ScalarType
from canonical_schema.problem import nearest
from canonical_schema.values.text import compact
from mappings.language.reader import Reader
from mappings.steps.lookups import lookup_step, table_of
from mappings.steps.step import ArgumentFault, BoundStep

_CSV, _CODES, _SPELLINGS = {"csv", "from", "to"}, {"codes", "from", "to"}, {"codes"}


def lookup(reader: Reader, node: Node, otherwise: str | None, kind: ScalarType) -> BoundStep | None:
    """The step of a `lookup`. What an inline or named table gives is checked by the field's type, word by word."""
    written = named(reader, node) if node.kind == "scalar" else node
    if written is None:
        return None
    name = node.text if node.kind == "scalar" else "inline"
    table = table_at(reader, written, kind)
    if written.kind == "map" and written.entries.keys() in (_CSV, _CODES, _SPELLINGS):
        name = " ".join(written.entries[key].text for key in written.entries)
    return lookup_step(table, name, otherwise) if table else None


def table_at(reader: Reader, node: Node, kind: ScalarType | None = None) -> Mapping[str, str]:
    """Their word → ours; empty where the table has a fault."""
    if node.kind == "map" and node.entries.keys() == _CSV:
        return _from_csv(reader, node, kind)
    if node.kind == "map" and node.entries.keys() in (_CODES, _SPELLINGS):
        return _from_codes(reader, node)
    try:
        table = table_of(node)
    except ArgumentFault as fault:
        reader.fault(fault.node, fault.words)
        return {}
    for ours in node.entries.values():
        if kind is not None:
            reader.value(ours, kind)
    return table


def named(reader: Reader, node: Node) -> Node | None:
    """The table of that name."""
    table = reader.tables.get(node.text)
    if table is None:
        reader.fault(node, f"there is no table '{node.text}'", nearest(node.text, list(reader.tables)), "unknown table")
    return table


def _from_csv(reader: Reader, node: Node, kind: ScalarType | None) -> dict[str, str]:
    name = reader.text(node.entries["csv"], "csv")
    text = reader.beside.tables.get(name)
    if text is None:
        known = list(reader.beside.tables)
        reader.fault(node.entries["csv"], f"there is no file '{name}' beside the mapping", nearest(name, known))
        return {}
    reader.used[name] = text
    rows = csv.DictReader(text.removeprefix("\ufeff").splitlines(), restval="")
    left, right = (reader.text(node.entries[key], key) for key in ("from", "to"))
    columns = [*(rows.fieldnames or [])]
    missing = [(key, one) for key, one in (("from", left), ("to", right)) if one not in columns]
    for key, one in missing:
        reader.fault(node.entries[key], f"{name} has no column '{one}'", nearest(one, columns))
    if missing:
        return {}
    table: dict[str, str] = {}
    for row in rows:
        theirs, ours = compact(row[left]), row[right].strip()
        if not theirs or not ours:
            continue  # a row of another use of the file
        if table.setdefault(theirs, ours) != ours:
            reader.fault(node, f"{name}, line {rows.line_num}: '{theirs}' stands for '{table[theirs]}' and '{ours}'")
        elif kind is not None:
            fault = _refused(kind, ours)
            if fault:
                reader.fault(node, f"{name}, line {rows.line_num}: {fault}")
    if not table:
        reader.fault(node, f"{name} has no row with both '{left}' and '{right}'")
    return table


def _from_codes(reader: Reader, node: Node) -> dict[str, str]:
    """Two columns of the list; without them, whatever its codes are spelt as."""
    name = reader.text(node.entries["codes"], "codes")
    if name not in names():
        reader.fault(node.entries["codes"], f"the standard has no code list '{name}'", nearest(name, names()))
        return {}
    codes = code_list(name)
    if "from" not in node.entries:
        rows = [(spelling, code) for code, row in codes.rows.items() for spelling in _spellings(code, row)]
    else:
        left, right = (reader.text(node.entries[key], key) for key in ("from", "to"))
        columns = [*next(iter(codes.rows.values()))]
        for key, one in (("from", left), ("to", right)):
            if one not in columns:
                words = f"the code list {name} has no column '{one}'"
                reader.fault(node.entries[key], words, nearest(one, columns))
                return {}
        rows = [(compact(row[left]), row[right]) for row in codes.rows.values()]
    told = [(theirs, ours) for theirs, ours in dict.fromkeys(rows) if theirs and ours]
    # A word that stands for two codes says neither.
    several = {theirs for theirs, count in Counter(theirs for theirs, _ in told).items() if count > 1}
    table = {theirs: ours for theirs, ours in told if theirs not in several}
    reader.used[f"codes/{name}"] = hashlib.sha256(repr(sorted(table.items())).encode()).hexdigest()
    return table


def _spellings(code: str, row: Mapping[str, str]) -> Iterator[str]:
    """What people write for a code, in either case."""
    for written in (code, row.get("title", ""), row.get("title_en", ""), *row.get("spellings", "").split("|")):
        plain = compact(written)
        yield from (plain, plain.casefold(), plain.upper())


def _refused(kind: ScalarType, value: str) -> str:
    try:
        kind.parse(value)
    except ValueError as error:
        return str(error)
    return ""
