"""Which dropped files were taken: the cursor of a drop folder. A name whose size, time or content changed is taken again."""

from collections.abc import Collection, Mapping
from dataclasses import astuple, dataclass

from adapters.errors import Malformed
from adapters.protocol.cursor import read_cursor, write_cursor

REMEMBERED = 2000


@dataclass(frozen=True, slots=True)
class Taken:
    """`digest`: the first 16 hex digits of the content's SHA-256; size and time spare reading what didn't change. `turn`
    counts up from file to file; 0 and no digest for one whose content was of no interest."""

    size: int
    changed_ns: int
    digest: str
    turn: int = 0

    @property
    def state(self) -> tuple[int, int]:
        return self.size, self.changed_ns


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A file of which the first `pieces` are stored, as it was then; `broken` is 1 where one before the last was damaged."""

    name: str
    size: int
    changed_ns: int
    pieces: int
    broken: int = 0


def read_under_way(cursor: str | None) -> UnderWay | None:
    """The file in whose middle the last run ended. Raises Malformed for a cursor that no ledger wrote."""
    kept = read_cursor(cursor).get("under_way")
    try:
        return None if kept is None else UnderWay(str(kept[0]), *map(int, kept[1:]))
    except (LookupError, TypeError, ValueError):
        raise Malformed("not a ledger of ours (游标无法识别)", where="cursor") from None


def read_ledger(cursor: str | None) -> dict[str, Taken]:
    """By file name. Raises Malformed for a cursor that no ledger wrote."""
    kept = read_cursor(cursor).get("taken", {})
    try:
        return {
            name: Taken(int(size), int(changed), str(digest), *map(int, turn))
            for name, (size, changed, digest, *turn) in kept.items()
        }
    except (AttributeError, TypeError, ValueError):
        raise Malformed("not a ledger of ours (游标无法识别)", where="cursor") from None


def pruned(ledger: Mapping[str, Taken], there: Collection[str]) -> dict[str, Taken]:
    """Without the oldest of those that lie there no longer: of them only the last few are remembered."""
    gone = sorted((one.turn, name) for name, one in ledger.items() if name not in there)
    forgotten = {name for _, name in gone[:-REMEMBERED]}
    return {name: one for name, one in ledger.items() if name not in forgotten}


def from_the_start(cursor: str | None) -> bool:
    """Whether what was put away is still to be read: it is when a dataset is begun anew, until that is done."""
    return cursor is None or bool(read_cursor(cursor).get("again"))


def next_turn(ledger: Mapping[str, Taken]) -> int:
    return 1 + max((one.turn for one in ledger.values()), default=0)


def write_ledger(ledger: Mapping[str, Taken], under_way: UnderWay | None = None, *, again: bool = False) -> str:
    taken = {name: [one.size, one.changed_ns, one.digest, one.turn] for name, one in ledger.items()}
    more = {"under_way": astuple(under_way) if under_way else None, "again": again or None}
    return write_cursor(taken=taken, **{name: value for name, value in more.items() if value is not None})
