"""The hand-written mapper of `js` with lineage: beside the content, (field, source, raw value) of every leaf.

One entry stands for both leaves of a moment and for all items of a split text. It has no findings and doesn't say what was blank
or missing.
"""

from collections.abc import Callable, Iterator
from typing import Any
from unicodedata import normalize

from benchmarks.peers.by_hand import (
    COLOURS,
    FORMS,
    MODES,
    OPINIONS,
    SHIPPERS,
    STATES,
    TYPES,
    YES,
    amount,
    moment,
    text,
)
from canonical_schema.values import (
    category,
    container_id,
    division,
    hazard,
    manifest_no,
    method,
    permit_no,
    plate,
    uscc,
    waste_code,
)

Told = list[tuple[str, str, Any]]
Table = tuple[tuple[str, str, Callable[[Any], Any]], ...]


def same(value: Any) -> Any:
    return value


def parts(value: str) -> list[str]:
    return [normalize("NFKC", one) for one in value.split("、") if one]


# field, key, what makes the value
HEAD: Table = (
    ("national_no", "nationalNo", manifest_no.parse), ("transfer_type", "transType", TYPES.get), ("status", "state", STATES.get),
    ("plan_filing_no", "planNo", text), ("approval_no", "approvalNo", text), ("waybill_no", "waybillNo", text),
    ("shipper", "shipper", SHIPPERS.get), ("transport_mode", "transMode", MODES.get), ("planned_at", "planTime", moment),
)  # fmt: skip
VOID: Table = (("at", "voidTime", moment), ("reason", "voidReason", text), ("by", "voidBy", text))
BACKFILL: Table = (
    ("reason", "reason", text), ("paper_no", "paperNo", text), ("finished_at", "finishTime", moment), ("filed_at", "fileTime", moment),
)  # fmt: skip
ATTACHMENT: Table = (("name", "fileName", same), ("media_type", "contentType", same), ("uri", "url", same))
CONSIGNOR: Table = (
    ("name", "transEntName", text), ("uscc", "transUscc", uscc.parse), ("address", "transAddress", text),
    ("emergency_phone", "transEmergency", text), ("handed_over_at", "transTime", moment),
)  # fmt: skip
CONSIGNEE: Table = (
    ("name", "recvEntName", text), ("uscc", "recvUscc", uscc.parse), ("address", "recvAddress", text), ("permit_no", "permitNo", permit_no.parse),
    ("received_at", "recvTime", moment), ("confirmed_at", "confirmTime", moment), ("opinion", "recvOpinion", OPINIONS.get),
    ("opinion_note", "recvRemark", text),
)  # fmt: skip
WASTE: Table = (
    ("seq", "seq", same), ("name", "name", text), ("code", "code", waste_code.parse), ("category", "category", category.parse),
    ("catalogue", "catalogYear", same), ("form", "form", FORMS.get), ("constituents", "components", parts),
)  # fmt: skip
PACK: Table = (("type", "type", text), ("material", "material", text), ("spec", "spec", text), ("count", "num", same))
GOODS: Table = (("un_no", "unNo", text), ("class", "dgClass", text), ("packing_group", "packGroup", text))
RECEIPT: Table = (
    ("major_discrepancy", "diff", YES.get), ("note", "diffNote", text), ("opinion", "opinion", OPINIONS.get), ("method", "method", method.parse),
)  # fmt: skip
LEG: Table = (
    ("seq", "seq", same), ("departed_at", "departTime", moment), ("arrived_at", "arriveTime", moment), ("device_id", "deviceId", text),
)  # fmt: skip
CARRIER: Table = (
    ("name", "carrierName", text), ("uscc", "carrierUscc", uscc.parse), ("address", "carrierAddress", text), ("road_permit_no", "roadPermitNo", text),
)  # fmt: skip
VEHICLE: Table = (
    ("plate", "plateNo", plate.parse),
    ("plate_colour", "plateColor", COLOURS.get),
    ("trailer_plate", "trailerNo", plate.parse),
)
DRIVER: Table = (("name", "name", text), ("phone", "phone", text), ("licence_no", "licence", text))


def person(name: str, phone: str) -> Table:
    return (("name", name, text), ("phone", phone, text))


def code(key: str) -> Table:
    return (("code", key, division.parse),)


CONTACT, HANDLER, FROM = (
    person("transContact", "transPhone"),
    person("transHandler", "transHandlerPhone"),
    code("transDivision"),
)
RECV_CONTACT, RECV_HANDLER = person("recvContact", "recvPhone"), person("recvHandler", "recvHandlerPhone")
CARRIER_CONTACT, ESCORT, RECV = person("carrierContact", "carrierPhone"), person("name", "phone"), code("recvDivision")
START, END = (("name", "fromAddr", text),), (("name", "toAddr", text),)
START_CODE, END_CODE = code("fromDivision"), code("toDivision")
HANDED, PLACE = (("at", "time", moment),), (("name", "place", text),)


def made(table: Table, row: dict[str, Any], field: str, source: str, told: Told) -> dict[str, Any]:
    out, get = {}, row.get
    for name, key, parse in table:
        raw = get(key)
        if raw is not None and raw != "" and (value := parse(raw)) is not None:
            out[name] = value
            told.append((f"{field}/{name}", f"{source}/{key}", raw))
    return out


