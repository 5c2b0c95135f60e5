"""The view of `sc`: XML over plain HTTP, attributes and positional lists, one element per manifest.

Modelled on published facts (older exchange interfaces that number their columns instead of naming them); nobody's real interface.
Newest version only; `@gx` tells which of two observations is newer. The declaration says GB2312, the bytes are GB18030.

Most manifests are filed under the provincial number alone; the national one comes with a later version (`@gjh` is empty till then).
In a list of `<v>` the place says what a value is: an empty `<v/>` or `-` holds the place of what isn't told. Times are local
(+08:00): `yyyyMMddHHmm`, `@gx` `yyyyMMddHHmmss`. Attributes that aren't told are empty or missing (marked ?).

    /result                 @code @msg @total
      /ld                   @bh       provincial number, the source key; canonical local_numbers [{system sc, number}]
                            @gjh?     14 digits, national_no          @gx  newer (not canonical)
                            @lx       1 intra_province · 2 cross_province · 3 export
                            @zt       0 declared · 1 handed_over · 2 in_transit · 3 arrived · 4 received · 5 partly_received
                                      · 6 refused · 7 completed · 9 voided
                            @jhbh? @pfh? @ydh?   plan_filing_no, approval_no, waybill_no
                            @tyr?     C consignor · J consignee (shipper)      @fs?  G road · T rail · S waterway
                            @jh?      planned_at
        /zf?                @sj @yy @r?          void at, reason, by
        /bl?                @yy @zz @wc @sj      backfill reason, paper_no, finished_at, filed_at
        /cs                 v 0 name 1 uscc 2 address 3 division (6 digits) 4, 5 contact name, phone 6 emergency_phone
                              7, 8 handler name, phone 9 handed_over_at                          -> consignor
        /fw*                @n seq; v 0 name 1 code (900-249-08 · 90024908) 2 category (HW08 · 08) 3 hazards T,C 4 form (S SS L G)
                              5 constituents by `;` 6 package `type*count*material` 7 quantity 8 unit (t · kg -> quantity_t;
                              桶 -> declared) 9 received quantity, same unit 10 major discrepancy (1 true, 0 false) 11 its note
                              12 opinion (1 accepted 2 partly_accepted 3 refused) 13 method     -> wastes
        /ys*                @n seq @cl? `plate,colour,trailer_plate` (JT/T 697.7: 1 蓝 2 黄 5 绿 93 黄绿 94 渐变绿)
                              v 0, 1, 2 carrier name, uscc, road_permit_no 3, 4 driver name, phone 5, 6 escort name, phone
                              7 from name 8 to name 9 departed_at 10 arrived_at 11 handover at 12 its place 13 device_id
          /tj*              via: text = name
        /js                 v 0 name 1 uscc 2 address 3 division 4 permit_no 5, 6 contact name, phone 7, 8 handler name, phone
                              9 received_at 10 confirmed_at 11 opinion 12 opinion_note           -> consignee

Damage: `@bh` is empty.
"""

from collections.abc import Iterable
from typing import Any

from lxml import etree

from contract_tests.world.journey import Side, SideVersion, Style
from contract_tests.world.views.coarse import each, moments, pick, put, six_digits, typed

_TYPES = {"intra_province": "1", "cross_province": "2", "export": "3"}
_STATES = {
    "declared": "0",
    "handed_over": "1",
    "in_transit": "2",
    "arrived": "3",
    "received": "4",
    "partly_received": "5",
    "refused": "6",
    "completed": "7",
    "voided": "9",
}
_SHIPPERS = {"consignor": "C", "consignee": "J"}
_MODES = {"road": "G", "rail": "T", "waterway": "S"}
_COLOURS = {"蓝": "1", "黄": "2", "绿": "5", "黄绿": "93", "渐变绿": "94"}
_OPINIONS = {"accepted": "1", "partly_accepted": "2", "refused": "3"}

