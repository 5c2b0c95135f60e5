"""The numbers by which claims find each other, and the locks on them.

A number's row is locked before its claims are looked up, in the order of (number, system, kind): so two commits that
bring the two sides of one manifest at the same moment see each other.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, select

from gateway.store.dialect import among, insert_missing, insert_rows, is_postgresql, select_among, take_ids
from gateway.store.tables import claim_numbers, numbers

NATIONAL = ""

_KEY = ("number", "system", "kind")
_BY_TEXT = select(*(numbers.c[name] for name in _KEY), numbers.c.id).where(among(numbers.c.number))
_HELD = select(numbers.c.id).where(among(numbers.c.id)).order_by(*(numbers.c[name] for name in _KEY)).with_for_update()
_CARRIERS = select(claim_numbers.c.claim).where(among(claim_numbers.c.number))
_CARRIED = (
    select(claim_numbers.c.claim, *(numbers.c[name] for name in _KEY))
    .join(numbers, numbers.c.id == claim_numbers.c.number)
    .where(among(claim_numbers.c.claim))
)


class Number(NamedTuple):
    """`system` is NATIONAL for the national numbering, else the id of the system that gave the number."""

    number: str
    system: str
    kind: str


def lock(conn: Connection, wanted: Iterable[Number]) -> tuple[dict[Number, int], list[int]]:
    """Number → row id, and the row ids of those that were there before.

    Until the transaction ends no other one gets any of them.
    """
    asked = sorted(set(wanted))
    texts = [number.number for number in asked]
    stored = _known(conn, texts)
    known = {number: stored[number] for number in asked if number in stored}
    new = [number for number in asked if number not in known]
    ids = take_ids(conn, numbers, len(new))
    added = dict(zip(new, ids, strict=True))
    if not insert_missing(conn, numbers, ("id", *_KEY), [(row, *number) for number, row in added.items()], key=_KEY):
        # Another writer added some of ours in the meantime and has committed since.
        stored = _known(conn, texts)
        known = {number: stored[number] for number in asked if stored[number] != added.get(number)}
        added = {number: row for number, row in added.items() if number not in known}
    # What we added is locked by that; the others by asking for them in the same order as everybody.
    if is_postgresql(conn):
        select_among(conn, _HELD, known.values())
    return known | added, list(known.values())


def _known(conn: Connection, texts: list[str]) -> dict[Number, int]:
    return {Number(number, system, kind): row for number, system, kind, row in select_among(conn, _BY_TEXT, texts)}


def rows_of(conn: Connection, wanted: Iterable[Number]) -> dict[Number, int]:
    """Number → row id, for those that are stored."""
    asked = set(wanted)
    known = _known(conn, [number.number for number in asked])
    return {number: known[number] for number in asked if number in known}


def carriers(conn: Connection, rows: Iterable[int]) -> set[int]:
    """Ids of the claims that carry any of these numbers (row ids) now."""
    return {claim for (claim,) in select_among(conn, _CARRIERS, rows)}


def of_claims(conn: Connection, claims: Iterable[int]) -> dict[int, set[Number]]:
    """Claim id → the numbers it carries now."""
    found: defaultdict[int, set[Number]] = defaultdict(set)
    for claim, *number in select_among(conn, _CARRIED, claims):
        found[claim].add(Number(*number))
    return found


def carry(conn: Connection, pairs: Iterable[tuple[int, int]]) -> None:
    """Notes (number row id, claim id) pairs that aren't there yet."""
    insert_rows(conn, claim_numbers, ("number", "claim"), sorted(pairs))


def drop(conn: Connection, pairs: Iterable[tuple[int, int]]) -> None:
    """A claim's newest version no longer carries that number."""
    gone = (claim_numbers.c.number == bindparam("a")) & (claim_numbers.c.claim == bindparam("b"))
    rows = [{"a": number, "b": claim} for number, claim in pairs]
    if rows:
        conn.execute(delete(claim_numbers).where(gone), rows)


def named(conn: Connection, no: str) -> list[int]:
    """Claims under a national number, or under `system:number` (either part may hold a colon itself)."""
    places = [place for place, letter in enumerate(no) if letter == ":"]
    pairs = [(no, NATIONAL), *((no[place + 1 :], no[:place]) for place in places if place)]
    statement = select(claim_numbers.c.claim).join(numbers, numbers.c.id == claim_numbers.c.number)
    found: list[int] = []
    for number, system in pairs:
        found += conn.scalars(statement.where(numbers.c.number == number, numbers.c.system == system))
    return found
