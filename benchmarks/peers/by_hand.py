"""An expert's hand-written mapper of `js`, without lineage.

It uses the same value types (a national number must be one whoever maps it) and is safe on absent values; it keeps no
origin, tells no drift and has no findings.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from canonical_schema.values import (
    category,
    container_id,
    division,
    hazard,
    manifest_no,
    method,
    permit_no,
    plate,
    quantity,
    uscc,
    waste_code,
)

TYPES = {"1": "intra_province", "2": "cross_province", "3": "export"}
STATES = {
    "10": "declared", "20": "handed_over", "30": "in_transit", "40": "arrived", "50": "received", "51": "partly_received",
    "60": "refused", "90": "completed", "99": "voided",
}  # fmt: skip
SHIPPERS, MODES = {"1": "consignor", "2": "consignee"}, {"1": "road", "2": "rail", "3": "waterway"}
FORMS, YES = {"1": "S", "2": "SS", "3": "L", "4": "G"}, {"0": False, "1": True}
COLOURS = {"1": "蓝", "2": "黄", "5": "绿", "93": "黄绿", "94": "渐变绿"}
OPINIONS = {"1": "accepted", "2": "partly_accepted", "3": "refused"}


def text(value: Any) -> str | None:
    return normalize("NFKC", value).strip() or None if value else None


def moment(value: str | None) -> dict[str, str] | None:
    if not value:
        return None
    second = len(value) == 19
    return {
        "at": f"{value[:10]}T{value[11:]}{'' if second else ':00'}+08:00",
        "precision": "second" if second else "minute",
    }


def typed(parse: Callable[[str], Any], value: Any) -> Any:
    return parse(value) if value else None


def some(**fields: Any) -> dict[str, Any] | None:
    return {name: value for name, value in fields.items() if value is not None} or None


def amount(value: Any, unit: str | None) -> dict[str, Any]:
    if value is None or value == "":
        return {}
    factor = quantity.tonnes_in(unit or "t")
    if factor is None:
        return {"declared": {"value": str(value), "unit": unit}}
    return {"quantity_t": quantity.rounded(Decimal(str(value).replace(",", "")) * factor)[0]}


def waste(row: dict[str, Any]) -> dict[str, Any] | None:
    get = row.get
    packs = [
        some(type=text(p.get("type")), material=text(p.get("material")), spec=text(p.get("spec")), count=p.get("num"))
        for p in get("packs") or ()
    ]
    receipt = some(
        **amount(get("recvQty"), get("recvUnit")), major_discrepancy=YES.get(get("diff") or ""), note=text(get("diffNote")),
        opinion=OPINIONS.get(get("opinion") or ""), method=typed(method.parse, get("method")),
    )  # fmt: skip
    return some(
        seq=get("seq"), name=text(get("name")), code=typed(waste_code.parse, get("code")),
        category=typed(category.parse, get("category")), catalogue=get("catalogYear") or None,
        hazards=[hazard.parse(one) for one in get("hazards") or ()] or None, form=FORMS.get(get("form") or ""),
        constituents=[normalize("NFKC", one) for one in (get("components") or "").split("、") if one] or None,
        packages=packs or None, container_ids=[container_id.parse(one) for one in get("boxCodes") or ()] or None,
        **amount(get("qty"), get("unit")),
        dangerous_goods=some(un_no=text(get("unNo")), **{"class": text(get("dgClass"))}, packing_group=text(get("packGroup"))),
        receipt=receipt,
    )  # fmt: skip


def place(name: Any, code: Any) -> dict[str, Any] | None:
    return some(name=text(name), division=some(code=typed(division.parse, code)))


def leg(row: dict[str, Any]) -> dict[str, Any] | None:
    get = row.get
    driver, escort, handover = get("driver") or {}, get("escort") or {}, get("handover") or {}
    return some(
        seq=get("seq"),
        carrier=some(
            name=text(get("carrierName")), uscc=typed(uscc.parse, get("carrierUscc")), address=text(get("carrierAddress")),
            road_permit_no=text(get("roadPermitNo")), contact=some(name=text(get("carrierContact")), phone=text(get("carrierPhone"))),
        ),
        vehicle=some(
            plate=typed(plate.parse, get("plateNo")), plate_colour=COLOURS.get(get("plateColor") or ""),
            trailer_plate=typed(plate.parse, get("trailerNo")),
        ),
        driver=some(name=text(driver.get("name")), phone=text(driver.get("phone")), licence_no=text(driver.get("licence"))),
        escort=some(name=text(escort.get("name")), phone=text(escort.get("phone"))),
        **{"from": place(get("fromAddr"), get("fromDivision"))},
        to=place(get("toAddr"), get("toDivision")),
        via=[{"name": text(one)} for one in get("via") or ()] or None,
        departed_at=moment(get("departTime")), arrived_at=moment(get("arriveTime")),
        handover=some(at=moment(handover.get("time")), place=some(name=text(handover.get("place")))),
        device_id=text(get("deviceId")),
    )  # fmt: skip


def by_hand(row: dict[str, Any]) -> dict[str, Any] | None:
    get = row.get
    void, fill = get("voidInfo") or {}, get("backfill") or {}
    return some(
        national_no=typed(manifest_no.parse, get("nationalNo")), local_numbers=[{"system": "js", "number": text(get("transNo"))}],
        transfer_type=TYPES.get(get("transType") or ""), status=STATES.get(get("state") or ""),
        void=some(at=moment(void.get("voidTime")), reason=text(void.get("voidReason")), by=text(void.get("voidBy"))),
        backfill=some(
            reason=text(fill.get("reason")), paper_no=text(fill.get("paperNo")), finished_at=moment(fill.get("finishTime")),
            filed_at=moment(fill.get("fileTime")),
        ),
        plan_filing_no=text(get("planNo")), approval_no=text(get("approvalNo")), waybill_no=text(get("waybillNo")),
        shipper=SHIPPERS.get(get("shipper") or ""), transport_mode=MODES.get(get("transMode") or ""), planned_at=moment(get("planTime")),
        attachments=[{"name": a["fileName"], "media_type": a["contentType"], "uri": a["url"]} for a in get("attachments") or ()] or None,
        consignor=some(
            name=text(get("transEntName")), uscc=typed(uscc.parse, get("transUscc")), address=text(get("transAddress")),
            division=some(code=typed(division.parse, get("transDivision"))),
            contact=some(name=text(get("transContact")), phone=text(get("transPhone"))), emergency_phone=text(get("transEmergency")),
            handler=some(name=text(get("transHandler")), phone=text(get("transHandlerPhone"))), handed_over_at=moment(get("transTime")),
        ),
        wastes=[waste(one) for one in get("wastes") or ()] or None, legs=[leg(one) for one in get("legs") or ()] or None,
        consignee=some(
            name=text(get("recvEntName")), uscc=typed(uscc.parse, get("recvUscc")), address=text(get("recvAddress")),
            division=some(code=typed(division.parse, get("recvDivision"))), permit_no=typed(permit_no.parse, get("permitNo")),
            contact=some(name=text(get("recvContact")), phone=text(get("recvPhone"))),
            handler=some(name=text(get("recvHandler")), phone=text(get("recvHandlerPhone"))), received_at=moment(get("recvTime")),
            confirmed_at=moment(get("confirmTime")), opinion=OPINIONS.get(get("recvOpinion") or ""), opinion_note=text(get("recvRemark")),
        ),
    )  # fmt: skip


def mapper() -> Callable[[Any], list[Any]]:
    return lambda tree: [by_hand(row) for row in tree["data"]["list"]]