Element = etree._Element  # noqa: SLF001 - lxml has no public name for the type of its elements


def render(side: Side, version: SideVersion) -> Element:
    """The <ld> of this version."""
    content, style = version.content, side.style
    head = {
        "bh": "" if side.damaged == "no_number" else side.number,
        "gjh": content.get("national_no"),
        "gx": f"{version.modified_at:%Y%m%d%H%M%S}",
        "lx": _TYPES[content["transfer_type"]],
        "zt": _STATES[content["status"]],
        "jhbh": content.get("plan_filing_no"),
        "pfh": content.get("approval_no"),
        "ydh": content.get("waybill_no"),
        "tyr": _SHIPPERS.get(content.get("shipper", "")),
        "fs": _MODES.get(content.get("transport_mode", "")),
        "jh": _minutes(content.get("planned_at")),
    }
    out = etree.Element("ld", {key: value or "" for key, value in head.items() if value or style.turn(len(key), 2)})
    if void := content.get("void"):
        told = {"sj": _minutes(void["at"]), "yy": typed(void["reason"]), "r": void.get("by", "")}
        etree.SubElement(out, "zf", told)
    if fill := content.get("backfill"):
        told = {"yy": fill["reason"], "zz": fill["paper_no"]}
        told |= {"wc": _minutes(fill["finished_at"]), "sj": _minutes(fill["filed_at"])}
        etree.SubElement(out, "bl", told)
    _listed(out, "cs", _consignor(content["consignor"]), style)
    for waste in content["wastes"]:
        _listed(out, "fw", _waste(waste, style), style).set("n", str(waste["seq"]))
    for leg in content["legs"]:
        _leg(out, leg, style)
    _listed(out, "js", _consignee(content["consignee"]), style)
    return out


def page(rows: Iterable[Element], total: int) -> Element:
    """An answer with these <ld>."""
    root = etree.Element("result", {"code": "0", "msg": "", "total": str(total)})
    root.extend(rows)
    return root


def _minutes(value: dict[str, str] | None) -> str:
    return "".join(sign for sign in value["at"][:16] if sign.isdigit()) if value else ""


def _listed(parent: Element, name: str, values: Iterable[str | None], style: Style) -> Element:
    out = etree.SubElement(parent, name)
    for spot, value in enumerate(values):
        etree.SubElement(out, "v").text = value or ("-" if style.turn(spot, 3) == 0 else None)
    return out


def _consignor(who: dict[str, Any]) -> list[str | None]:
    contact, handler = who.get("contact", {}), who.get("handler", {})
    head = [who["name"], who["uscc"], who.get("address"), six_digits(who["division"])]
    people = [
        contact.get("name"),
        contact.get("phone"),
        who.get("emergency_phone"),
        handler.get("name"),
        handler.get("phone"),
    ]
    return [*head, *people, _minutes(who.get("handed_over_at"))]


def _consignee(who: dict[str, Any]) -> list[str | None]:
    contact, handler = who.get("contact", {}), who.get("handler", {})
    head = [who["name"], who["uscc"], who.get("address"), six_digits(who["division"]), who.get("permit_no")]
    people = [contact.get("name"), contact.get("phone"), handler.get("name"), handler.get("phone")]
    times = [_minutes(who.get("received_at")), _minutes(who.get("confirmed_at"))]
    return [*head, *people, *times, _OPINIONS.get(who.get("opinion", "")), typed(who.get("opinion_note", ""))]


