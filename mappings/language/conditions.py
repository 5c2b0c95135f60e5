"""`when` and `where`: what must hold for a rule, an object, a list, or an element of a list to count."""

from canonical_schema.declared import Node
from mappings.language.reader import Reader
from mappings.paths import SourcePath
from mappings.spec import Condition
from mappings.steps.step import ArgumentFault
from mappings.steps.text import pattern_of

TESTS = ("is", "is_not", "given", "matches")


def conditions_of(reader: Reader, node: Node, key: str = "when") -> tuple[Condition, ...]:
    """The conditions under `key` of a map: one, or a list of which all must hold."""
    found = node.entries.get(key) if node.kind == "map" else None
    if found is None:
        return ()
    items = found.items if found.kind == "list" else (found,)
    if not items:
        reader.fault(found, f"{key} says at least one condition")
    return tuple(one for item in items if (one := _condition(reader, item, key)) is not None)


def _condition(reader: Reader, node: Node, key: str) -> Condition | None:
    if not reader.keys(node, ("from", *TESTS), key):
        return None
    entries = node.entries
    tests = [test for test in TESTS if test in entries]
    if "from" not in entries or len(tests) != 1:
        reader.fault(node, f"{key} says 'from: path' and one of: {', '.join(TESTS)}")
        return None
    read, test = reader.path(entries["from"]), tests[0]
    argument = entries[test]
    if test == "given":
        return Condition(read, bool, not reader.yes(argument))
    if test == "matches":
        return _matching(reader, read, argument)
    words = frozenset(reader.words(argument, test))
    return Condition(read, words.__contains__, test == "is_not", words)


def _matching(reader: Reader, read: SourcePath, node: Node) -> Condition | None:
    try:
        pattern = pattern_of(node, "matches")
    except ArgumentFault as fault:
        reader.fault(fault.node, fault.words)
        return None
    return Condition(read, lambda text: pattern.fullmatch(text) is not None, negated=False)
