"""Steps on text: cut, capture, replace, add."""

from dataclasses import replace
from typing import Any

import re2

from canonical_schema.declared import Node
from canonical_schema.values import category as category_value
from canonical_schema.values import waste_code
from mappings.steps.step import ArgumentFault, BoundStep, Step, count_of, mark_of, normal, refuse, text_of

_QUIET = re2.Options()
_QUIET.log_errors = False  # the fault is ours to tell, not the library's on standard error


def pattern_of(node: Node, what: str) -> Any:
    """A pattern of the whole text, in RE2: linear in time whatever stands in it."""
    pattern = text_of(node, what)
    try:
        compiled = re2.compile(pattern, _QUIET)
    except re2.error as error:
        raise ArgumentFault(node, f"{what}: not a pattern of RE2 syntax: {error}") from error
    if strange := set(pattern) - set(normal(pattern)):
        words = f"{what}: source values are NFKC text by then and never hold {' '.join(sorted(strange))}"
        raise ArgumentFault(node, words)
    return compiled


def _match(node: Node) -> BoundStep:
    """`match: form`, or `match: {form: …, zh: …, en: …}` with the words for what a value of that form is."""
    named = node.kind == "map"
    if named and (set(node.entries) != {"form", "zh", "en"}):
        raise ArgumentFault(node, "match is a pattern, or a map with: form, zh, en")
    compiled = pattern_of(node.entries["form"] if named else node, "match")
    group, pattern = 1 if compiled.groups else 0, compiled.pattern
    zh = text_of(node.entries["zh"], "zh") if named else f"符合 {pattern} 的值"
    en = text_of(node.entries["en"], "en") if named else f"value of the form {pattern}"

    def run(value: str) -> str:
        found = compiled.fullmatch(value)
        if not found or not found.group(group):
            raise refuse(value, f"“{value}”不是{zh}", f"'{value}' is no {en}")
        return str(found.group(group))

    return BoundStep(run, f"match {pattern}")


def _part(node: Node) -> BoundStep:
    """`part: {of: '|', at: 2}`: one of the pieces between marks, counted from 1, from the end where it's negative."""
    if node.kind != "map" or set(node.entries) != {"of", "at"}:
        raise ArgumentFault(node, "part is a map with: of (the mark between the pieces), at (which one, from 1)")
    mark, at = mark_of(node.entries["of"], "of"), node.entries["at"]
    backward = at.text.startswith("-")
    place = count_of(replace(at, text=at.text.removeprefix("-")), "at", 1, 999)
    wanted = -place if backward else place - 1

    def run(value: str) -> str:
        pieces = value.split(mark)
        if not -len(pieces) <= wanted < len(pieces):
            raise refuse(
                value,
                f"“{value}”没有第 {at.text} 段（以 {mark} 分隔）",
                f"'{value}' has no piece {at.text} between '{mark}'",
            )
        return pieces[wanted].strip()

    return BoundStep(run, f"part {at.text} of {mark}")


def _before(node: Node) -> BoundStep:
    mark = mark_of(node, "before")
    return BoundStep(lambda value: value.partition(mark)[0].strip(), f"before {mark}")


def _after(node: Node) -> BoundStep:
    mark = mark_of(node, "after")

    def run(value: str) -> str:
        head, found, tail = value.partition(mark)
        return (tail if found else head).strip()

    return BoundStep(run, f"after {mark}")


def _replace(node: Node) -> BoundStep:
    if node.kind != "map" or not node.entries:
        raise ArgumentFault(node, "replace is a table: text to find → text to put there")
    if "" in node.entries:
        line, column = node.key_marks[""]
        raise ArgumentFault(replace(node, line=line, column=column), "replace: an empty text stands everywhere")
    pairs = [(normal(old), text_of(new, "the replacement")) for old, new in node.entries.items()]

    def run(value: str) -> str:
        for old, new in pairs:
            value = value.replace(old, new)
        return value

    return BoundStep(run, "replace " + ", ".join(f"{old}→{new}" for old, new in pairs))


def _prefix(node: Node) -> BoundStep:
    put = text_of(node, "prefix")
    return BoundStep(lambda value: put + value, f"prefix {put}")


def _suffix(node: Node) -> BoundStep:
    put = text_of(node, "suffix")
    return BoundStep(lambda value: value + put, f"suffix {put}")


def _pad(node: Node) -> BoundStep:
    width = count_of(node, "pad", 1)
    return BoundStep(lambda value: value.zfill(width), f"pad {width}")


def _trim(node: Node) -> BoundStep:
    gone = mark_of(node, "strip") + " "
    return BoundStep(lambda value: value.strip(gone), f"strip {gone.rstrip()}")


def _upper(_: Node) -> BoundStep:
    return BoundStep(str.upper, "upper")


def _category(_: Node) -> BoundStep:
    def run(value: str) -> str:
        # Wastes are classed by the last two digits of their code (名录 art. 5).
        return str(category_value.parse(waste_code.parse(value)[-2:]))

    return BoundStep(run, "category of code")


STEPS = (
    Step(
        "match",
        "the part that a pattern of the whole text captures (RE2; all, where it captures nothing)",
        "match: '(\\d{14}).*'",
        _match,
    ),
    Step("before", "what stands before a mark, or all where there is none", "before: '-'", _before),
    Step("after", "what stands after a mark, or all where there is none", "after: ':'", _after),
    Step("replace", "texts replaced by others, in the order given", "replace: {／: '-'}", _replace),
    Step("prefix", "a text put before the value", "prefix: HW", _prefix),
    Step("suffix", "a text put after the value", "suffix: 号", _suffix),
    Step("strip", "marks taken away from both ends", "strip: '[]\"'", _trim),
    Step("part", "one piece of a text between marks, counted from 1 (-1: the last)", "part: {of: '|', at: 2}", _part),
    Step("pad", "zeros put before it, up to so many characters (codes that were kept as numbers)", "pad: 6", _pad),
    Step("upper", "Latin letters as capitals", "upper", _upper, takes="nothing"),
    Step("category", "the waste's category from its code", "category", _category, takes="nothing"),
)
