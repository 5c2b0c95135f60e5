"""The shape of a mapping once it's read: frozen values, every one with the place that declared it.

A mapping is a tree of nodes along the fields of what it makes. `id` numbers the nodes that lineage refers to; `place` is
`file:line`, since a node may come from the pack's shared file.
"""

from collections.abc import Callable
from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass, field
from typing import Any, Literal

from canonical_schema.fields import ScalarType
from mappings.paths import SourcePath
from mappings.steps.step import BoundStep

OnRefusal = Literal["absent", "reject", "default"]


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds where the cleaned text of `read` passes `test` (or, negated, doesn't). A blank is the empty text."""

    read: SourcePath
    test: Callable[[str], bool]
    negated: bool
    words: frozenset[str] | None = None  # of `is`: a membership test needs no call


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where a refused value goes: a list beside the field, as {system_key: system, value_key: value}."""

    list_field: str
    system_key: str
    value_key: str
    system: str


@dataclass(frozen=True, slots=True)
class Amount:
    """How a quantity becomes tonnes: its unit, said once, read beside it, or standing in the value itself (`inside`).

    `units`: their word → a unit we know. `steps`: what is done with the unit's text first.
    """

    read: SourcePath | None
    fixed: str | None
    units: ReadOnly[str, str]
    steps: tuple[BoundStep, ...] = ()
    inside: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A function of all the texts that are read, None where one is blank."""

    run: Callable[..., Any]
    label: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """One scalar (with `split`: a list of them made from one text)."""

    id: int
    field: str
    type: ScalarType
    place: str
    reads: tuple[SourcePath, ...] = ()
    join: str | None = None
    call: Call | None = None
    whole: Call | None = None  # the one read is a list: this makes a text of it
    steps: tuple[BoundStep, ...] = ()
    cut: int = 0  # how many of them are the mapping's own `steps`: what they leave blank is blank
    split: str | None = None
    into: str | None = None  # with split: each part becomes an object with this one field
    numbered: bool = False  # and with its position, counted from 1, as seq
    constant: Any = None
    position: int | None = None
    default: Any = None
    required: bool = False
    refused: OnRefusal = "absent"
    elsewhere: Elsewhere | None = None
    amount: Amount | None = None
    conditions: tuple[Condition, ...] = ()

    @property
    def standing(self) -> bool:
        """Stands by itself: says nothing that the source said, so it makes no object exist."""
        return self.constant is not None or self.position is not None


@dataclass(frozen=True, slots=True)
class ObjectNode:
    field: str
    children: tuple["FieldNode", ...]
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class ListNode:
    """One item for each element at `each` (None: for each row of the record's group).

    `where`: conditions on the element. `distinct`: of elements with the same value there only the first counts.
    `once`: of items that are scalars each is there once.
    """

    id: int
    field: str
    place: str
    each: SourcePath | None
    children: tuple["FieldNode", ...]
    value: Leaf | None  # the items are scalars
    numbered: bool  # the items have a seq: the source's own, else the position counted from 1
    conditions: tuple[Condition, ...] = ()
    where: tuple[Condition, ...] = ()
    distinct: SourcePath | None = None
    once: bool = True


@dataclass(frozen=True, slots=True)
class FirstNode:
    """An object (with `value`: a scalar) made from the first element at `each` that passes `where` and says something."""

    id: int
    field: str
    place: str
    each: SourcePath
    children: tuple["FieldNode", ...]
    conditions: tuple[Condition, ...] = ()
    where: tuple[Condition, ...] = ()
    value: Leaf | None = None


@dataclass(frozen=True, slots=True)
class PartsNode:
    """A list written out: each part is one item (an object, or a scalar), or a list whose items follow one another."""

    id: int
    field: str
    place: str
    parts: tuple["ObjectNode | Leaf | ListNode", ...]
    numbered: bool
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyNode:
    """Several rules for one field: the first that gives a value."""

    id: int
    field: str
    rules: tuple[Leaf, ...]


FieldNode = Leaf | AnyNode | ObjectNode | ListNode | FirstNode | PartsNode


@dataclass(frozen=True, slots=True)
class MappingSpec:
    """`records`: the path of the records, with `*` for each list that is passed on the way; `group`: what the rows of one
    record share; `embedded`: places in a record whose text is a document, and its form."""

    file: str
    kind: str
    standard: str
    xml: bool
    system: str
    fillers: frozenset[str]
    records: SourcePath
    group: tuple[SourcePath, ...]
    key: Leaf | None  # None: the name of the document (a file's name)
    newer: Leaf | None
    fields: tuple[FieldNode, ...]
    ignored: ReadOnly[SourcePath, str] = field(default_factory=dict)
    embedded: ReadOnly[tuple[str, ...], str] = field(default_factory=dict)
    partial: bool = False
