"""How a run reads a list that changes while it is read. No I/O: plans are generators of turns, fed with pages.

`keyset`  The rows stand in ascending order of a value that moves on when a row is changed; so rows only ever leave their
place for the end. After each page the next is asked from its last value on, as page 1: what shifts can't be skipped.
Only where more rows than a page share one value, further pages are asked; rows may shift between those, but only towards
page 1, so reading the same pages again from the last to the first misses none. With an id that breaks ties (`seek`) the
next page is asked from the last row on.

`window`  Days are asked for in windows. Within one, pages are read from the last to the first for the same reason; when
page 1 shows that the list changed meanwhile, the window is read again.

`pages`, `token`, `link`, `single`  Lists in any order (`listed`): the cursor moves once the whole list is read. Pages
that are counted are read there and back (`counted`); those that lead from one to the next are followed (`followed`).

What is read twice is harmless (identity). A run ends when the source has nothing new. Totals may change as they like.
"""

import hashlib
import json
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from adapters.errors import Malformed

BROKEN_IN_A_ROW = 2


@dataclass(frozen=True, slots=True)
class Ask:
    """What the next request says: values for {page}, {size}, {from}, {to}, {offset}, {next}, {id}. `link`: it is this
    address, as the page before has told it."""

    page: int
    size: int
    since: str
    until: str = ""
    offset: int = 0
    next: str = ""
    id: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What came: rows, which equal those met before (of XML their texts; `found` are the elements); `values` are the rows' cursor values, "" where a row has none; `keys` what each row goes by
    (digests where no key is declared), in the kinds that ask for it; `total` if told; `next` what leads to the next page, "" where nothing does.

    `absent`: the answer has no list at all, as some systems write an empty one.

    `broken`: the page can't be read; its rows are unknown, and it goes to quarantine as it is.
    """

    rows: tuple[Any, ...] = ()
    values: tuple[str, ...] = ()
    keys: tuple[Any, ...] = ()
    total: int | None = None
    absent: bool = False
    broken: Malformed | None = None
    next: str = ""
    found: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """`keep`: the page just fed is to be handed on, with `cursor`. `ask`: the next request; None ends the run.

    `hold`: what was last kept waits for the next turn, whose cursor goes with it where that turn's own page isn't kept.
    `notes`: what a person should know of how the list was read, kept with the same exchange.
    """

    keep: bool
    cursor: str | None
    ask: Ask | None
    hold: bool = False
    notes: tuple[str, ...] = ()


Plan = Generator[Turn, Page, None]


def digest(row: Any) -> bytes:
    """Of one row, to tell whether it was met before."""
    return hashlib.blake2b(json.dumps(row, default=str, ensure_ascii=False).encode(), digest_size=16).digest()
