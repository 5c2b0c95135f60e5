"""Steps on text: cut, capture, replace, add."""

import re2

from canonical_schema.declared import Node
from canonical_schema.values import category as category_value
from canonical_schema.values import waste_code
from mappings.steps.step import ArgumentFault, BoundStep, Step, normal, refuse, text_of

_QUIET = re2.Options()
_QUIET.log_errors = False  # the fault is ours to tell, not the library's on standard error


def _match(node: Node) -> BoundStep:
    """`match: form`, or `match: {form: …, zh: …, en: …}` with the words for what a value of that form is."""
    named = node.kind == "map"
    if named and (set(node.entries) != {"form", "zh", "en"}):
        raise ArgumentFault(node, "match is a pattern, or a map with: form, zh, en")
    pattern = text_of(node.entries["form"] if named else node, "a pattern")
    try:
        compiled = re2.compile(pattern, _QUIET)
    except re2.error as error:
        raise ArgumentFault(node, f"match: not a pattern of RE2 syntax: {error}") from error
    if strange := set(pattern) - set(normal(pattern)):
        raise ArgumentFault(
            node, f"match: source values are NFKC text before their steps and never hold {' '.join(sorted(strange))}"
        )
    group = 1 if compiled.groups else 0
    zh = text_of(node.entries["zh"], "zh") if named else f"符合 {pattern} 的值"
    en = text_of(node.entries["en"], "en") if named else f"value of the form {pattern}"

    def run(value: str) -> str:
        found = compiled.fullmatch(value)
        if not found or not found.group(group):
            raise refuse(value, f"“{value}”不是{zh}", f"'{value}' is no {en}")
        return str(found.group(group))

    return BoundStep(run, f"match {pattern}")


def _before(node: Node) -> BoundStep:
    mark = normal(text_of(node, "before"))
    return BoundStep(lambda value: value.partition(mark)[0].strip(), f"before {mark}")


def _after(node: Node) -> BoundStep:
    mark = normal(text_of(node, "after"))

    def run(value: str) -> str:
        head, found, tail = value.partition(mark)
        return (tail if found else head).strip()

    return BoundStep(run, f"after {mark}")


def _replace(node: Node) -> BoundStep:
    if node.kind != "map" or not node.entries:
        raise ArgumentFault(node, "replace is a table: text to find → text to put there")
    pairs = [(normal(old), text_of(new, "the replacement")) for old, new in node.entries.items()]

    def run(value: str) -> str:
        for old, new in pairs:
            value = value.replace(old, new)
        return value

    return BoundStep(run, "replace " + ", ".join(f"{old}→{new}" for old, new in pairs))


def _prefix(node: Node) -> BoundStep:
    put = text_of(node, "prefix")
    return BoundStep(lambda value: put + value, f"prefix {put}")


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
    Step("upper", "Latin letters as capitals", "upper", _upper),
    Step("category", "the waste's category from its code", "category", _category),
)
