"""The standard's scalar types as annotated pydantic types, and what a field says of itself.

A model takes canonical JSON: a value that isn't in its one spelling is refused, even where `parse` understands it.
`None` isn't absence: an absent field isn't there (canonical.md §1).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Strict, model_validator

from canonical_schema.errors import InvalidFormat, InvalidValue, UnknownCode
from canonical_schema.values import (
    category,
    container_id,
    division,
    form,
    hazard,
    instant,
    manifest_no,
    method,
    moment,
    number,
    permit_no,
    plate,
    quantity,
    text,
    uscc,
    verbatim,
    waste_code,
)

SAFE_INTEGER = 2**53 - 1
"""Beyond it a JSON number isn't exact everywhere (RFC 8785)."""

FindingId = Literal["M000", "M001", "M002", "M010", "M050"]


@dataclass(frozen=True, slots=True)
class ScalarType:
    """A type of leaf: `parse` gives its one spelling or raises InvalidValue; `finding` is the rule for a refused value."""

    name: str
    parse: Callable[[str], Any]
    words: tuple[str, ...] = ()
    finding: FindingId = "M000"


@dataclass(frozen=True, slots=True)
class About:
    """What a field is for its readers: titles, the law or standard it comes from, and whether it is personal."""

    title: str
    title_en: str
    description: str = ""
    unit: str = ""
    source: str = ""
    personal: bool = False
    section: str = ""


class Part(BaseModel):
    """An object of the standard. Unknown fields, nulls, empty lists and empty objects are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ANY_OF: ClassVar[tuple[str, ...]] = ()
    """At least one of these fields must be there."""

    @model_validator(mode="before")
    @classmethod
    def _present(cls, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        if not value:
            raise ValueError("an object has at least one field")
        if empty := [str(name) for name, inner in value.items() if inner is None or inner == []]:
            raise ValueError(f"an absent field isn't there, it is neither null nor an empty list: {', '.join(empty)}")
        if cls.ANY_OF and not any(name in value for name in cls.ANY_OF):
            raise ValueError(f"at least one of {', '.join(cls.ANY_OF)} must be there")
        return value

    def canonical(self) -> dict[str, Any]:
        """The JSON value: dicts, lists, strings, integers and booleans, absent fields left out."""
        dumped: dict[str, Any] = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        return dumped


def _one_spelling(parse: Callable[[str], Any]) -> AfterValidator:
    def check(value: str) -> str:
        if parse(value) != value:
            raise ValueError(f"'{text.shown(value)}' isn't in its one spelling, '{text.shown(str(parse(value)))}'")
        return value

    return AfterValidator(check)


def _not_negative(value: str) -> str:
    if value.startswith("-"):
        raise ValueError(f"a quantity isn't negative: {value}")
    return value


def _integer(written: str) -> int:
    value = number.parse(written)
    if "." in value:
        raise InvalidFormat(written, f"“{text.shown(written)}”不是整数", f"'{text.shown(written)}' is no whole number")
    if abs(int(value)) > SAFE_INTEGER:
        quoted = text.shown(written)
        raise InvalidFormat(
            written, f"“{quoted}”超出整数范围", f"'{quoted}' is beyond ±(2^53 - 1), where JSON is exact"
        )
    return int(value)


def _category_or_code(written: str) -> str:
    """A whole category (HW08) or one waste code, as lists of agreements name them."""
    try:
        return category.parse(written)
    except InvalidValue:
        return waste_code.parse(written)


_TRUTH = {"true": True, "false": False, "是": True, "否": False, "yes": True, "no": False}


def _boolean(written: str) -> bool:
    value = _TRUTH.get(text.compact(written).casefold())
    if value is None:
        quoted = text.shown(written)
        raise UnknownCode(written, f"“{quoted}”既不是“是”也不是“否”", f"'{quoted}' is neither true nor false")
    return value


@cache
def word(words: tuple[str, ...]) -> ScalarType:
    """The type of an enumeration (a Literal in the models)."""

    def parse(written: str) -> str:
        value = written if written in words else text.compact(written).casefold()
        if value not in words:
            known, quoted = ", ".join(words), text.shown(written)
            raise UnknownCode(written, f"“{quoted}”不在 {known} 之中", f"'{quoted}' is none of {known}")
        return value

    return ScalarType("word", parse, words)


class MomentValue(Part):
    """`{"at": …, "precision": …}`, see values/moment.py."""

    at: str
    precision: Literal["day", "minute", "second"]

    @model_validator(mode="after")
    def _valid(self) -> "MomentValue":
        if not moment.valid(self.at, self.precision):
            raise ValueError(f"'{self.at}' to the {self.precision} isn't the one spelling of a moment")
        return self


Text = Annotated[str, _one_spelling(text.parse), ScalarType("text", text.parse)]
String = Annotated[str, _one_spelling(verbatim.parse), ScalarType("string", verbatim.parse)]
Number = Annotated[str, _one_spelling(number.parse), ScalarType("number", number.parse)]
Tonnes = Annotated[
    str, _one_spelling(quantity.parse), AfterValidator(_not_negative), ScalarType("tonnes", quantity.parse)
]
Int = Annotated[int, Strict(), ScalarType("int", _integer)]
Boolean = Annotated[bool, Strict(), ScalarType("boolean", _boolean)]
Moment = Annotated[MomentValue, ScalarType("moment", moment.parse)]
Instant = Annotated[str, _one_spelling(instant.parse), ScalarType("instant", instant.parse)]
DivisionCode = Annotated[str, _one_spelling(division.parse), ScalarType("division", division.parse)]
ManifestNo = Annotated[
    str, _one_spelling(manifest_no.parse), ScalarType("manifest_no", manifest_no.parse, finding="M001")
]
Uscc = Annotated[str, _one_spelling(uscc.parse), ScalarType("uscc", uscc.parse, finding="M002")]
WasteCode = Annotated[str, _one_spelling(waste_code.parse), ScalarType("waste_code", waste_code.parse, finding="M010")]
Category = Annotated[str, _one_spelling(category.parse), ScalarType("category", category.parse, finding="M010")]
Hazard = Annotated[str, _one_spelling(hazard.parse), ScalarType("hazard", hazard.parse)]
Money = Annotated[str, _one_spelling(number.parse), ScalarType("money", number.parse)]
CategoryOrCode = Annotated[
    str, _one_spelling(_category_or_code), ScalarType("category_or_code", _category_or_code, finding="M010")
]
Form = Annotated[str, _one_spelling(form.parse), ScalarType("form", form.parse)]
Method = Annotated[str, _one_spelling(method.parse), ScalarType("method", method.parse)]
Plate = Annotated[str, _one_spelling(plate.parse), ScalarType("plate", plate.parse, finding="M050")]
PermitNo = Annotated[str, _one_spelling(permit_no.parse), ScalarType("permit_no", permit_no.parse)]
ContainerId = Annotated[str, _one_spelling(container_id.parse), ScalarType("container_id", container_id.parse)]
