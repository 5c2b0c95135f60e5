"""The pack's `_shared.yaml`: defaults, tables and snippets that several mappings of one province use."""

from dataclasses import replace

from canonical_schema import declared
from canonical_schema.declared import Node
from canonical_schema.problem import ProblemsFound, nearest
from mappings.language.beside import Beside
from mappings.language.reader import Reader

KEYS = ("zone", "times", "fillers", "tables", "snippets")
DEEPEST = 8  # snippets within snippets


def shared_entries(reader: Reader) -> dict[str, Node]:
    """The shared file's defaults and tables; its snippets become known to the reader."""
    if reader.beside.shared is None:
        return {}
    name, text = reader.beside.shared
    try:
        root = declared.read(text, name)
    except ProblemsFound as found:
        reader.problems += found.problems
        return {}
    if not reader.keys(root, KEYS, "a shared file"):
        return {}
    snippets = root.entries.get("snippets")
    if snippets is not None and snippets.kind == "map":
        reader.snippets = dict(snippets.entries)
    elif snippets is not None:
        reader.fault(snippets, "snippets is a map: name → part of a mapping")
    return {key: node for key, node in root.entries.items() if key != "snippets"}


def check_shared(text: str, file: str) -> None:
    """The faults of a shared file by itself. ProblemsFound."""
    reader = Reader(file, Beside(shared=(file, text)))
    shared_entries(reader)
    if reader.problems:
        raise ProblemsFound(reader.problems)


def expanded(reader: Reader, node: Node, depth: int = 0) -> Node:
    """A map with `use: snippet` as if the snippet's entries stood in it; its own entries go before those."""
    if node.kind != "map" or "use" not in node.entries:
        return node
    use = node.entries["use"]
    name = reader.text(use, "use")
    snippet = reader.snippets.get(name)
    own = {key: inner for key, inner in node.entries.items() if key != "use"}
    if snippet is None:
        known = list(reader.snippets)
        reader.fault(use, f"there is no snippet '{name}' in _shared.yaml", nearest(name, known), "unknown snippet")
        return replace(node, entries=own)
    if depth >= DEEPEST:
        reader.fault(use, f"the snippet '{name}' uses itself, or snippets stand in one another too deeply")
        return replace(node, entries=own)
    below = expanded(reader, snippet, depth + 1)
    if below.kind != "map":
        reader.fault(use, f"the snippet '{name}' is no map, so nothing can be added to it")
        return replace(node, entries=own)
    return replace(node, entries={**below.entries, **own}, key_marks={**below.key_marks, **node.key_marks})
