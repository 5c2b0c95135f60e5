"""The view of `sh`: a REST system with Chinese keys that answers one row per waste; the head stands again in every row.

Modelled on published facts (a municipal system's export with the form's own words as column names); nobody's real interface. Newest
version only; `更新时间` tells which of two observations is newer. The rows of one manifest stand together and are never torn by a page.

Not told (every key marked ?): null, "", `/` or no key at all. Times are local (+08:00): `yyyy-MM-dd HH:mm:ss`, of some people's
rows `yyyy-MM-dd HH:mm`. Quantities are text with thousands separators (`12,400`), now and then a full-width one (`12，400`).

    联单编号           the source key and grouping key; canonical local_numbers [{system sh, number}]
    国家联单号?        14 digits, national_no
    更新时间           `yyyy-MM-dd HH:mm:ss`: newer (not canonical)
    转移类型           市内转移 intra_province · 跨省转移 cross_province · 出境 export
    状态              已填报 declared · 已交付 handed_over · 运输中 in_transit · 已运达 arrived · 已接收 received
                      · 部分接收 partly_received · 已拒收 refused · 已办结 completed
    作废标志           Y: status voided, whatever 状态 says · N
    作废时间?, 作废原因?, 作废人?                    void {at, reason, by}
    补录原因?, 纸质联单号?, 转移完成时间?, 补录时间?   backfill {reason, paper_no, finished_at, filed_at}
    管理计划编号?, 跨省批准文号?, 运单编号?           plan_filing_no, approval_no, waybill_no
    托运方?           移出人 consignor · 接受人 consignee (shipper)
    运输方式?         道路 road · 铁路 rail · 水路 waterway (transport_mode)
    计划转移时间?      planned_at

    移出单位, 移出单位代码, 移出单位地址?, 移出地?              consignor name, uscc, address, division {code} (6 digits)
    移出单位联系人?, 移出单位联系电话?, 应急联系电话?             contact {name, phone}, emergency_phone
    移出经办人?, 移出经办人电话?, 交付时间?                     handler {name, phone}, handed_over_at

    废物序号          number, wastes seq
    废物名称, 废物代码, 废物类别      name; 900-249-08 · HW08(900-249-08) with full-width brackets; category HW08
    危险特性?         T/I -> hazards            形态?      固态 S · 半固态 SS · 液态 L · 气态 G
    有害成分?         separated by ；            constituents
    包装方式?, 包装材质?, 包装数量?      packages [{type, material, count}] (one package; count a number)
    移出量?, 单位?    千克 · 吨 (-> quantity_t) · 桶 (-> declared {value, unit} as written)
    接收量?           in the same 单位 -> receipt.quantity_t or receipt.declared
    重大差异?         是 true · 否 false -> receipt.major_discrepancy      差异说明?   receipt.note
    接受意见?         接受 · 部分接受 · 拒收 -> receipt.opinion            利用处置方式?  R9 -> receipt.method
    联合国编号?       UN1993 -> dangerous_goods.un_no

    运输              [{  (the same list in each row of a manifest)
        序号                                      number, legs seq
        承运单位, 承运单位代码, 道路运输许可证号?      carrier name, uscc, road_permit_no
        车牌号?, 车牌颜色?, 挂车车牌号?              vehicle {plate, plate_colour, trailer_plate}; the word as canonical says it
        驾驶员?, 驾驶员电话?, 从业资格证号?           driver {name, phone, licence_no}
        押运员?, 押运员电话?                        escort {name, phone}
        起点, 起点区划?, 终点, 终点区划?              from, to {name, division {code}}
        途经?                                     ["济南北", …] -> via [{name}]
        起运时间?, 到达时间?, 交接时间?, 交接地点?     departed_at, arrived_at, handover {at, place {name}}
    }]

    接受单位, 接受单位代码, 接受单位地址?, 接受地?, 许可证编号?    consignee name, uscc, address, division {code}, permit_no
    接受单位联系人?, 接受单位联系电话?, 接受经办人?, 接受经办人电话?   contact, handler {name, phone}
    接受时间?, 确认时间?, 接受单位意见?, 接受备注?               received_at, confirmed_at, opinion (as 接受意见), opinion_note

Damage: the 移出量 of one waste is negative, or a single row stands without any waste.
"""

from typing import Any

from contract_tests.world.journey import Side, SideVersion, Style
from contract_tests.world.views.coarse import each, moment, moments, pick, put, six_digits, typed, written

