"""The view of `tj`: a provincial SOAP system that answers with JSON in a string, pinyin keys, one object per manifest.

Modelled on published facts (a public integration code of 2017-2019 with its misspelt keys, fillers and short codes); nobody's real
interface. Newest version only; `bbh` (版本号, digits as text) tells which of two observations is newer.

Every key is always there and every value is text, save xh (number) and the arrays. Not told is `无`, "" or "-" (for every key marked ?);
`bzsl` also says "0" and `tjds` says `0-直达` (direct) where there is nothing. Dates have no time: `yyyy-MM-dd`.

    ldbh        provincial number, the source key; canonical local_numbers [{system tj, number}]
    gjldbh?     14 digits, national_no
    bbh         "1", "2" …: newer (not canonical)        gxrq  date of that version (not canonical; kssj and jssj of getLdxx ask for it)
    zylx        省内转移 intra_province · 跨省转移 cross_province · 境外转移 export
    ldzt        "01" declared · "02" handed_over · "03" in_transit · "04" arrived · "05" received · "06" partly_received · "07" refused
                · "08" completed · "09" voided
    zfrq?, zfyy?, zfr?              void {at, reason, by}
    sfbl        "1" back-filled · "0" not (not canonical by itself)
    blyy?, zzldbh?, zywcrq?, blrq?  backfill {reason, paper_no, finished_at, filed_at}
    zyjhbh?     plan_filing_no      zysqclid? approval_no      ydbh? waybill_no
    tyr?        移出人 consignor · 接受人 consignee  (shipper)
    ysfs?       公路 road · 铁路 rail · 水路 waterway  (transport_mode)
    jhzyrq?     date, planned_at

    wfycdwmc, wfycdwbm, wfycdwdz?, ycsxzqhdm?  consignor name, uscc, address, division {code} (6 digits)
    wfycdwlxr?                      consignor.contact.name
    fwycdwlxrsj?                    consignor.contact.phone: this misspelt key COUNTS (its contract froze it)
    wfycdwlxrsj?                    the right spelling, filled by an older form and often another number: never counts, not even where
                                    fwycdwlxrsj is a filler
    yjdh?                           consignor.emergency_phone
    jbr?, jbrdh?                    consignor.handler {name, phone}
    wfycrq?                         date, consignor.handed_over_at

    wxfw        [{
        xh      number, seq
        fwmc, fwdm                  name; code: 900-249-08 · 90024908
        fwlb                        HW08 or 08 (agrees with the code; canonical category)
        xz?                         hazards "T,I" or "T，I"
        xt?                         form S · SS · L · G
        yhcf?                       constituents, separated by 、
        bzlx?, bzsl?                packages [{type, count}] (one package; count digits)
        zysl?, jldw?                quantity "1.2500" and unit 吨 (-> quantity_t) · 桶 (-> declared {value, unit} as written)
        jssl?                       received quantity in the same jldw -> receipt.quantity_t or receipt.declared
        sfczzdcy?                   "1" true · "2" false -> receipt.major_discrepancy
        cysm?                       receipt.note
        clyj?                       接受 or 接收 accepted · 部分接受 partly_accepted · 拒收 refused -> receipt.opinion
        lyczfs?                     `R9-废油再提炼或其他废油的再利用`: before the first - stands the code -> receipt.method
    }]

    ysxx        [{                  (empty list where no transport is told)
        xh      number, seq
        ysdwmc, ysdwbm, ysdwdz?, ysdwdlyszh?   carrier name, uscc, address, road_permit_no
        ysdwlxr?, ysdwlxrsj?        carrier.contact {name, phone}
        yscph?, gcph?               vehicle.plate, vehicle.trailer_plate
        jsy?, jsydh?                driver {name, phone}
        yyy?, yyydh?                escort {name, phone}
        qyd?, zdd?                  from {name}, to {name}
        tjds?                       via [{name}], separated by 、; `0-直达` is a filler
        ysrq?, ddrq?                date, departed_at, arrived_at
        jjrq?, jjdd?                handover {at, place {name}}
    }]

    wfjsdwmc, wfjsdwbm, wfjsdz?, yrsxzqhdm?    consignee name, uscc, address, division {code}
    fwjsdwwxfwjyxkzh?               consignee.permit_no (misspelt; the only key for it)
    wfjsdwlxr?, wfjsdwlxrsj?        consignee.contact {name, phone}
    jsjbr?, jsjbrdh?                consignee.handler {name, phone}
    wfjsdwjsrq?, qrrq?              date, consignee.received_at, confirmed_at
    wfjsdwclyj?                     as clyj -> consignee.opinion
    bz?                             consignee.opinion_note

Damaged rows: `ldbh` is "".
"""

from typing import Any

from contract_tests.world.journey import Side, SideVersion, Style
from contract_tests.world.places import METHODS
from contract_tests.world.views.coarse import moments, pick, put, six_digits, typed, written

