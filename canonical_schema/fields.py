"""The standard's fields as a tree, read off the models: for the mapping compiler, the structure check and the exports."""

from dataclasses import dataclass
from functools import cache
from inspect import cleandoc
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from canonical_schema.errors import SchemaError
from canonical_schema.kinds.registry import KINDS
from canonical_schema.types import About, Part, ScalarType, word

__all__ = ["Field", "ObjectType", "ScalarType", "field_tree"]


@dataclass(frozen=True, slots=True)
class ObjectType:
    """An object: its fields by their JSON name in the standard's order; `any_of`: at least one of these is there."""

    name: str
    fields: dict[str, "Field"]
    any_of: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field. `many`: a list of `type`, which has at least one item where it is there (`at_least_one`)."""

    name: str
    type: ScalarType | ObjectType
    many: bool
    required: bool
    at_least_one: bool
    personal: bool
    title: str
    title_en: str
    section: str = ""
    description: str = ""
    unit: str = ""
    source: str = ""


@cache
def field_tree(kind: str) -> ObjectType:
    """The fields of a kind. SchemaError where there is no such kind."""
    if kind not in KINDS:
        raise SchemaError(f"there is no kind '{kind}'; there are {', '.join(KINDS)}")
    return _object(KINDS[kind])


@cache
def _object(part: type[Part]) -> ObjectType:
    hints = get_type_hints(part, include_extras=True)
    fields = [_field(info.alias or name, hints[name], info) for name, info in part.model_fields.items()]
    return ObjectType(part.__name__, {field.name: field for field in fields}, part.ANY_OF, cleandoc(part.__doc__ or ""))


def _field(name: str, hint: Any, info: FieldInfo) -> Field:
    inner, *extras = get_args(hint)
    about = next(extra for extra in extras if isinstance(extra, About))
    inner = _present(inner)
    many = get_origin(inner) is tuple
    # Annotated within Annotated is one: a required scalar brings its type beside its About.
    scalar = next((extra for extra in extras if isinstance(extra, ScalarType)), None)
    kind = scalar or _type(get_args(inner)[0] if many else inner)
    return Field(
        name=name,
        type=kind,
        many=many,
        required=info.is_required(),
        at_least_one=many,
        personal=about.personal,
        title=about.title,
        title_en=about.title_en,
        section=about.section,
        description=about.description,
        unit=about.unit,
        source=about.source,
    )


def _present(hint: Any) -> Any:
    """The hint without its None."""
    if get_origin(hint) in {Union, UnionType}:
        return next(part for part in get_args(hint) if part is not NoneType)
    return hint


def _type(hint: Any) -> ScalarType | ObjectType:
    if get_origin(hint) is Annotated:
        return next(extra for extra in get_args(hint)[1:] if isinstance(extra, ScalarType))
    if get_origin(hint) is Literal:
        return word(get_args(hint))
    return _object(hint)
