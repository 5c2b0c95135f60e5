"""How a run goes through a list: pages, and where the next run begins."""

from typing import Literal

from adapters.spec.strict import Strict
from adapters.texts import Count, Pointer, Seconds, Text


class PagingSpec(Strict):
    """Where rows are and how the next ones are asked for.

    `keyset`  rows come in ascending order of the cursor's value; the next page is asked from the last value again, or,
              where `id` is the place of what breaks ties, from the last value and id on.
    `window`  days are asked for in windows, page by page, last page first; pages may shift while they are read.
    `pages`   page by page by number or offset, there and back, in any order.
    `token`   each answer tells, at `next`, what the next request must show; `more` is what says whether there is one.
    `link`    each answer tells the address of the next page: at `next`, or else in its header Link (RFC 8288).
    `single`  one answer has all.

    `rows` is the list of rows, left out where the document itself is it. `key` is what a row goes by. `first` is what
    `{page}`, `{next}` or `{id}` is in the first request. `keep` makes a `token` what the next run begins with: a feed.
    More than `max_pages` requests in one run are taken for an endless list.
    """

    kind: Literal["keyset", "window", "pages", "token", "link", "single"]
    rows: Pointer | None = None
    total: Pointer | None = None
    key: Pointer | None = None
    id: Pointer | None = None
    next: Pointer | None = None
    more: Pointer | None = None
    first: Text | None = None
    keep: bool = False
    size: Count = 100
    max_pages: Count = 100_000


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
