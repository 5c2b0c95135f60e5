"""Retirements: what was announced, up to where, and the leaves that stay of the commits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select

from gateway.clock import instant
from gateway.store import commits
from gateway.store import tables as t
from gateway.store.dialect import insert_rows, lock_feed

HASH = 32  # bytes


class Horizon(NamedTuple):
    """The last retired commit, and the last place in the feed that is behind it; 0 where nothing was retired."""

    commit: int = 0
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Retirement:
    """`id` is the commit that announced it, `upto` the last commit that it retires, all of them from before the day."""

    id: int
    before: str
    upto: int
    last_seq: int
    at: str
    who: str
    why: str

    @property
    def item(self) -> bytes:
        """What its commit's entry in the hash chain covers."""
        words = ("retirement", self.before, str(self.upto), str(self.last_seq), self.at, self.who, self.why)
        return "\n".join(words).encode()


def horizon(conn: Connection) -> Horizon:
    found = conn.execute(
        select(t.retirements.c.upto, t.retirements.c.last_seq).order_by(t.retirements.c.id.desc()).limit(1)
    ).one_or_none()
    return Horizon(*found) if found else Horizon()


def all_of(conn: Connection) -> list[Retirement]:
    """In the order in which they were announced."""
    return [Retirement(*row) for row in conn.execute(select(t.retirements).order_by(t.retirements.c.id))]


def reach(conn: Connection, before: str) -> Horizon:
    """What a retirement of all that is from before this day would make the horizon: the commits in front of the first that
    is younger. It never goes back."""
    c = t.commits.c
    young = conn.scalar(select(func.min(c.id)).where(c.at >= before))
    old = select(c.id, c.last_seq).order_by(c.id.desc()).limit(1)
    found = conn.execute(old if young is None else old.where(c.id < young)).one_or_none()
    return max(horizon(conn), Horizon(*found) if found else Horizon())


def announce(conn: Connection, before: str, now: datetime, who: str, why: str) -> Horizon:
    """Commits a retirement to the hash chain, if it reaches further than those before it: from now on readers are told."""
    lock_feed(conn)
    known, reached = horizon(conn), reach(conn, before)
    if reached == known:
        return known
    one = Retirement(0, before, *reached, instant(now), who, why)
    last: int = conn.scalars(select(t.commits.c.last_seq).order_by(t.commits.c.id.desc()).limit(1)).one()
    number = commits.append(conn, [one.item], exchange=None, claims=0, units=0, seqs=range(last + 1, last + 1), at=now)
    names = ("id", "before", "upto", "last_seq", "at", "who", "why")
    insert_rows(conn, t.retirements, names, [(number, before, *reached, one.at, who, why)])
    return reached


def is_old(exchange: ColumnElement[int], upto: int) -> ColumnElement[bool]:
    """Whether all commits of an exchange are retired ones. (A replay gives an old one a new commit.)"""
    own = t.commits.alias("own")
    return ~select(own.c.id).where(and_(own.c.exchange == exchange, own.c.id > upto)).exists()


def without_leaves(conn: Connection, upto: int, limit: int) -> Sequence[Row[Any]]:
    """The next retired commits whose leaves aren't kept yet. They are kept in order, so those behind the last are asked."""
    last = conn.scalar(select(func.coalesce(func.max(t.leaves.c.id), 0)))
    c = t.commits.c
    return conn.execute(select(t.commits).where(c.id > last, c.id <= upto).order_by(c.id).limit(limit)).all()


def keep_leaves(conn: Connection, commit: int, hashes: Iterable[bytes]) -> None:
    insert_rows(conn, t.leaves, ("id", "hashes"), [(commit, b"".join(hashes))])


def split(hashes: bytes) -> list[bytes]:
    """The leaves of one commit as they are stored."""
    return [hashes[at : at + HASH] for at in range(0, len(hashes), HASH)]
