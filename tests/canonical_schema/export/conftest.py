"""Schemas built once a kind, and records generated from the field tree: every type, every field, any text."""

import re
from datetime import datetime
from functools import cache
from types import SimpleNamespace

import jsonschema
import pytest
import xmlschema
from hypothesis import strategies as st
from lxml import etree

from canonical_schema.digest import content_hash
from canonical_schema.export.json_schema import json_schema
from canonical_schema.export.scalars import scalar
from canonical_schema.export.xsd import xsd
from canonical_schema.fields import ObjectType
from canonical_schema.record import record_tree
from canonical_schema.validate import faults
from canonical_schema.values import instant, text, uscc


@cache
def judges_of(kind):
    published = xsd(kind)
    return SimpleNamespace(
        json=jsonschema.Draft202012Validator(json_schema(kind), format_checker=jsonschema.FormatChecker()),
        lxml=etree.XMLSchema(etree.fromstring(published)),
        xmlschema=xmlschema.XMLSchema10(published.decode()),
    )


@pytest.fixture(scope="session")
def judges():
    """kind → .json (jsonschema), .lxml and .xmlschema (two readers of the XSD)."""
    return judges_of


@pytest.fixture(scope="session")
def records():
    """kind → strategy of whole records without faults."""
    return generated


@cache
def generated(kind):
    return _object(record_tree(kind)).map(_sound).filter(lambda record: not faults(record))


def _sound(record):
    """What holds between the parts of a record."""
    record.pop("previous_hash", None)
    if record["version"] > 1:
        record["previous_hash"] = "0" * 64
    record["sections"] = dict.fromkeys(record["sections"], 0)
    return record | {"content_hash": content_hash(record["content"])}


def _object(part: ObjectType):
    # By identity: a tree's fields are a dict, and the trees live as long as the process.
    if id(part) not in BUILT:
        BUILT[id(part)] = _build(part)
    return BUILT[id(part)]


BUILT = {}


def _build(part):
    fields = {name: _field(field) for name, field in part.fields.items()}
    names = list(part.fields)
    anywhere = part.any_of or (() if any(one.required for one in part.fields.values()) else tuple(names))

    @st.composite
    def build(draw):
        wanted = {name for name in names if part.fields[name].required}
        wanted |= set(draw(st.lists(st.sampled_from(names), max_size=6)))
        if anywhere and not wanted & set(anywhere):
            wanted.add(draw(st.sampled_from(anywhere)))
        # In any order: an object has none.
        return {name: draw(fields[name]) for name in draw(st.permutations(sorted(wanted)))}

    return build()


def _field(field):
    one = _object(field.type) if isinstance(field.type, ObjectType) else _scalar(field.type)
    return st.lists(one, min_size=int(field.at_least_one), max_size=3) if field.many else one


@cache
def _scalar(type_):
    published = scalar(type_)
    if published.words:
        return st.sampled_from(published.words)
    if published.base == "integer":
        least = -(2**53) + 1 if published.least is None else published.least
        return st.integers(least, 2**53 - 1)
    if type_.name in SPECIAL:
        return SPECIAL[type_.name]
    return st.from_regex(re.compile(f"({published.pattern})", re.ASCII), fullmatch=True).filter(
        lambda value: _canonical(type_, value)
    )


def _canonical(type_, value):
    try:
        return type_.parse(value) == value
    except ValueError:
        return False


_ANY = st.characters(codec="utf-8", exclude_categories=("Cs",), exclude_characters="\ufffe\uffff").filter(
    lambda sign: sign >= " " or sign in "\t\n\r"
)


def _is_text(value):
    try:
        return bool(text.parse(value))
    except ValueError:
        return False


_TEXT = st.one_of(
    st.sampled_from(['甲<乙>&amp; "丙"\'\n]]> 镕𠮷', "0012.50", "true", "null", "1e5", "a\tb\n\n c", "<![CDATA[x]]>"]),
    st.text(_ANY, min_size=1, max_size=12).filter(_is_text).map(text.parse).filter(_is_text).map(text.parse),
)
YEAR_1900 = datetime(1900, 1, 1)
_INSTANT = st.datetimes(YEAR_1900).map(lambda at: f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}+08:00")
_SECOND = st.datetimes(YEAR_1900).map(lambda at: at.replace(microsecond=0).isoformat() + "+08:00")
SPECIAL = {
    "text": _TEXT,
    "string": st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20),
    "raw": st.text(_ANY, min_size=1, max_size=12),
    "boolean": st.booleans(),
    "instant": _INSTANT.map(instant.parse),
    "moment": st.one_of(
        st.dates(YEAR_1900.date()).map(lambda day: {"at": day.isoformat(), "precision": "day"}),
        _SECOND.map(lambda at: {"at": at, "precision": "second"}),
        _SECOND.map(lambda at: {"at": f"{at[:17]}00+08:00", "precision": "minute"}),
    ),
    "sections": st.dictionaries(st.from_regex("[a-z][a-z_]{0,8}", fullmatch=True), st.just(0), max_size=3),
    "uscc": st.from_regex(re.compile(uscc.PATTERN), fullmatch=True).map(
        lambda code: (first := code[:16] + uscc.organisation_check(code[8:16])) + uscc.check(first)
    ),
    "permit_no": st.from_regex("[A-Z0-9]{1,12}", fullmatch=True),
    "container_id": st.from_regex("[A-Z0-9]{1,12}", fullmatch=True),
}
