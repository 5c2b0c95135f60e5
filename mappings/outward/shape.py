"""What a payload looks like beyond its values: the order of its fields, and what of it is put into one text."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Shape:
    """`fields` in the file's order. `mark` stands between the values of an object or list that is one text, `between`
    between a list's objects that are texts by `mark` themselves; `embedded`: it is JSON in a text. `place`: of the rule."""

    fields: dict[str, "Shape"] = field(default_factory=dict)
    mark: str | None = None
    between: str | None = None
    embedded: bool = False
    place: str = ""


VALUE = Shape()
