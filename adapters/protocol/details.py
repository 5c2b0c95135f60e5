"""The details of a page's rows as one payload: a ZIP of the list as it came and of each row's detail.

A row whose detail isn't given stands there itself; why, is kept with the exchange, so that decoding finds it damaged, now and
whenever the payload is read again. The same answers give the same bytes.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from adapters.decode import Vet
from adapters.decode.places import is_xml, value_in
from adapters.errors import AdapterError, Malformed
from adapters.limits import Limits
from adapters.protocol.gathered import zipped

DETAIL = "detail-"
"""What the name of each row's detail begins with."""
UNPACK_DETAILS = f"zip:{DETAIL}*"
FAILED = "failed"
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Detail:
    """What came of one row: its detail's bytes, or the row's own and why there is no other."""

    name: str
    body: bytes
    failure: AdapterError | None = None


def values_of(row: Any, places: Mapping[str, str]) -> dict[str, str]:
    """What fills the detail's request. Raises Malformed where the row lacks a value."""
    values = {}
    for slot, place in places.items():
        found = value_in(row, place)
        if found is None or found == "" or isinstance(found, dict | list):
            raise Malformed(f"the row has no value at {place}, which its detail is asked by (列表行缺少 {place})")
        values[slot] = str(found)
    return values


def names_of(rows: Sequence[Any], places: Mapping[str, str]) -> list[str]:
    """A name for each row's detail, after the first value that it's asked by; no two alike."""
    place, names = next(iter(places.values())), dict[str, None]()
    for number, row in enumerate(rows, 1):
        found = value_in(row, place)
        plain = re.sub(r"[^\w.-]", "_", "" if isinstance(found, dict | list) else str(found or ""))[:LONGEST_NAME]
        name = f"{DETAIL}{plain or number}"
        while name in names:  # the longer one may itself be what another row is called
            name = f"{name}-{number}"
        names[name] = None
    return list(names)


def as_bytes(row: Any) -> bytes:
    """A row as it stands in its list."""
    if is_xml(row):
        return etree.tostring(row, encoding="utf-8", with_tail=False)
    return json.dumps(row, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")


def packed_details(listed: bytes, details: Sequence[Detail], limits: Limits) -> bytes:
    """Raises Malformed where they are more than is taken at once."""
    members = {"list": listed} | {one.name: one.body for one in details}
    size = sum(map(len, members.values()))
    if size > limits.unpacked or len(members) > limits.members:
        raise too_large(len(details), size)
    return zipped(members)


def too_large(count: int, size: int) -> Malformed:
    words = f"{count} details of {size} bytes are more than is taken at once: let paging size be smaller (明细过大)"
    return Malformed(words)


def failures(details: Iterable[Detail]) -> str:
    """Why details aren't there, as it is kept with the exchange: JSON text, name → words."""
    return json.dumps({one.name: _told(one.failure) for one in details if one.failure}, ensure_ascii=False)


def vet_failed(headers: Mapping[str, str], own: Vet) -> Vet:
    """Besides `own`: what stands there only because its detail doesn't is damaged."""
    failed: dict[str, str] = json.loads(headers.get(FAILED, "{}"))
    return replace(own, member=lambda name, _: (failed[name],) if name in failed else ())


def _told(failure: AdapterError) -> str:
    told = f"code {failure.code}: {failure.words}" if failure.code else failure.words
    return f"its detail wasn't given (未取得明细): {failure.kind}: {told}"
