"""Paths as mapping files write them, and as lineage prints them.

In a mapping: `consignor/name`, `@code`, `list/0`, `../no` (the enclosing scope), `/data/total` (from the document's
root), `.` (the value itself). Segments are JSON keys or positions, or XML local names and `@attributes`; a `/` inside
a key is written `~1` and a `~` as `~0` (RFC 6901). In lineage: a JSON Pointer, or an absolute prefix-free XPath 1.0.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

Step = str | int  # a key or name; a position counted from 0

ROOT = -1  # `up` of a path that starts at the document's root


@dataclass(frozen=True, slots=True)
class SourcePath:
    """`up` scopes outward (0 = this one, ROOT = the document), then `segments` inward."""

    up: int
    segments: tuple[str, ...]


def is_position(segment: str) -> bool:
    """Whether a segment counts: no XML name begins with a digit, and a JSON key that does may."""
    return segment.isascii() and segment.isdigit() and len(segment) <= 9


def parse(text: str) -> SourcePath:
    """Read a path of a mapping file. ValueError says what is wrong with it."""
    if not text or text != text.strip():
        raise ValueError("a path may not be empty or have blanks around it")
    if text == ".":
        return SourcePath(0, ())
    up, rest = 0, text
    if rest.startswith("/"):
        up, rest = ROOT, rest[1:]
    while rest == ".." or rest.startswith("../"):
        up, rest = up + 1, rest[3:]
    if not rest:
        return SourcePath(up, ())
    parts = rest.split("/")
    if any(part in {"", ".", ".."} for part in parts):
        raise ValueError(f"'{text}' has an empty or misplaced part; '..' stands only at the beginning")
    if any("~" in re.sub(r"~[01]", "", part) for part in parts):
        raise ValueError(f"'{text}': a '~' is written ~0, and a '/' within a key ~1")
    return SourcePath(up, tuple(part.replace("~1", "/").replace("~0", "~") for part in parts))


def pointer(steps: Iterable[Step]) -> str:
    """RFC 6901 JSON Pointer.

    >>> pointer(["data", "list", 0, "a/b"])
    '/data/list/0/a~1b'
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def xpath(steps: Iterable[Step]) -> str:
    """Absolute, prefix-free XPath 1.0 of exactly one node; a position belongs to the name before it.

    >>> xpath(["data", "row", 1, "@code"])
    "/*[local-name()='data'][1]/*[local-name()='row'][2]/@*[local-name()='code']"
    """
    out: list[str] = []
    listed = list(steps)
    for place, step in enumerate(listed):
        if isinstance(step, int):
            continue
        if step.startswith("@"):
            out.append(f"/@*[local-name()={_literal(step[1:])}]")
            continue
        after = listed[place + 1] if place + 1 < len(listed) else 0
        out.append(f"/*[local-name()={_literal(step)}][{after + 1 if isinstance(after, int) else 1}]")
    return "".join(out)


def _literal(name: str) -> str:
    # An XML name has neither quote, so one kind is always free.
    return f"'{name}'"
