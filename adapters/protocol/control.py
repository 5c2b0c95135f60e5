"""A drop's control file: what the archive and its members should be. Read once, kept with the exchange, asked again at decoding."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lxml import etree

from adapters.decode.text import decode_text
from adapters.decode.xml_text import parse_xml
from adapters.decode.xpath import ask
from adapters.errors import Malformed
from adapters.spec import MarkerSpec

HEADER = "control"


@dataclass(frozen=True, slots=True)
class Expected:
    """What the control file says of one member; "" and None where it doesn't say."""

    name: str
    rows: int | None
    sha256: str

    def of_bytes(self, body: bytes) -> tuple[str, ...]:
        found = hashlib.sha256(body).hexdigest()
        if not self.sha256 or found == self.sha256:
            return ()
        return (f"its SHA-256 is {found}, the control file says {self.sha256} (摘要与控制文件不符)",)

    def of_rows(self, count: int) -> tuple[str, ...]:
        if self.rows is None or count == self.rows:
            return ()
        return (f"it has {count} rows, the control file says {self.rows} (行数与控制文件不符)",)


@dataclass(frozen=True, slots=True)
class Control:
    archive_sha256: str
    members: tuple[Expected, ...]

    def as_header(self) -> dict[str, str]:
        return {HEADER: json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))}


def from_headers(headers: Mapping[str, str]) -> Control | None:
    """The control file's words, as they were kept with the exchange."""
    if HEADER not in headers:
        return None
    kept: dict[str, Any] = json.loads(headers[HEADER])
    return Control(kept["archive_sha256"], tuple(Expected(**one) for one in kept["members"]))


def read_control(body: bytes, marker: MarkerSpec) -> Control:
    """Raises Malformed where it isn't readable XML, or names no member."""
    _, root = parse_xml(decode_text(body, "")[0])
    members = ask(root, marker.member)
    if not members or not all(isinstance(one, etree._Element) for one in members):  # noqa: SLF001 - lxml's public name for an element
        raise Malformed(f"the control file names no member at {marker.member} (控制文件中没有文件清单)")
    archive = _text(root, marker.archive_sha256).lower()
    return Control(archive, tuple(_expected(member, marker) for member in members))


def _expected(member: Any, marker: MarkerSpec) -> Expected:
    name, rows = _text(member, marker.member_name), _text(member, marker.member_rows)
    if not name:
        raise Malformed("the control file has a member without a name (控制文件中有未命名的文件)")
    if rows and not (rows.isascii() and rows.isdigit()):
        raise Malformed(f"the control file says {rows!r} rows (控制文件的行数不是数字)")
    return Expected(name, int(rows) if rows else None, _text(member, marker.member_sha256).lower())


def _text(node: etree._Element, path: str | None) -> str:
    return str(ask(node, f"string({path})")).strip() if path else ""