def _waste(waste: dict[str, Any], style: Style) -> list[str | None]:
    seq, code, receipt, pack = waste["seq"], waste["code"], waste.get("receipt", {}), waste["packages"][0]
    kilograms = style.turn(seq, 100) < style.kilograms * 100
    counted = waste.get("declared", receipt.get("declared"))
    return [
        typed(waste["name"]),
        code.replace("-", "") if style.turn(seq + 4, 2) else code,
        code[-2:] if style.turn(seq + 8, 3) == 0 else waste["category"],
        ",".join(waste.get("hazards", ())),
        waste.get("form"),
        ";".join(waste.get("constituents", ())),
        f"{pack['type']}*{pack['count']}*{pack.get('material', '')}",
        _quantity(waste, kilograms),
        counted["unit"] if counted else "kg" if kilograms else "t",
        _quantity(receipt, kilograms),
        {True: "1", False: "0"}.get(receipt.get("major_discrepancy", "")),
        receipt.get("note"),
        _OPINIONS.get(receipt.get("opinion", "")),
        receipt.get("method"),
    ]


def _quantity(part: dict[str, Any], kilograms: bool) -> str | None:
    if "declared" in part:
        return str(part["declared"]["value"])
    if "quantity_t" not in part:
        return None
    whole, _, rest = part["quantity_t"].partition(".")
    return str(int(whole + f"{rest:0<3}")) if kilograms else f"{whole}.{rest:0<4}"


def _leg(parent: Element, leg: dict[str, Any], style: Style) -> None:
    carrier, vehicle, handover = leg["carrier"], leg.get("vehicle", {}), leg.get("handover", {})
    driver, escort = leg.get("driver", {}), leg.get("escort", {})
    values = [
        carrier["name"],
        carrier["uscc"],
        carrier.get("road_permit_no"),
        driver.get("name"),
        driver.get("phone"),
        escort.get("name"),
        escort.get("phone"),
        leg["from"]["name"],
        leg["to"]["name"],
        _minutes(leg.get("departed_at")),
        _minutes(leg.get("arrived_at")),
        _minutes(handover.get("at")),
        handover.get("place", {}).get("name"),
        leg.get("device_id"),
    ]
    out = _listed(parent, "ys", values, style)
    out.set("n", str(leg["seq"]))
    if vehicle:
        out.set("cl", ",".join((vehicle["plate"], _COLOURS[vehicle["plate_colour"]], vehicle.get("trailer_plate", ""))))
    for place in leg.get("via", ()):
        etree.SubElement(out, "tj").text = place["name"]


def expected(side: Side, version: SideVersion) -> dict[str, Any]:
    """The canonical content that a perfect mapping gives of this system's shape."""
    del side
    content = version.content
    out = {key: value for key, value in content.items() if key != "attachments"}
    moments(out, ("planned_at",), "minute")
    for key in ("void", "backfill"):
        put(out, key, moments(dict(content.get(key, {})), ("at", "finished_at", "filed_at"), "minute"))
    out["consignor"] = moments(dict(content["consignor"]), ("handed_over_at",), "minute")
    out["consignee"] = moments(dict(content["consignee"]), ("received_at", "confirmed_at"), "minute")
    out["wastes"] = each(content["wastes"], _expected_waste)
    out["legs"] = each(content["legs"], _expected_leg)
    return out


def _expected_waste(waste: dict[str, Any]) -> dict[str, Any]:
    keys = ("seq", "name", "code", "category", "hazards", "form", "constituents", "quantity_t", "declared", "receipt")
    return pick(waste, keys) | {"packages": [pick(waste["packages"][0], ("type", "material", "count"))]}


def _expected_leg(leg: dict[str, Any]) -> dict[str, Any]:
    keys = ("seq", "vehicle", "escort", "via", "departed_at", "arrived_at", "device_id")
    out = moments(pick(leg, keys), ("departed_at", "arrived_at"), "minute")
    out["carrier"] = pick(leg["carrier"], ("name", "uscc", "road_permit_no"))
    put(out, "driver", pick(leg.get("driver"), ("name", "phone")))
    out |= {"from": pick(leg["from"], ("name",)), "to": pick(leg["to"], ("name",))}
    if "handover" in leg:
        out["handover"] = moments(dict(leg["handover"]), ("at",), "minute")
    return out
