"""The forms that control files have: XML asked by XPath, JSON by pointer, and the lines that sha256sum and md5sum write.

d2ab…  LD_20260101.zip        one digest and one name a line; `*` before the name is sha256sum's "binary"
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lxml import etree

from adapters.decode.json_text import parse_json
from adapters.decode.pointer import point
from adapters.decode.text import decode_text
from adapters.decode.xml_text import parse_xml
from adapters.decode.xpath import ask
from adapters.errors import Malformed
from adapters.limits import Limits
from adapters.spec import MarkerSpec

Read = Callable[[str | None], str]
"""From a declared place to the text there; "" where there is none, or nothing is declared."""
LINE = re.compile(r"([0-9A-Fa-f]{32,128})[ \t]+\*?(.+?)[ \t]*")


@dataclass(frozen=True, slots=True)
class Form:
    whole: Read
    members: tuple[Read, ...]


def reader(body: bytes, marker: MarkerSpec, limits: Limits) -> Form:
    """Raises Malformed where the control file doesn't have its form."""
    return FORMS[marker.format](decode_text(body, marker.charset)[0], marker, limits)


def _xml(text: str, marker: MarkerSpec, _: Limits) -> Form:
    root = parse_xml(text)[1]
    found = ask(root, marker.member) if marker.member else []
    if not all(isinstance(one, etree._Element) for one in found):  # noqa: SLF001 - lxml's public name for an element
        found = []
    return Form(_in_xml(root), tuple(map(_in_xml, found)))


def _in_xml(node: etree._Element) -> Read:
    return lambda path: str(ask(node, f"string({path})")).strip() if path else ""


def _json(text: str, marker: MarkerSpec, limits: Limits) -> Form:
    tree = parse_json(text, limits)
    found = point(tree, marker.member) if marker.member else []
    return Form(_in_json(tree), tuple(map(_in_json, found if isinstance(found, list) else [])))


def _in_json(tree: Any) -> Read:
    def read(pointer: str | None) -> str:
        value = point(tree, pointer) if pointer else None
        if value is None or isinstance(value, dict | list):
            return ""
        return str(value).strip()

    return read


def _sums(text: str, _: MarkerSpec, __: Limits) -> Form:
    members: list[Read] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        found = LINE.fullmatch(line)
        if found is None:
            words = f"line {number} of the control file is no digest and name (控制文件第 {number} 行不是摘要和文件名)"
            raise Malformed(words, line=number, column=1)
        said = {"name": found[2], "digest": found[1]}
        members.append(lambda place, said=said: said.get(place or "", ""))  # type: ignore[misc]
    return Form(lambda _: "", tuple(members))


FORMS: dict[str, Callable[[str, MarkerSpec, Limits], Form]] = {"xml": _xml, "json": _json, "sums": _sums}
