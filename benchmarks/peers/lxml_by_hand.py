"""`gd`'s XML by hand with lxml: one pass over each row by someone who knows the shape.

`document` takes out all values as they stand, `manifests` makes canonical content of them, without lineage or findings.
"""

from decimal import Decimal
from typing import Any
from unicodedata import normalize

from lxml import etree

from benchmarks.peers.by_hand import some, text, typed
from canonical_schema.values import (
    category,
    division,
    manifest_no,
    method,
    permit_no,
    plate,
    quantity,
    uscc,
    waste_code,
)

TYPES = {"省内转移": "intra_province", "跨省转移": "cross_province", "境外转移": "export"}
STAGES = {"待发运": "declared", "运输中": "in_transit", "已接收": "received", "已完结": "completed"}
FORMS = {"固态": "S", "半固态": "SS", "液态": "L", "气态": "G"}
HAZARDS = {"毒性": "T", "腐蚀性": "C", "易燃性": "I", "反应性": "R", "感染性": "In"}
OPINIONS = {"接受": "accepted", "部分接受": "partly_accepted", "拒收": "refused"}
YES = {"是": True, "否": False}

PARTS = {"产生单位", "接收单位", "运输段", "废物"}
ATTRIBUTED = {
    "作废", "补录信息", "lxr", "发运人", "接收人", "运输单位", "车牌号", "承运人", "押运员", "起点", "终点", "交接", "包装方式", "处置方式",
}  # fmt: skip
LISTS = {"运输段", "途经", "有害成分"}
Values = dict[str, Any]


def element(node: Any) -> Values:
    """The values of an element that has others in it; what stands several times is a list."""
    out: Values = {"@" + name: value for name, value in node.items()}
    for child in node:
        name = child.tag
        if name in PARTS:
            value: Any = element(child)
        else:
            value = child.text or ""
            if name in ATTRIBUTED and (given := child.items()):
                value = {"@" + attribute: said for attribute, said in given} | {"": value}
        if name in LISTS and name in out:
            before = out[name]
            if before.__class__ is list:
                before.append(value)
            else:
                out[name] = [before, value]
        else:
            out[name] = value
    return out


def document(root: Any) -> Values:
    attributes = {"@" + name: value for name, value in root.items()}
    return {root.tag: attributes | {"行": [element(row) for row in root]}}


def moment(value: str | None) -> dict[str, str] | None:
    if not value:
        return None
    day = value[:10].replace("/", "-")
    return (
        {"at": day, "precision": "day"}
        if len(value) == 10
        else {"at": f"{day}T{value[11:]}:00+08:00", "precision": "minute"}
    )


def named(node: Any, attribute: str, other: str = "phone") -> Values | None:
    """A person or place: its text and one attribute."""
    return None if node is None else some(name=text(node.text), **{other: text(node.get(attribute))})


def reason(node: Any, **attributes: Any) -> Values | None:
    return None if node is None else some(reason=text(node.text), **attributes)


def amount(written: str | None, unit: str | None) -> Values:
    value = text(written)
    if value is None:
        return {}
    factor = quantity.tonnes_in(unit or "")
    if factor is None:
        return {"declared": {"value": value, "unit": unit}}
    return {"quantity_t": quantity.rounded(Decimal(value) * factor)[0]}


def company(node: Any, one: dict[str, Any], handler: str) -> Values:
    return {
        "name": text(one["名称"].text), "uscc": typed(uscc.parse, node.get("tyshxydm")), "address": said(one, "地址"),
        "division": some(code=typed(division.parse, node.get("xzqh"))), "contact": named(one.get("lxr"), "dh"),
        "handler": named(one.get(handler), "电话"),
    }  # fmt: skip


def said(one: dict[str, Any], name: str) -> str | None:
    node = one.get(name)
    return None if node is None else text(node.text)


def when(one: dict[str, Any], name: str) -> dict[str, str] | None:
    node = one.get(name)
    return None if node is None else moment(node.text)


def place(node: Any) -> Values | None:
    if node is None:
        return None
    return some(name=text(node.text), division=some(code=typed(division.parse, node.get("区划"))))


