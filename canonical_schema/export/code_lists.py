"""The code lists as they are published: CSV with nothing but a header and rows, JSON with edition, validity and source."""

import csv
import io
from typing import Any

from canonical_schema.codes import CodeList


def as_csv(codes: CodeList) -> str:
    """RFC 4180, but with line feeds alone, as all files of the export."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns(codes), lineterminator="\n")
    writer.writeheader()
    writer.writerows(codes.rows.values())
    return text.getvalue()


def code_list_value(codes: CodeList) -> dict[str, Any]:
    """The list's facts, then its codes without empty cells."""
    rows = [{name: cell for name, cell in row.items() if cell} for row in codes.rows.values()]
    facts = {name: words for name, words in codes.facts.items() if words}
    return {"name": codes.name, **facts, "codes": rows}


def columns(codes: CodeList) -> list[str]:
    """The columns; `code` alone where the list has no rows yet."""
    return list(next(iter(codes.rows.values()), {"code": ""}))
