"""Quantities moved and received: M030 (tolerance), M031 (the flag and the facts)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache

from canonical_schema.codes import code_list
from canonical_schema.rules.rule import Content, Finding, warning


def within_tolerance(content: Content, _: date) -> Iterator[Finding]:
    """M030: what was received differs from what was moved by no more than the tolerance of the waste's form."""
    for place, waste in enumerate(content["wastes"]):
        if "receipt" not in waste:
            continue
        beyond = _beyond(waste)
        if beyond is not None and not _refused(content, waste["receipt"]):
            moved, received = waste["quantity_t"], waste["receipt"]["quantity_t"]
            yield warning(
                "M030",
                (f"/wastes/{place}/receipt/quantity_t", f"/wastes/{place}/quantity_t"),
                f"第 {waste['seq']} 项废物接受量 {received} 吨与移出量 {moved} 吨相差超过 {beyond} 吨",
                f"waste {waste['seq']}: received {received} t and moved {moved} t differ by more than {beyond} t",
            )


def flag_agrees(content: Content, _: date) -> Iterator[Finding]:
    """M031: a major discrepancy is flagged where the facts show one, and only there (Art. 18)."""
    for place, waste in enumerate(content["wastes"]):
        receipt = waste.get("receipt")
        flag = None if receipt is None else receipt.get("major_discrepancy")
        if flag is None or "quantity_t" not in receipt or "quantity_t" not in waste or _refused(content, receipt):
            continue
        fields = (f"/wastes/{place}/receipt/major_discrepancy", f"/wastes/{place}/receipt/quantity_t")
        beyond = _beyond(waste) is not None
        if beyond and not flag:
            yield warning(
                "M031",
                fields,
                f"第 {waste['seq']} 项废物数量差异超出容许差，却未标明重大差异",
                f"waste {waste['seq']}: the quantities differ beyond the tolerance, but no major discrepancy is flagged",
            )
        elif flag and not beyond and not _explained(content, receipt):
            yield warning(
                "M031",
                fields,
                f"第 {waste['seq']} 项废物标明重大差异，但数量一致、未作说明且已接受",
                f"waste {waste['seq']}: a major discrepancy is flagged, but quantities agree, nothing is noted, it was accepted",
            )


def _refused(content: Content, receipt: Content) -> bool:
    """A load that was turned away was weighed by nobody."""
    return bool(receipt.get("opinion", content.get("consignee", {}).get("opinion")) == "refused")


def _explained(content: Content, receipt: Content) -> bool:
    """Whether anything beside the quantities says what the discrepancy is: a note, or an opinion that isn't plain yes."""
    consignee = content.get("consignee", {})
    opinion = receipt.get("opinion", consignee.get("opinion", "accepted"))
    return "note" in receipt or "opinion_note" in consignee or opinion != "accepted"


def _beyond(waste: Content) -> str | None:
    """The tolerance in tonnes, where both quantities are known and differ by more than it."""
    moved, received = waste.get("quantity_t"), waste.get("receipt", {}).get("quantity_t")
    if moved is None or received is None or moved == received:
        return None
    return _exceeded(moved, received, waste.get("form", "*"))


@lru_cache(maxsize=4096)
def _exceeded(moved: str, received: str, form: str) -> str | None:
    """Kept for a moment: M030 and M031 ask it of the same waste, one after the other."""
    percent, least = _tolerance(form)
    allowed = max(Decimal(moved) * percent / 100, least)
    return f"{allowed.normalize():f}" if abs(Decimal(received) - Decimal(moved)) > allowed else None


@cache
def _tolerance(form: str) -> tuple[Decimal, Decimal]:
    """Per cent of the quantity moved, and the least in tonnes. A setting, not law: see codes/tolerances.csv."""
    rows = code_list("tolerances").rows
    row = rows.get(form, rows["*"])
    return Decimal(row["percent"]), Decimal(row["least_t"])
