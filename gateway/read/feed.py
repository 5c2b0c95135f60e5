"""The change feed: every record version in commit order, without gaps, as stored.

A cursor is the place of a change in the sequence, as text. Readers treat it as opaque.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection

from gateway.errors import BadCursor, Retired
from gateway.read.answer import encode
from gateway.read.versions import instant_of
from gateway.store import changes, retirements
from gateway.store.database import Database

DEFAULT_LIMIT = 100
MOST = 1000
CHUNK = 500
"""Lines of a stream that are read and sent at once: single lines through a thread cost thirty times as much."""

_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which changes: of one kind, of one province (two digits), or all; `newest`: only a record's newest version."""

    kind: str | None = None
    province: str | None = None
    newest: bool = False

    def page(self, conn: Connection, after: int, limit: int) -> tuple[list[tuple[int, bytes]], bool]:
        self.require_whole(conn, after)
        return changes.page(conn, after=after, limit=limit, kind=self.kind, province=self.province, newest=self.newest)

    def require_whole(self, conn: Connection, after: int) -> None:
        """Raises Retired where some of the changes behind `after` are there no more, and all are wanted: passing them over
        silently would be a lie."""
        last = retirements.horizon(conn).seq
        if not self.newest and after < last:
            raise Retired(
                f"游标 {last} 及以前的变更已按保存期限清退; 请以 newest=true 从头读取, 再从其 next 继续",
                f"the changes up to cursor {last} were retired by law; start anew with newest=true and go on from its `next`",
            )


def position(cursor: str | None) -> int:
    """The sequence number after which to read; 0 from the beginning. BadCursor for what was never given out."""
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 19) or int(cursor) > _LARGEST:
        raise BadCursor(cursor[:80])
    return int(cursor)


def since(conn: Connection, moment: str) -> int:
    """The place behind which the changes recorded at or after a moment begin. UsedWrongly for what is no moment."""
    return changes.before(conn, instant_of(moment, latest=False))


@dataclass(frozen=True, slots=True)
class Page:
    """`body` as it is answered; `last`: the place that is its `next`; `found`: whether there is any change in it."""

    body: bytes
    last: int
    found: bool


def page(conn: Connection, wanted: Wanted, *, after: int, limit: int) -> Page:
    """{"changes": [{"cursor", "record"}, …], "next", "more"} with at most `limit` (1 to 1,000) changes."""
    end = changes.last(conn)
    rows, more = wanted.page(conn, after, min(limit, MOST))
    # Where nothing more was found, all up to the end has been looked at: who asks again needn't begin before it.
    last = rows[-1][0] if more else max(end, after, rows[-1][0] if rows else 0)
    body = b'{"changes":[%b],"next":%b,"more":%b}' % (
        b",".join([b'{"cursor":"%d","record":%b}' % row for row in rows]),
        encode(str(last)),
        b"true" if more else b"false",
    )
    return Page(body, last, found=bool(rows))


def stream(database: Database, wanted: Wanted, *, after: int, limit: int | None) -> Iterator[bytes]:
    """NDJSON in chunks of whole lines, to the end of the feed or to `limit` lines.

    Each chunk is a transaction of its own: the feed only grows at its end, and a slow reader holds nothing open. One that a
    retirement overtakes ends with Retired.
    """
    left = limit
    while left is None or left > 0:
        wish = CHUNK if left is None else min(CHUNK, left)
        with database.read() as conn:
            rows, more = wanted.page(conn, after, wish)
        if rows:
            yield b"".join([b'{"cursor":"%d","record":%b}\n' % row for row in rows])
            after = rows[-1][0]
            left = None if left is None else left - len(rows)
        if not more:
            return


def digest(conn: Connection, wanted: Wanted, *, after: int, upto: int | None) -> bytes:
    """{"from", "to", "count", "sha256", "last"} over the changes behind `after` up to and with `upto` (None = the last).

    The SHA-256 is over one line a change: cursor, record_id, version and content_hash (hex), parted by a space, ended by
    a line feed. A reader that took the same range makes the same from what it kept.
    """
    wanted.require_whole(conn, after)
    last = changes.last(conn)
    end = last if upto is None else upto
    count, told = 0, sha256()
    for sequence, record_id, version, content in changes.marks(
        conn, after=after, upto=end, kind=wanted.kind, province=wanted.province
    ):
        told.update(b"%d %s %d %s\n" % (sequence, record_id.encode(), version, content.hex().encode()))
        count += 1
    return encode({"from": str(after), "to": str(end), "count": count, "sha256": told.hexdigest(), "last": str(last)})
