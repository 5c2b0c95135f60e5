"""Documents that stand as text in a record: JSON in a string, XML in a CDATA section, found by their declared place.

Each is a document of its own, whose parent and place in it lineage names. Its identity says both, so that nothing has to be
kept for it: `d1:json:/data/list/3/wastes` is the JSON at that place of d1.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lxml import etree

from mappings.document import plain
from mappings.errors import RecordRefused

CHAIN = {"json": ["string", "json"], "xml": ["string", "xml"]}
MEDIA_TYPES = {"json": "application/json", "xml": "application/xml"}


def opened(row: Any, places: Mapping[tuple[str, ...], str], file: str) -> Any:
    """The row with its embedded documents in place of their text; the row itself stays as it was. RecordRefused."""
    for place, form in places.items():
        row = _replaced(row, place, form, place, file)
    return row


def _replaced(value: Any, rest: tuple[str, ...], form: str, place: tuple[str, ...], file: str) -> Any:
    if not rest:
        text = value.get("") if isinstance(value, dict) else value  # an element of XML that has attributes
        return parsed(text, form, place, file) if isinstance(text, str) and text.strip() else value
    if rest[0] == "*":
        items = value if isinstance(value, list) else [value]
        return [_replaced(item, rest[1:], form, place, file) for item in items]
    if not isinstance(value, dict) or rest[0] not in value:
        return value
    return value | {rest[0]: _replaced(value[rest[0]], rest[1:], form, place, file)}


def parsed(text: str, form: str, place: tuple[str, ...], file: str) -> Any:
    """What the text holds, as mappings read it. RecordRefused."""
    try:
        if form == "xml":
            return plain(_sound(etree.fromstring(text.strip().encode(), _xml_parser())))
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_no_twins)
    except (ValueError, RecursionError, etree.XMLSyntaxError) as error:
        where, told = "/".join(place), str(error) or type(error).__name__
        raise RecordRefused(
            f"{where} 中的 {form.upper()} 无法读取 / the {form.upper()} in {where} can't be read: {told}（{file}）"
        ) from error


def _sound(root: Any) -> Any:
    if root.getroottree().docinfo.doctype:
        raise ValueError("a DOCTYPE isn't accepted")
    return root


def _xml_parser() -> etree.XMLParser:
    return etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False)


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
    return f"{document}:{form}:{source}"


def described(document: str) -> dict[str, Any]:
    """An embedded document as lineage lists it (id, parent, chain, media type), from its identity alone.

    >>> described("d1:json:/list/0/w")["parent"]
    {'document': 'd1', 'source': '/list/0/w'}
    """
    parent, form, source = document.split(":", 2)
    return {
        "id": document,
        "parent": {"document": parent, "source": source},
        "chain": CHAIN[form],
        "media_type": MEDIA_TYPES[form],
    }


def is_embedded(document: str) -> bool:
    return ":" in document
