"""Which provinces a record concerns: its systems', origin, destination, and those on the way."""

from collections.abc import Iterable
from typing import Any

from canonical_schema.values import manifest_no


def provinces_of(content: dict[str, Any], divisions: Iterable[str]) -> str:
    """Two-digit codes, ascending, each between blanks. `divisions` are those of the systems that report it.

    >>> provinces_of({"national_no": "20263205000001", "consignee": {"division": {"code": "120000"}}}, ["32"])
    ' 12 32 '
    """
    found = {division[:2] for division in divisions}
    if number := content.get("national_no"):
        found.add(manifest_no.province(number))
    holders = [content.get("consignor"), content.get("consignee"), content.get("unit"), content.get("holder")]
    told = [
        content.get("origin"),
        content.get("destination"),
        *content.get("transit", ()),
        *content.get("affected", ()),
    ]
    found |= {division["code"][:2] for division in told if division}
    for leg in content.get("legs", ()):
        holders += [leg.get("from"), leg.get("to"), *leg.get("via", ())]
    for holder in holders:
        if holder and (division := holder.get("division")):
            found.add(division["code"][:2])
    return f" {' '.join(sorted(found))} "
