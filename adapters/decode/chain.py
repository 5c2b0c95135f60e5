"""The decode chain: declared steps, run once to decode and again, from what was recorded, to prove.

    zip:PATTERN   each member of a ZIP          bytes → bytes       xml      text → tree
    gzip          gzip or zlib                  bytes → bytes       json     text → tree
    base64        Base64                        bytes/text → bytes  soap     tree → text   (what the operation returned)
    text:CHARSET  bytes to Unicode              bytes → text        at:PLACE tree → text   (JSON Pointer or XPath)
    csv:DELIMITER rows under a header line      text → text         string   text → text   (an embedded document begins)
    ndjson        a value on each line          text → text         (both give the list of the rows, for json)

A tree is a document; what `soap` or `at` take out of it starts another whose parent it is. What can't be decoded is one
Damaged, and all else goes on.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.decode.archive_gzip import gunzip
from adapters.decode.archive_zip import member, members
from adapters.decode.base64_text import unbase64
from adapters.decode.embedded import embedded, evaluate
from adapters.decode.json_text import parse_json
from adapters.decode.room import Room
from adapters.decode.rows_text import csv_fault, csv_rows, ndjson_rows
from adapters.decode.text import charset_of, decode_text, known_charset
from adapters.decode.xml_text import parse_xml
from adapters.decode.xpath import xpath_fault
from adapters.errors import Malformed
from adapters.limits import Limits
from adapters.payload import Damaged, Decoded, Document
from canonical_schema.problem import nearest

# step -> what it takes and what it gives
STEPS: dict[str, tuple[set[str], str]] = {
    "zip": ({"bytes"}, "bytes"),
    "gzip": ({"bytes"}, "bytes"),
    "base64": ({"bytes", "text"}, "bytes"),
    "text": ({"bytes"}, "text"),
    "string": ({"text"}, "text"),
    "csv": ({"text"}, "text"),
    "ndjson": ({"text"}, "text"),
    "json": ({"text"}, "JSON tree"),
    "xml": ({"text"}, "XML tree"),
    "soap": ({"XML tree"}, "text"),
    "at": ({"XML tree", "JSON tree"}, "text"),
}
ROWS = {"csv": csv_rows, "ndjson": ndjson_rows}
MEDIA_TYPES = {"json": "application/json", "xml": "application/xml"}


def check_chain(steps: Sequence[str]) -> str:
    """What is wrong with a declared chain, in one sentence; "" when nothing is."""
    holds, before = "bytes", ""
    for step in steps:
        name, _, argument = step.partition(":")
        if name not in STEPS:
            return f"{name!r} is no decoding step; there are {', '.join(STEPS)} (没有这个解码步骤)"
        takes, gives = STEPS[name]
        if holds not in takes:
            return f"{step!r} takes {' or '.join(sorted(takes))}, but has {holds} before it (与前一步不衔接)"
        if name == "text" and argument and not known_charset(charset_of(argument)):
            return f"{argument!r} is no known charset (未知字符集)"
        if name == "csv" and (wrong := csv_fault(argument)):
            return wrong
        if before in ROWS and name != "json":
            return f"{before!r} gives a list that json reads, not {name} (其后应为 json)"
        before = name
        if name == "at" and (wrong := _place_fault(argument, holds)):
            return wrong
        holds = gives
    return (
        ""
        if holds.endswith("tree")
        else f"the chain ends with {holds}; its last step must be json or xml (最后一步须为 json 或 xml)"
    )


def meant_step(steps: Sequence[str]) -> str:
    """What the first step that isn't known was likely meant to be; "" where nothing resembles it."""
    unknown = (name for step in steps if (name := step.partition(":")[0]) not in STEPS)
    return next((nearest(name, STEPS) for name in unknown), "")


def _place_fault(place: str, holds: str) -> str:
    if place and holds == "XML tree":
        return xpath_fault(place, nodes=True)
    return "" if place.startswith("/") else "'at' needs a place: at:/json/pointer or at:/an/xpath (缺少位置)"


@dataclass(frozen=True, slots=True)
class Vet:
    """Further demands: each gives the reasons why a member's bytes, or a document to be mapped, is damaged all the same."""

    member: Callable[[str, bytes], tuple[str, ...]] = lambda _name, _body: ()
    document: Callable[[str, Any], tuple[str, ...]] = lambda _name, _tree: ()


NO_VET = Vet()


def decode(payload: bytes, steps: Sequence[str], limits: Limits, *, name: str = "", vet: Vet = NO_VET) -> Decoded:
    """All documents of a payload in order, d1, d2 …, and what is damaged."""
    run = _Run(limits, vet)
    run.follow(payload, tuple(steps), (), None, name)
    return Decoded(tuple(run.documents), tuple(run.damaged))


def outer_trees(payload: bytes, steps: Sequence[str], limits: Limits) -> list[Any]:
    """The trees of the documents that can be read, from the outermost in, though what stands in them can't."""
    trees: list[Any] = []
    for position, step in enumerate(steps):
        if step in MEDIA_TYPES:
            found = decode(payload, steps[: position + 1], limits).documents
            if not found:
                break
            trees.append(found[-1].tree)
    return trees


