"""A declared file as its faults suggest that it was meant, so that what lies behind a slip is told in the same breath."""

from dataclasses import replace

from pydantic import BaseModel

from canonical_schema.declared import Node, Path, shape_faults


def as_meant(model: type[BaseModel], node: Node) -> Node:
    """The tree with misspelt keys and words set right, and without the keys that resemble none. Places stay as they are."""
    for path, problem in shape_faults(model, node, node.file):
        if problem.kind == "extra_forbidden":
            node = _renamed(node, path, problem.suggestion)
        elif problem.suggestion:
            node = _reworded(node, path, problem.suggestion)
    return node


def _renamed(node: Node, path: Path, name: str) -> Node:
    """The entry under another name; without it where there is none, or where one has that name already."""
    first, rest = path[0], path[1:]
    if rest:
        return _below(node, first, _renamed(node.find((first,)), rest, name))
    assert isinstance(first, str)
    entries, marks = dict(node.entries), dict(node.key_marks)
    entry, mark = entries.pop(first), marks.pop(first)
    if name and name not in entries:
        entries[name], marks[name] = entry, mark
    return replace(node, entries=entries, key_marks=marks)


def _reworded(node: Node, path: Path, text: str) -> Node:
    if not path:
        return replace(node, text=text)
    return _below(node, path[0], _reworded(node.find(path[:1]), path[1:], text))


def _below(node: Node, step: str | int, new: Node) -> Node:
    """The node with another entry or item at this step."""
    if isinstance(step, str):
        return replace(node, entries=node.entries | {step: new})
    return replace(node, items=tuple(new if at == step else one for at, one in enumerate(node.items)))
