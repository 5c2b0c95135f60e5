"""All rules by id, and the judgement of a record by those that look at one record."""

from datetime import date

from canonical_schema.rules.catalogue import codes_in_catalogue
from canonical_schema.rules.numbers import has_a_number, quantity_in_tonnes, removal_province
from canonical_schema.rules.rule import Content, Finding, Rule
from canonical_schema.rules.times import times_in_order

RULE_SET = "1.0-rc"
ACT = "危险废物转移管理办法(部令第23号)"
_MANIFEST = ("manifest",)

_ALL = (
    Rule(
        "M000",
        "warning",
        _MANIFEST,
        (),
        "canonical.md §4",
        "原值未能理解, 该字段缺省",
        "a value wasn't understood; the field is absent",
    ),
    Rule(
        "M001",
        "warning",
        _MANIFEST,
        ("/national_no", "/consignor/division/code"),
        f"{ACT} 第十五条",
        "全国联单编号有效, 且省级代码与移出人一致",
        "a national number is one, and its province is the consignor's",
        removal_province,
    ),
    Rule(
        "M002",
        "warning",
        _MANIFEST,
        ("/consignor/uscc", "/legs/carrier/uscc", "/consignee/uscc"),
        "GB 32100-2015",
        "统一社会信用代码校验位正确",
        "check characters of a unified social credit code are right",
    ),
    Rule(
        "M003",
        "warning",
        _MANIFEST,
        ("/wastes/quantity_t",),
        "HJ 1259-2022",
        "废物数量以吨计",
        "a waste's quantity is known in tonnes",
        quantity_in_tonnes,
    ),
    Rule(
        "M004",
        "warning",
        _MANIFEST,
        ("/national_no", "/local_numbers"),
        f"{ACT} 第十五条",
        "联单有编号(全国或地方)",
        "the manifest has a number, national or local",
        has_a_number,
    ),
    Rule(
        "M010",
        "warning",
        _MANIFEST,
        ("/wastes/code", "/wastes/category"),
        "国家危险废物名录",
        "废物代码在转移当日适用的名录中, 类别为其末两位",
        "waste codes are in the catalogue in force on the removal day; the category is the last two digits",
        codes_in_catalogue,
    ),
    Rule(
        "M020",
        "warning",
        _MANIFEST,
        ("/consignor/handed_over_at", "/legs/departed_at", "/legs/arrived_at", "/consignee/received_at"),
        f"{ACT} 第九条至第十三条",
        "交付、起运、到达、接受时间依次不早于前者",
        "handed over, departed, arrived and received stand in this order",
        times_in_order,
    ),
    Rule(
        "M050",
        "warning",
        _MANIFEST,
        ("/legs/vehicle/plate", "/legs/vehicle/trailer_plate"),
        "GA 36",
        "车牌号符合规定格式",
        "a vehicle's plate is well formed",
    ),
    Rule(
        "X001",
        "warning",
        _MANIFEST,
        (),
        "canonical.md §4",
        "两侧系统对同一联单的说法一致",
        "the two sides' claims on one manifest agree",
    ),
)
REGISTRY: dict[str, Rule] = {rule.id: rule for rule in _ALL}
_JUDGES = {
    kind: tuple(rule.judge for rule in _ALL if rule.judge is not None and kind in rule.kinds) for kind in _MANIFEST
}


def judge(kind: str, content: Content, *, day: date) -> list[Finding]:
    """What the rules find in a structurally sound record, judged on `day`; in the order of the rules' ids."""
    found: list[Finding] = []
    for rule in _JUDGES.get(kind, ()):
        found.extend(rule(content, day))
    return found
