"""What the records of a document are worth: each can be a claim, or is refused. Pure.

The pipeline, a trial run and the cases of a pack all ask here, so that what is shown is what would be stored.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from adapters.payload import Document
from canonical_schema import structure
from canonical_schema.digest import canonical_bytes
from mappings import Mapped, Program, Refused
from mappings.program import Look

_ROW = re.compile(r"/\d+(?=/|,|$)|\[\d+\]")
_PLACE = re.compile(r"（[^（）]*）$")


@dataclass(frozen=True, slots=True)
class Judged:
    """A record that can be a claim. `body` is its content in canonical form."""

    mapped: Mapped
    body: bytes


def judged(
    program: Program, documents: Sequence[Document], name: str, look: Look = None
) -> Iterator[tuple[Document, Judged | Refused]]:
    """Every record of the documents of one exchange, in order, with the one that it (or its first row) stands in.
    `name`: of the file or address they came in, where one has none of its own. `look` is shown each document that holds records."""
    for document, one in _run(program, documents, name, look):
        yield document, one if isinstance(one, Refused) else _judged(program, one)


def _run(
    program: Program, documents: Sequence[Document], name: str, look: Look
) -> Iterator[tuple[Document, Mapped | Refused]]:
    if any(document.spread for document in documents):
        known = {document.id: document for document in documents}
        named = ((document.id, document.tree, document.name or name) for document in documents)
        yield from ((known[at], one) for at, one in program.run_spread(named, look))
    else:
        for document in documents:
            yield from ((document, one) for one in program.each(document.tree, document.name or name, look))


def place_of(document: Document, place: str) -> str:
    """A place in one of several documents, for people."""
    return f"{document.name}#{place}" if document.name else place


def stands_in(place: str, name: str) -> bool:
    """Whether `place_of` has put it into a document of this name.

    >>> stands_in("b.xml#/r/row[1]", "b.xml"), stands_in("/rows/0", ""), stands_in("b.xml", "b.xml")
    (True, True, False)
    """
    return place.startswith(f"{name}#") if name else place == "" or place.startswith("/")


def is_whole(place: str) -> bool:
    """Whether it is a document's, or that of the list its records were looked for in: no row of it is named. Of XML only
    the first can be told.

    >>> is_whole("a.json#/list"), is_whole(""), is_whole("/list/0/key"), is_whole("/*[local-name()='row'][1]")
    (True, True, False, False)
    """
    return _ROW.search(place.rpartition("#")[2]) is None


def unplaced(reasons: Iterable[str]) -> tuple[str, ...]:
    """Reasons without the place in the mapping file that they end with: it moves with every line above it.

    >>> unplaced(["/key：缺少 / required（mappings/provinces/js/manifests.yaml:10）"])
    ('/key：缺少 / required',)
    """
    return tuple(_PLACE.sub("", reason) for reason in reasons)


def _judged(program: Program, mapped: Mapped) -> Judged | Refused:
    refused = Refused(mapped.source_key, mapped.place, (), b"")
    if reasons := _breaks(program, mapped.content):
        return replace(refused, reasons=reasons)
    try:
        return Judged(mapped, canonical_bytes(mapped.content))
    except (TypeError, ValueError) as error:  # content that has no canonical form: it costs this record alone
        told = f"内容无法写成标准形式 / the content has no canonical form: {error}"
        return replace(refused, reasons=(told,))


def _breaks(program: Program, content: dict[str, Any]) -> tuple[str, ...]:
    """Why the content can't be a claim. A notice may lack what a record needs, and needs a number to belong to."""
    faults = structure.faults(program.kind, content)
    if program.spec.partial:
        if not {"national_no", "local_numbers"} & content.keys():
            return ("部分记录没有联单编号 / a partial claim needs a number to belong to",)
        faults = [fault for fault in faults if fault.pointer.count("/") != 1 or fault.pointer[1:] in content]
    return tuple(f"{fault.pointer}：{fault.zh} / {fault.en}" for fault in faults)
