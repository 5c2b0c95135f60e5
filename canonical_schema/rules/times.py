"""Rule M020: a manifest's times follow one another."""

from collections.abc import Iterator
from datetime import date

from canonical_schema.rules.rule import Content, Finding, warning
from canonical_schema.values.moment import SIGNIFICANT

_TITLES = {
    "handed_over_at": ("交付时间", "handed over"),
    "departed_at": ("起运时间", "departed"),
    "arrived_at": ("到达时间", "arrived"),
    "received_at": ("接受时间", "received"),
}


def times_in_order(content: Content, _: date) -> Iterator[Finding]:
    """M020: handed over ≤ departed ≤ arrived ≤ received, leg by leg; a day equals any moment in it."""
    known = _moments(content)
    written = [moment["at"] for _, moment in known]
    if written == sorted(written):  # cut to any precision such texts are still in order
        return
    latest: dict[int, tuple[str, str]] = {}  # significant characters → the latest such time so far, its field
    for field, moment in known:
        at, count = moment["at"], SIGNIFICANT[moment["precision"]]
        for other_count, (other_at, other_field) in latest.items():
            shared = min(count, other_count)
            if at[:shared] < other_at[:shared]:
                yield _disordered(other_field, other_at[:other_count], field, at[:count])
        if count not in latest or latest[count][0] < at:
            latest[count] = (at, field)


def _moments(content: Content) -> list[tuple[str, dict[str, str]]]:
    """The known times with their fields, in the order they should have."""
    known = []
    consignor, consignee = content.get("consignor"), content.get("consignee")
    if consignor is not None and "handed_over_at" in consignor:
        known.append(("/consignor/handed_over_at", consignor["handed_over_at"]))
    for place, leg in enumerate(content.get("legs", ())):
        if "departed_at" in leg:
            known.append((f"/legs/{place}/departed_at", leg["departed_at"]))
        if "arrived_at" in leg:
            known.append((f"/legs/{place}/arrived_at", leg["arrived_at"]))
    if consignee is not None and "received_at" in consignee:
        known.append(("/consignee/received_at", consignee["received_at"]))
    return known


def _disordered(first: str, first_at: str, second: str, second_at: str) -> Finding:
    (zh, en), (then_zh, then_en) = (_TITLES[field.rpartition("/")[2]] for field in (first, second))
    return warning(
        "M020",
        (first, second),
        f"{then_zh} {second_at} 早于{zh} {first_at}",
        f"{then_en} at {second_at}, before {en} at {first_at}",
    )
