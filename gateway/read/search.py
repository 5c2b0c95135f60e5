"""Records found by number, party, plate, code, division, container, day, status: as JSON pages or as a table.

The index follows the feed. A search takes up what is new first, as long as that is little; else the answer says how many
changes it doesn't know yet.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final

import orjson

from canonical_schema.errors import InvalidValue
from canonical_schema.kinds.registry import KINDS
from canonical_schema.values import category, container_id, plate, uscc, waste_code
from canonical_schema.values.text import compact
from gateway.domain.facets import FACETS, Facet, facets
from gateway.errors import BadCursor, UsedWrongly
from gateway.read.answer import encode
from gateway.read.sheet import lines
from gateway.store import search
from gateway.store.database import Database
from gateway.store.search import Sought
from gateway.store.search_index import catch_up

Json = dict[str, Any]

DEFAULT_LIMIT: Final = 100
MOST: Final = 1000
CHUNK: Final = 500
AT_MOST_NEW: Final = 5000
"""So many changes are taken up before a search answers: a second's work."""

COLUMNS: Final = (
    "record_id", "kind", "version", "recorded_at", "national_no", "status", "day", "consignor", "consignor_uscc",
    "consignee", "consignee_uscc", "waste", "waste_code", "quantity_t", "received_t", "systems", "findings",
)  # fmt: skip

_SPELLINGS: Final[Mapping[Facet, tuple[Callable[[str], str], ...]]] = {
    "plate": (plate.parse,),
    "code": (waste_code.parse, category.parse),
    "container": (container_id.parse,),
    "party": (uscc.parse,),
}


def sought(
    *,
    kind: str | None = None,
    status: str | None = None,
    since: str | None = None,
    until: str | None = None,
    province: str | None = None,
    terms: Mapping[str, str | None],
) -> Sought:
    """What is searched for, in the standard's own spelling. UsedWrongly for a kind or day that there isn't."""
    if kind is not None and kind not in KINDS:
        known = ", ".join(KINDS)
        raise UsedWrongly(f"没有种类 {kind!r}; 可用: {known}", f"there is no kind {kind!r}; there are {known}")
    given = {facet: _spelt(facet, value) for facet in FACETS if (value := (terms.get(facet) or "").strip())}
    return Sought(kind, status, _day(since), _day(until), province, given)


def page(database: Database, wanted: Sought, *, after: str | None, limit: int) -> bytes:
    """{"records": [newest envelope, …], "next", "more", "behind"}: the record first known last comes first."""
    start = _position(after)
    behind = catch_up(database, AT_MOST_NEW)
    with database.read() as conn:
        rows, more = search.page(conn, wanted, after=start, limit=min(limit, MOST))
    last = rows[-1][0] if rows else start
    return b'{"records":[%b],"next":%b,"more":%b,"behind":%d}' % (
        b",".join(envelope for _, envelope in rows),
        encode(None if last is None else str(last)),
        b"true" if more else b"false",
        behind,
    )


def table(database: Database, wanted: Sought, limit: int | None = None) -> Iterator[bytes]:
    """CSV (RFC 4180, UTF-8 with a mark, as spreadsheets expect) in chunks of whole lines: a line for each waste.

    Each chunk is a transaction of its own: a slow reader holds nothing open.
    """
    catch_up(database, AT_MOST_NEW)
    yield b"\xef\xbb\xbf" + lines([COLUMNS]).encode()
    after, left = None, limit
    while left is None or left > 0:
        with database.read() as conn:
            wish = CHUNK if left is None else min(CHUNK, left)
            rows, more = search.page(conn, wanted, after=after, limit=wish)
        if rows:
            yield lines(line for _, envelope in rows for line in lines_of(orjson.loads(envelope))).encode()
            after = rows[-1][0]
            left = None if left is None else left - len(rows)
        if not more:
            return


def refuse_broad(database: Database, wanted: Sought) -> None:
    """TooBroad before the first line of a table goes out."""
    with database.read() as conn:
        search.page(conn, wanted, after=None, limit=1)


def lines_of(record: Json) -> Iterator[tuple[str, ...]]:
    """The table's lines for one record: one for each of its wastes, at least one."""
    content = record["content"]
    consignor = (
        content.get("consignor") or content.get("applicant") or content.get("holder") or content.get("unit") or {}
    )
    consignee = content.get("consignee", {})
    head = (
        record["record_id"], record["kind"], str(record["version"]), record["recorded_at"], content.get("national_no", ""),
        content.get("status") or content.get("state") or "", facets(record["kind"], content).day or "", consignor.get("name", ""), consignor.get("uscc", ""),
        consignee.get("name", ""), consignee.get("uscc", ""),
    )  # fmt: skip
    systems = " ".join(dict.fromkeys(claim["adapter"] for claim in record["claims"]))
    findings = " ".join(sorted({finding["id"] for finding in record["quality"]["findings"]}))
    wastes: list[Json] = content.get("wastes") or [{}]
    for waste in wastes:
        received = waste.get("receipt", {}).get("quantity_t", "")
        own = (
            waste.get("name", ""),
            waste.get("code") or waste.get("category") or "",
            waste.get("quantity_t", ""),
            received,
        )
        yield *head, *own, systems, findings


def _spelt(facet: Facet, value: str) -> str:
    for parse in _SPELLINGS.get(facet, ()):
        try:
            return parse(value)
        except InvalidValue:
            continue
    text = compact(value)
    if facet == "division":
        while len(text) > 2 and text.endswith("00"):
            text = text[:-2]  # 320000 is all of 32
    return text


def _day(told: str | None) -> str | None:
    if told is None:
        return None
    try:
        return date.fromisoformat(told).isoformat()
    except ValueError:
        shown = told[:40]
        raise UsedWrongly(f"“{shown}”不是日期 (yyyy-MM-dd)", f"'{shown}' is no day (yyyy-MM-dd)") from None


def _position(cursor: str | None) -> int | None:
    if not cursor:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 18):
        raise BadCursor(cursor[:80])
    return int(cursor)
