"""What a step is: a pure function of text, and the words that say what it does.

A step gets the cleaned text of the source value and gives text, or a canonical value that the field's type has
checked already. What it can't understand it refuses with InvalidValue; the mapping says what follows from that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from unicodedata import normalize

from canonical_schema.declared import Node
from canonical_schema.errors import InvalidFormat

StepFunction = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class BoundStep:
    """A step with its arguments: the function, and the label that lineage shows. `words`: what a table lists."""

    run: StepFunction
    label: str
    looks_up: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One member of the list. `bind` reads the argument (where none stands, the step's own node); ArgumentFault says what
    is wrong with it, and where. A step may take no argument, or do without one."""

    name: str
    summary: str
    example: str
    bind: Callable[[Node], BoundStep]
    takes: Literal["argument", "nothing", "maybe"] = "argument"


class ArgumentFault(Exception):
    """An argument in a mapping file isn't what the step takes."""

    def __init__(self, node: Node, words: str, suggestion: str = "") -> None:
        super().__init__(words)
        self.node, self.words, self.suggestion = node, words, suggestion


def text_of(node: Node, what: str) -> str:
    if node.kind != "scalar":
        raise ArgumentFault(node, f"{what} is one text")
    return str(node.text)


def texts_of(node: Node, what: str) -> tuple[str, ...]:
    """One text or a list of texts."""
    if node.kind == "scalar":
        return (str(node.text),)
    if node.kind == "list" and node.items:
        return tuple(text_of(item, what) for item in node.items)
    raise ArgumentFault(node, f"{what} is a text or a list of texts")


def mark_of(node: Node, what: str) -> str:
    """A text that is looked for in source values, in their form; never empty."""
    mark = normal(text_of(node, what))
    if not mark:
        raise ArgumentFault(node, f"{what} may not be empty")
    return mark


def count_of(node: Node, what: str, least: int = 0, most: int = 40) -> int:
    text = text_of(node, what)
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and least <= int(text) <= most):
        raise ArgumentFault(node, f"{what} is a whole number from {least} to {most}")
    return int(text)


def normal(text: str) -> str:
    """What a mapping writes, in the form that source values have before their steps: `（` never stands in those."""
    return normalize("NFKC", text)


def refuse(value: str, zh: str, en: str) -> InvalidFormat:
    return InvalidFormat(value, zh, en)
