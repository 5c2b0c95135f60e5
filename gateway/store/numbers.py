"""The numbers by which claims find each other, and the locks on them.

A number's row is locked before its claims are looked up, in the order of (number, system, kind): so two commits that
bring the two sides of one manifest at the same moment see each other.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, delete, select

from gateway.store.dialect import among, insert_missing, insert_rows, is_postgresql, select_among, take_ids
from gateway.store.tables import claim_numbers, numbers

NATIONAL = ""


class Number(NamedTuple):
    """`system` is NATIONAL for the national numbering, else the id of the system that gave the number."""

    number: str
    system: str
    kind: str


def lock(conn: Connection, wanted: Iterable[Number]) -> dict[Number, int]:
    """Number → row id. Until the transaction ends no other one gets these numbers."""
    asked = sorted(set(wanted))
    statement = _by_text()
    texts = [number.number for number in asked]
    known = _known(conn, statement, texts)
    new = [number for number in asked if number not in known]
    ids = take_ids(conn, numbers, len(new))
    rows = [(row, *number) for row, number in zip(ids, new, strict=True)]
    key = ("number", "system", "kind")
    mine = insert_missing(conn, numbers, ("id", *key), rows, key=key)
    if not is_postgresql(conn):
        return {number: known[number] for number in asked if number in known} | dict(zip(new, ids, strict=True))
    # Ours are locked by having been inserted; the others by asking for them in the same order as everybody.
    locked = known if mine else _known(conn, statement, texts)
    held = select(numbers.c.id).where(among(numbers.c.id)).order_by(*(numbers.c[name] for name in key))
    select_among(conn, held.with_for_update(), [locked[number] for number in asked if number in locked])
    return {number: locked[number] for number in asked if number in locked} | (
        dict(zip(new, ids, strict=True)) if mine else {}
    )


def _by_text() -> Select[Any]:
    return select(numbers.c.number, numbers.c.system, numbers.c.kind, numbers.c.id).where(among(numbers.c.number))


def _known(conn: Connection, statement: Select[Any], texts: list[str]) -> dict[Number, int]:
    return {Number(number, system, kind): row for number, system, kind, row in select_among(conn, statement, texts)}


def rows_of(conn: Connection, wanted: Iterable[Number]) -> dict[Number, int]:
    """Number → row id, for those that are stored."""
    asked = set(wanted)
    known = _known(conn, _by_text(), [number.number for number in asked])
    return {number: known[number] for number in asked if number in known}


def claims_of(conn: Connection, rows: Iterable[int]) -> dict[int, list[int]]:
    """Number row id → ids of the claims that carry it now."""
    statement = select(claim_numbers.c.number, claim_numbers.c.claim).where(among(claim_numbers.c.number))
    found: defaultdict[int, list[int]] = defaultdict(list)
    for number, claim in select_among(conn, statement, rows):
        found[number].append(claim)
    return found


def of_claims(conn: Connection, claims: Iterable[int]) -> dict[int, set[Number]]:
    """Claim id → the numbers it carries now."""
    statement = (
        select(claim_numbers.c.claim, numbers.c.number, numbers.c.system, numbers.c.kind)
        .join(numbers, numbers.c.id == claim_numbers.c.number)
        .where(among(claim_numbers.c.claim))
    )
    found: defaultdict[int, set[Number]] = defaultdict(set)
    for claim, *number in select_among(conn, statement, claims):
        found[claim].add(Number(*number))
    return found


def carry(conn: Connection, pairs: Iterable[tuple[int, int]]) -> None:
    """Notes (number row id, claim id) pairs that aren't there yet."""
    insert_rows(conn, claim_numbers, ("number", "claim"), sorted(pairs))


def drop(conn: Connection, pairs: Iterable[tuple[int, int]]) -> None:
    """A claim's newest version no longer carries that number."""
    for number, claim in pairs:
        gone = (claim_numbers.c.number == number) & (claim_numbers.c.claim == claim)
        conn.execute(delete(claim_numbers).where(gone))


def named(conn: Connection, no: str) -> list[int]:
    """Claims under a national number, or under `system:number` (either part may hold a colon itself)."""
    places = [place for place, letter in enumerate(no) if letter == ":"]
    pairs = [(no, NATIONAL), *((no[place + 1 :], no[:place]) for place in places if place)]
    statement = select(claim_numbers.c.claim).join(numbers, numbers.c.id == claim_numbers.c.number)
    found: list[int] = []
    for number, system in pairs:
        found += conn.scalars(statement.where(numbers.c.number == number, numbers.c.system == system))
    return found
