"""A large XML file cut between rows into documents of its own kind: what stands before its first row, some rows, closing tags.

    <a><head/><row/><row/><row/></a>   →   <a><head/><row/><row/></a>   <a><head/><row/></a>

Cut are bytes, never rewritten: all pieces without what is repeated are the file again. `<` and `>` stand for themselves only,
in UTF-8, GB18030 and all other charsets that keep ASCII (a second byte of GB18030 is 0x40–0xFE, a digit's 0x30–0x39). What
isn't well-formed isn't found here: it is when the piece is parsed.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from adapters.errors import Malformed

PATH = re.compile(r"(/[^/\[\]@\s<>]+){2,}")
LONGEST_HEAD = 1 << 20
ENDS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
TAG = re.compile(rb"""(?:[^"'>]|"[^"]*"|'[^']*')*>""")
Key = Callable[[bytes], str]


def keeps_ascii(charset: str) -> bool:
    """Whether < and > are one byte each in it, and that byte nothing else.

    >>> keeps_ascii("gb18030"), keeps_ascii("utf-8"), keeps_ascii("utf-16"), keeps_ascii("utf-7"), keeps_ascii("cp037")
    (True, True, False, False, False)
    """
    return "<>/!-[]?".encode(charset) == b"<>/!-[]?" and charset.lower().replace("_", "-") not in {"utf-7", "utf7"}


@dataclass(frozen=True, slots=True)
class Piece:
    """`start` and `end` say which bytes of the file it holds, `first` the number of its first row, from 1."""

    body: bytes
    start: int
    end: int
    first: int
    rows: int


class _Cutter:
    """One file on its way through. `at` is where the search goes on in the buffer, `base` where the buffer begins in the file."""

    def __init__(self, path: str, charset: str, rows: int, key: Key | None, ceiling: int) -> None:
        *above, name = (part.encode(charset) for part in path.strip("/").split("/"))
        self.closing = b"".join(b"</" + one + b">" for one in reversed(above))
        quoted = re.escape(name)
        self.token = re.compile(rb"<!--|<!\[CDATA\[|<\?|</" + quoted + rb"\s*>|<" + quoted + rb"(?=[\s/>])")
        self.rows, self.key, self.ceiling = rows, key, ceiling
        self.buffer, self.base, self.at, self.depth, self.until = bytearray(), 0, 0, 0, b""
        self.head: bytes | None = None
        self.begun, self.last = 0, (0, 0)
        self.count, self.first = 0, 1

    def feed(self, chunk: bytes) -> Iterator[Piece]:
        self.buffer += chunk
        if len(self.buffer) > self.ceiling:
            raise Malformed(f"a piece of more than {self.ceiling} bytes has no end (单个片段过大)")
        while self._step():
            if self.depth == 0 and self.head is not None:
                yield from self._row()

    def end(self) -> Piece:
        """What is left, with the file's own end."""
        head = self.head if self.base and self.head else b""
        return self._piece(head + self.buffer, len(self.buffer), self.count)

    def _step(self) -> bool:
        """On to the next end of a row, or of anything that may hold what looks like one. False where more bytes are needed."""
        if self.until:
            found = self.buffer.find(self.until, self.at)
            if found < 0:
                self.at = max(self.at, len(self.buffer) - len(self.until) + 1)
                return False
            self.at, self.until = found + len(self.until), b""
        while match := self.token.search(self.buffer, self.at):
            token = match[0]
            if token in ENDS:
                self.at, self.until = match.end(), ENDS[token]
                return self._step()
            if token.startswith(b"</"):
                self.at, self.depth = match.end(), max(0, self.depth - 1)
                if self.depth == 0:
                    return True
                continue
            tag = TAG.match(self.buffer, match.end())
            if tag is None:
                if len(self.buffer) - match.start() > LONGEST_HEAD:
                    raise Malformed(f"a tag of more than {LONGEST_HEAD} bytes (标签过长)")
                self.at = match.start()
                return False
            if self.depth == 0:
                self._begin(match.start())
            self.at = tag.end()
            if not tag[0].endswith(b"/>"):
                self.depth += 1
            elif self.depth == 0:
                return True
        # what may still become a token begins at the last <
        self.at = max(self.at, self.buffer.rfind(b"<", self.at))
        return False

    def _begin(self, place: int) -> None:
        if self.head is None:
            if place > LONGEST_HEAD:
                raise Malformed(f"more than {LONGEST_HEAD} bytes stand before the first row (首行之前内容过多)")
            self.head = bytes(self.buffer[:place])
        self.begun = place

    def _row(self) -> Iterator[Piece]:
        """A row has ended: is the piece full, and may it be cut before this one?"""
        row = (self.begun, self.at)
        if self.count >= self.rows and self.key is not None and self._alike(self.last, row):
            self.last, self.count = row, self.count + 1
            return
        if self.count >= self.rows:
            yield self._cut(self.last[1], self.count)
            row = (self.begun, self.at)
        self.last, self.count = row, self.count + 1

    def _alike(self, one: tuple[int, int], other: tuple[int, int]) -> bool:
        assert self.key is not None
        head = self.head or b""
        texts = [self.key(head + self.buffer[slice(*place)] + self.closing) for place in (one, other)]
        return texts[0] == texts[1] != ""

    def _cut(self, place: int, rows: int) -> Piece:
        head = self.head if self.base and self.head else b""
        piece = self._piece(head + self.buffer[:place] + self.closing, place, rows)
        del self.buffer[:place]
        self.base += place
        self.at, self.begun = self.at - place, self.begun - place
        self.first, self.count = self.first + rows, 0
        return piece

    def _piece(self, body: bytes | bytearray, size: int, rows: int) -> Piece:
        return Piece(bytes(body), self.base, self.base + size, self.first, rows)


def pieces(
    chunks: Iterable[bytes], path: str, charset: str, rows: int, ceiling: int, key: Key | None = None
) -> Iterator[Piece]:
    """The pieces of a file, each of `rows` rows at /path/of/row or, with `key` (from a document of one row to a text), of so
    many more that those of one key stand together. At least one. Raises Malformed where a piece has more than `ceiling` bytes."""
    cutter = _Cutter(path, charset, rows, key, ceiling)
    for chunk in chunks:
        yield from cutter.feed(chunk)
    yield cutter.end()
