"""Where the value of one rule stands in a document: for reasons that must lead a person to the place."""

from typing import Any

from mappings import embedded
from mappings.lineage.inputs import Entry, Sources

Node = dict[str, Any]


def places(template: Node, rows: list[Any], leaf: int, at: tuple[int, ...]) -> list[str]:
    """The pointers or XPaths that the rule with this id reads at these positions; none where that can't be told."""
    return _in_scope(template["record"], Sources(template, rows, "d"), leaf, at) or []


def _in_scope(scope: Node, sources: Sources, leaf: int, at: tuple[int, ...]) -> list[str] | None:
    return next(
        (found for node in scope["nodes"] if (found := _in_node(scope, node, sources, leaf, at)) is not None), None
    )


def _in_node(scope: Node, node: Node, sources: Sources, leaf: int, at: tuple[int, ...]) -> list[str] | None:
    match node["node"]:
        case "leaf":
            return (
                [_shown(sources.input(scope["slots"][slot])) for slot in node["slots"]] if node["id"] == leaf else None
            )
        case "any":
            rules = (_in_node(scope, rule, sources, leaf, at) for rule in node["rules"])
            return next((found for found in rules if found is not None), None)
        case "parts":
            return _in_parts(scope, node, sources, leaf, at)
        case _:
            return _in_element(node, sources, leaf, at, 0)


def _shown(one: Entry) -> str:
    """The place; within a text that is a document, behind the place of that text."""
    outer = [embedded.described(each)["parent"]["source"] for each in embedded.nested(one["document"])]
    return " › ".join([*outer, one["source"]])


def _in_parts(scope: Node, node: Node, sources: Sources, leaf: int, at: tuple[int, ...]) -> list[str] | None:
    lists = 0
    for place, part in enumerate(node["parts"]):
        if "list" in part:
            # Behind another list it isn't known how many elements came before.
            found = _in_element(part["list"], sources, leaf, at, place) if not lists else None
            lists += 1
        else:
            inner = part["object"] if "object" in part else [part["value"]]
            found = _in_scope({"slots": scope["slots"], "nodes": inner}, sources, leaf, at[1:])
        if found is not None:
            return found
    return None


def _in_element(node: Node, sources: Sources, leaf: int, at: tuple[int, ...], before: int) -> list[str] | None:
    if not at:
        return None
    with sources.element(node["each"], at[0] - before):
        return _in_scope(node["items"], sources, leaf, at[1:])
