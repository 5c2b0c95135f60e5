"""The view of `zj`: XML of two namespaces, gzipped, in Base64, in a CDATA of a SOAP answer; one element per manifest.

Modelled on published facts (exchange platforms that wrap documents in a string; map coordinates as Baidu gives them); nobody's real
interface. Newest version only; `@LastModified` tells which of two observations is newer. What isn't told isn't there, save
`m:NationalId`, which then is `xsi:nil`. Times name their zone: `yyyy-MM-ddTHH:mm:ss+08:00`, those of some people in UTC (`…+00:00`).

Prefix m: urn:zj-invalid:manifest:2, p: urn:zj-invalid:party:1.

    /m:ManifestSet           @Total
      /m:Manifest            @Id  the source key; canonical local_numbers [{system zj, number}]
                             @LastModified `yyyy-MM-ddTHH:mm:ss`, local: newer (not canonical)    @Revision (not canonical)
        /m:NationalId        national_no, or xsi:nil
        /m:Kind              INTRA intra_province · CROSS cross_province · EXPORT export
        /m:Stage             DECLARED · HANDED_OVER · IN_TRANSIT · ARRIVED · RECEIVED · PARTLY_RECEIVED · REFUSED · COMPLETED · VOIDED
        /m:Void?             @At @By?; its text: reason          /m:Supplement?   @Paper @Finished @Filed; its text: reason
        /m:Refs              @Plan? @Approval? @Waybill?         plan_filing_no, approval_no, waybill_no
        /m:Shipper?          CONSIGNOR · CONSIGNEE               /m:Mode?  ROAD · RAIL · WATER          /m:Planned?  planned_at
        /m:File*             @Name @Type @Url                    attachments
        /m:Consignor         p:Name p:CreditCode p:Address? p:Division (6 digits) p:Contact? (@Phone; text = name) p:Emergency?
                             p:Handler? (as p:Contact) m:HandedOver?
        /m:Waste*            @Seq @Code @Category @Catalogue; m:Name; m:Hazard* @Code; m:Form SOLID SEMISOLID LIQUID GAS;
                             m:Constituent*; m:Package @Type @Material? @Spec? @Count; m:Container* (text);
                             m:Goods? @Un @Class @Group          dangerous_goods un_no, class, packing_group
          /m:Quantity?       @Unit TNE · KGM (-> quantity_t) · 桶 (-> declared {value, unit} as written)
          /m:Receipt         m:Quantity? (as above) m:Discrepancy? true|false m:Note? m:Opinion? ACCEPTED|PARTLY|REFUSED m:Method?
        /m:Leg*              @Seq; m:Carrier (p:Name p:CreditCode p:Address? p:Contact? p:Permit); m:Vehicle? @Plate @Colour @Trailer?;
                             m:Driver? m:Escort? (@Phone @Licence?; text = name); m:From m:To (@Lng? @Lat? BD-09, only of places in
                             the province; @Division?; text = name); m:Via* (text); m:Departed? m:Arrived?
                             m:Handover? @At; text = place; m:Device?
        /m:Consignee         as m:Consignor, and p:Permit m:Received? m:Confirmed? m:Opinion? m:Remark?

Damage: no m:Waste at all, or one m:Quantity that is negative.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from lxml import etree

from contract_tests.world.baidu import bd09, position
from contract_tests.world.journey import Side, SideVersion, Style
from contract_tests.world.places import OF_SYSTEM
from contract_tests.world.views.coarse import six_digits, typed

M, P = "urn:zj-invalid:manifest:2", "urn:zj-invalid:party:1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NAMESPACES = {"m": M, "p": P, "xsi": XSI}
_KINDS = {"intra_province": "INTRA", "cross_province": "CROSS", "export": "EXPORT"}
_MODES = {"road": "ROAD", "rail": "RAIL", "waterway": "WATER"}
_FORMS = {"S": "SOLID", "SS": "SEMISOLID", "L": "LIQUID", "G": "GAS"}
_OPINIONS = {"accepted": "ACCEPTED", "partly_accepted": "PARTLY", "refused": "REFUSED"}
_OWN = {name for place in OF_SYSTEM["zj"] for name in (place.name, f"{place.name}转运站")}

Element = etree._Element  # noqa: SLF001 - lxml has no public name for the type of its elements


def render(side: Side, version: SideVersion) -> Element:
    """The <m:Manifest> of this version."""
    content, style = version.content, side.style
    out = etree.Element(f"{{{M}}}Manifest", nsmap=_NAMESPACES)
    out.set("Id", side.number)
    out.set("LastModified", version.modified_at.isoformat("T", "seconds"))
    out.set("Revision", str(version.number))
    number = _add(out, "NationalId", content.get("national_no"))
    if not number.text:
        number.set(f"{{{XSI}}}nil", "true")
    _add(out, "Kind", _KINDS[content["transfer_type"]])
    _add(out, "Stage", content["status"].upper())
    if void := content.get("void"):
        _add(out, "Void", typed(void["reason"]), At=_time(void["at"], style), By=void.get("by"))
    if fill := content.get("backfill"):
        times = {"Finished": _time(fill["finished_at"], style), "Filed": _time(fill["filed_at"], style)}
        _add(out, "Supplement", fill["reason"], Paper=fill["paper_no"], **times)
    numbers = {"Plan": "plan_filing_no", "Approval": "approval_no", "Waybill": "waybill_no"}
    _add(out, "Refs", None, **{name: content.get(key) for name, key in numbers.items()})
    _maybe(out, "Shipper", content.get("shipper", "").upper())
    _maybe(out, "Mode", _MODES.get(content.get("transport_mode", "")))
    _maybe(out, "Planned", _time(content.get("planned_at"), style))
    for one in content.get("attachments", ()):
        _add(out, "File", None, Name=one["name"], Type=one["media_type"], Url=one["uri"])
    consignor = _party(out, "Consignor", content["consignor"])
    _maybe(consignor, "HandedOver", _time(content["consignor"].get("handed_over_at"), style))
    if side.damaged != "no_waste":
        for waste in content["wastes"]:
            _waste(out, waste, style)
    if side.damaged == "negative_quantity":
        weighed = next(one for one in out.iterfind(f"{{{M}}}Waste/{{{M}}}Quantity") if one.get("Unit") != "桶")
        weighed.text = f"-{weighed.text}"
    for leg in content["legs"]:
        _leg(out, leg, style)
    _consignee(out, content["consignee"], style)
    return out


def page(rows: Iterable[Element], total: int) -> Element:
    """The document of an answer with these manifests."""
    root = etree.Element(f"{{{M}}}ManifestSet", {"Total": str(total)}, nsmap=_NAMESPACES)
    root.extend(rows)
    return root


def _add(parent: Element, name: str, text: str | None, space: str = M, /, **attributes: str | None) -> Element:
    told = {key: value for key, value in attributes.items() if value}
    element = etree.SubElement(parent, f"{{{space}}}{name}", told)
    element.text = text or None
    return element


def _maybe(parent: Element, name: str, text: str | None, space: str = M) -> None:
    if text:
        _add(parent, name, text, space)


def _time(value: dict[str, str] | None, style: Style) -> str | None:
    if value is None:
        return None
    if style.turn(31, 4):
        return value["at"]
    return (datetime.fromisoformat(value["at"][:19]) - timedelta(hours=8)).isoformat() + "+00:00"


def _party(parent: Element, name: str, who: dict[str, Any]) -> Element:
    out = _add(parent, name, None)
    texts = {"Name": who["name"], "CreditCode": who["uscc"], "Address": who.get("address")}
    texts |= {"Division": six_digits(who.get("division")), "Emergency": who.get("emergency_phone")}
    texts |= {"Permit": who.get("permit_no", who.get("road_permit_no"))}
    for key, text in texts.items():
        _maybe(out, key, text, P)
    for key in ("contact", "handler"):
        if person := who.get(key):
            _add(out, key.capitalize(), person["name"], P, Phone=person.get("phone"))
    return out


def _consignee(parent: Element, who: dict[str, Any], style: Style) -> None:
    out = _party(parent, "Consignee", who)
    _maybe(out, "Received", _time(who.get("received_at"), style))
    _maybe(out, "Confirmed", _time(who.get("confirmed_at"), style))
    _maybe(out, "Opinion", _OPINIONS.get(who.get("opinion", "")))
    _maybe(out, "Remark", typed(who.get("opinion_note", "")))


def _waste(parent: Element, waste: dict[str, Any], style: Style) -> None:
    head = {"Code": waste["code"], "Category": waste["category"], "Catalogue": waste["catalogue"]}
    out = _add(parent, "Waste", None, Seq=str(waste["seq"]), **head)
    _add(out, "Name", typed(waste["name"]))
    for sign in waste.get("hazards", ()):
        _add(out, "Hazard", None, Code=sign)
    _maybe(out, "Form", _FORMS.get(waste.get("form", "")))
    for name in waste.get("constituents", ()):
        _add(out, "Constituent", name)
    for pack in waste["packages"]:
        told = {"Type": pack["type"], "Material": pack.get("material"), "Spec": pack.get("spec")}
        _add(out, "Package", None, Count=str(pack["count"]), **told)
    for code in waste.get("container_ids", ()):
        _add(out, "Container", code)
    if goods := waste.get("dangerous_goods"):
        _add(out, "Goods", None, Un=goods["un_no"], Class=goods["class"], Group=goods["packing_group"])
    _quantity(out, waste, style, waste["seq"])
    receipt = waste.get("receipt", {})
    inner = _add(out, "Receipt", None)
    _quantity(inner, receipt, style, waste["seq"] + 8)
    if "major_discrepancy" in receipt:
        _add(inner, "Discrepancy", str(receipt["major_discrepancy"]).lower())
    _maybe(inner, "Note", receipt.get("note"))
    _maybe(inner, "Opinion", _OPINIONS.get(receipt.get("opinion", "")))
    _maybe(inner, "Method", receipt.get("method"))


def _quantity(parent: Element, part: dict[str, Any], style: Style, spot: int) -> None:
    if "declared" in part:
        _add(parent, "Quantity", str(part["declared"]["value"]), Unit=part["declared"]["unit"])
    elif "quantity_t" in part:
        whole, _, rest = part["quantity_t"].partition(".")
        if style.turn(spot, 100) < style.kilograms * 100:
            _add(parent, "Quantity", str(int(whole + f"{rest:0<3}")), Unit="KGM")
        else:
            _add(parent, "Quantity", f"{whole}.{rest:0<3}", Unit="TNE")


def _leg(parent: Element, leg: dict[str, Any], style: Style) -> None:
    out = _add(parent, "Leg", None, Seq=str(leg["seq"]))
    _party(out, "Carrier", leg["carrier"])
    if vehicle := leg.get("vehicle"):
        told = {"Plate": vehicle["plate"], "Colour": vehicle["plate_colour"], "Trailer": vehicle.get("trailer_plate")}
        _add(out, "Vehicle", None, **told)
    for key in ("driver", "escort"):
        if person := leg.get(key):
            told = {"Phone": person.get("phone"), "Licence": person.get("licence_no")}
            _add(out, key.capitalize(), person["name"], **told)
    for key in ("from", "to"):
        _place(out, key.capitalize(), leg[key])
    for place in leg.get("via", ()):
        _add(out, "Via", place["name"])
    _maybe(out, "Departed", _time(leg.get("departed_at"), style))
    _maybe(out, "Arrived", _time(leg.get("arrived_at"), style))
    if handover := leg.get("handover"):
        _add(out, "Handover", handover["place"]["name"], At=_time(handover["at"], style))
    _maybe(out, "Device", leg.get("device_id"))


def _place(parent: Element, name: str, place: dict[str, Any]) -> None:
    out = _add(parent, name, place["name"], Division=six_digits(place.get("division")))
    if place["name"] in _OWN:
        lng, lat = bd09(*position(place["name"]))
        out.set("Lng", f"{lng:.8f}")
        out.set("Lat", f"{lat:.8f}")


def expected(side: Side, version: SideVersion) -> dict[str, Any]:
    """The canonical content that a perfect mapping gives: this system carries all, and where its places lie."""
    del side
    legs = [{**leg, "from": _located(leg["from"]), "to": _located(leg["to"])} for leg in version.content["legs"]]
    return {**version.content, "legs": legs}


def _located(place: dict[str, Any]) -> dict[str, Any]:
    if place["name"] not in _OWN:
        return place
    lon, lat = position(place["name"])
    return {**place, "point": {"lon": f"{lon:.6f}".rstrip("0"), "lat": f"{lat:.6f}".rstrip("0")}}
