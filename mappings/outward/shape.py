"""What a payload looks like beyond its values: the order of its fields, what becomes an attribute, what is put into one text."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Shape:
    """`fields` in the file's order. `mark`: the object's values (a list's items) stand in one text with it between them;
    `embedded`: the object or list is JSON in a text."""

    fields: dict[str, "Shape"] = field(default_factory=dict)
    mark: str | None = None
    embedded: bool = False


VALUE = Shape()
