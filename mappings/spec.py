"""The shape of a mapping once it's read: frozen values, every one with the line that declared it.

A mapping is a tree of nodes along the standard's fields. `id` numbers the nodes that lineage refers to.
"""

from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass, field
from typing import Any

from canonical_schema.fields import ScalarType
from mappings.paths import SourcePath
from mappings.steps.step import BoundStep


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds where the cleaned text of `read` is in `words` (or, negated, isn't). No words: where there is any value."""

    read: SourcePath
    words: frozenset[str] | None
    negated: bool


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where a refused value goes: a list beside the field, as {system_key: system, value_key: value}."""

    list_field: str
    system_key: str
    value_key: str
    system: str


@dataclass(frozen=True, slots=True)
class Amount:
    """How a quantity becomes tonnes: its unit, said once or read beside it. `units`: their word → a unit we know."""

    read: SourcePath | None
    fixed: str | None
    units: ReadOnly[str, str]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One canonical scalar (with `split`: a list of them made from one text)."""

    id: int
    field: str
    type: ScalarType
    line: int
    reads: tuple[SourcePath, ...] = ()
    join: str | None = None
    steps: tuple[BoundStep, ...] = ()
    split: str | None = None
    into: str | None = None  # with split: each part becomes an object with this one field
    constant: Any = None
    position: int | None = None
    default: Any = None
    required: bool = False
    reject: bool = False
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
    """One item for each element at `each` (None: for each row of the record's group)."""

    id: int
    field: str
    line: int
    each: SourcePath | None
    children: tuple["FieldNode", ...]
    value: Leaf | None  # the items are scalars
    numbered: bool  # the items have a seq: the source's own, else the position counted from 1
    conditions: tuple[Condition, ...] = ()

    @property
    def ruled(self) -> bool:
        """Whether the mapping has a rule for the seq."""
        return any(child.field == "seq" for child in self.children)


@dataclass(frozen=True, slots=True)
class ItemsNode:
    """A list written out item by item."""

    id: int
    field: str
    line: int
    items: tuple[ObjectNode, ...]
    numbered: bool
    conditions: tuple[Condition, ...] = ()

    @property
    def ruled(self) -> bool:
        return any(child.field == "seq" for item in self.items for child in item.children)


@dataclass(frozen=True, slots=True)
class AnyNode:
    """Several rules for one field: the first that gives a value."""

    id: int
    field: str
    rules: tuple[Leaf, ...]
    conditions: tuple[Condition, ...] = ()


FieldNode = Leaf | AnyNode | ObjectNode | ListNode | ItemsNode


@dataclass(frozen=True, slots=True)
class MappingSpec:
    file: str
    kind: str
    standard: str
    xml: bool
    system: str
    fillers: frozenset[str]
    records: SourcePath
    group: SourcePath | None
    key: Leaf | None  # None: the name of the document (a file's name)
    newer: Leaf | None
    fields: tuple[FieldNode, ...]
    ignored: ReadOnly[SourcePath, str] = field(default_factory=dict)
