"""Contents: canonical JSON as the feed sends it, once by hash."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from gateway.store import frames
from gateway.store.dialect import among, insert_missing, select_among, take_ids
from gateway.store.tables import contents

_IDS = select(contents.c.hash, contents.c.id).where(among(contents.c.hash))


def put(conn: Connection, bodies: Mapping[bytes, bytes]) -> dict[bytes, int]:
    """Stores contents that aren't there yet (hash → bytes); hash → row id for all of them."""
    known = _ids(conn, bodies)
    # Frames hold neighbours of the page, so that the feed, which reads in that order, opens few.
    new = [digest for digest in bodies if digest not in known]
    if not new:
        return known
    places = frames.write(conn, [bodies[digest] for digest in new])
    numbers = take_ids(conn, contents, len(new))
    placed = sorted(zip(new, places, strict=True))
    rows = [(number, digest, *place) for number, (digest, place) in zip(numbers, placed, strict=True)]
    if insert_missing(conn, contents, ("id", "hash", "frame", "start", "length"), rows, key=("hash",)):
        return known | {digest: number for number, digest, *_ in rows}
    # Another writer was first with one of them: its row counts, our piece of the frame lies idle.
    return known | _ids(conn, new)


def _ids(conn: Connection, digests: Iterable[bytes]) -> dict[bytes, int]:
    return {bytes(digest): number for digest, number in select_among(conn, _IDS, digests)}


def read(conn: Connection, numbers: Iterable[int]) -> dict[int, bytes]:
    """Row id → content bytes."""
    statement = select(contents.c.id, contents.c.frame, contents.c.start, contents.c.length).where(among(contents.c.id))
    rows = select_among(conn, statement, numbers)
    return {row[0]: piece for row, piece in zip(rows, frames.read(conn, [row[1:] for row in rows]), strict=True)}
