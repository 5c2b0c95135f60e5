"""Texts that hold one row a line, as the JSON list that they stand for: NDJSON, and CSV (RFC 4180, any delimiter).

A CSV row is an object under the names of the header line, each field a text as it stands. A line that isn't a row costs
only itself: it stands in the list as what it is (the line's text, the list of its fields), and so has no key to be taken
by. The last line is another matter: it may have been cut off, and rows behind it lost.
"""

import csv
import io
import json
from collections.abc import Iterator

from adapters.decode.json_text import parse_json
from adapters.errors import Malformed
from adapters.limits import Limits

WRITTEN = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


def csv_fault(argument: str) -> str:
    """What is wrong with the argument of a `csv` step; "" when nothing is.

    >>> csv_fault(""), csv_fault("; 编号;名称"), csv_fault(";;")[:12], csv_fault("; a;a")[:24]
    ('', '', "';;' is no d", "the header names 'a' twi")
    """
    delimiter, _, header = argument.partition(" ")
    if len(WRITTEN.get(delimiter, delimiter)) > 1 or delimiter in {'"', "\n", "\r"}:
        return f"{delimiter!r} is no delimiter: one character, or {', '.join(WRITTEN)} (应为单个分隔符)"
    try:
        _names(next(csv.reader([header], delimiter=_delimiter(argument))), 1) if header else None
    except Malformed as error:
        return error.words
    return ""


def csv_rows(text: str, argument: str, limits: Limits) -> str:
    """JSON text of the rows. `argument` is the delimiter (a comma where there is none) and, behind a blank, a header line
    for texts that have none. Raises Malformed with the line."""
    del limits
    _, _, header = argument.partition(" ")
    delimiter = _delimiter(argument)
    lines = _fields(text, delimiter)
    if header:
        names = next(csv.reader([header], delimiter=delimiter))
    else:
        line, names = next(lines, (1, []))
        names = _names(names, line)
    rows, last = [], 0
    for last, fields in lines:  # noqa: B007 - the last one is asked for behind the loop
        if not names[-1] and len(fields) == len(names) and not fields[-1]:
            del fields[-1]  # each line ends with a delimiter
        wanted = len(names) - (not names[-1])
        rows.append(dict(zip(names, fields, strict=False)) if len(fields) == wanted else fields)
    if rows and isinstance(rows[-1], list) and len(rows[-1]) < len(names):
        words = f"the last row has {len(rows[-1])} fields, the header {len(names)}: cut off? (末行字段不全, 可能被截断)"
        raise Malformed(words, line=last, column=1)
    return _listed(json.dumps(row, ensure_ascii=False) for row in rows)


def ndjson_rows(text: str, argument: str, limits: Limits) -> str:
    """JSON text of the lines' values; line n of it is line n. Raises Malformed with the line, for the last one."""
    del argument
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    while lines and not lines[-1].strip():
        lines.pop()
    return _listed(
        _line(line, number, limits, last=number == len(lines)) for number, line in enumerate(lines, 1) if line.strip()
    )


def _line(line: str, number: int, limits: Limits, *, last: bool) -> str:
    try:
        parse_json(line, limits)
    except Malformed as error:
        if last:
            raise Malformed(error.words, line=number, column=error.column) from None
        return json.dumps(line, ensure_ascii=False)
    return line


def _listed(rows: Iterator[str]) -> str:
    return "[" + ",\n".join(rows) + "]"


def _fields(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line it ends on, fields) of each line that isn't blank."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for fields in reader:
            if fields and fields != [""]:
                yield reader.line_num, fields
    except csv.Error as error:
        raise Malformed(f"not CSV: {error} (CSV 格式错误)", line=reader.line_num, column=1) from None


def _names(names: list[str], line: int) -> list[str]:
    """The header's names without blanks around them; a last one may be empty. Raises Malformed: which column would count?"""
    names = [name.strip() for name in names]
    if not any(names) or "" in names[:-1]:
        raise Malformed("the header line has a column without a name (表头缺少列名)", line=line, column=1)
    for name in names:
        if names.count(name) > 1:
            raise Malformed(f"the header names {name!r} twice (表头列名重复)", line=line, column=1)
    return names


def _delimiter(argument: str) -> str:
    delimiter = argument.partition(" ")[0]
    return WRITTEN.get(delimiter, delimiter) or ","
