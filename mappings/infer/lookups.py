"""Words of a source that mean words of the standard: by the standard's own titles, and by what systems say for them."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from canonical_schema.codes import code_list
from canonical_schema.values.text import compact
from mappings.infer.vocabulary import table

# Which list has the words of a field that is an enumeration.
LISTS = {
    "transfer_type": "transfer_types",
    "status": "manifest_statuses",
    "shipper": "shippers",
    "transport_mode": "transport_modes",
    "consignee/opinion": "opinions",
    "wastes/receipt/opinion": "opinions",
    "wastes/receipt/major_discrepancy": "boolean",
    "wastes/form": "forms",
    "wastes/hazards": "hazards",
    "legs/vehicle/plate_colour": "plate_colours",
}
_LABELLED = re.compile(r"([A-Za-z0-9]{1,12})\s*[-=:.、为是]\s*([\u3400-\u9fff]{1,20}(?:\([\u3400-\u9fff]{1,20}\))?)")


@cache
def _spellings(name: str) -> Mapping[str, str]:
    told = {row["said"].casefold(): row["word"] for row in table("words.csv") if row["list"] == name}
    own = {} if name in {"boolean", "plate_colours"} else code_list(name).spellings()
    return {**own, **told}


def understood(name: str, said: str) -> str | None:
    """The standard's word for what a source says; None where nobody can know (`1`)."""
    return _spellings(name).get("".join(compact(said).casefold().split()))


def lookup(name: str, said: Iterable[str], meanings: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """(source word → standard's word, those not understood). `meanings`: what a schema says that the codes mean."""
    known: dict[str, str] = {}
    unknown: list[str] = []
    told = {compact(code): meaning for code, meaning in meanings.items()}
    for one in dict.fromkeys(map(compact, said)):
        word = understood(name, told.get(one, "") or one)
        if word is None or not one.isprintable():
            unknown.append(one)
        else:
            known[one] = word
    return known, unknown


def labelled(sentence: str) -> dict[str, str]:
    """The codes that a description explains.

    >>> labelled("转移类型: 1-省内转移, 2-跨省转移")
    {'1': '省内转移', '2': '跨省转移'}
    """
    return dict(_LABELLED.findall(compact(sentence)))
