"""The view of `gd`: nightly XML files, one row per waste; the rows of one manifest share their provincial number.

Modelled on published facts (Guangdong's export has two numbers on each manifest, stage words, one row per waste, 承运人 as a person
beside 运输单位); nobody's real interface. Each version is a full set of rows; `更新时间` tells which of two observations is newer.

The declaration says GB2312, the bytes are GB18030. All head, transport and receipt values stand again in every row of a manifest,
the same in each; rows of one manifest mostly, not always, stand together; a manifest never runs over two members of a ZIP.
Not told: the element or attribute is empty, or missing (everything marked ?). Now and then digits are full-width (quantities,
counts, telephones). Times are local (+08:00): `yyyy/MM/dd HH:mm` or `yyyy/MM/dd`, in every time below but 更新时间.

    /危险废物转移联单                       @批次 (yyyyMMdd) @文件序号
      /行                                  @序号 (position in the file)  @更新时间 `yyyy-MM-dd HH:mm:ss`: newer
        /广东省联单号                       text, the source key and grouping key; canonical local_numbers [{system gd, number}]
        /国家联单号?                        14 digits, national_no (often empty)
        /转移类型                           省内转移 intra_province · 跨省转移 cross_province · 境外转移 export
        /当前阶段                           待发运 declared · 运输中 in_transit · 已接收 received · 已完结 completed
        /是否作废                           是: status voided, whatever the stage · 否: status from the stage
        /作废?          @时间 @作废人        void at, by; its text: reason
        /补录类型                           正常 · 补录 (not canonical by itself)
        /补录信息?      @纸质联单号 @完成时间 @补录时间   backfill paper_no, finished_at, filed_at; its text: reason
        /计划转移时间?                      planned_at
        /管理计划备案号?  /跨省审批文号?  /运单号?           plan_filing_no, approval_no, waybill_no
        /产生单位       @tyshxydm @xzqh?    consignor uscc, division {code} (6 digits)
          /名称  /地址?  /应急电话?          name, address, emergency_phone
          /lxr?         @dh?               contact: text = name, @dh = phone
          /发运人?       @电话?             handler: text = name, @电话 = phone
          /交付时间?                        handed_over_at
        /运输段*        @序号               legs seq (none before transport is arranged)
          /运输单位     @tyshxydm @许可证号?  carrier: text = name, uscc, road_permit_no
          /车牌号?      @颜色?              vehicle.plate; @颜色 = plate_colour: the word as canonical says it (蓝 黄 绿 黄绿 渐变绿)
          /挂车号?                          vehicle.trailer_plate
          /承运人?      @电话?              driver: a person here; text = name, @电话 = phone
          /押运员?      @电话?              escort
          /起点?        @区划?              from: text = name, @区划 = division {code}
          /终点?        @区划?              to
          /途经*                            via [{name}]
          /运输开始时间?  /运输结束时间?       departed_at, arrived_at
          /交接?        @时间               handover: @时间 = at, text = place {name}
        /接收单位       @tyshxydm @xzqh? @xkzbh?   consignee uscc, division {code}, permit_no
          /名称  /地址?                      name, address
          /lxr?         @dh?               contact
          /接收人?       @电话?             handler
          /接收日期?  /确认日期?             received_at, confirmed_at
          /接收单位处理意见?                 接受 accepted · 部分接受 partly_accepted · 拒收 refused -> consignee.opinion
          /接收企业备注?                     consignee.opinion_note
        /废物           @序号 @fwdm @fwlb   wastes seq; code 900-249-08 · HW08/900-249-08 · 90024908; category HW08
          /废物名称                         name
          /废物形态?                        固态 S · 半固态 SS · 液态 L · 气态 G
          /危险特性?                        毒性 T · 腐蚀性 C · 易燃性 I · 反应性 R · 感染性 In, separated by 、
          /有害成分*                        constituents, one element each
          /包装方式?    @数量?              packages [{type, count}]: text = type, @数量 = count
          /计划数量?  /计量单位?             吨 or 千克 (-> quantity_t) · 桶 (-> declared {value, unit} as written; never full-width)
          /确认数量?                        received quantity in the same unit -> receipt.quantity_t or receipt.declared
          /处置方式?    @大类 @小类          @小类 (R9) -> receipt.method
          /是否存在重大差异?                 是 true · 否 false -> receipt.major_discrepancy
          /重大差异简述?                     receipt.note

Exactly one row carries one 废物. Damage: one member of one ZIP is cut off in the middle of a row.
"""