def leg(node: Any) -> Values | None:
    one = {child.tag: child for child in node}
    carrier, vehicle, handover = one["运输单位"], one.get("车牌号"), one.get("交接")
    return some(
        seq=int(node.get("序号")),
        carrier=some(
            name=text(carrier.text),
            uscc=typed(uscc.parse, carrier.get("tyshxydm")),
            road_permit_no=text(carrier.get("许可证号")),
        ),
        vehicle=some(
            plate=None if vehicle is None else typed(plate.parse, vehicle.text),
            plate_colour=None if vehicle is None else vehicle.get("颜色"),
            trailer_plate=typed(plate.parse, said(one, "挂车号")),
        ),
        driver=named(one.get("承运人"), "电话"),
        escort=named(one.get("押运员"), "电话"),
        **{"from": place(one.get("起点"))},
        to=place(one.get("终点")),
        via=[{"name": text(stop.text)} for stop in node if stop.tag == "途经"] or None,
        departed_at=when(one, "运输开始时间"),
        arrived_at=when(one, "运输结束时间"),
        handover=None
        if handover is None
        else some(at=moment(handover.get("时间")), place=some(name=text(handover.text))),
    )


def waste(node: Any) -> Values | None:
    one = {child.tag: child for child in node}
    pack, dealt, unit = one["包装方式"], one.get("处置方式"), one["计量单位"].text
    hazards = said(one, "危险特性")
    return some(
        seq=int(node.get("序号")),
        name=text(one["废物名称"].text),
        code=typed(waste_code.parse, node.get("fwdm")),
        category=typed(category.parse, node.get("fwlb")),
        hazards=[HAZARDS[sign] for sign in hazards.split("、")] if hazards else None,
        form=FORMS.get(said(one, "废物形态") or ""),
        constituents=[text(part.text) for part in node if part.tag == "有害成分"] or None,
        packages=[some(type=text(pack.text), count=int(normalize("NFKC", pack.get("数量"))))],
        **amount(said(one, "计划数量"), unit),
        receipt=some(
            **amount(said(one, "确认数量"), unit),
            major_discrepancy=YES.get(said(one, "是否存在重大差异") or ""),
            note=said(one, "重大差异简述"),
            method=None if dealt is None else typed(method.parse, dealt.get("小类")),
        ),
    )


def manifest(rows: list[dict[str, Any]], legs: list[Any]) -> Values | None:
    head = rows[0]
    void, fill, sender, receiver = head.get("作废"), head.get("补录信息"), head["产生单位"], head["接收单位"]
    sends, receives = {child.tag: child for child in sender}, {child.tag: child for child in receiver}
    return some(
        national_no=typed(manifest_no.parse, said(head, "国家联单号")),
        local_numbers=[{"system": "gd", "number": text(head["广东省联单号"].text)}],
        transfer_type=TYPES[head["转移类型"].text],
        status="voided" if head["是否作废"].text == "是" else STAGES[head["当前阶段"].text],
        void=None if void is None else reason(void, at=moment(void.get("时间")), by=text(void.get("作废人"))),
        backfill=None
        if fill is None
        else reason(
            fill,
            paper_no=text(fill.get("纸质联单号")),
            finished_at=moment(fill.get("完成时间")),
            filed_at=moment(fill.get("补录时间")),
        ),
        plan_filing_no=said(head, "管理计划备案号"),
        approval_no=said(head, "跨省审批文号"),
        waybill_no=said(head, "运单号"),
        planned_at=when(head, "计划转移时间"),
        consignor=some(
            **company(sender, sends, "发运人"),
            emergency_phone=said(sends, "应急电话"),
            handed_over_at=when(sends, "交付时间"),
        ),
        wastes=[waste(row["废物"]) for row in rows],
        legs=[leg(node) for node in legs] or None,
        consignee=some(
            **company(receiver, receives, "接收人"),
            permit_no=typed(permit_no.parse, receiver.get("xkzbh")),
            received_at=when(receives, "接收日期"),
            confirmed_at=when(receives, "确认日期"),
            opinion=OPINIONS.get(said(receives, "接收单位处理意见") or ""),
            opinion_note=said(receives, "接收企业备注"),
        ),
    )


def manifests(root: Any) -> list[Any]:
    groups: dict[str, list[Any]] = {}
    for row in root:
        groups.setdefault(row[0].text, []).append(row)
    return [
        manifest(
            [{child.tag: child for child in row} for row in rows],
            [child for child in rows[0] if child.tag == "运输段"],
        )
        for rows in groups.values()
    ]


def parsed(body: bytes) -> Any:
    return etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
