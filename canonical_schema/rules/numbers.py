"""Rules on a manifest's numbers and quantities: M001 (second half), M003, M004."""

from collections.abc import Iterator
from datetime import date

from canonical_schema.rules.rule import Content, Finding, warning
from canonical_schema.values import manifest_no


def removal_province(content: Content, _: date) -> Iterator[Finding]:
    """M001: digits 5 and 6 of the national number are the removal place's province (Art. 15)."""
    number = content.get("national_no")
    consignor = content.get("consignor")
    if number is None or consignor is None or "division" not in consignor:
        return
    code = consignor["division"]["code"]
    if code[:2] != manifest_no.province(number):
        yield warning(
            "M001",
            ("/national_no", "/consignor/division/code"),
            f"联单编号 {number} 的移出地省级代码 {number[4:6]} 与移出人行政区划 {code} 不符",
            f"number {number} names province {number[4:6]} for the removal, the consignor's division is {code}",
        )


def quantity_in_tonnes(content: Content, _: date) -> Iterator[Finding]:
    """M003: the quantity of a waste is known in tonnes (HJ 1259-2022 makes them mandatory)."""
    for place, waste in enumerate(content["wastes"]):
        if "quantity_t" not in waste:
            declared = waste.get("declared")
            zh = f", 原文为“{declared['value']} {declared['unit']}”" if declared else ""
            en = f"; the source says '{declared['value']} {declared['unit']}'" if declared else ""
            yield warning(
                "M003",
                (f"/wastes/{place}/quantity_t",),
                f"第 {waste['seq']} 项废物的移出量没有以吨计的数值{zh}",
                f"the quantity of waste {waste['seq']} isn't known in tonnes{en}",
            )


def has_a_number(content: Content, _: date) -> Iterator[Finding]:
    """M004: the manifest has a number, national or local."""
    if "national_no" not in content and "local_numbers" not in content:
        yield warning(
            "M004",
            ("/national_no",),
            "联单没有编号(全国或地方)",
            "the manifest has no number, neither national nor local",
        )