from typing import Any

from lxml import etree

from contract_tests.world.journey import Side, SideVersion, Style
from contract_tests.world.views.coarse import moment, moments, pick, put, six_digits, typed, written

_TYPES = {"intra_province": "省内转移", "cross_province": "跨省转移", "export": "境外转移"}
_STAGES = {
    "declared": "待发运",
    "handed_over": "待发运",
    "in_transit": "运输中",
    "arrived": "运输中",
    "received": "已接收",
    "partly_received": "已接收",
    "refused": "已接收",
    "completed": "已完结",
    "voided": "待发运",
}
_STATUS_OF_STAGE = {"待发运": "declared", "运输中": "in_transit", "已接收": "received", "已完结": "completed"}
_FORMS = {"S": "固态", "SS": "半固态", "L": "液态", "G": "气态"}
_HAZARDS = {"T": "毒性", "C": "腐蚀性", "I": "易燃性", "R": "反应性", "In": "感染性"}
_OPINIONS = {"accepted": "接受", "partly_accepted": "部分接受", "refused": "拒收"}
_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
_DAY, _MINUTE = "yyyy/MM/dd", "yyyy/MM/dd HH:mm"

Element = etree._Element  # noqa: SLF001 - lxml has no public name for the type of its elements


def render(side: Side, version: SideVersion) -> list[Element]:
    """The rows of this version, one per waste, without their @序号, which counts in the file."""
    return [_row(side, version, waste) for waste in version.content["wastes"]]


def _row(side: Side, version: SideVersion, waste: dict[str, Any]) -> Element:
    content, style = version.content, side.style
    row = etree.Element("行", {"序号": "", "更新时间": version.modified_at.isoformat(" ", "seconds")})
    _add(row, "广东省联单号", side.number)
    _add(row, "国家联单号", content.get("national_no", ""))
    _add(row, "转移类型", _TYPES[content["transfer_type"]])
    _add(row, "当前阶段", _STAGES[content["status"]])
    _add(row, "是否作废", "是" if content["status"] == "voided" else "否")
    if void := content.get("void"):
        _add(row, "作废", typed(void["reason"]), 时间=written(void["at"], _MINUTE), 作废人=void.get("by", ""))
    fill = content.get("backfill")
    _add(row, "补录类型", "补录" if fill else "正常")
    if fill:
        times = {"完成时间": written(fill["finished_at"], _MINUTE), "补录时间": written(fill["filed_at"], _MINUTE)}
        _add(row, "补录信息", fill["reason"], 纸质联单号=fill["paper_no"], **times)
    _add(row, "计划转移时间", written(content.get("planned_at"), _DAY))
    _maybe(row, "管理计划备案号", content.get("plan_filing_no"), style)
    _maybe(row, "跨省审批文号", content.get("approval_no"), style)
    _maybe(row, "运单号", content.get("waybill_no"), style)
    _consignor(row, content["consignor"], style)
    for leg in content["legs"]:
        _leg(row, leg, style)
    _consignee(row, content["consignee"], style)
    _waste(row, waste, style)
    return row


def _add(parent: Element, name: str, text: str | None = None, /, **attributes: str) -> Element:
    element = etree.SubElement(parent, name, attributes)
    if text:
        element.text = text
    return element


