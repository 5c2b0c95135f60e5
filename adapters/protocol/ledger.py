"""Which dropped files were taken: the cursor of a drop folder. A name whose size, time or content changed is taken again."""

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.errors import Malformed
from adapters.protocol.cursor import read_cursor, write_cursor


@dataclass(frozen=True, slots=True)
class Taken:
    """`digest`: the first 16 hex digits of the content's SHA-256; size and time spare reading what didn't change."""

    size: int
    changed_ns: int
    digest: str

    @property
    def state(self) -> tuple[int, int]:
        return self.size, self.changed_ns


def read_ledger(cursor: str | None) -> dict[str, Taken]:
    """By file name. Raises Malformed for a cursor that no ledger wrote."""
    kept = read_cursor(cursor).get("taken", {})
    try:
        return {name: Taken(int(size), int(changed), str(digest)) for name, (size, changed, digest) in kept.items()}
    except (AttributeError, TypeError, ValueError):
        raise Malformed("not a ledger of ours (游标无法识别)", where="cursor") from None


def write_ledger(ledger: Mapping[str, Taken]) -> str:
    return write_cursor(taken={name: [one.size, one.changed_ns, one.digest] for name, one in ledger.items()})