def put(out: dict[str, Any], name: str, value: Any) -> None:
    if value:
        out[name] = value


def each(row: dict[str, Any], key: str, field: str, source: str) -> Iterator[tuple[Any, str, str]]:
    for place, item in enumerate(row.get(key) or ()):
        yield item, f"{field}/{place}", f"{source}/{key}/{place}"


def values(
    row: dict[str, Any], key: str, parse: Callable[[str], str], field: str, source: str, told: Told
) -> list[str]:
    out = []
    for raw, at, where in each(row, key, field, source):
        out.append(parse(raw))
        told.append((at, where, raw))
    return out


def weigh(out: dict[str, Any], row: dict[str, Any], keys: tuple[str, str], field: str, source: str, told: Told) -> None:
    raw, unit = row.get(keys[0]), row.get(keys[1])
    for name, value in amount(raw, unit).items():
        out[name] = value
        told += [(f"{field}/{name}", f"{source}/{keys[0]}", raw), (f"{field}/{name}", f"{source}/{keys[1]}", unit)]


def waste(row: dict[str, Any], field: str, source: str, told: Told) -> dict[str, Any]:
    out = made(WASTE, row, field, source, told)
    put(out, "hazards", values(row, "hazards", hazard.parse, f"{field}/hazards", source, told))
    put(out, "packages", [made(PACK, *one, told) for one in each(row, "packs", f"{field}/packages", source)])
    put(out, "container_ids", values(row, "boxCodes", container_id.parse, f"{field}/container_ids", source, told))
    weigh(out, row, ("qty", "unit"), field, source, told)
    put(out, "dangerous_goods", made(GOODS, row, f"{field}/dangerous_goods", source, told))
    receipt = made(RECEIPT, row, f"{field}/receipt", source, told)
    weigh(receipt, row, ("recvQty", "recvUnit"), f"{field}/receipt", source, told)
    put(out, "receipt", receipt)
    return out


def leg(row: dict[str, Any], field: str, source: str, told: Told) -> dict[str, Any]:
    out = made(LEG, row, field, source, told)
    carrier = made(CARRIER, row, f"{field}/carrier", source, told)
    put(carrier, "contact", made(CARRIER_CONTACT, row, f"{field}/carrier/contact", source, told))
    put(out, "carrier", carrier)
    put(out, "vehicle", made(VEHICLE, row, f"{field}/vehicle", source, told))
    put(out, "driver", made(DRIVER, row.get("driver") or {}, f"{field}/driver", f"{source}/driver", told))
    put(out, "escort", made(ESCORT, row.get("escort") or {}, f"{field}/escort", f"{source}/escort", told))
    for name, address, division_code in (("from", START, START_CODE), ("to", END, END_CODE)):
        place = made(address, row, f"{field}/{name}", source, told)
        put(place, "division", made(division_code, row, f"{field}/{name}/division", source, told))
        put(out, name, place)
    via = []
    for raw, at, where in each(row, "via", f"{field}/via", source):
        via.append({"name": text(raw)})
        told.append((f"{at}/name", where, raw))
    put(out, "via", via)
    given = row.get("handover") or {}
    handover = made(HANDED, given, f"{field}/handover", f"{source}/handover", told)
    put(handover, "place", made(PLACE, given, f"{field}/handover/place", f"{source}/handover", told))
    put(out, "handover", handover)
    return out


def manifest(row: dict[str, Any], source: str) -> tuple[dict[str, Any], Told]:
    told: Told = []
    out = made(HEAD, row, "", source, told)
    out["local_numbers"] = [{"system": "js", "number": text(row["transNo"])}]
    told.append(("/local_numbers/0/number", f"{source}/transNo", row["transNo"]))
    put(out, "void", made(VOID, row.get("voidInfo") or {}, "/void", f"{source}/voidInfo", told))
    put(out, "backfill", made(BACKFILL, row.get("backfill") or {}, "/backfill", f"{source}/backfill", told))
    put(out, "attachments", [made(ATTACHMENT, *one, told) for one in each(row, "attachments", "/attachments", source)])
    consignor = made(CONSIGNOR, row, "/consignor", source, told)
    put(consignor, "division", made(FROM, row, "/consignor/division", source, told))
    put(consignor, "contact", made(CONTACT, row, "/consignor/contact", source, told))
    put(consignor, "handler", made(HANDLER, row, "/consignor/handler", source, told))
    out["consignor"] = consignor
    put(out, "wastes", [waste(*one, told) for one in each(row, "wastes", "/wastes", source)])
    put(out, "legs", [leg(*one, told) for one in each(row, "legs", "/legs", source)])
    consignee = made(CONSIGNEE, row, "/consignee", source, told)
    put(consignee, "division", made(RECV, row, "/consignee/division", source, told))
    put(consignee, "contact", made(RECV_CONTACT, row, "/consignee/contact", source, told))
    put(consignee, "handler", made(RECV_HANDLER, row, "/consignee/handler", source, told))
    out["consignee"] = consignee
    return out, told


def mapper() -> Callable[[Any], list[Any]]:
    return lambda tree: [manifest(row, f"/data/list/{place}") for place, row in enumerate(tree["data"]["list"])]
