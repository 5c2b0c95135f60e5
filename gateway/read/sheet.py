"""Tables for spreadsheets: CSV by RFC 4180."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

_NUMBER = re.compile(r"[+-]?[0-9.,]+")


def lines(rows: Iterable[Sequence[str]]) -> str:
    """
    >>> lines([("a", '=HYPERLINK("x")'), ("-1.5", "1,2")])
    'a,"\\'=HYPERLINK(""x"")"\\r\\n-1.5,"1,2"\\r\\n'
    """
    out = StringIO()
    csv.writer(out).writerows([_cell(text) for text in row] for row in rows)
    return out.getvalue()


def _cell(text: str) -> str:
    """As a spreadsheet shows it: what could be taken for a formula is kept a text."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} and not _NUMBER.fullmatch(text) else text
