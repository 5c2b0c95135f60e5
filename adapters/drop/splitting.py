"""A dropped file of any size as parts that fit into memory, each a document; what is broken is told as one of them.

The file is read twice: first to see that it can be unpacked to its end and is what its control file says, then to be cut. So
nothing is handed on of a file, or of a member, that isn't whole.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from adapters.decode.chain import digest as unit_digest
from adapters.decode.pieces import Key, Piece, keeps_ascii, pieces
from adapters.decode.streams import Chunks, contents
from adapters.decode.text import decode_text, used_charset
from adapters.decode.xml_text import parse_xml
from adapters.decode.xpath import ask
from adapters.errors import Malformed
from adapters.limits import MEGABYTE, Limits
from adapters.payload import Damaged
from adapters.protocol.control import Control, Expected
from adapters.protocol.digests import started
from adapters.spec import DatasetSpec, SplitSpec


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the file, or of its member `name`; or what is damaged instead."""

    name: str
    piece: Piece | None = None
    damaged: Damaged | None = None


def hashed(file: BinaryIO, algorithms: Collection[str]) -> dict[str, str]:
    """The file's digests by algorithm, in hex."""
    made = {name: started(name) for name in algorithms}
    file.seek(0)
    while chunk := file.read(MEGABYTE):
        for one in made.values():
            one.update(chunk)
    return {name: str(one.hexdigest()) for name, one in made.items()}


def parts(file: BinaryIO, name: str, spec: DatasetSpec, limits: Limits, control: Control | None) -> Iterator[Part]:
    """All parts of the dropped file `name` in order. Raises Malformed where it is an archive that can't be read at all."""
    assert spec.split is not None
    expected = {one.name: one for one in control.members} if control else {}
    seen: set[str] = set()
    room = spec.split.largest_mb * MEGABYTE
    unpack = spec.decode[0] if len(spec.decode) == 3 else ""
    for member, content in contents(file, unpack, limits):
        inner = member or name
        seen.add(inner)
        try:
            if isinstance(content, Malformed):
                raise content
            whole = _Whole(content, spec, limits, room)
            try:
                reasons = whole.faults(expected.get(inner), control.algorithm if control else "")
            finally:
                room = max(0, room - whole.size)  # one that is too large leaves nothing for others
            if reasons:
                yield _broken(inner, reasons)
                continue
            yield from (Part(member, piece) for piece in whole.pieces())
        except Malformed as error:
            yield _broken(inner, (error.words,))
    yield from (
        _broken(one, ("the control file names it, the archive hasn't got it (压缩包中缺少此文件)",))
        for one in expected
        if one not in seen
    )
    if control and (wrong := control.of_count(len(seen))):
        yield _broken(name, wrong)


def _broken(name: str, reasons: tuple[str, ...]) -> Part:
    return Part(name, damaged=Damaged(name, reasons, unit_digest("\n".join((name, *reasons)))))


class _Whole:
    """One XML text, read from its start as often as is asked."""

    def __init__(self, content: Chunks, spec: DatasetSpec, limits: Limits, room: int) -> None:
        assert spec.split is not None
        self.size, self._room = 0, room
        self._content, self._spec, self._limits, self._split = content, spec, limits, spec.split

    def faults(self, expected: Expected | None, algorithm: str) -> tuple[str, ...]:
        """How it differs from what is said of it. Raises Malformed where it can't be unpacked to its end."""
        made = started(algorithm) if expected and expected.digest else None
        counts = bool(expected and expected.rows is not None)
        if len(self._spec.decode) < 3 and made is None and not counts:
            return ()

        def read() -> Iterator[bytes]:
            for chunk in self._content():
                self.size += len(chunk)
                if self.size > self._room:
                    raise Malformed(f"unpacks to more than {self._room} bytes: split.largest_mb (解压后过大)")
                if made is not None:
                    made.update(chunk)
                yield chunk

        rows = 0
        if counts:
            rows = sum(piece.rows for piece in self._cut(read(), self._split, None))
        else:
            for _ in read():
                pass
        if expected is None:
            return ()
        return (expected.of_digest(str(made.hexdigest()), algorithm) if made else ()) or expected.of_rows(rows)

    def pieces(self) -> Iterator[Piece]:
        return self._cut(self._content(), self._split, self._split.together)

    def _cut(self, chunks: Iterator[bytes], split: SplitSpec, together: str | None) -> Iterator[Piece]:
        head = next(chunks, b"")
        charset, _ = used_charset(head, self._spec.decode[-2].partition(":")[2])
        try:
            cuttable = keeps_ascii(charset)
        except LookupError:
            raise Malformed(f"unknown charset {charset!r} (未知字符集)") from None
        if not cuttable:
            raise Malformed(f"a text in {charset} can't be read in pieces (该字符集不支持分段)")
        key = _key(split.row.rpartition("/")[2], together, charset) if together else None
        yield from pieces(chain([head], chunks), split.row, charset, split.rows, self._limits.unpacked, key)


def _key(row: str, together: str, charset: str) -> Key:
    def key(document: bytes) -> str:
        try:
            root = parse_xml(decode_text(document, charset)[0])[1]
            found = root.xpath("//*[name()=$row]", row=row)
        except Malformed:
            return ""  # it is told when its piece is decoded
        return str(ask(found[0], f"string({together})")) if isinstance(found, list) and found else ""

    return key


def shown(piece: Piece) -> str:
    """Which rows of a file a piece holds, as its name says it."""
    return f"#{piece.first}-{piece.first + piece.rows - 1}"
