"""All rules by id, and the judgement of a record."""

from dataclasses import replace
from datetime import date

from canonical_schema.rules.amounts import flag_agrees, within_tolerance
from canonical_schema.rules.carriers import carrier_identified
from canonical_schema.rules.catalogue import codes_in_catalogue, hazards_agree
from canonical_schema.rules.examples import EXAMPLES, WRITTEN
from canonical_schema.rules.numbers import has_a_number, quantity_in_tonnes, removal_province
from canonical_schema.rules.related import approval_covers, disposed_of, permit_covers, within_capacity
from canonical_schema.rules.rule import Content, Finding, Related, Rule
from canonical_schema.rules.terms import backfill_filed, receipt_confirmed, steps_in_time
from canonical_schema.rules.times import times_in_order
from canonical_schema.rules.tracks import positions_plausible

RULE_SET = "1.0-rc"
ACT = "危险废物转移管理办法(部令第23号)"
_MANIFEST = ("manifest",)

_ALL = (
    Rule(
        "M000",
        "warning",
        _MANIFEST,
        (),
        "docs/standard.md",
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
        "M011",
        "warning",
        _MANIFEST,
        ("/wastes/hazards", "/wastes/code"),
        "国家危险废物名录",
        "危险特性与名录一致",
        "hazards agree with the catalogue: certain ones present, none foreign",
        hazards_agree,
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
        "M021",
        "warning",
        _MANIFEST,
        ("/consignee/received_at", "/consignee/confirmed_at"),
        f"{ACT} 第十八条",
        "接受后 5 个工作日内确认",
        "receipt is confirmed within 5 working days",
        receipt_confirmed,
    ),
    Rule(
        "M022",
        "warning",
        _MANIFEST,
        ("/backfill/finished_at", "/backfill/filed_at"),
        f"{ACT} 第二十条",
        "转移完成后 10 个工作日内补录",
        "a back-fill is filed within 10 working days",
        backfill_filed,
    ),
    Rule(
        "M030",
        "warning",
        _MANIFEST,
        ("/wastes/quantity_t", "/wastes/receipt/quantity_t"),
        f"{ACT} 第十八条; codes/tolerances.csv",
        "接受量与移出量之差在容许范围内",
        "received and moved quantity differ within the tolerance set for the form",
        within_tolerance,
    ),
    Rule(
        "M031",
        "warning",
        _MANIFEST,
        ("/wastes/receipt/major_discrepancy", "/wastes/receipt/quantity_t"),
        f"{ACT} 第十八条",
        "重大差异标识与事实相符",
        "the flag of a major discrepancy and the facts agree",
        flag_agrees,
    ),
    Rule(
        "M040",
        "warning",
        _MANIFEST,
        ("/transfer_type", "/approval_no", "/wastes/code", "/consignee/uscc"),
        f"{ACT} 第二十一条至第二十七条",
        "跨省联单有批准决定, 且在其范围之内",
        "a cross-province manifest has an approval that covers it",
        relate=approval_covers,
        needs=("application", "manifest"),
    ),
    Rule(
        "M041",
        "warning",
        _MANIFEST,
        ("/consignee/permit_no", "/wastes/code", "/wastes/receipt/method"),
        "国务院令第408号",
        "接受人许可证在当日涵盖代码与方式",
        "the consignee's permit covers code and method on that day",
        relate=permit_covers,
        needs=("permit",),
    ),
    Rule(
        "M042",
        "warning",
        _MANIFEST,
        ("/consignee/received_at", "/wastes/receipt/quantity_t"),
        "国务院令第408号",
        "全年接受量不超过年经营规模",
        "a year's receipts stay within the permit's capacity",
        relate=within_capacity,
        needs=("permit", "manifest"),
    ),
    Rule(
        "M050",
        "warning",
        _MANIFEST,
        ("/legs/carrier", "/legs/vehicle/plate", "/legs/vehicle/trailer_plate"),
        f"{ACT} 第十一条; GA 36",
        "承运人明确, 车牌号符合规定格式",
        "the carrier is identified, a vehicle's plate is well formed",
        carrier_identified,
    ),
    Rule(
        "M060",
        "warning",
        _MANIFEST,
        ("/status", "/wastes/code", "/wastes/receipt/method", "/wastes/receipt/quantity_t"),
        f"{ACT} 第十二条",
        "有利用处置结果, 代码与方式相同, 数量守恒",
        "a result of recovery or disposal exists with the same code and method, and quantities are conserved",
        relate=disposed_of,
        needs=("disposal",),
    ),
    Rule(
        "A001",
        "warning",
        ("application",),
        ("/steps/at", "/steps/due_at"),
        f"{ACT} 第二十三条至第二十六条",
        "申请各环节在法定期限内办理",
        "each step of an application is taken within its legal term",
        steps_in_time,
    ),
    Rule(
        "T001",
        "warning",
        ("track",),
        ("/positions",),
        "JT/T 808",
        "轨迹点次序、速度、位移、间隔、停留、区域合理",
        "positions are in order, with plausible speeds and jumps, without gaps or long stops, inside China",
        positions_plausible,
    ),
    Rule(
        "X001",
        "warning",
        _MANIFEST,
        (),
        "docs/standard.md",
        "两侧系统对同一联单的说法一致",
        "the two sides' claims on one manifest agree",
    ),
)
REGISTRY: dict[str, Rule] = {
    rule.id: replace(rule, example=EXAMPLES.get(rule.id), written=WRITTEN.get(rule.id)) for rule in _ALL
}
_KINDS = {kind for rule in _ALL for kind in rule.kinds}
_JUDGES = {kind: tuple(rule.judge for rule in _ALL if rule.judge is not None and kind in rule.kinds) for kind in _KINDS}


def judge(kind: str, content: Content, *, day: date, related: Related | None = None) -> list[Finding]:
    """What the rules find in a structurally sound record, judged on `day`.

    `related` are other records that concern it, by kind: a rule that needs some is asked only where all kinds that it needs
    are given (an empty list says that there are none). First the rules that look at the record alone, by id, then those.
    """
    found: list[Finding] = []
    for rule in _JUDGES.get(kind, ()):
        found.extend(rule(content, day))
    if related is not None:
        for one in _ALL:
            if one.relate is not None and kind in one.kinds and all(name in related for name in one.needs):
                found.extend(one.relate(content, related, day))
    return found
