"""Rule M050: who carried it."""

from collections.abc import Iterator
from datetime import date

from canonical_schema.rules.rule import Content, Finding, warning


def carrier_identified(content: Content, _: date) -> Iterator[Finding]:
    """M050: each leg names its carrier (Art. 11). That a plate is well formed is seen while it's mapped."""
    for place, leg in enumerate(content.get("legs", ())):
        if "carrier" not in leg:
            yield warning(
                "M050",
                (f"/legs/{place}/carrier",),
                f"运输段 {leg['seq']} 没有承运人",
                f"leg {leg['seq']} names no carrier",
            )