_TYPES = {"intra_province": "市内转移", "cross_province": "跨省转移", "export": "出境"}
_STATES = {
    "declared": "已填报",
    "handed_over": "已交付",
    "in_transit": "运输中",
    "arrived": "已运达",
    "received": "已接收",
    "partly_received": "部分接收",
    "refused": "已拒收",
    "completed": "已办结",
    "voided": "已填报",
}
_SHIPPERS = {"consignor": "移出人", "consignee": "接受人"}
_MODES = {"road": "道路", "rail": "铁路", "waterway": "水路"}
_FORMS = {"S": "固态", "SS": "半固态", "L": "液态", "G": "气态"}
_OPINIONS = {"accepted": "接受", "partly_accepted": "部分接受", "refused": "拒收"}
_YES_NO = {True: "是", False: "否"}
_NOTHING = (None, "", "/")

Row = dict[str, Any]


def render(side: Side, version: SideVersion) -> list[Row]:
    """The rows of this version, one per waste."""
    content, style = version.content, side.style
    form = "yyyy-MM-dd HH:mm:ss" if style.seconds else "yyyy-MM-dd HH:mm"
    before, after = _head(side, version, form), _consignee(content["consignee"], form)
    legs = [_told(_leg(leg, form), style) for leg in content["legs"]]
    wastes = [_waste(waste, style) for waste in content["wastes"]]
    if side.damaged == "no_waste":
        wastes = [dict.fromkeys(wastes[0])]
    elif side.damaged == "negative_quantity":
        weighed = next(waste for waste in wastes if waste["单位"] in {"吨", "千克"})
        weighed["移出量"] = "-" + weighed["移出量"]
    return [_told({**before, **waste, "运输": legs, **after}, style) for waste in wastes]


def _told(row: Row, style: Style) -> Row:
    """What isn't told is null, empty, a slash or no key: the same in every row of a side."""
    out: Row = {}
    for key, value in row.items():
        how = style.turn(sum(map(ord, key)), 4)
        if value or isinstance(value, list):
            out[key] = value
        elif how < len(_NOTHING):
            out[key] = _NOTHING[how]
    return out


def _head(side: Side, version: SideVersion, form: str) -> Row:
    content = version.content
    void, fill = content.get("void", {}), content.get("backfill", {})
    return {
        "联单编号": side.number,
        "国家联单号": content.get("national_no"),
        "更新时间": version.modified_at.isoformat(" ", "seconds"),
        "转移类型": _TYPES[content["transfer_type"]],
        "状态": _STATES[content["status"]],
        "作废标志": "Y" if content["status"] == "voided" else "N",
        "作废时间": written(void.get("at"), form),
        "作废原因": typed(void.get("reason", "")),
        "作废人": void.get("by"),
        "补录原因": fill.get("reason"),
        "纸质联单号": fill.get("paper_no"),
        "转移完成时间": written(fill.get("finished_at"), form),
        "补录时间": written(fill.get("filed_at"), form),
        "管理计划编号": content.get("plan_filing_no"),
        "跨省批准文号": content.get("approval_no"),
        "运单编号": content.get("waybill_no"),
        "托运方": _SHIPPERS.get(content.get("shipper", "")),
        "运输方式": _MODES.get(content.get("transport_mode", "")),
        "计划转移时间": written(content.get("planned_at"), form),
        **_consignor(content["consignor"], form),
    }


def _consignor(who: dict[str, Any], form: str) -> Row:
    contact, handler = who.get("contact", {}), who.get("handler", {})
    return {
        "移出单位": who["name"],
        "移出单位代码": who["uscc"],
        "移出单位地址": who.get("address"),
        "移出地": six_digits(who["division"]),
        "移出单位联系人": contact.get("name"),
        "移出单位联系电话": contact.get("phone"),
        "应急联系电话": who.get("emergency_phone"),
        "移出经办人": handler.get("name"),
        "移出经办人电话": handler.get("phone"),
        "交付时间": written(who.get("handed_over_at"), form),
    }


def _consignee(who: dict[str, Any], form: str) -> Row:
    contact, handler = who.get("contact", {}), who.get("handler", {})
    return {
        "接受单位": who["name"],
        "接受单位代码": who["uscc"],
        "接受单位地址": who.get("address"),
        "接受地": six_digits(who["division"]),
        "许可证编号": who.get("permit_no"),
        "接受单位联系人": contact.get("name"),
        "接受单位联系电话": contact.get("phone"),
        "接受经办人": handler.get("name"),
        "接受经办人电话": handler.get("phone"),
        "接受时间": written(who.get("received_at"), form),
        "确认时间": written(who.get("confirmed_at"), form),
        "接受单位意见": _OPINIONS.get(who.get("opinion", "")),
        "接受备注": typed(who.get("opinion_note", "")),
    }


