"""The view of `js`: a provincial REST system, JSON with camelCase keys, one object per manifest.

Modelled on published facts (public code with transNo/recvEntName/transType, success flags as strings, kg beside t); nobody's real
interface. Newest version only; `updateTime` tells which of two observations is newer.

A value that isn't there is null, "" or the key is left out: all three occur for every key marked ? (objects and lists: null or left
out). The canonical content is flat: consignor, wastes, legs, consignee stand beside the head's fields. Times are local (+08:00) without
a zone, `yyyy-MM-dd HH:mm:ss` or `yyyy-MM-dd HH:mm` (both occur in every key called *Time; createTime and updateTime always have
seconds); the precision is what is written.

    transNo            text      provincial number, the source key; canonical local_numbers [{system js, number}]
    nationalNo?        text      14 digits, national_no
    transType          "1" 省内 intra_province · "2" 跨省 cross_province · "3" 境外 export
    state              "10" declared · "20" handed_over · "30" in_transit · "40" arrived · "50" received · "51" partly_received
                       · "60" refused · "90" completed · "99" voided
    voidInfo?          {voidTime, voidReason, voidBy}                                -> void {at, reason, by}
    backfill?          {reason, paperNo?, finishTime, fileTime}                      -> backfill {reason, paper_no, finished_at, filed_at}
    planNo?            text      plan_filing_no        approvalNo? text approval_no        waybillNo? text waybill_no
    shipper?           "1" consignor · "2" consignee
    transMode?         "1" road · "2" rail · "3" waterway
    planTime?          time      planned_at
    attachments?       [{fileName, contentType, url}]                                -> attachments [{name, media_type, uri}]

    transEntName, transUscc, transAddress, transDivision (6 digits)                  -> consignor name, uscc, address, division {code}
    transContact?, transPhone?                                                       -> consignor.contact {name, phone}
    transEmergency?    text      consignor.emergency_phone
    transHandler?, transHandlerPhone?                                                -> consignor.handler {name, phone}
    transTime?         time      consignor.handed_over_at

    wastes             [{
        seq            number    seq
        name, code               name; code as people write it: 900-249-08 · HW08 900-249-08 · 90024908 · HW08-900-249-08
        category       text      HW08 or 08 (agrees with the code)
        catalogYear?   text      "2021": catalogue
        hazards?       ["T", "I"]          of T C I R In
        form?          "1" 固态 S · "2" 半固态 SS · "3" 液态 L · "4" 气态 G
        components?    text      constituents, separated by 、
        packs?         [{type, material?, spec?, num}]                               -> packages [{type, material, spec, count}]
        boxCodes?      [text]    container_ids, 37 characters each
        qty?, unit?              number or text, text may have thousands separators ("1,250.5"); unit kg KG 千克 公斤 · t T 吨 (mass, -> quantity_t)
                                 · 桶 个 (counts, -> declared {value, unit} as written; qty is then a whole number below 1000)
        unNo?, dgClass?, packGroup?                                                  -> dangerous_goods {un_no, class, packing_group}
        recvQty?, recvUnit?      as qty and unit, of the receipt                     -> receipt.quantity_t or receipt.declared
        diff?          "0" no · "1" yes                                              -> receipt.major_discrepancy (boolean)
        diffNote?      text      receipt.note
        opinion?       "1" accepted · "2" partly_accepted · "3" refused              -> receipt.opinion
        method?        R9, D10 … receipt.method
    }]

    legs?              [{
        seq            number
        carrierName, carrierUscc, carrierAddress?, roadPermitNo?                     -> carrier name, uscc, address, road_permit_no
        carrierContact?, carrierPhone?                                               -> carrier.contact {name, phone}
        plateNo?, trailerNo?                                                         -> vehicle.plate, vehicle.trailer_plate
        plateColor?    JT/T 697.7: "1" 蓝 · "2" 黄 · "5" 绿 · "93" 黄绿 · "94" 渐变绿  -> vehicle.plate_colour (the word)
        driver?        {name, phone?, licence?}                                      -> driver {name, phone, licence_no}
        escort?        {name, phone?}                                                -> escort {name, phone}
        fromAddr, fromDivision?, toAddr, toDivision?                                 -> from / to {name, division {code}}
        via?           [text]    via [{name}]
        departTime?, arriveTime?                                                     -> departed_at, arrived_at
        handover?      {time, place}                                                 -> handover {at, place {name}}
        deviceId?      text      device_id
    }]

    recvEntName, recvUscc, recvAddress?, recvDivision?, permitNo?                    -> consignee name, uscc, address, division {code}, permit_no
    recvContact?, recvPhone?                                                         -> consignee.contact {name, phone}
    recvHandler?, recvHandlerPhone?                                                  -> consignee.handler {name, phone}
    recvTime?, confirmTime?                                                          -> consignee.received_at, confirmed_at
    recvOpinion?       as opinion -> consignee.opinion        recvRemark? text consignee.opinion_note
    createTime, updateTime                                                           not canonical; updateTime = newer

Damaged rows: `wastes` is [] or the `qty` of one waste is negative.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from contract_tests.world.journey import Side, SideVersion, Style
from contract_tests.world.views.coarse import moment, moments, six_digits, typed, written

_TYPES = {"intra_province": "1", "cross_province": "2", "export": "3"}
_STATES = {
    "declared": "10",
    "handed_over": "20",
    "in_transit": "30",
    "arrived": "40",
    "received": "50",
    "partly_received": "51",
    "refused": "60",
    "completed": "90",
    "voided": "99",
}
_SHIPPERS = {"consignor": "1", "consignee": "2"}
_MODES = {"road": "1", "rail": "2", "waterway": "3"}
_FORMS = {"S": "1", "SS": "2", "L": "3", "G": "4"}
_COLOURS = {"蓝": "1", "黄": "2", "绿": "5", "黄绿": "93", "渐变绿": "94"}
_OPINIONS = {"accepted": "1", "partly_accepted": "2", "refused": "3"}
_CODES: tuple[Callable[[str], str], ...] = (
    lambda code: code,
    lambda code: f"HW{code[-2:]} {code}",
    lambda code: code.replace("-", ""),
    lambda code: f"HW{code[-2:]}-{code}",
)
_MASS_UNITS = {True: ("kg", "KG", "千克", "公斤"), False: ("t", "T", "吨")}


def render(side: Side, version: SideVersion) -> dict[str, Any]:
    """The JSON object that the system serves for this version."""
    content, style = version.content, side.style
    form = "yyyy-MM-dd HH:mm:ss" if style.seconds else "yyyy-MM-dd HH:mm"
    void, fill = content.get("void"), content.get("backfill")
    row: dict[str, Any] = {
        "transNo": side.number,
        "nationalNo": content.get("national_no"),
        "transType": _TYPES[content["transfer_type"]],
        "state": _STATES[content["status"]],
        "voidInfo": void and _void(void, form, style),
        "backfill": fill and _backfill(fill, form),
        "planNo": content.get("plan_filing_no"),
        "approvalNo": content.get("approval_no"),
        "waybillNo": content.get("waybill_no"),
        "shipper": _SHIPPERS.get(content.get("shipper", "")),
        "transMode": _MODES.get(content.get("transport_mode", "")),
        "planTime": written(content.get("planned_at"), form),
        "attachments": [_attachment(one) for one in content.get("attachments", ())] or None,
        **_consignor(content["consignor"], form),
        "wastes": [_waste(waste, style) for waste in content["wastes"]],
        "legs": [_leg(leg, form, style) for leg in content["legs"]],
        **_consignee(content["consignee"], form),
        "createTime": side.versions[0].modified_at.isoformat(" ", "seconds"),
        "updateTime": version.modified_at.isoformat(" ", "seconds"),
    }
    if side.damaged == "no_waste":
        row["wastes"] = []
    elif side.damaged == "negative_quantity":
        _negate(row["wastes"])
    return _blanked(row, style)


def _blanked(row: dict[str, Any], style: Style) -> dict[str, Any]:
    """Nothing is null, empty text or no key at all, as the part of the system happens to write it."""
    out: dict[str, Any] = {}
    for spot, (key, value) in enumerate(row.items()):
        if value is not None and value != "":
            out[key] = value
        elif (how := style.turn(spot, 3)) < 2:
            out[key] = None if how == 0 or key in {"voidInfo", "backfill", "attachments"} else ""
    return out


def _void(void: dict[str, Any], form: str, style: Style) -> dict[str, Any]:
    row = {"voidTime": written(void.get("at"), form), "voidReason": typed(void["reason"]), "voidBy": void.get("by")}
    return _blanked(row, style)


def _backfill(fill: dict[str, Any], form: str) -> dict[str, Any]:
    return {
        "reason": fill.get("reason"),
        "paperNo": fill.get("paper_no"),
        "finishTime": written(fill.get("finished_at"), form),
        "fileTime": written(fill.get("filed_at"), form),
    }


def _attachment(one: dict[str, Any]) -> dict[str, Any]:
    return {"fileName": one["name"], "contentType": one["media_type"], "url": one["uri"]}


def _consignor(who: dict[str, Any], form: str) -> dict[str, Any]:
    contact, handler = who.get("contact", {}), who.get("handler", {})
    return {
        "transEntName": who["name"],
        "transUscc": who["uscc"],
        "transAddress": who["address"],
        "transDivision": six_digits(who["division"]),
        "transContact": contact.get("name"),
        "transPhone": contact.get("phone"),
        "transEmergency": who.get("emergency_phone"),
        "transHandler": handler.get("name"),
        "transHandlerPhone": handler.get("phone"),
        "transTime": written(who.get("handed_over_at"), form),
    }


def _consignee(who: dict[str, Any], form: str) -> dict[str, Any]:
    contact, handler = who.get("contact", {}), who.get("handler", {})
    return {
        "recvEntName": who["name"],
        "recvUscc": who["uscc"],
        "recvAddress": who["address"],
        "recvDivision": six_digits(who["division"]),
        "permitNo": who["permit_no"],
        "recvContact": contact.get("name"),
        "recvPhone": contact.get("phone"),
        "recvHandler": handler.get("name"),
        "recvHandlerPhone": handler.get("phone"),
        "recvTime": written(who.get("received_at"), form),
        "confirmTime": written(who.get("confirmed_at"), form),
        "recvOpinion": _OPINIONS.get(who.get("opinion", "")),
        "recvRemark": typed(who.get("opinion_note", "")),
    }


def _waste(waste: dict[str, Any], style: Style) -> dict[str, Any]:
    seq, code, receipt = waste["seq"], waste["code"], waste.get("receipt", {})
    qty, unit = _quantity(waste, style, seq)
    received, received_unit = _quantity(receipt, style, seq + 8)
    goods = waste.get("dangerous_goods", {})
    row = {
        "seq": seq,
        "name": typed(waste["name"]),
        "code": _CODES[style.turn(seq, 4)](code),
        "category": code[-2:] if style.turn(1, 4) == 0 else waste["category"],
        "catalogYear": waste.get("catalogue"),
        "hazards": waste.get("hazards"),
        "form": _FORMS.get(waste.get("form", "")),
        "components": "、".join(waste.get("constituents", ())),
        "packs": [_pack(pack) for pack in waste["packages"]],
        "boxCodes": waste.get("container_ids"),
        "qty": qty,
        "unit": unit,
        "unNo": goods.get("un_no"),
        "dgClass": goods.get("class"),
        "packGroup": goods.get("packing_group"),
        "recvQty": received,
        "recvUnit": received_unit,
        "diff": {True: "1", False: "0"}.get(receipt.get("major_discrepancy")),
        "diffNote": receipt.get("note"),
        "opinion": _OPINIONS.get(receipt.get("opinion", "")),
        "method": receipt.get("method"),
    }
    if row["boxCodes"] is None:
        del row["boxCodes"]
    return _blanked(row, style)


def _pack(pack: dict[str, Any]) -> dict[str, Any]:
    row = {"type": pack["type"], "material": pack.get("material"), "spec": pack.get("spec"), "num": pack["count"]}
    return {key: value for key, value in row.items() if value is not None}


def _quantity(part: dict[str, Any], style: Style, spot: int) -> tuple[int | float | str | None, str | None]:
    """As people type it: kg or t, a number or text, text of a thousand and more with or without separators."""
    declared = part.get("declared")
    if declared:
        return int(declared["value"]) if style.turn(spot, 2) else declared["value"], declared["unit"]
    if "quantity_t" not in part:
        return None, None
    kilograms = style.turn(spot, 100) < style.kilograms * 100
    units = _MASS_UNITS[kilograms]
    value = Decimal(part["quantity_t"]) * (1000 if kilograms else 1)
    whole = value == value.to_integral_value()
    how = style.turn(spot + 32, 3)
    unit = units[style.turn(spot + 64, len(units))]
    if how == 0:
        return int(value) if whole else float(value), unit
    plain = value.to_integral_value() if whole else value.normalize()
    return f"{plain:,f}" if how == 1 else f"{plain:f}", unit


def _negate(wastes: list[dict[str, Any]]) -> None:
    for waste in wastes:
        if waste["unit"] not in {"桶", "个"}:
            qty = waste["qty"]
            waste["qty"] = "-" + qty if isinstance(qty, str) else -qty
            return


def _leg(leg: dict[str, Any], form: str, style: Style) -> dict[str, Any]:
    carrier, vehicle, handover = leg["carrier"], leg.get("vehicle", {}), leg.get("handover")
    contact = carrier.get("contact", {})
    row = {
        "seq": leg["seq"],
        "carrierName": carrier["name"],
        "carrierUscc": carrier["uscc"],
        "carrierAddress": carrier.get("address"),
        "roadPermitNo": carrier.get("road_permit_no"),
        "carrierContact": contact.get("name"),
        "carrierPhone": contact.get("phone"),
        "plateNo": vehicle.get("plate"),
        "trailerNo": vehicle.get("trailer_plate"),
        "plateColor": _COLOURS.get(vehicle.get("plate_colour", "")),
        "driver": _person(leg["driver"]),
        "fromAddr": leg["from"]["name"],
        "fromDivision": six_digits(leg["from"].get("division")),
        "toAddr": leg["to"]["name"],
        "toDivision": six_digits(leg["to"].get("division")),
        "departTime": written(leg.get("departed_at"), form),
        "arriveTime": written(leg.get("arrived_at"), form),
        "deviceId": leg.get("device_id"),
    }
    out = _blanked(row, style)
    escort = leg.get("escort")
    if escort or style.turn(3, 2):
        out["escort"] = escort and _person(escort)
    if "via" in leg:
        out["via"] = [place["name"] for place in leg["via"]]
    if handover:
        out["handover"] = {"time": written(handover["at"], form), "place": handover["place"]["name"]}
    return out


def _person(who: dict[str, Any]) -> dict[str, Any]:
    row = {"name": who["name"], "phone": who.get("phone"), "licence": who.get("licence_no")}
    return {key: value for key, value in row.items() if value is not None}


def expected(side: Side, version: SideVersion) -> dict[str, Any]:
    """The canonical content that a perfect mapping gives: this system carries all, only the seconds may be missing."""
    if side.style.seconds:
        return version.content
    content = dict(version.content)
    moments(content, ("planned_at",), "minute")
    for key in ("void", "backfill"):
        if key in content:
            content[key] = moments(dict(content[key]), ("at", "finished_at", "filed_at"), "minute")
    content["consignor"] = moments(dict(content["consignor"]), ("handed_over_at",), "minute")
    content["consignee"] = moments(dict(content["consignee"]), ("received_at", "confirmed_at"), "minute")
    content["legs"] = [_expected_leg(leg) for leg in content["legs"]]
    return content


def _expected_leg(leg: dict[str, Any]) -> dict[str, Any]:
    out = moments(dict(leg), ("departed_at", "arrived_at"), "minute")
    if "handover" in out:
        out["handover"] = {**out["handover"], "at": moment(out["handover"]["at"], "minute")}
    return out
