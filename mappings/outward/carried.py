"""The values that the standard knows, to say which of them a payload carries."""

from collections.abc import Iterator

from canonical_schema.fields import ObjectType


def leaves_of(tree: ObjectType, prefix: str = "", within: tuple[str, ...] = ()) -> Iterator[str]:
    """The way to every value of an object, list positions left out."""
    for field in tree.fields.values():
        here = f"{prefix}{field.name}"
        if not isinstance(field.type, ObjectType):
            yield here
        elif field.type.name not in within:
            yield from leaves_of(field.type, f"{here}/", (*within, field.type.name))