def _waste(waste: dict[str, Any], style: Style) -> Row:
    seq, code, receipt, pack = waste["seq"], waste["code"], waste.get("receipt", {}), waste["packages"][0]
    kilograms = style.turn(seq, 100) < style.kilograms * 100
    counted = waste.get("declared", receipt.get("declared"))
    return {
        "废物序号": seq,
        "废物名称": typed(waste["name"]),
        "废物代码": typed(f"HW{code[-2:]}({code})") if style.turn(seq + 4, 3) == 0 else code,
        "废物类别": waste["category"],
        "危险特性": "/".join(waste.get("hazards", ())),
        "形态": _FORMS.get(waste.get("form", "")),
        "有害成分": "；".join(waste.get("constituents", ())),
        "包装方式": pack["type"],
        "包装材质": pack.get("material"),
        "包装数量": pack["count"],
        "移出量": _quantity(waste, kilograms, style, seq + 8),
        "单位": counted["unit"] if counted else "千克" if kilograms else "吨",
        "接收量": _quantity(receipt, kilograms, style, seq + 16),
        "重大差异": _YES_NO.get(receipt.get("major_discrepancy", "")),
        "差异说明": receipt.get("note"),
        "接受意见": _OPINIONS.get(receipt.get("opinion", "")),
        "利用处置方式": receipt.get("method"),
        "联合国编号": waste.get("dangerous_goods", {}).get("un_no"),
    }


def _quantity(part: dict[str, Any], kilograms: bool, style: Style, spot: int) -> str | None:
    if "declared" in part:
        return str(part["declared"]["value"])
    if "quantity_t" not in part:
        return None
    whole, _, rest = part["quantity_t"].partition(".")
    if kilograms:
        return f"{int(whole + f'{rest:0<3}'):,}".replace(",", "，" if style.turn(spot, 6) == 0 else ",")
    return f"{int(whole):,}.{rest:0<3}"


def _leg(leg: dict[str, Any], form: str) -> Row:
    carrier, vehicle, handover = leg["carrier"], leg.get("vehicle", {}), leg.get("handover", {})
    driver, escort = leg.get("driver", {}), leg.get("escort", {})
    return {
        "序号": leg["seq"],
        "承运单位": carrier["name"],
        "承运单位代码": carrier["uscc"],
        "道路运输许可证号": carrier.get("road_permit_no"),
        "车牌号": vehicle.get("plate"),
        "车牌颜色": vehicle.get("plate_colour"),
        "挂车车牌号": vehicle.get("trailer_plate"),
        "驾驶员": driver.get("name"),
        "驾驶员电话": driver.get("phone"),
        "从业资格证号": driver.get("licence_no"),
        "押运员": escort.get("name"),
        "押运员电话": escort.get("phone"),
        "起点": leg["from"]["name"],
        "起点区划": six_digits(leg["from"].get("division")),
        "终点": leg["to"]["name"],
        "终点区划": six_digits(leg["to"].get("division")),
        "途经": [place["name"] for place in leg.get("via", ())],
        "起运时间": written(leg.get("departed_at"), form),
        "到达时间": written(leg.get("arrived_at"), form),
        "交接时间": written(handover.get("at"), form),
        "交接地点": handover.get("place", {}).get("name"),
    }


def expected(side: Side, version: SideVersion) -> dict[str, Any]:
    """The canonical content that a perfect mapping gives of this system's shape."""
    content, precision = version.content, "second" if side.style.seconds else "minute"
    out = {key: value for key, value in content.items() if key != "attachments"}
    moments(out, ("planned_at",), precision)
    for key in ("void", "backfill"):
        put(out, key, moments(dict(content.get(key, {})), ("at", "finished_at", "filed_at"), precision))
    out["consignor"] = moments(dict(content["consignor"]), ("handed_over_at",), precision)
    out["consignee"] = moments(dict(content["consignee"]), ("received_at", "confirmed_at"), precision)
    out["wastes"] = each(content["wastes"], _expected_waste)
    out["legs"] = [_expected_leg(leg, precision) for leg in content["legs"]]
    return out


def _expected_waste(waste: dict[str, Any]) -> dict[str, Any]:
    keys = ("seq", "name", "code", "category", "hazards", "form", "constituents", "quantity_t", "declared", "receipt")
    out = pick(waste, keys)
    out["packages"] = [pick(waste["packages"][0], ("type", "material", "count"))]
    put(out, "dangerous_goods", pick(waste.get("dangerous_goods"), ("un_no",)))
    return out


def _expected_leg(leg: dict[str, Any], precision: str) -> dict[str, Any]:
    out = moments(
        {key: value for key, value in leg.items() if key != "device_id"}, ("departed_at", "arrived_at"), precision
    )
    out["carrier"] = pick(leg["carrier"], ("name", "uscc", "road_permit_no"))
    if "handover" in out:
        out["handover"] = {**out["handover"], "at": moment(out["handover"]["at"], precision)}
    return out
