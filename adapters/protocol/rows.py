"""Rows, their cursor values and the total, as the adapter file says where they stand in an answer."""

from collections.abc import Iterable, Iterator
from typing import Any

from adapters.decode.places import comparable, is_xml, list_at, repeated_beside, value_at, value_in
from adapters.errors import Malformed
from adapters.protocol import moments
from adapters.protocol.paging import Page, digest
from adapters.spec import CursorSpec, PagingSpec

NO = frozenset({"", "0", "false", "n", "no", "否"})


class RowReader:
    """Reads pages of one dataset."""

    def __init__(self, paging: PagingSpec, cursor: CursorSpec | None) -> None:
        self._paging = paging
        self._value = cursor.row if cursor else None
        self._format = cursor.format if cursor else ""

    def page(self, tree: Any) -> Page:
        """Raises Malformed where no list of rows stands at the declared place (null is an empty list)."""
        rows = list_at(tree, self._paging.rows) if self._paging.rows else tree
        total = self._total(tree)
        absent = rows is None and (isinstance(tree, dict) or is_xml(tree)) and not total
        if absent:
            rows = []
        if not isinstance(rows, list):
            beside = f", though the answer tells of {total}" if total else ""
            place = f"at {self._paging.rows}" if self._paging.rows else "as the document itself"
            raise Malformed(f"no list of rows {place}{beside} (应答中没有数据列表)")
        if not rows and self._paging.rows and (other := repeated_beside(tree, self._paging.rows)):
            # an empty list and a slip in `rows` look alike in XML, but for this
            raise Malformed(f"nothing stands at {self._paging.rows}, though <{other}> stands there (请核对 rows)")
        values = tuple(self._value_of(row) for row in rows) if self._value else ("",) * len(rows)
        shown = tuple(comparable(row) for row in rows)
        keys = tuple(self._keys(rows, shown))
        return Page(shown, values, keys, total, absent, next=self._next(tree), found=tuple(rows))

    def _keys(self, rows: list[Any], shown: Iterable[Any]) -> Iterator[Any]:
        paging = self._paging
        if paging.kind == "keyset":
            return (_text(value_in(row, paging.id)) for row in rows) if paging.id else iter(())
        if paging.kind not in {"pages", "window"}:
            return iter(())
        named = (value_in(row, paging.key) if paging.key else None for row in rows)
        return (digest(row) if name is None else name for row, name in zip(shown, named, strict=True))

    def _next(self, tree: Any) -> str:
        """What leads on, where the answer tells it; "" at the end."""
        paging = self._paging
        if paging.next is None or (paging.more and _text(value_at(tree, paging.more)).lower() in NO):
            return ""
        told = value_at(tree, paging.next)
        if isinstance(told, dict | list):
            raise Malformed(f"no text at {paging.next}, where the next page should be told (下一页标识不是文本)")
        return _text(told)

    def _value_of(self, row: Any) -> str:
        """A value that isn't written as declared, or is no date (2026-02-30), moves nothing: one row's slip must not
        carry the cursor away, nor end every later run."""
        value = str(value_in(row, self._value)) if self._value else ""
        return value if moments.fits(value, self._format) else ""

    def _total(self, tree: Any) -> int | None:
        told = value_at(tree, self._paging.total) if self._paging.total else None
        text = str(told)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _text(value: Any) -> str:
    """A value as a request shows it; "" for none."""
    if value is None or value is False:
        return ""
    return "true" if value is True else str(value)


class FirstRun:
    """Whether the places that an adapter file names are there at all: asked once, while no cursor is kept yet."""

    def __init__(self, paging: PagingSpec, cursor: CursorSpec | None) -> None:
        self._paging, self._cursor = paging, cursor
        self._absent = True
        self._rows = self._valued = False

    def take(self, page: Page) -> None:
        self._absent = self._absent and page.absent
        self._rows = self._rows or bool(page.rows)
        self._valued = self._valued or any(page.values)

    def judge(self) -> None:
        """Raises Malformed where no answer had a list, or no row a cursor value."""
        if self._absent:
            raise Malformed(f"no answer has a list at {self._paging.rows} (应答中没有数据列表, 请核对 rows)")
        if self._cursor and self._cursor.row and self._rows and not self._valued:
            raise Malformed(
                f"no row has a date written as {self._cursor.format} at {self._cursor.row}, so the cursor can't move on "
                "(所有数据均无符合格式的游标值, 请核对 cursor 的 row 与 format)"
            )
