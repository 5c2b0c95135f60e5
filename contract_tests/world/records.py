"""Hypothesis strategies for any valid record of each kind, read off the standard itself; for property tests.

    from contract_tests.world.records import contents, parts, records, values

    @given(records("permit"))            whole records: envelope and content, `canonical_schema.validate.faults` finds none
    @given(contents("track"))            content alone
    @given(parts(some_object_type))      one object of it
    @given(values(some_scalar_type))     values of one type, in their one spelling

Every field, word and number that the standard allows comes up, and text that is hard to carry: markup, line feeds, numbers
that are words, characters beyond the first plane. Fields stand in any order. Values are JSON: dict, list, str, int, bool.
What the standard's *rules* say isn't looked at: such records are valid, and seldom plausible. `World` gives plausible ones.

Only tests may import this module: it needs the `test` extra, which an installed gateway lacks.
"""

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from canonical_schema.digest import content_hash
from canonical_schema.errors import InvalidValue
from canonical_schema.export.scalars import scalar
from canonical_schema.fields import Field, ObjectType, ScalarType, field_tree
from canonical_schema.record import record_tree
from canonical_schema.types import SAFE_INTEGER
from canonical_schema.validate import faults
from canonical_schema.values import container_id, instant, permit_no, text, uscc

Json = dict[str, Any]
HARD_TEXTS = ('甲<乙>&amp; "丙"\'\n]]> 镕𠮷', "0012.50", "true", "null", "1e5", "a\tb\n\n c", "<![CDATA[x]]>")
MOST_ITEMS = 3
_MOST_OPTIONAL = 6


@cache
def records(kind: str) -> SearchStrategy[Json]:
    """Whole records of a kind. SchemaError where there is no such kind."""
    return parts(record_tree(kind)).map(_whole).filter(lambda record: not faults(record))


@cache
def contents(kind: str) -> SearchStrategy[Json]:
    """Contents of a kind. SchemaError where there is no such kind."""
    return parts(field_tree(kind))


def parts(part: ObjectType) -> SearchStrategy[Json]:
    """Objects of one type of the trees that `field_tree` and `record_tree` give."""
    if id(part) not in _BUILT:
        _BUILT[id(part)] = _build(part)
    return _BUILT[id(part)]


@cache
def values(kind: ScalarType) -> SearchStrategy[Any]:
    """Values of one type, in their one spelling."""
    published = scalar(kind)
    if published.words:
        return st.sampled_from(published.words)
    if published.base == "integer":
        least = -SAFE_INTEGER if published.least is None else published.least
        return st.integers(least, SAFE_INTEGER)
    if kind.name in _SPECIAL:
        return _SPECIAL[kind.name]
    shaped = st.from_regex(re.compile(f"({published.pattern})", re.ASCII), fullmatch=True)
    return shaped.filter(lambda value: _spelled(kind, value))


def _whole(record: Json) -> Json:
    """What holds between the parts of a record."""
    record.pop("previous_hash", None)
    if record["version"] > 1:
        record["previous_hash"] = "0" * 64
    record["sections"] = dict.fromkeys(record["sections"], 0)
    return record | {"content_hash": content_hash(record["content"])}


# By identity: a tree's fields are a dict, and the trees live as long as the process.
_BUILT: dict[int, SearchStrategy[Json]] = {}


def _build(part: ObjectType) -> SearchStrategy[Json]:
    fields = {name: _field(field) for name, field in part.fields.items()}
    required = frozenset(name for name, field in part.fields.items() if field.required)
    # An object has at least one field even where none is required of it.
    one_of = part.any_of or (() if required else tuple(fields))

    @st.composite
    def build(draw: st.DrawFn) -> Json:
        wanted = required | set(draw(st.lists(st.sampled_from(list(fields)), max_size=_MOST_OPTIONAL)))
        if one_of and not wanted & set(one_of):
            wanted |= {draw(st.sampled_from(one_of))}
        return {name: draw(fields[name]) for name in draw(st.permutations(sorted(wanted)))}

    return build()


def _field(field: Field) -> SearchStrategy[Any]:
    one = parts(field.type) if isinstance(field.type, ObjectType) else values(field.type)
    return st.lists(one, min_size=int(field.at_least_one), max_size=MOST_ITEMS) if field.many else one


def _spelled(kind: ScalarType, value: str) -> bool:
    try:
        return bool(kind.parse(value) == value)
    except InvalidValue:
        return False


def _read(parse: Callable[[str], str], written: SearchStrategy[str]) -> SearchStrategy[str]:
    """What `parse` makes of what is written; what it refuses is left out."""

    def taken(one: str) -> bool:
        try:
            parse(one)
        except InvalidValue:
            return False
        return True

    return written.filter(taken).map(parse)


_ANY = st.characters(codec="utf-8", exclude_characters="\ufffe\uffff").filter(
    lambda sign: sign >= " " or sign in "\t\n\r"
)
_TEXTS = st.sampled_from(HARD_TEXTS) | _read(text.parse, st.text(_ANY, min_size=1, max_size=12))
_CODES = st.from_regex("[A-Z0-9]{1,12}", fullmatch=True) | st.text(_ANY, min_size=1, max_size=8)
_DIGITAL_CODES = st.from_regex("[0-9A-Z]{18}[0-9]{8}20[0-9]{6}[0-9]{3}", fullmatch=True)
_SINCE = datetime(1900, 1, 1)  # noqa: DTZ001 - a wall clock; its offset is written behind it
_SECONDS = st.datetimes(_SINCE).map(lambda at: at.replace(microsecond=0).isoformat() + "+08:00")
_SPECIAL: dict[str, SearchStrategy[Any]] = {
    "text": _TEXTS,
    "string": st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20),
    "raw": st.text(_ANY, min_size=1, max_size=12),
    "boolean": st.booleans(),
    "instant": st.datetimes(_SINCE).map(lambda at: instant.parse(f"{at.isoformat(timespec='milliseconds')}+08:00")),
    "moment": st.one_of(
        st.dates(_SINCE.date()).map(lambda day: {"at": day.isoformat(), "precision": "day"}),
        _SECONDS.map(lambda at: {"at": at, "precision": "second"}),
        _SECONDS.map(lambda at: {"at": f"{at[:17]}00+08:00", "precision": "minute"}),
    ),
    "sections": st.dictionaries(st.from_regex("[a-z][a-z_]{0,8}", fullmatch=True), st.just(0), max_size=MOST_ITEMS),
    "uscc": st.from_regex(re.compile(uscc.PATTERN), fullmatch=True).map(
        lambda code: (first := code[:16] + uscc.organisation_check(code[8:16])) + uscc.check(first)
    ),
    "permit_no": _read(permit_no.parse, _CODES),
    "container_id": _read(container_id.parse, _DIGITAL_CODES | _CODES),
}
