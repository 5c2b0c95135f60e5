"""JSON Pointer (RFC 6901) into plain values."""

from typing import Any


def point(tree: Any, pointer: str) -> Any:
    """The value there, None where there is nothing.

    >>> point({"a": [{"b/c": 1}]}, "/a/0/b~1c")
    1
    """
    value = tree
    for key in _keys(pointer):
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isascii() and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value


def put(tree: Any, pointer: str, value: Any) -> None:
    """Puts a value where there is one already."""
    *way, last = _keys(pointer)
    for key in way:
        tree = tree[int(key)] if isinstance(tree, list) else tree[key]
    tree[int(last) if isinstance(tree, list) else last] = value


def _keys(pointer: str) -> list[str]:
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]