_TYPES = {"intra_province": "省内转移", "cross_province": "跨省转移", "export": "境外转移"}
_STATES = {
    "declared": "01",
    "handed_over": "02",
    "in_transit": "03",
    "arrived": "04",
    "received": "05",
    "partly_received": "06",
    "refused": "07",
    "completed": "08",
    "voided": "09",
}
_SHIPPERS = {"consignor": "移出人", "consignee": "接受人"}
_MODES = {"road": "公路", "rail": "铁路", "waterway": "水路"}
_OPINIONS = {"accepted": ("接受", "接收"), "partly_accepted": ("部分接受",), "refused": ("拒收",)}
_FILLERS = ("无", "", "-")
_DAY = "yyyy-MM-dd"


def render(side: Side, version: SideVersion) -> dict[str, Any]:
    """The object that the system serves for this version."""
    content, style = version.content, side.style
    void, fill = content.get("void", {}), content.get("backfill", {})
    row = {
        "ldbh": side.number,
        "gjldbh": content.get("national_no", ""),
        "bbh": str(version.number),
        "gxrq": f"{version.modified_at:%Y-%m-%d}",
        "zylx": _TYPES[content["transfer_type"]],
        "ldzt": _STATES[content["status"]],
        "zfrq": written(void.get("at"), _DAY),
        "zfyy": typed(void.get("reason", "")),
        "zfr": void.get("by"),
        "sfbl": "1" if fill else "0",
        "blyy": fill.get("reason"),
        "zzldbh": fill.get("paper_no"),
        "zywcrq": written(fill.get("finished_at"), _DAY),
        "blrq": written(fill.get("filed_at"), _DAY),
        "zyjhbh": content.get("plan_filing_no"),
        "zysqclid": content.get("approval_no"),
        "ydbh": content.get("waybill_no"),
        "tyr": _SHIPPERS.get(content.get("shipper", "")),
        "ysfs": _MODES.get(content.get("transport_mode", "")),
        "jhzyrq": written(content.get("planned_at"), _DAY),
        **_consignor(content["consignor"], style),
        "wxfw": [_waste(waste, style) for waste in content["wastes"]],
        "ysxx": [_leg(leg, style) for leg in content["legs"]],
        **_consignee(content["consignee"], style),
    }
    row = _filled(row, style)
    if side.damaged == "no_number":
        row["ldbh"] = ""
    return row


def _filled(row: dict[str, Any], style: Style) -> dict[str, Any]:
    """What isn't told gets one of the fillers."""
    return {
        key: _FILLERS[style.turn(spot, 3)] if value is None or value == "" else value
        for spot, (key, value) in enumerate(row.items())
    }


def _consignor(who: dict[str, Any], style: Style) -> dict[str, Any]:
    contact, handler = who.get("contact", {}), who.get("handler", {})
    phone = contact.get("phone", "")
    # One in three disagrees with the misspelt key: an older form filled it and nobody corrects it there.
    older = "138" + phone[3:] if phone and style.turn(91, 3) == 0 else phone
    return {
        "wfycdwmc": who["name"],
        "wfycdwbm": who["uscc"],
        "wfycdwdz": who.get("address"),
        "ycsxzqhdm": six_digits(who["division"]),
        "wfycdwlxr": contact.get("name"),
        "fwycdwlxrsj": phone if _tells_phone(style) else "",
        "wfycdwlxrsj": older,
        "yjdh": who.get("emergency_phone"),
        "jbr": handler.get("name"),
        "jbrdh": handler.get("phone"),
        "wfycrq": written(who.get("handed_over_at"), _DAY),
    }


def _tells_phone(style: Style) -> bool:
    return style.turn(92, 8) != 0


def _consignee(who: dict[str, Any], style: Style) -> dict[str, Any]:
    contact, handler = who.get("contact", {}), who.get("handler", {})
    return {
        "wfjsdwmc": who["name"],
        "wfjsdwbm": who["uscc"],
        "wfjsdz": who.get("address"),
        "yrsxzqhdm": six_digits(who["division"]),
        "fwjsdwwxfwjyxkzh": who.get("permit_no"),
        "wfjsdwlxr": contact.get("name"),
        "wfjsdwlxrsj": contact.get("phone"),
        "jsjbr": handler.get("name"),
        "jsjbrdh": handler.get("phone"),
        "wfjsdwjsrq": written(who.get("received_at"), _DAY),
        "qrrq": written(who.get("confirmed_at"), _DAY),
        "wfjsdwclyj": _opinion(who, style),
        "bz": typed(who.get("opinion_note", "")),
    }


def _opinion(part: dict[str, Any], style: Style) -> str:
    words = _OPINIONS.get(part.get("opinion", ""), ("",))
    return words[style.turn(93, len(words))]


