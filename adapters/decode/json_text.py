"""JSON with exact numbers, refusing what other readers let through or silently change.

A number without fraction and exponent is an int, any other a Decimal, of up to 4,300 characters. Refused, with line
and column: duplicate keys (which one counts?), NaN and Infinity, exponents beyond ±400, lone surrogates, deep nesting.
"""

import json
from decimal import Decimal
from typing import Any, NoReturn

from adapters.decode.json_fault import EXPONENT, LONGEST, SURROGATE, first_fault
from adapters.decode.place import line_and_column
from adapters.errors import Malformed
from adapters.limits import Limits

CONTAINERS = (dict, list)


class _RefusedError(ValueError):
    pass


def parse_json(text: str, limits: Limits) -> Any:
    """The tree of plain values. Raises Malformed with the place of the first fault.

    The C scanner of the standard library does the work with one call of ours per object: measured, that is quicker than
    any parser that hides duplicate keys followed by a search for them. Only a refused text is looked at a second time,
    by a scanner of ours that knows where and why.
    """
    try:
        tree = _read(text)
        if not _within(tree, limits.depth) or (SURROGATE.search(text) and _has_half(tree)):
            raise _RefusedError
    except (ValueError, RecursionError):
        offset, words = first_fault(text, limits.depth) or (0, "can't be read as JSON (无法按 JSON 读取)")
        line, column = line_and_column(text, offset)
        raise Malformed(words, line=line, column=column) from None
    return tree


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise _RefusedError
    return entries


def _exact(text: str) -> Decimal:
    if len(text) > LONGEST:
        raise _RefusedError
    number = Decimal(text)
    if ("e" in text or "E" in text) and abs(number.adjusted()) > EXPONENT:
        raise _RefusedError
    return number


def _no_constant(_: str) -> NoReturn:
    raise _RefusedError


_read = json.JSONDecoder(object_pairs_hook=_unique, parse_float=_exact, parse_constant=_no_constant).decode


def _within(tree: Any, depth: int) -> bool:
    level = [tree] if tree.__class__ in CONTAINERS else []
    while level:
        depth -= 1
        if depth < 0:
            return False
        level = [
            value
            for container in level
            for value in (container.values() if container.__class__ is dict else container)
            if value.__class__ is dict or value.__class__ is list
        ]
    return True


def _has_half(tree: Any) -> bool:
    """An escape may stand for half a character, which no other system could be sent."""
    try:
        json.dumps(tree, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        return True
    return False
