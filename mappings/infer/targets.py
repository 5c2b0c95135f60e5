"""The standard's fields as something to be looked for: what names them, what their values look like, in which list they stand."""

from dataclasses import dataclass
from functools import cache

from canonical_schema.fields import Field, ObjectType, ScalarType, field_tree
from mappings.infer.names import Wanted
from mappings.infer.vocabulary import Idea, idea_of, ideas, table

KIND = "manifest"
PARTIES = ("consignor", "consignee", "carrier")
ROLES = (
    "consignor", "consignee", "carrier", "driver", "escort", "void", "backfill", "attachment", "handover",
    "from", "to", "device", "trailer",
)  # fmt: skip
"""What, said of another thing around it, keeps a name from being this one's."""


@dataclass(frozen=True)
class Target:
    """`field`: its path in the standard. `lists`: those that it stands in, outermost first. `many`: it is a list of values itself."""

    field: str
    type: str
    shape: str
    wanted: Wanted
    lists: tuple[str, ...]
    many: bool
    title: str
    title_en: str

    @property
    def role(self) -> str:
        return self.wanted.role.name if self.wanted.role is not None else ""


@dataclass(frozen=True)
class Extra:
    """What isn't a field of the standard, but is looked for all the same: it decides, or would be taken for a field."""

    name: str
    words: str
    shape: str


EXTRAS = (
    Extra("newer/time", "changed time?", "moment"),
    Extra("newer/number", "version", "count"),
    Extra("other/created", "created time", "moment"),
    Extra("other/internal", "internal", "identifier"),
    Extra("other/voided", "flag? void", "boolean"),
    Extra("other/backfilled", "flag? backfill", "boolean"),
)


@cache
def targets() -> tuple[Target, ...]:
    return (*(_target(row) for row in table("fields.csv")), *(_extra(one) for one in EXTRAS))


@cache
def by_field() -> dict[str, Target]:
    return {one.field: one for one in reversed(targets())}


def _target(row: dict[str, str]) -> Target:
    chain = field_chain(row["field"])
    leaf = chain[-1]
    assert isinstance(leaf.type, ScalarType)
    lists = tuple("/".join(row["field"].split("/")[: depth + 1]) for depth, one in enumerate(chain[:-1]) if one.many)
    many = leaf.many
    if row["field"] == "legs/via/name":  # names in a list: the text of many things, as a list of values is
        lists, many = lists[:-1], True
    if row["field"] == "local_numbers/number":
        lists = ()
    role = ideas()[row["role"]] if row["role"] else None
    shape = row["shape"] or leaf.type.name
    titles = tuple(_titles(chain))
    return Target(
        row["field"],
        leaf.type.name,
        shape,
        Wanted(role, _ideas(row["words"]), titles),
        lists,
        many,
        leaf.title,
        leaf.title_en,
    )


def _titles(chain: list[Field]) -> list[Idea]:
    """The field's own title, where that names it: 姓名 is the title of many."""
    leaf = chain[-1]
    return [idea_of("title", leaf.title, leaf.title_en)] if len(chain) == 1 or len(leaf.title) > 4 else []


def _extra(one: Extra) -> Target:
    return Target(one.name, "", one.shape, Wanted(None, _ideas(one.words), ()), (), many=False, title="", title_en="")


def _ideas(words: str) -> tuple[tuple[Idea, bool], ...]:
    return tuple((ideas()[word.rstrip("?")], word.endswith("?")) for word in words.split())


def field_chain(path: str) -> list[Field]:
    """The fields on the way to a field of the standard.

    >>> [one.title for one in field_chain("consignor/uscc")]
    ['移出人', '统一社会信用代码']
    """
    tree: ObjectType | ScalarType = field_tree(KIND)
    chain: list[Field] = []
    for name in path.split("/"):
        assert isinstance(tree, ObjectType)
        chain.append(tree.fields[name])
        tree = chain[-1].type
    return chain
