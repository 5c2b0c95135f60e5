"""Structure: what a record must have to exist at all. A fault here is quarantine, never a warning (canonical.md §4).

It looks at presence and at negative quantities; that single values are well formed is the types' work, done while
mapping. Nearly every record is sound, so a yes or no is compiled from the field tree (a quarter of the walk's time),
and only a record that isn't is walked to name its faults.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from canonical_schema.fields import Field, ObjectType, field_tree


@dataclass(frozen=True, slots=True)
class StructureFault:
    """A break: `pointer` is a JSON Pointer into the content, the words are Chinese and English."""

    pointer: str
    zh: str
    en: str


def faults(kind: str, content: dict[str, Any]) -> list[StructureFault]:
    """All breaks of a record's content; empty where it can exist."""
    return [] if _sound(kind)(content) else list(_walk(field_tree(kind), content))


def _walk(part: ObjectType, value: Any) -> Iterator[StructureFault]:
    """Faults with pointers relative to this object."""
    if value.__class__ is not dict:
        yield StructureFault("", "此处应为对象", "an object is expected here")
        return
    if not value and not part.any_of and not any(field.required for field in part.fields.values()):
        yield StructureFault("", "没有任何字段", "has no field at all")
    if part.any_of and not any(name in value for name in part.any_of):
        titles = "、".join(part.fields[name].title for name in part.any_of)
        names = ", ".join(part.any_of)
        yield StructureFault("", f"{titles} 至少应有一项", f"at least one of {names} is needed")
    for field in part.fields.values():
        if field.name in value:
            yield from _under(f"/{field.name}", _walk_field(field, value[field.name]))
        elif field.required:
            yield _missing(field)


def _walk_field(field: Field, value: Any) -> Iterator[StructureFault]:
    if field.many:
        if value.__class__ is not list:
            yield StructureFault("", "此处应为列表", "a list is expected here")
        elif not value:
            yield StructureFault("", "列表为空", "the list is empty")
        elif isinstance(field.type, ObjectType):
            for place, item in enumerate(value):
                yield from _under(f"/{place}", _walk(field.type, item))
    elif isinstance(field.type, ObjectType):
        yield from _walk(field.type, value)
    elif field.type.name == "tonnes" and str(value).startswith("-"):
        yield StructureFault("", f"{field.title}为负: {value}", f"{field.title_en.lower()} is negative: {value}")


def _under(prefix: str, below: Iterable[StructureFault]) -> Iterator[StructureFault]:
    return (StructureFault(prefix + fault.pointer, fault.zh, fault.en) for fault in below)


def _missing(field: Field) -> StructureFault:
    title = field.title_en.lower()
    if field.at_least_one:
        return StructureFault(f"/{field.name}", f"没有{field.title}(至少一项)", f"no {title} (at least one)")
    return StructureFault(f"/{field.name}", f"缺少{field.title}", f"{title} is missing")


@cache
def _sound(kind: str) -> Callable[[dict[str, Any]], bool]:
    """A function: whether the content has no fault."""
    tree = field_tree(kind)
    parts: dict[str, list[str]] = {}
    _compile(tree, parts)
    source = "\n".join(line for lines in parts.values() for line in lines)
    scope: dict[str, Any] = {}
    exec(source, scope)  # noqa: S102 - the source is made of our own models' field names only
    sound: Callable[[dict[str, Any]], bool] = scope[tree.name]
    return sound


def _compile(part: ObjectType, parts: dict[str, list[str]]) -> None:
    """Adds the source of the part's function, its parts' before it. Bare objects are asked for emptiness in place."""
    if part.name in parts:
        return
    conditions = [f"{field.name!r} not in v" for field in part.fields.values() if field.required]
    if part.any_of:
        conditions.append(" and ".join(f"{name!r} not in v" for name in part.any_of))
    lines = [f"    if {condition}: return False" for condition in conditions or ["not v"]]
    for field in part.fields.values():
        if isinstance(field.type, ObjectType) and not _bare(field.type):
            _compile(field.type, parts)
        if check := _check(field):
            lines += [f"    if {field.name!r} in v:", f"        x = v[{field.name!r}]", *check]
    parts[part.name] = [f"def {part.name}(v):", *lines, "    return True"]


def _check(field: Field) -> list[str]:
    faulty = ""
    if isinstance(field.type, ObjectType):
        below = "not {0}" if _bare(field.type) else f"not {field.type.name}({{0}})"
        faulty = f"{{0}}.__class__ is not dict or {below}"
    if field.many:
        each = ["        for y in x:", f"            if {faulty.format('y')}: return False"] if faulty else []
        return ["        if x.__class__ is not list or not x: return False", *each]
    if faulty:
        return [f"        if {faulty.format('x')}: return False"]
    return ["        if x[0] == '-': return False"] if field.type.name == "tonnes" else []


def _bare(part: ObjectType) -> bool:
    """Whether nothing is asked of the object but that it has a field."""
    plain = not any(field.required or _check(field) for field in part.fields.values())
    return plain and not part.any_of
