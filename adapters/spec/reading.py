"""How a run goes through a list: pages, and where the next run begins."""

from typing import Literal

from adapters.spec.strict import Strict
from adapters.texts import Count, Pointer, Seconds, Text


class PagingSpec(Strict):
    """Where rows are and how the next ones are asked for.

    `keyset`  rows come in ascending order of the cursor's value; the next page is asked from the last value again.
    `window`  days are asked for in windows, page by page; pages may shift while they are read. `key` is what a row goes by.
    """

    kind: Literal["keyset", "window"]
    rows: Pointer
    total: Pointer | None = None
    key: Pointer | None = None
    size: Count = 100


class CursorSpec(Strict):
    """What the next run starts from. `row` is the pointer, in a row, of the value that moves on; a dataset without one
    that is read by windows goes by the calendar.

    `format` is the way of writing it; `overlap` is asked for again at the start of each run, for rows that a system
    commits late; `start` is where the first run begins; `window` how much time one window covers.
    """

    row: Pointer | None = None
    format: Text
    zone: Text = "Asia/Shanghai"
    overlap: Seconds = 0
    start: Text
    window: Seconds | None = None
