"""What is handed over to a system, and what it says to that."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.decode.places import value_at
from adapters.decode.xml_text import parse_xml
from adapters.errors import Malformed
from adapters.protocol.template import Raw

OWN_SLOTS: Final = ("key", "record_id", "version", "kind")
DOCUMENT_SLOTS: Final = ("document", "document64", "content")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One record version in a system's own form: `text` is the document, `values` the same as plain values. `key` is the
    idempotency key, the same at every attempt."""

    kind: str
    record_id: str
    version: int
    key: str
    text: str = field(repr=False)
    values: Any = field(repr=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The target holds it. `already_held`: it did so before this attempt, as far as it tells. `words` are its own."""

    status: int
    already_held: bool
    words: str


def slots_of(outgoing: Outgoing, fields: Mapping[str, str], charset: str) -> dict[str, Any]:
    """What fills a request: `{document}` as it stands, in Base64, as plain values (`{content}`, for JSON), what it is called,
    and the declared fields of it. Raises Malformed where the document lacks one of these, or the charset a character."""
    filled: dict[str, Any] = {
        "key": outgoing.key,
        "record_id": outgoing.record_id,
        "version": outgoing.version,
        "kind": outgoing.kind,
        "document": Raw(outgoing.text),
        "document64": b64encode(encoded(outgoing.text, charset)).decode("ascii"),
        "content": outgoing.values,
    }
    document = parse_xml(outgoing.text)[1] if fields and outgoing.text.startswith("<") else outgoing.values
    for name, place in fields.items():
        found = value_at(document, place)
        if found is None or found == "" or isinstance(found, dict | list):
            raise Malformed(f"the document has no value at {place}, which fills {{{name}}} (报文中缺少 {place})")
        filled[name] = str(found)
    return filled


def encoded(text: str, charset: str) -> bytes:
    """Raises Malformed naming the character that the charset lacks."""
    try:
        return text.encode(charset)
    except UnicodeEncodeError as error:
        raise Malformed(
            f"the document holds {error.object[error.start]!r}, which {charset} lacks (字符集不含该字符)"
        ) from None
