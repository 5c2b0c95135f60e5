"""Documents that stand as text in a record: JSON in a string, XML in a CDATA section, found by their declared place.

Each is a document of its own, whose parent and place in it lineage names. Its identity says both, so that nothing has to be
kept for it: `d1:json:/data/list/3/extra` is the JSON at that place of d1, and one within it adds its own form and place.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lxml import etree

from canonical_schema.errors import InvalidValue
from canonical_schema.values import number
from canonical_schema.values.text import compact
from mappings.document import plain
from mappings.errors import RecordRefused
from mappings.paths import is_position

CHAIN = {"json": ["string", "json"], "xml": ["string", "xml"]}
MEDIA_TYPES = {"json": "application/json", "xml": "application/xml"}

Steps = tuple[str | int, ...]
Bare = tuple[Steps, bool, str | None]


def opened(
    row: Any, places: Mapping[tuple[str, ...], str], fillers: frozenset[str], file: str
) -> tuple[Any, list[Bare]]:
    """The row with its embedded documents in place of their text, and the places without one: (place, whether something else
    stood there, the blank text or filler, None where nothing was). The row itself stays as it was. RecordRefused."""
    bare: list[Bare] = []
    for place, form in places.items():
        row = _replaced(row, place, form, (), fillers, file, bare)
    return row, bare


def _replaced(
    value: Any,
    rest: tuple[str, ...],
    form: str,
    at: Steps,
    fillers: frozenset[str],
    file: str,
    bare: list[Bare],
) -> Any:
    if not rest:
        text = value.get("") if isinstance(value, dict) else value  # an element of XML that has attributes
        if isinstance(text, str) and compact(text) not in fillers:
            return parsed(text, form, at, file)
        blank = isinstance(text, str)
        bare.append((at, not blank and value is not None, text if blank else None))
        return None if blank else value
    if rest[0] == "*":
        items = value if isinstance(value, list) else [] if value is None else [value]
        return [_replaced(item, rest[1:], form, (*at, place), fillers, file, bare) for place, item in enumerate(items)]
    if isinstance(value, list) and is_position(rest[0]) and int(rest[0]) < len(value):
        at_, inner = int(rest[0]), list(value)
        inner[at_] = _replaced(inner[at_], rest[1:], form, (*at, rest[0]), fillers, file, bare)
        return inner
    if not isinstance(value, dict) or rest[0] not in value:
        bare.append(((*at, *rest), False, None))
        return value
    return value | {rest[0]: _replaced(value[rest[0]], rest[1:], form, (*at, rest[0]), fillers, file, bare)}


def parsed(text: str, form: str, at: Steps, file: str) -> Any:
    """What the text holds, as mappings read it. RecordRefused."""
    try:
        text.encode()
        if form == "xml":
            return plain(_sound(etree.fromstring(text.strip().encode(), _xml_parser())))
        tree = json.loads(text, parse_float=_number, parse_constant=_no_number, object_pairs_hook=_no_twins)
        json.dumps(tree, ensure_ascii=False, default=str).encode()
    except (ValueError, RecursionError, etree.XMLSyntaxError) as error:
        where, told = "/".join(map(str, at)), str(error) or type(error).__name__
        raise RecordRefused(
            f"{where} 中的 {form.upper()} 无法读取 / the {form.upper()} in {where} can't be read: {told}（{file}）"
        ) from error
    return tree


def _sound(root: Any) -> Any:
    if root.getroottree().docinfo.doctype:
        raise ValueError("a DOCTYPE isn't accepted")
    return root


def _xml_parser() -> etree.XMLParser:
    return etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False)


def _number(word: str) -> Decimal:
    """As exact as it's written, and no longer than a number may be: 1e-999999999 isn't one."""
    try:
        number.decimal(word)
    except InvalidValue as error:
        raise ValueError(error.en) from error
    return Decimal(word)


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) < len(pairs):
        names = [name for name, _ in pairs]
        twin = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key '{twin}' stands there twice")
    return out


def identity(document: str, form: str, source: str) -> str:
    """The id of the document at a place of another."""
    return f"{document}:{form}:{source.replace('%', '%25').replace(':', '%3A')}"


def described(document: str) -> dict[str, Any]:
    """An embedded document as lineage lists it (id, parent, chain, media type), from its identity alone.

    >>> described("d1:json:/list/0/w")["parent"], described("d1:json:/list/0/w:xml:/a%3Ab")["parent"]
    ({'document': 'd1', 'source': '/list/0/w'}, {'document': 'd1:json:/list/0/w', 'source': '/a:b'})
    """
    parent, form, source = document.rsplit(":", 2)
    return {
        "id": document,
        "parent": {"document": parent, "source": source.replace("%3A", ":").replace("%25", "%")},
        "chain": CHAIN[form],
        "media_type": MEDIA_TYPES[form],
    }


def nested(document: str) -> list[str]:
    """The ids of the embedded documents from the outermost to this one; none for a document of the payload.

    >>> nested("d1:json:/w:xml:/x"), nested("d1")
    (['d1:json:/w', 'd1:json:/w:xml:/x'], [])
    """
    parts = document.split(":")
    return [":".join(parts[:end]) for end in range(3, len(parts) + 1, 2)]