def _maybe(parent: Element, name: str, text: str | None, style: Style) -> None:
    """What isn't told is an empty element or none at all."""
    if text or style.turn(len(name), 2):
        _add(parent, name, text)


def _wide(text: str, style: Style, spot: int) -> str:
    return text.translate(_FULL_WIDTH) if style.turn(spot, 12) == 0 else text


def _person(parent: Element, name: str, who: dict[str, Any] | None, attribute: str, style: Style) -> None:
    if who:
        _add(parent, name, who["name"], **{attribute: _wide(who["phone"], style, len(name) + 40)})
    else:
        _maybe(parent, name, None, style)


def _consignor(row: Element, who: dict[str, Any], style: Style) -> None:
    out = _add(row, "产生单位", None, tyshxydm=who["uscc"], xzqh=six_digits(who["division"]))
    _add(out, "名称", who["name"])
    _maybe(out, "地址", who.get("address"), style)
    _maybe(out, "应急电话", who.get("emergency_phone"), style)
    _person(out, "lxr", who.get("contact"), "dh", style)
    _person(out, "发运人", who.get("handler"), "电话", style)
    _maybe(out, "交付时间", written(who.get("handed_over_at"), _MINUTE), style)


def _consignee(row: Element, who: dict[str, Any], style: Style) -> None:
    ids = {"tyshxydm": who["uscc"], "xzqh": six_digits(who["division"]), "xkzbh": who["permit_no"]}
    out = _add(row, "接收单位", None, **ids)
    _add(out, "名称", who["name"])
    _maybe(out, "地址", who.get("address"), style)
    _person(out, "lxr", who.get("contact"), "dh", style)
    _person(out, "接收人", who.get("handler"), "电话", style)
    _maybe(out, "接收日期", written(who.get("received_at"), _DAY if _days_only(style) else _MINUTE), style)
    _maybe(out, "确认日期", written(who.get("confirmed_at"), _DAY), style)
    _maybe(out, "接收单位处理意见", _OPINIONS.get(who.get("opinion", "")), style)
    _maybe(out, "接收企业备注", typed(who.get("opinion_note", "")), style)


def _days_only(style: Style) -> bool:
    """Whether this side's people write the receipt as a day."""
    return not style.seconds


def _leg(row: Element, leg: dict[str, Any], style: Style) -> None:
    carrier, vehicle = leg["carrier"], leg.get("vehicle", {})
    out = _add(row, "运输段", None, 序号=str(leg["seq"]))
    ids = {"tyshxydm": carrier["uscc"], "许可证号": carrier.get("road_permit_no", "")}
    _add(out, "运输单位", carrier["name"], **ids)
    if "plate" in vehicle:
        _add(out, "车牌号", vehicle["plate"], 颜色=vehicle["plate_colour"])
    _maybe(out, "挂车号", vehicle.get("trailer_plate"), style)
    _person(out, "承运人", leg.get("driver"), "电话", style)
    _person(out, "押运员", leg.get("escort"), "电话", style)
    for name, place in (("起点", leg["from"]), ("终点", leg["to"])):
        _add(out, name, place["name"], 区划=six_digits(place.get("division")))
    for place in leg.get("via", ()):
        _add(out, "途经", place["name"])
    _maybe(out, "运输开始时间", written(leg.get("departed_at"), _MINUTE), style)
    _maybe(out, "运输结束时间", written(leg.get("arrived_at"), _MINUTE), style)
    if handover := leg.get("handover"):
        _add(out, "交接", handover["place"]["name"], 时间=written(handover["at"], _MINUTE))


