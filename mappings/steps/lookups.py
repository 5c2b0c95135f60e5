"""A value found in a table: the province's word on the left, the standard's on the right."""

from collections.abc import Mapping

from canonical_schema.declared import Node
from canonical_schema.errors import UnknownCode
from canonical_schema.values.text import compact
from mappings.steps.step import ArgumentFault, BoundStep, Step, text_of


def lookup_step(table: Mapping[str, str], name: str, otherwise: str | None) -> BoundStep:
    """`otherwise` is what an unlisted value becomes; without it, it's refused."""
    get = table.get

    def run(value: str) -> str:
        found = get(value, otherwise)
        if found is None:
            listed = "、".join(list(table)[:8]) + ("…" if len(table) > 8 else "")
            raise UnknownCode(
                value, f"“{value}”不在对照表 {name} 中（{listed}）", f"'{value}' isn't in the table {name} ({listed})"
            )
        return found

    return BoundStep(run, f"lookup {name}", looks_up=True, words=tuple(table))


def table_of(node: Node) -> dict[str, str]:
    if node.kind != "map" or not node.entries:
        raise ArgumentFault(node, "a lookup is a table (their word: our word), or the name of one under 'tables'")
    table: dict[str, str] = {}
    for word, right in node.entries.items():
        ours = text_of(right, "a table's right side")
        if table.setdefault(compact(word), ours) != ours:
            raise ArgumentFault(right, f"'{compact(word)}' stands in the table already, with another right side")
    return table


def _lookup(node: Node) -> BoundStep:
    return lookup_step(table_of(node), "inline", None)


STEPS = (
    Step(
        "lookup",
        "a value found in a table (as in `lookup:`); an unlisted one is refused",
        "lookup: {'1': road, '2': rail}",
        _lookup,
    ),
)
