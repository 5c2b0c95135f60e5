"""Whether a JSON value is a record of the standard: envelope and content, every value in its one spelling.

The walk over the field tree finds all faults at once, in both languages and with their places; then the model of the
kind has the last word, so that nothing passes here which the models refuse.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from canonical_schema.digest import content_hash
from canonical_schema.errors import InvalidValue
from canonical_schema.fields import Field, ObjectType, field_tree
from canonical_schema.kinds.registry import KINDS
from canonical_schema.problem import nearest
from canonical_schema.record import MASK, SECTION, record_tree
from canonical_schema.types import SAFE_INTEGER, ScalarType
from canonical_schema.values import moment
from canonical_schema.values.text import shown

_INTEGERS = {"int": -SAFE_INTEGER, "count": 1}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a place: a JSON Pointer from the record's root, or an XPath. Chinese and English words."""

    place: str
    zh: str
    en: str


def faults(record: Any) -> list[Fault]:
    """All faults of a record; none where it is one of the standard."""
    if not isinstance(record, dict):
        return [Fault("", "记录应为对象", "a record is an object")]
    kind = record.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        return [_unknown_kind(kind, missing="kind" not in record)]
    tree = record_tree(kind)
    found = list(_object(tree, record))
    if not found:
        found = list(_model(kind, record["content"]))
    return found or list(_whole(record))


def content_faults(kind: str, content: Any) -> list[Fault]:
    """All faults of a record's content, with places from its root."""
    if kind not in KINDS:
        return [_unknown_kind(kind, missing=False)]
    found = list(_object(field_tree(kind), content))
    return found or [replace(one, place=one.place.removeprefix("/content")) for one in _model(kind, content)]


def _unknown_kind(kind: Any, *, missing: bool) -> Fault:
    known = ", ".join(KINDS)
    if missing:
        return Fault("/kind", f"缺少种类(kind): {known}", f"kind is missing; there are {known}")
    meant = nearest(kind, KINDS) if isinstance(kind, str) else ""
    zh, en = (f", 是否指 {meant}?", f"; did you mean '{meant}'?") if meant else ("", "")
    return Fault(
        "/kind",
        f"没有“{_shown(kind)}”这一种类{zh} 现有 {known}",
        f"there is no kind '{_shown(kind)}'{en} There are {known}",
    )


def _object(part: ObjectType, value: Any) -> Iterator[Fault]:
    """Faults with places relative to this object."""
    if not isinstance(value, dict):
        yield Fault(
            "", f"此处应为对象, 而非{_kind_of(value)[0]}", f"an object is expected here, not {_kind_of(value)[1]}"
        )
        return
    if not value and not any(field.required for field in part.fields.values()):
        yield Fault("", "对象没有任何字段", "the object has no field at all")
    elif part.any_of and not any(name in value for name in part.any_of):
        names = ", ".join(part.any_of)
        yield Fault("", f"{names} 至少应有一项", f"at least one of {names} is needed")
    for name in value:
        if name not in part.fields:
            yield _unknown_field(part, str(name))
    for field in part.fields.values():
        if field.name in value:
            yield from _under(f"/{field.name}", _field(field, value[field.name]))
        elif field.required:
            yield Fault(
                f"/{field.name}",
                f"缺少{field.title}({field.name})",
                f"{field.name} ({field.title_en.lower()}) is missing",
            )


def _unknown_field(part: ObjectType, name: str) -> Fault:
    meant = nearest(name, part.fields)
    zh, en = (f", 是否指 {meant}?", f"; did you mean '{meant}'?") if meant else ("", "")
    place = "/" + shown(name).replace("~", "~0").replace("/", "~1")
    return Fault(place, f"未知字段“{shown(name)}”{zh}", f"unknown field '{shown(name)}'{en}")


def _field(field: Field, value: Any) -> Iterator[Fault]:
    if not field.many:
        yield from _value(field, value)
        return
    if not isinstance(value, list):
        yield Fault("", f"此处应为列表, 而非{_kind_of(value)[0]}", f"a list is expected here, not {_kind_of(value)[1]}")
    elif not value and field.at_least_one:
        yield Fault("", "列表为空; 没有则不写此字段", "the list is empty; an absent field isn't there")
    else:
        for place, item in enumerate(value):
            yield from _under(f"/{place}", _value(field, item))


def _value(field: Field, value: Any) -> Iterator[Fault]:
    if isinstance(field.type, ObjectType):
        yield from _object(field.type, value)
    elif field.type.name == "moment":
        yield from _moment(value)
    elif field.type.name == "sections":
        yield from _sections(value)
    elif field.type.name in _INTEGERS:
        yield from _integer(value, _INTEGERS[field.type.name])
    elif field.type.name == "boolean":
        if not isinstance(value, bool):
            yield _wrong_type("true 或 false", "true or false", value)
    elif not isinstance(value, str):
        yield _wrong_type("字符串", "a string", value)
    else:
        yield from _string(field.type, value)