def _waste(waste: dict[str, Any], style: Style) -> dict[str, Any]:
    seq, code, receipt, pack = waste["seq"], waste["code"], waste.get("receipt", {}), waste["packages"][0]
    method = receipt.get("method")
    row = {
        "xh": seq,
        "fwmc": typed(waste["name"]),
        "fwdm": code.replace("-", "") if style.turn(seq, 3) == 0 else code,
        "fwlb": code[-2:] if style.turn(94, 3) == 0 else waste["category"],
        "xz": (",", "，")[style.turn(95, 2)].join(waste.get("hazards", ())),
        "xt": waste.get("form"),
        "yhcf": "、".join(waste.get("constituents", ())),
        "bzlx": pack["type"] if _tells_package(style) else "",
        "bzsl": str(pack["count"]) if _tells_package(style) else "0",
        "zysl": _quantity(waste, style),
        "jldw": waste["declared"]["unit"] if "declared" in waste else "吨",
        "jssl": _quantity(receipt, style),
        "sfczzdcy": {True: "1", False: "2"}.get(receipt.get("major_discrepancy")),
        "cysm": receipt.get("note"),
        "clyj": _opinion(receipt, style),
        "lyczfs": f"{method}-{METHODS[method]}" if method else "",
    }
    return _filled(row, style)


def _tells_package(style: Style) -> bool:
    return style.turn(96, 6) != 0


def _quantity(part: dict[str, Any], style: Style) -> str:
    if "declared" in part:
        return str(part["declared"]["value"])
    text = str(part.get("quantity_t", ""))
    if not text or style.turn(97, 2):
        return text
    whole, _, rest = text.partition(".")
    return f"{whole}.{rest:0<4}"


def _leg(leg: dict[str, Any], style: Style) -> dict[str, Any]:
    carrier, vehicle, handover = leg["carrier"], leg.get("vehicle", {}), leg.get("handover", {})
    contact, driver, escort = carrier.get("contact", {}), leg.get("driver", {}), leg.get("escort", {})
    row = {
        "xh": leg["seq"],
        "ysdwmc": carrier["name"],
        "ysdwbm": carrier["uscc"],
        "ysdwdz": carrier.get("address"),
        "ysdwdlyszh": carrier.get("road_permit_no"),
        "ysdwlxr": contact.get("name"),
        "ysdwlxrsj": contact.get("phone"),
        "yscph": vehicle.get("plate"),
        "gcph": vehicle.get("trailer_plate"),
        "jsy": driver.get("name"),
        "jsydh": driver.get("phone"),
        "yyy": escort.get("name"),
        "yyydh": escort.get("phone"),
        "qyd": leg["from"]["name"],
        "zdd": leg["to"]["name"],
        "tjds": "、".join(place["name"] for place in leg.get("via", ())) or ("0-直达" if style.turn(98, 2) else ""),
        "ysrq": written(leg.get("departed_at"), _DAY),
        "ddrq": written(leg.get("arrived_at"), _DAY),
        "jjrq": written(handover.get("at"), _DAY),
        "jjdd": handover.get("place", {}).get("name"),
    }
    return _filled(row, style)


def expected(side: Side, version: SideVersion) -> dict[str, Any]:
    """The canonical content that a perfect mapping gives of this system's shape."""
    content, style = version.content, side.style
    heads = (
        "national_no",
        "local_numbers",
        "transfer_type",
        "status",
        "plan_filing_no",
        "approval_no",
        "waybill_no",
        "shipper",
        "transport_mode",
        "planned_at",
    )
    out = moments(pick(content, heads), ("planned_at",), "day")
    put(out, "void", moments(pick(content.get("void"), ("at", "reason", "by")), ("at",), "day"))
    fill = pick(content.get("backfill"), ("reason", "paper_no", "finished_at", "filed_at"))
    put(out, "backfill", moments(fill, ("finished_at", "filed_at"), "day"))
    consignor = moments(dict(content["consignor"]), ("handed_over_at",), "day")
    if not _tells_phone(style):
        consignor["contact"] = pick(consignor["contact"], ("name",))
    out["consignor"] = consignor
    out["wastes"] = [_expected_waste(waste, style) for waste in content["wastes"]]
    out["legs"] = [_expected_leg(leg) for leg in content["legs"]]
    out["consignee"] = moments(dict(content["consignee"]), ("received_at", "confirmed_at"), "day")
    return out


def _expected_waste(waste: dict[str, Any], style: Style) -> dict[str, Any]:
    keys = ("seq", "name", "code", "category", "hazards", "form", "constituents", "quantity_t", "declared", "receipt")
    out = pick(waste, keys)
    if _tells_package(style):
        out["packages"] = [pick(waste["packages"][0], ("type", "count"))]
    return out


def _expected_leg(leg: dict[str, Any]) -> dict[str, Any]:
    out = moments(pick(leg, ("seq", "carrier", "departed_at", "arrived_at")), ("departed_at", "arrived_at"), "day")
    put(out, "vehicle", pick(leg.get("vehicle"), ("plate", "trailer_plate")))
    put(out, "driver", pick(leg.get("driver"), ("name", "phone")))
    put(out, "escort", leg.get("escort"))
    out["from"] = {"name": leg["from"]["name"]}
    out["to"] = {"name": leg["to"]["name"]}
    put(out, "via", leg.get("via"))
    if "handover" in leg:
        out["handover"] = moments(dict(leg["handover"]), ("at",), "day")
    return out