class _Run:
    """One decoding under way: what was found so far."""

    def __init__(self, limits: Limits, vet: Vet) -> None:
        self.limits = limits
        self.vet = vet
        self.documents: list[Document] = []
        self.damaged: list[Damaged] = []
        self.room = Room.of(limits)

    def follow(
        self,
        value: bytes | str,
        steps: tuple[str, ...],
        done: tuple[str, ...],
        parent: tuple[str, str] | None,
        name: str,
    ) -> None:
        unit = value
        try:
            for position, step in enumerate(steps):
                kind, _, argument = step.partition(":")
                if kind == "zip":
                    assert isinstance(value, bytes)
                    self._members(value, argument, steps[position + 1 :], done)
                    return
                if kind in MEDIA_TYPES:
                    self._document(value, kind, steps[position + 1 :], done, parent, name, unit)
                    return
                value, recorded = transform(value, kind, argument, self.room.bounds)
                if kind == "gzip":
                    self.room.take(len(value))
                done = (*done, recorded)
        except Malformed as error:
            self._damage(name, parent, unit, (_told(error),))

    def _members(self, body: bytes, pattern: str, rest: tuple[str, ...], done: tuple[str, ...]) -> None:
        for inner, data in members(body, pattern, self.room):
            if isinstance(data, Malformed):
                self._damage(inner, None, f"{inner}\n{data.words}", (_told(data),))
            elif reasons := self.vet.member(inner, data):
                self._damage(inner, None, data, reasons)
            else:
                self.follow(data, rest, (*done, f"zip:{inner}"), None, inner)

    def _document(
        self,
        text: bytes | str,
        kind: str,
        rest: tuple[str, ...],
        done: tuple[str, ...],
        parent: tuple[str, str] | None,
        name: str,
        unit: bytes | str,
    ) -> None:
        assert isinstance(text, str)
        bare, tree = _parse(text, kind, self.limits)
        faults = () if rest else self.vet.document(name, tree)
        if faults:
            self._damage(name, parent, unit, faults)
            return
        identity = f"d{len(self.documents) + 1}"
        document = Document(identity, parent, (*done, kind), MEDIA_TYPES[kind], bare, tree, name)
        if not rest:
            self.documents.append(document)
            return
        source, inner = embedded(tree, rest[0])
        before = len(self.documents)
        self.documents.append(document)
        self.follow(inner, rest[1:], (), (identity, source), name)
        if len(self.documents) == before + 1:
            # its only child is damaged: alone, the envelope would be taken for a document to be mapped
            self.documents.pop()

    def _damage(self, name: str, parent: tuple[str, str] | None, unit: bytes | str, reasons: tuple[str, ...]) -> None:
        place = " ".join(part for part in (name, f"{parent[0]} {parent[1]}" if parent else "") if part)
        self.damaged.append(Damaged(place, reasons, digest(unit)))


def transform(value: bytes | str, kind: str, argument: str, limits: Limits) -> tuple[bytes | str, str]:
    """(the value after a step that gives bytes or text, the step as recorded). Raises Malformed."""
    if kind == "string":
        return value, kind
    if kind == "base64":
        return unbase64(value), kind
    if kind in ROWS:
        assert isinstance(value, str)
        return ROWS[kind](value, argument, limits), f"{kind}:{argument}" if argument else kind
    assert isinstance(value, bytes)
    if kind == "gzip":
        return gunzip(value, limits), kind
    return decode_text(value, argument)


def redecode(payload: bytes, described: Sequence[Mapping[str, Any]], limits: Limits | None = None) -> list[Document]:
    """The documents again, from stored bytes and recorded chains alone. Raises Malformed when the bytes aren't those."""
    bounds, known = limits or Limits(), dict[str, Document]()
    for one in described:
        parent = (one["parent"]["document"], one["parent"]["source"]) if one["parent"] else None
        value: bytes | str = evaluate(known[parent[0]].tree, parent[1]) if parent else payload
        name = known[parent[0]].name if parent else ""
        for step in one["chain"]:
            kind, _, argument = step.partition(":")
            if kind == "zip":
                assert isinstance(value, bytes)
                value, name = member(value, argument, bounds), argument
            elif kind in MEDIA_TYPES:
                assert isinstance(value, str)
                text, tree = _parse(value, kind, bounds)
                chain, spread = tuple(one["chain"]), one.get("spread", False)
                known[one["id"]] = Document(one["id"], parent, chain, one["media_type"], text, tree, name, spread)
            else:
                value, _ = transform(value, kind, argument, bounds)
    return list(known.values())


def _parse(text: str, kind: str, limits: Limits) -> tuple[str, Any]:
    return parse_xml(text) if kind == "xml" else (text, parse_json(text, limits))


def digest(unit: bytes | str) -> str:
    return hashlib.sha256(unit if isinstance(unit, bytes) else unit.encode("utf-8", "surrogatepass")).hexdigest()


def _told(error: Malformed) -> str:
    return f"line {error.line}, column {error.column}: {error.words}" if error.line else error.words