def _string(kind: ScalarType, value: str) -> Iterator[Fault]:
    try:
        spelling = kind.parse(value)
    except InvalidValue as error:
        yield Fault("", error.zh, error.en)
        return
    if spelling != value:
        right = shown(str(spelling))
        yield Fault("", f"“{shown(value)}”应写作“{right}”", f"'{shown(value)}' isn't in its one spelling, '{right}'")
    elif kind.name == "tonnes" and value.startswith("-"):
        yield Fault("", f"数量为负: {value}", f"a quantity isn't negative: {value}")


def _integer(value: Any, least: int) -> Iterator[Fault]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield _wrong_type("整数", "a whole number", value)
    elif not least <= value <= SAFE_INTEGER:
        span = f"{least} … {SAFE_INTEGER}"
        yield Fault("", f"整数应在 {span} 之间", f"a whole number here is within {span}")


def _moment(value: Any) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield _wrong_type('对象 {"at": …, "precision": …}', 'an object {"at": …, "precision": …}', value)
        return
    for name in value.keys() - {"at", "precision"}:
        yield Fault(f"/{name}", f"未知字段“{shown(str(name))}”", f"unknown field '{shown(str(name))}'")
    for name in ("at", "precision"):
        if name not in value:
            yield Fault(f"/{name}", f"缺少 {name}", f"{name} is missing")
        elif not isinstance(value[name], str):
            yield Fault(f"/{name}", f"{name} 应为字符串", f"{name} is a string")
    at, precision = value.get("at"), value.get("precision")
    if isinstance(at, str) and isinstance(precision, str) and not moment.valid(at, precision):
        yield Fault(
            "",
            f"“{shown(at)}”与精度“{shown(precision)}”不是时刻的标准写法",
            f"'{shown(at)}' to the '{shown(precision)}' isn't the one spelling of a moment",
        )


def _sections(value: Any) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield _wrong_type("对象", "an object", value)
        return
    for name, index in value.items():
        if not SECTION.fullmatch(name):
            yield Fault(f"/{name}", f"“{shown(name)}”不是部分名称", f"'{shown(name)}' is no name of a section")
        yield from _under(f"/{name}", _integer(index, 0))


def _model(kind: str, content: dict[str, Any]) -> Iterator[Fault]:
    """What only the model finds."""
    try:
        KINDS[kind].model_validate(content)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            place = "/content" + "".join(f"/{step}" for step in fault["loc"])
            cause = (fault.get("ctx") or {}).get("error")
            words = str(fault["msg"]).removeprefix("Value error, ")
            if isinstance(cause, InvalidValue):
                yield Fault(place, cause.zh, cause.en)
            else:
                yield Fault(place, f"不符合标准: {words}", words)


def _whole(record: dict[str, Any]) -> Iterator[Fault]:
    """What holds between the parts of a record."""
    for name, index in record["sections"].items():
        if index >= len(record["claims"]):
            yield Fault(f"/sections/{name}", f"没有第 {index} 个声明(从 0 起)", f"there is no claim {index}")
    if (record["version"] == 1) == ("previous_hash" in record):
        yield Fault(
            "/previous_hash",
            "第 1 版没有前版摘要, 其后各版都有",
            "version 1 has no previous hash, and every later one has",
        )
    for place, pointer in enumerate(record.get("masked", ())):
        if _at(record["content"], pointer) != MASK:
            yield Fault(f"/masked/{place}", f"{pointer} 处不是 {MASK}", f"there is no {MASK} at {pointer}")
    # A masked content isn't the one that was hashed.
    if "masked" not in record and content_hash(record["content"]) != record["content_hash"]:
        right = content_hash(record["content"])
        yield Fault("/content_hash", f"与内容不符, 应为 {right}", f"it isn't the content's, which is {right}")


def _at(content: Any, pointer: str) -> Any:
    """What the pointer leads to; None where it leads nowhere."""
    for step in pointer.split("/")[1:]:
        if isinstance(content, list) and step.isdecimal() and int(step) < len(content):
            content = content[int(step)]
        elif isinstance(content, dict):
            content = content.get(step.replace("~1", "/").replace("~0", "~"))
        else:
            return None
    return content


def _wrong_type(zh: str, en: str, value: Any) -> Fault:
    is_zh, is_en = _kind_of(value)
    return Fault("", f"应为{zh}, 而非{is_zh}", f"expected {en}, not {is_en}")


def _kind_of(value: Any) -> tuple[str, str]:
    if value is None:
        return "null (没有则不写此字段)", "null (an absent field isn't there)"
    if isinstance(value, bool):
        return str(value).lower(), str(value).lower()
    if isinstance(value, (int, float)):
        return f"数字 {_shown(value)}", f"the number {_shown(value)}"
    if isinstance(value, str):
        return f"字符串“{shown(value)}”", f"the string '{shown(value)}'"
    return ("列表", "a list") if isinstance(value, list) else ("对象", "an object")


def _shown(value: Any) -> str:
    return shown(repr(value) if not isinstance(value, str) else value)


def _under(prefix: str, below: Iterable[Fault]) -> Iterator[Fault]:
    return (Fault(prefix + fault.place, fault.zh, fault.en) for fault in below)