def _waste(row: Element, waste: dict[str, Any], style: Style) -> None:
    seq, code, receipt, pack = waste["seq"], waste["code"], waste.get("receipt", {}), waste["packages"][0]
    spelled = (code, f"HW{code[-2:]}/{code}", code.replace("-", ""))[style.turn(seq, 3)]
    out = _add(row, "废物", None, 序号=str(seq), fwdm=spelled, fwlb=waste["category"])
    _add(out, "废物名称", typed(waste["name"]))
    _maybe(out, "废物形态", _FORMS.get(waste.get("form", "")), style)
    _maybe(out, "危险特性", "、".join(_HAZARDS[sign] for sign in waste.get("hazards", ())), style)
    for name in waste.get("constituents", ()):
        _add(out, "有害成分", name)
    _add(out, "包装方式", pack["type"], 数量=_wide(str(pack["count"]), style, seq + 50))
    kilograms = style.turn(seq + 60, 100) < style.kilograms * 100
    _maybe(out, "计划数量", _quantity(waste, kilograms, style, seq + 70), style)
    _maybe(out, "确认数量", _quantity(receipt, kilograms, style, seq + 80), style)
    counted = waste.get("declared", receipt.get("declared"))
    _add(out, "计量单位", counted["unit"] if counted else "千克" if kilograms else "吨")
    if method := receipt.get("method"):
        _add(out, "处置方式", None, 大类=method[0], 小类=method)
    _maybe(out, "是否存在重大差异", {True: "是", False: "否"}.get(receipt.get("major_discrepancy", "")), style)
    _maybe(out, "重大差异简述", receipt.get("note"), style)


def _quantity(part: dict[str, Any], kilograms: bool, style: Style, spot: int) -> str:
    if "declared" in part:
        return str(part["declared"]["value"])
    text = str(part.get("quantity_t", ""))
    if text and kilograms:
        whole, _, rest = text.partition(".")
        text = (whole + f"{rest:0<3}").lstrip("0")
    return _wide(text, style, spot)


def expected(side: Side, version: SideVersion) -> dict[str, Any]:
    """The canonical content that a perfect mapping gives of this system's shape."""
    content, style = version.content, side.style
    heads = (
        "national_no",
        "local_numbers",
        "transfer_type",
        "plan_filing_no",
        "approval_no",
        "waybill_no",
        "planned_at",
    )
    out = moments(pick(content, heads), ("planned_at",), "day")
    status = content["status"]
    out["status"] = "voided" if status == "voided" else _STATUS_OF_STAGE[_STAGES[status]]
    put(out, "void", moments(pick(content.get("void"), ("at", "reason", "by")), ("at",), "minute"))
    fill = pick(content.get("backfill"), ("reason", "paper_no", "finished_at", "filed_at"))
    put(out, "backfill", moments(fill, ("finished_at", "filed_at"), "minute"))
    out["consignor"] = moments(dict(content["consignor"]), ("handed_over_at",), "minute")
    out["wastes"] = [_expected_waste(waste) for waste in content["wastes"]]
    out["legs"] = [_expected_leg(leg) for leg in content["legs"]]
    consignee = moments(dict(content["consignee"]), ("confirmed_at",), "day")
    out["consignee"] = moments(consignee, ("received_at",), "day" if _days_only(style) else "minute")
    return out


def _expected_waste(waste: dict[str, Any]) -> dict[str, Any]:
    keys = ("seq", "name", "code", "category", "hazards", "form", "constituents", "quantity_t", "declared")
    out = pick(waste, keys)
    out["packages"] = [pick(waste["packages"][0], ("type", "count"))]
    receipt = pick(waste.get("receipt"), ("quantity_t", "declared", "major_discrepancy", "note", "method"))
    put(out, "receipt", receipt)
    return out


def _expected_leg(leg: dict[str, Any]) -> dict[str, Any]:
    keys = ("seq", "vehicle", "escort", "from", "to", "via", "departed_at", "arrived_at", "handover")
    out = moments(pick(leg, keys), ("departed_at", "arrived_at"), "minute")
    out["carrier"] = pick(leg["carrier"], ("name", "uscc", "road_permit_no"))
    put(out, "driver", pick(leg.get("driver"), ("name", "phone")))
    if "handover" in out:
        out["handover"] = {**out["handover"], "at": moment(out["handover"]["at"], "minute")}
    return out
