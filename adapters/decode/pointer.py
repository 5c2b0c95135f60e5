"""JSON Pointer (RFC 6901) into plain values."""

from typing import Any


def point(tree: Any, pointer: str) -> Any:
    """The value there, None where there is nothing.

    >>> point({"a": [{"b/c": 1}]}, "/a/0/b~1c")
    1
    """
    value = tree
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isascii() and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value
